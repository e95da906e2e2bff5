"""The types of single values in the catalogue, each with its refusal in French."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, ValidationInfo
from pydantic_core import PydanticCustomError

from monitor.config.problem import quoted
from monitor.config.uai import uai_fault
from monitor.config.wire import (
    Wrong,
    authority_fault,
    header_name_fault,
    header_value_fault,
    sent_header_fault,
    url_fault,
)
from monitor.domain.catalog import Territory
from monitor.domain.quiet import QuietHours

_HINTS = 20
_LONGEST_DURATION = 12  # characters; what is longer may be anything, a secret too
_LONGEST_WORD = 100  # the comparison is quadratic
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the rest of the file and the packaged data hold, for values that refer to it (validation context).

    `hints` runs out: looking for the nearest of 2,000 names takes 13 ms, and a file may have 2,000 wrong ones.
    """

    territories: dict[str, Territory]
    prefixes: frozenset[str]
    operators: frozenset[str]
    services: frozenset[str]
    profiles: frozenset[str]
    hints: Iterator[int] = field(default_factory=lambda: iter(range(_HINTS)))

    def nearest(self, word: str, candidates: frozenset[str], otherwise: str) -> str:
        """As the function of this name, as long as there are hints left; then `otherwise`."""
        return otherwise if next(self.hints, None) is None else nearest(word, candidates, otherwise)


def refusal(what: str, mend: str) -> PydanticCustomError:
    """The error that a validator of this room raises; `monitor.config.words` reads it back."""
    return PydanticCustomError("vigie", "{what}", {"what": what, "mend": mend})


def nearest(word: str, candidates: frozenset[str] | list[str], otherwise: str) -> str:
    """How to mend an unknown word: the nearest known one, or `otherwise`."""
    close = closest(word, candidates)
    return otherwise if close is None else f"vouliez-vous écrire « {close} » ?"


def closest(word: str, candidates: frozenset[str] | list[str]) -> str | None:
    """The known word that an unknown one was probably meant to be."""
    close = get_close_matches(word[:_LONGEST_WORD], sorted(candidates), n=1, cutoff=0.6)
    return close[0] if close else None


def _duration(value: object) -> timedelta:
    shape = re.fullmatch(r"([0-9]{1,6})([smh])", value) if isinstance(value, str) else None
    if shape is None or int(shape[1]) == 0:
        shown = f" : {quoted(value)}" if len(str(value)) <= _LONGEST_DURATION else ""
        raise refusal(f"durée illisible{shown}", "un nombre entier et son unité : « 60s », « 5m » ou « 4h »")
    return timedelta(**{_UNITS[shape[2]]: int(shape[1])})


def _quiet_hours(value: object) -> QuietHours:
    hours = r"([01][0-9]|2[0-3]):([0-5][0-9])"
    shape = re.fullmatch(f"{hours}-{hours}", value) if isinstance(value, str) else None
    if shape is None:
        shown = f" : {quoted(value)}" if len(str(value)) <= _LONGEST_DURATION else ""
        raise refusal(f"heures illisibles{shown}", "deux heures locales, par exemple « 22:00-06:30 »")
    starts, ends = time(int(shape[1]), int(shape[2])), time(int(shape[3]), int(shape[4]))
    if starts == ends:
        raise refusal(
            "deux fois la même heure", "un abonnement qui ne veut rien entendre se retire ; sinon, « 22:00-06:30 »"
        )
    return QuietHours(starts, ends)


def is_identifier(value: str) -> bool:
    """Whether a text can name a block."""
    return re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", value) is not None


def _identifier(value: str) -> str:
    if not is_identifier(value):
        raise refusal(
            "identifiant mal formé",
            "minuscules sans accent, chiffres et tirets, par exemple « ent-hdf »",
        )
    return value


