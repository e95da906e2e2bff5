"""The types of single values in a contract file, each with its refusal in French."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from monitor.config.fields import TerritoryCode, refusal
from monitor.config.problem import quoted
from monitor.domain.contract import Slot
from monitor.domain.uptime import Hours

DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_SLOT = re.compile(r"(?P<days>[a-z,\s-]+?)\s+(?P<starts>\d{1,2}:\d{2})\s*-\s*(?P<ends>\d{1,2}:\d{2})")
_EXAMPLE = "« lun-ven 07:00-19:00 », ou « sam,dim 08:00-12:00 »"
_A_DAY = timedelta(days=1)
_MOST_HOURS = 744  # of a month of 31 days


def _hours_item(value: object) -> Hours | Slot:
    if value in {one.value for one in Hours}:
        return Hours(str(value))
    found = _SLOT.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise refusal(f"heures illisibles : {quoted(value)}", f"« all », « school », ou des heures comme {_EXAMPLE}")
    days = frozenset(_days(found["days"]))
    starts, ends = _time(found["starts"]), _time(found["ends"])
    if starts == ends:
        raise refusal(f"heures vides : {quoted(value)} commence et finit à la même heure", f"par exemple {_EXAMPLE}")
    if starts > ends:
        mend = "le début avant la fin ; pour passer minuit, deux lignes : « lun 22:00-24:00 » et « mar 00:00-06:00 »"
        raise refusal(f"heures à l’envers : {quoted(value)}", mend)
    return Slot(days, starts, ends)


def _days(text: str) -> Iterator[int]:
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        unknown = [day for day in (first, *([last] if dash else [])) if day not in DAYS]
        if unknown:
            raise refusal(f"jour inconnu : {quoted(unknown[0])}", f"les jours s’écrivent {', '.join(DAYS)}")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        if begin > end:
            raise refusal(f"jours à l’envers : {quoted(part)}", "du premier au dernier de la semaine : « lun-ven »")
        yield from range(begin, end + 1)


def _time(text: str) -> timedelta:
    hours, minutes = map(int, text.split(":"))
    found = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or found > _A_DAY:
        raise refusal(f"heure impossible : {quoted(text)}", "de 00:00 à 24:00")
    return found


def _percent(value: object) -> Fraction:
    text = str(value).replace("%", "").replace(",", ".").strip()
    try:
        number = (
            Decimal(text) if isinstance(value, str | int | float) and not isinstance(value, bool) else Decimal("nan")
        )
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise refusal("un pourcentage est attendu", "écrivez un nombre, par exemple 99.5")
    if number > 100:
        raise refusal(f"pourcentage au-dessus de 100 : {quoted(value)}", "100 au plus, par exemple 99.5")
    if number < 0:
        raise refusal(f"pourcentage au-dessous de 0 : {quoted(value)}", "un nombre entre 0 et 100")
    return Fraction(number) / 100


def _above_zero(value: Fraction) -> Fraction:
    if not value:
        raise refusal(
            "objectif de 0 % : il serait toujours atteint", "écrivez ce que le contrat promet, par exemple 99.5"
        )
    return value


def _hours_a_month(value: object) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_HOURS:
        raise refusal("un nombre d’heures est attendu", f"de 0 à {_MOST_HOURS}, sans guillemets, par exemple 8")
    return timedelta(hours=value)


def _no_school(code: str) -> str:
    if code.startswith("U:"):
        raise refusal("un établissement n’a pas de services à lui", "donnez son département, « D:59 »")
    return code


HoursItem = Annotated[Hours | Slot, BeforeValidator(_hours_item)]
Percent = Annotated[Fraction, BeforeValidator(_percent)]
TargetShare = Annotated[Percent, AfterValidator(_above_zero)]
HoursAMonth = Annotated[timedelta, BeforeValidator(_hours_a_month)]
Place = Annotated[TerritoryCode, AfterValidator(_no_school)]
