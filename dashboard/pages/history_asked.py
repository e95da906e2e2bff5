"""What `/carte/disponibilite` is asked: the words of its address, read strictly; every fault is one French sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from dashboard.dates import PARIS
from monitor.domain.catalog import Audience, Catalog, ServiceKind, spelled_out
from monitor.domain.interval import Interval
from monitor.domain.parts import By
from monitor.domain.uptime import Hours
from monitor.reports.over_time import Wish
from monitor.reports.selected import Wanted

T = TypeVar("T")

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 1096  # days: three years, one of them a leap year
LONGEST_BY_DAY = 366  # bars of a day each, beyond which they are thinner than a line
FEW_DAYS = 62  # up to which a period is divided by days where nobody says
USUAL = 30  # days, where nobody says
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
HOURS: Mapping[str, Hours] = {"tout": Hours.ALL, "scolaires": Hours.SCHOOL}
PARTS: Mapping[str, By] = {"jour": By.DAY, "mois": By.MONTH, "semaine": By.WEEKDAY, "heure": By.HOUR}


class Against(StrEnum):
    """Which earlier period stands beside the one asked about, as the address says it."""

    NOTHING = ""
    BEFORE = "1"
    YEAR = "an"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question. `first` and `last` are days of Paris, both included; `place` is None where no territory weighs.

    `country`: whether the country stands in for a territory that nobody named.
    """

    services: tuple[str, ...]
    place: str | None
    country: bool
    operator: str | None
    kind: ServiceKind | None
    audience: Audience | None
    hours: Hours
    first: date
    last: date
    by: By
    against: Against

    @property
    def days(self) -> int:
        """How many days it is about."""
        return (self.last - self.first).days + 1

    @property
    def wanted(self) -> Wanted:
        """Whose figures."""
        audiences = () if self.audience is None else spelled_out((self.audience,))
        return Wanted(self.services, self.place, self.operator, audiences, self.kind)

    @property
    def earlier(self) -> tuple[date, date] | None:
        """The other period: its first day, and the first day after it."""
        if self.against is Against.NOTHING:
            return None
        if self.against is Against.YEAR:
            return a_year_before(self.first), a_year_before(self.last) + ONE_DAY
        return self.first - self.days * ONE_DAY, self.first


def read(words: Mapping[str, str], catalog: Catalog, today: date) -> Asked:
    """The question of an address. Raises ValueError with a French sentence."""
    service = _known(words.get("service"), catalog.services, "Ce service n’est pas dans le catalogue.")
    operator = _known(words.get("exploitant"), catalog.operators, "Cet exploitant n’est pas dans le catalogue.")
    place = _known(words.get("territoire"), catalog.territories, "Ce territoire n’existe pas.")
    kind = _one("type", words, {one.value: one for one in ServiceKind})
    country = place is None and service is None and operator is None and kind is None
    first, last = _period(words, today)
    by = _one("par", words, PARTS) or (By.DAY if (last - first).days < FEW_DAYS else By.MONTH)
    if by is By.DAY and (last - first).days >= LONGEST_BY_DAY:
        raise ValueError("Par jour, un an au plus tient dans la figure\u00a0: choisissez «\u00a0par mois\u00a0».")
    return Asked(
        () if service is None else (service,),
        "N" if country else place,
        country,
        operator,
        kind,
        _one("public", words, {one.value: one for one in Audience}),
        _one("heures", words, HOURS) or Hours.ALL,
        first,
        last,
        by,
        _one("contre", words, {one.value: one for one in Against if one.value}) or Against.NOTHING,
    )


def wish_of(asked: Asked, midnight: Callable[[date], datetime], now: datetime) -> Wish:
    """What is read for it. `midnight` gives the first instant of a day of Paris; nothing is known beyond `now`."""
    before: Interval | None = None
    if asked.earlier is not None:
        before = (midnight(asked.earlier[0]), midnight(asked.earlier[1]))
    since, until = midnight(asked.first), min(midnight(asked.last + ONE_DAY), now)
    return Wish(asked.wanted, since, until, asked.by, before)


def words_of(asked: Asked) -> dict[str, str]:
    """The words of the address that asks this."""
    said = {
        "territoire": "" if asked.country else asked.place or "",
        "service": "".join(asked.services),
        "exploitant": asked.operator or "",
        "type": "" if asked.kind is None else asked.kind.value,
        "public": "" if asked.audience is None else asked.audience.value,
        "heures": "" if asked.hours is Hours.ALL else "scolaires",
        "de": asked.first.isoformat(),
        "a": asked.last.isoformat(),
        "par": next(word for word, by in PARTS.items() if by is asked.by),
        "contre": asked.against.value,
    }
    return {key: value for key, value in said.items() if value}


def midnight(day: date) -> datetime:
    """The first instant of a day of Paris."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def a_year_before(day: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _period(words: Mapping[str, str], today: date) -> tuple[date, date]:
    last = _day("a", words) or today
    first = _day("de", words) or last - (USUAL - 1) * ONE_DAY
    if first > last:
        raise ValueError("Le début de la période ne précède pas sa fin\u00a0: échangez-les, ou corrigez l’un des deux.")
    if first > today:
        raise ValueError("Cette période n’a pas commencé\u00a0: il n’y a encore rien à compter.")
    if (last - first).days >= LONGEST:
        raise ValueError("La période demandée est trop longue\u00a0: trois ans au plus.")
    return first, last


def _day(name: str, words: Mapping[str, str]) -> date | None:
    said = words.get(name)
    if not said:
        return None
    try:
        day = date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(
            f"«\u00a0{name}\u00a0» n’est pas une date\u00a0: écrivez 2026-11-24, de {FIRST_YEAR} à {LAST_YEAR - 1}."
        )
    return day


def _known(name: str | None, known: Mapping[str, object], otherwise: str) -> str | None:
    if name and name not in known:
        raise ValueError(otherwise)
    return name or None


def _one(name: str, words: Mapping[str, str], known: Mapping[str, T]) -> T | None:
    said = words.get(name)
    if said and said not in known:
        raise ValueError(f"«\u00a0{name}\u00a0» est l’un de\u00a0: {', '.join(known)}.")
    return known[said] if said else None
