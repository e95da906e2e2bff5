"""`/donnees/api`: the programming interface for people, made from its contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.public.api.answers import ANSWERS
from dashboard.public.api.asked import Parameter
from dashboard.public.api.contract import ENDPOINTS, HEALTH_PAGE, Endpoint
from dashboard.public.api.things import THINGS
from dashboard.public.press import Sheet, Visit
from dashboard.tongue import N_, _

TYPES: Mapping[str, str] = {
    "string": N_("texte"),
    "integer": N_("nombre entier"),
    "number": N_("nombre"),
    "boolean": N_("vrai ou faux"),
    "array": N_("liste"),
    "object": N_("objet"),
    "null": N_("null"),
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
    return Sheet("api.html", _("Interface de programmation · Vigie"), values)


def _address(one: Endpoint) -> AskView:
    asks = [_ask(p) for p in ((one.key, *one.parameters) if one.key else one.parameters)]
    example = one.path.replace("{key}", one.example) if one.key else f"{one.path}{one.example}"
    return AskView(
        one.path, one.name, _(one.title), _(one.says), asks, _properties({**THINGS, **ANSWERS}[one.answer]), example
    )


def _ask(one: Parameter) -> tuple[str, str, str]:
    takes = ", ".join(str(word) for word in one.schema.get("enum", ()))
    if "maximum" in one.schema:
        takes = _("de {least} à {most}, {usual} par défaut").format(
            least=one.schema["minimum"], most=one.schema["maximum"], usual=one.default
        )
    return one.name, _(one.says), takes


def _properties(shape: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (name, type_words(one), _(one["description"]) if "description" in one else "")
        for name, one in shape["properties"].items()
    ]


def type_words(shape: Mapping[str, Any]) -> str:
    """The type of a value in words: ``texte ou null``, ``liste : Incident``."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return _(" ou ").join(type_words(one) for one in shape["anyOf"])
    if shape.get("type") == "array":
        return _("liste\u00a0: {of}").format(of=type_words(shape["items"]))
    kinds = shape.get("type", "object")
    named = dict(TYPES) | {"string": N_("instant")} if shape.get("format") == "date-time" else TYPES
    return _(" ou ").join(_(named[one]) for one in (kinds if isinstance(kinds, list) else [kinds]))
