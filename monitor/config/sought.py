"""What a marker looks for: texts, expressions, paths into JSON, hosts; each with its refusal in French."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr

from monitor.config.fields import refusal, sound_text
from monitor.config.problem import quoted
from monitor.config.wire import host_fault
from monitor.probes.patterns import PatternRefused, PatternTooLarge, compiled

_LONGEST_PIECE = 6
_MOST_STEPS = 20
_LONGEST_PLACE = 6


def _pattern(value: str) -> str:
    try:
        program = compiled(value)
    except PatternTooLarge:
        mend = "raccourcissez-la : moins de répétitions comptées ({0,500}) ou plusieurs expressions plus simples"
        raise refusal("expression régulière trop coûteuse", mend) from None
    except PatternRefused as error:
        # RE2 quotes the expression, sometimes as a whole: short pieces (`\1`, `(?=`) help, longer ones may be anything.
        said, colon, piece = str(error).partition(": ")
        reason = f"{said}{colon}{piece}" if len(piece) <= _LONGEST_PIECE else said
        mend = "syntaxe de RE2 : ni références arrière (\\1), ni assertions (?=…) (?<=…)"
        raise refusal(f"expression régulière refusée par RE2 ({quoted(reason)})", mend) from None
    if program.search(b"") is not None:
        raise refusal(
            "expression régulière que même une page vide satisfait", "exigez au moins un caractère : « + » et non « * »"
        )
    return value


def _sought(value: str) -> str:
    if not value.strip():
        raise refusal("texte à chercher fait d’espaces seulement", "écrivez des mots de la page")
    return value


def _dotted_path(value: str) -> str:
    steps = value.split(".")
    if "" in steps:
        raise refusal(
            "chemin JSON avec une étape vide", "un point entre deux noms, ni au début ni à la fin : « CAS.actif »"
        )
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise refusal("chemin JSON avec un espace", "des noms séparés par des points, sans espace : « CAS.actif »")
    if len(steps) > _MOST_STEPS:
        raise refusal("chemin JSON trop long", f"{_MOST_STEPS} étapes au plus")
    if any(step.isdigit() and len(step) > _LONGEST_PLACE for step in steps):
        raise refusal("chemin JSON avec une place démesurée dans une liste", "« liste.0.nom » prend la première")
    return value


def _any_host_below(value: str) -> str:
    if fault := host_fault(value.removeprefix("*.")):
        raise refusal(*fault)
    return value


Pattern = Annotated[StrictStr, Field(min_length=1, max_length=1000), AfterValidator(_pattern)]
Sought = Annotated[StrictStr, Field(min_length=1, max_length=300), AfterValidator(sound_text), AfterValidator(_sought)]
DottedPath = Annotated[StrictStr, Field(min_length=1, max_length=200), AfterValidator(_dotted_path)]
FinalHost = Annotated[StrictStr, AfterValidator(_any_host_below)]
