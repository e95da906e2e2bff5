"""`/donnees/api`: the programming interface for people, made from its contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.public.api.answers import ANSWERS
from dashboard.public.api.asked import Parameter
from dashboard.public.api.contract import ENDPOINTS, HEALTH_PAGE, Endpoint
from dashboard.public.api.things import THINGS
from dashboard.public.press import Sheet, Visit

TYPES: Mapping[str, str] = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "array": "liste",
    "object": "objet",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class AskView:
    """One address: what may be asked (name, words, what it takes), and what is answered (name, type, words)."""

    path: str
    id: str
    title: str
    says: str
    asks: list[tuple[str, str, str]]
    gives: list[tuple[str, str, str]]
    example: str


async def page(_visit: Visit, _key: str) -> Sheet | None:
    """The page."""
    values = {
        "addresses": [_address(one) for one in (*ENDPOINTS, HEALTH_PAGE)],
        "shapes": [(name, _properties(shape)) for name, shape in THINGS.items() if name not in {"Status", "Health"}],
        "stale": False,
    }
    return Sheet("api.html", "Interface de programmation · Vigie", values)


def _address(one: Endpoint) -> AskView:
    asks = [_ask(p) for p in ((one.key, *one.parameters) if one.key else one.parameters)]
    example = one.path.replace("{key}", one.example) if one.key else f"{one.path}{one.example}"
    return AskView(
        one.path, one.name, one.title, one.says, asks, _properties({**THINGS, **ANSWERS}[one.answer]), example
    )


def _ask(one: Parameter) -> tuple[str, str, str]:
    takes = ", ".join(str(word) for word in one.schema.get("enum", ()))
    if "maximum" in one.schema:
        takes = f"de {one.schema['minimum']} à {one.schema['maximum']}, {one.default} par défaut"
    return one.name, one.says, takes


def _properties(shape: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(name, type_words(one), one.get("description", "")) for name, one in shape["properties"].items()]


def type_words(shape: Mapping[str, Any]) -> str:
    """The type of a value in French: ``texte ou null``, ``liste de Incident``."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " ou ".join(type_words(one) for one in shape["anyOf"])
    if shape.get("type") == "array":
        return f"liste\u00a0: {type_words(shape['items'])}"
    kinds = shape.get("type", "object")
    named = dict(TYPES) | {"string": "instant"} if shape.get("format") == "date-time" else TYPES
    return " ou ".join(named[one] for one in (kinds if isinstance(kinds, list) else [kinds]))
