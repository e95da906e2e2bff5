"""`/api/v1/openapi.json`: the description of the programming interface, made from its contract."""

from collections.abc import Mapping
from typing import Any

from dashboard.public.api.answers import ANSWERS
from dashboard.public.api.asked import Parameter
from dashboard.public.api.contract import ENDPOINTS, HEALTH_PAGE, Endpoint
from dashboard.public.api.shapes import ref
from dashboard.public.api.things import THINGS

SAYS: Mapping[int, str] = {
    404: "Rien de ce nom, ou pas de page aussi lointaine.",
    422: "La question est mal écrite\u00a0; la phrase dit tout ce qui est à corriger.",
    503: "Rien ne peut être lu pour l’instant\u00a0: réessayez un peu plus tard.",
}
ABOUT = (
    "Mesures indépendantes des services numériques de l’école. Lecture seule, sans clé\u00a0; chaque réponse porte un "
    "ETag fort et se relit avec If-None-Match. Les instants sont en UTC\u00a0; les jours sont ceux de Paris."
)


def description(version: str, server: str | None) -> dict[str, Any]:
    """The document, OpenAPI 3.1; `server` is the public address of this Vigie, None where it has none."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vigie", "version": version, "summary": "Les données, en lecture", "description": ABOUT},
        "servers": [{"url": server.rstrip("/") if server else "/"}],
        "paths": {one.path: {"get": _operation(one)} for one in (*ENDPOINTS, HEALTH_PAGE)},
        "components": {"schemas": {**THINGS, **ANSWERS}},
    }


def _operation(one: Endpoint) -> dict[str, Any]:
    answers = {"200": _answer(one.title, ref(one.answer), tagged=one is not HEALTH_PAGE)}
    if one is HEALTH_PAGE:
        answers["503"] = _answer("Pas à jour, ou sans voix.", ref(one.answer), tagged=False)
    else:
        answers["304"] = {"description": "Vous l’avez déjà."}
    answers |= {str(code): _answer(SAYS[code], ref("Error"), tagged=False) for code in one.codes}
    named = [_parameter(one.key, "path")] if one.key else []
    return {
        "operationId": one.name,
        "summary": one.title,
        "description": one.says,
        "parameters": [*named, *(_parameter(p, "query") for p in one.parameters)],
        "responses": answers,
    }


def _parameter(one: Parameter, where: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": where,
        "required": where == "path",
        "description": one.says,
        "schema": dict(one.schema),
    }


def _answer(says: str, shape: Mapping[str, Any], *, tagged: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"description": says, "content": {"application/json": {"schema": dict(shape)}}}
    if tagged:
        found["headers"] = {"ETag": {"description": "Fort", "required": True, "schema": {"type": "string"}}}
    return found
