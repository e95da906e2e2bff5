"""What pydantic found wrong, said in French with its mend."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from monitor.config.fields import closest, nearest
from monitor.config.problem import quoted

# A wrong type → what was expected, and how to write it.
_TYPES = {
    "string_type": ("un texte est attendu", "mettez la valeur entre guillemets"),
    "int_type": ("un nombre entier est attendu", "écrivez un nombre entier, sans guillemets"),
    "float_type": ("un nombre est attendu", "écrivez un nombre entre 0 et 1, sans guillemets, par exemple 0.1"),
    "bool_type": ("« true » ou « false » est attendu", "écrivez true ou false, sans guillemets"),
    "date_type": ("une date est attendue", "écrivez la date sans guillemets : 2026-11-30"),
    "list_type": ("une liste est attendue", "écrivez « - … » à chaque ligne, ou « [a, b] »"),
    "tuple_type": ("une liste est attendue", "écrivez « [a, b] », même pour une seule valeur"),
    "dict_type": ("un bloc de clés est attendu", "écrivez « clé: valeur »"),
    "model_type": ("un bloc de clés est attendu", "écrivez « clé: valeur »"),
}
_BOUNDS = {"greater_than_equal": ("ge", "trop petit", "au moins"), "less_than_equal": ("le", "trop grand", "au plus")}
_EMPTY = frozenset({"too_short", "string_too_short"})


def in_french(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and its mend, from one error of pydantic found while checking `model`."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "vigie":
        return context["what"], context["mend"]
    if kind == "extra_forbidden":
        return _unknown_key(error, model)
    if kind == "missing":
        return f"clé obligatoire absente : « {error['loc'][-1]} »", f"ajoutez « {error['loc'][-1]}: … »"
    if kind in {"enum", "literal_error"}:
        return _not_in_list(error["input"], context["expected"])
    if kind in _BOUNDS:
        bound, word, limit = _BOUNDS[kind]
        return f"nombre {word} : {quoted(error['input'])}", f"{limit} {context[bound]}"
    if kind in _EMPTY:
        return "valeur vide", "donnez au moins une valeur, ou retirez la clé"
    if kind == "string_too_long":
        return "texte trop long", f"{context['max_length']} caractères au plus"
    return _TYPES.get(kind, ("valeur refusée", "suivez la forme décrite en tête de probes.yaml"))


def _unknown_key(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    *way, key = error["loc"]
    names = _names(model, tuple(way))
    return f"clé inconnue : {quoted(key)}", nearest(str(key), names, "clés admises : " + ", ".join(names))


def _not_in_list(value: object, expected: str) -> tuple[str, str]:
    words = [word.strip(" '") for word in expected.replace(" or ", ",").split(",") if word.strip(" '")]
    # Only what resembles an admitted word is repeated: anything else may be a secret on the wrong line.
    if close := closest(str(value), words):
        return f"valeur inconnue : {quoted(value)}", f"vouliez-vous écrire « {close} » ?"
    return "valeur inconnue", "valeurs admises : " + ", ".join(words)


def _names(model: type[BaseModel], way: tuple[str | int, ...]) -> list[str]:
    """The keys that the block at the end of `way` may hold, as the file spells them."""
    kind: Any = model
    for part in way:
        kind = _below(_block(kind), part)
    block = _block(kind)
    if not isinstance(block, type) or not issubclass(block, BaseModel):
        return []
    return [field.alias or name for name, field in block.model_fields.items()]


def _below(block: Any, part: str | int) -> Any:
    if isinstance(block, type) and issubclass(block, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in block.model_fields.items()}
        return fields.get(str(part))
    inner = {dict: -1, tuple: 0}.get(get_origin(block))
    return None if inner is None else get_args(block)[inner]


def _block(kind: Any) -> Any:
    """An annotation without its `None` and its `Annotated`."""
    if get_origin(kind) is Annotated:
        return _block(get_args(kind)[0])
    if get_origin(kind) in {UnionType, Union}:
        return next(_block(member) for member in get_args(kind) if member is not type(None))
    return kind