def _base_url(value: str) -> str:
    if "?" in value or "#" in value:
        raise refusal(
            "« url » avec « ? » ou « # »", "donnez l’adresse de base ; le reste va dans la sonde ou dans « vars »"
        )
    if fault := url_fault(value):
        raise refusal(*fault)
    return value.rstrip("/")


def _known(info: ValidationInfo) -> Known:
    if not isinstance(info.context, Known):
        raise TypeError("blocks of the catalogue are validated with a Known as context")
    return info.context


def _territory(value: str, info: ValidationInfo) -> str:
    known = _known(info)
    if value in known.territories:
        return value
    if value.startswith("U:"):
        if fault := uai_fault(value[2:], frozenset(known.prefixes)):
            raise refusal(*fault)
        return value
    forms = "N, R:32 (région), A:lille (académie), D:59 (département), C:988 (collectivité) ou U: et un code UAI"
    bare = value.rpartition(":")[2].strip().casefold()
    named = [code for code, place in known.territories.items() if place.name.casefold() == bare]
    if named:
        raise refusal(
            f"territoire inconnu : {quoted(value)}", "écrivez " + " ou ".join(f"« {code} »" for code in named)
        )
    raise refusal(f"territoire inconnu : {quoted(value)}", known.nearest(value, frozenset(known.territories), forms))


def _school(value: str, info: ValidationInfo) -> str:
    uai = value.removeprefix("U:").upper()
    if fault := uai_fault(uai, _known(info).prefixes):
        what, mend = fault
        raise refusal(what, mend.replace("U:", ""))
    return uai


def _one_of(section: str, noun: str, mend: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        known = _known(info)
        candidates: frozenset[str] = getattr(known, section)
        if value not in candidates:
            raise refusal(f"{noun} : {quoted(value)}", known.nearest(value, candidates, mend))
        return value

    return AfterValidator(check)


def _environment_name(value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{2,63}", value):
        raise refusal("« to_env » n’est pas un nom de variable d’environnement", "par exemple « VIGIE_RECTORAT_LILLE »")
    return value


def sound_text(value: str) -> str:
    """The text, or a refusal of its control characters."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value):
        raise refusal(
            "texte avec un caractère de contrôle", "retirez-le ; retours à la ligne et tabulations sont admis"
        )
    return value


def _sound(fault_of: Callable[[str], Wrong | None]) -> AfterValidator:
    def check(value: str) -> str:
        if fault := fault_of(value):
            raise refusal(*fault)
        return value

    return AfterValidator(check)


Text = Annotated[StrictStr, Field(min_length=1, max_length=300), AfterValidator(sound_text)]
Count = Annotated[StrictInt, Field(ge=1, le=1000)]
Status = Annotated[StrictInt, Field(ge=100, le=599)]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Quiet = Annotated[QuietHours, BeforeValidator(_quiet_hours)]
Identifier = Annotated[StrictStr, AfterValidator(_identifier)]
Url = Annotated[StrictStr, _sound(url_fault)]
BaseUrl = Annotated[StrictStr, AfterValidator(_base_url)]
TerritoryCode = Annotated[StrictStr, AfterValidator(_territory)]
SchoolCode = Annotated[StrictStr, AfterValidator(_school)]
OperatorId = Annotated[StrictStr, _one_of("operators", "exploitant inconnu", "déclarez-le sous « operators »")]
ServiceId = Annotated[
    StrictStr, _one_of("services", "service inconnu", "nommez l’identifiant d’un service du catalogue")
]
ProfileName = Annotated[StrictStr, _one_of("profiles", "profil inconnu", "déclarez-le sous « profiles »")]
HeaderName = Annotated[StrictStr, _sound(header_name_fault)]
SentHeaderName = Annotated[StrictStr, _sound(sent_header_fault)]
HeaderValue = Annotated[StrictStr, _sound(header_value_fault)]
AuthorityFile = Annotated[StrictStr, Field(min_length=1, max_length=300), _sound(authority_fault)]
EnvironmentName = Annotated[StrictStr, AfterValidator(_environment_name)]
