"""What a person wrote wrongly on the command line or in the environment, in French."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_BOUNDS = {
    "greater_than": ("gt", "un nombre au-dessus de"),
    "greater_than_equal": ("ge", "un nombre d’au moins"),
    "less_than": ("lt", "un nombre au-dessous de"),
    "less_than_equal": ("le", "un nombre d’au plus"),
}
_SHAPES = {"int": "un nombre entier", "float": "un nombre, avec un point", "bool": "true ou false", "path": "un chemin"}


def refused(error: ErrorDetails) -> str:
    """What one error of pydantic asks for, as « écrivez … ». The value itself may be a secret: it is not repeated."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return f"écrivez {words} {context[bound]:g}".replace(".", ",")
    if kind == "literal_error":
        return f"écrivez {context['expected']}".replace(" or ", " ou ").replace("'", "")
    if kind == "finite_number":
        return "écrivez un nombre fini"
    if kind == "value_error":  # a sentence of ours, which repeats nothing either
        return str(context["error"])
    shape = _SHAPES.get(kind.partition("_")[0])
    return f"écrivez {shape}" if shape else "valeur refusée"


def settings_trouble(trouble: ValidationError) -> str:
    """Bad environment variables, all of them, by their own names."""
    lines = [f"  VIGIE_{'_'.join(map(str, error['loc'])).upper()} — {refused(error)}" for error in trouble.errors()]
    return "\n".join(["Réglages refusés\u00a0:", *lines])
