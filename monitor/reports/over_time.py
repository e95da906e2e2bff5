"""How available services were over a period, for a screen: bounded in what it reads, and divided as it is drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.catalog import Territory
from monitor.domain.interval import Interval
from monitor.domain.parts import By
from monitor.reports.basis import Books, basis_of
from monitor.reports.figures import Basis
from monitor.reports.months import by_months
from monitor.reports.periods import Period, Question, period_of
from monitor.reports.selected import Selection, Wanted, selection

OUTAGES_SHOWN = 8
_DAY = timedelta(days=1)
# Days of services, read at once: 100 services for a year; 40 of them by the hour, of which there are 24 a day.
MOST = {By.HOUR: 15_000, By.GRID: 15_000}
MOST_DAYS = 36_600


class TooMuch(ValueError):  # noqa: N818 - what people read is the sentence of the screen
    """More is asked for at once than a screen reads: so many services over so many days."""


class NoneChosen(LookupError):  # noqa: N818 - the same
    """No service of the catalogue is all that was asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose availability over [since, until), divided by what, beside which earlier period."""

    wanted: Wanted
    since: datetime
    until: datetime
    by: By
    before: Interval | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer.

    Attributes:
        now: the period, divided as asked.
        days: the same divided by days, where it was divided by days or months; None otherwise.
        before: the earlier period, whole.
        known: until when the books speak.
    """

    now: Period
    days: Period | None
    before: Period | None
    known: datetime


def over_time(books: Books, wish: Wish, at: datetime) -> Shown:
    """The availability that is wished for, as known at an instant.

    Raises NoneChosen, TooMuch; StoreError, CatalogInvalid, CalendarInvalid and OSError; KeyError for a territory that
    the catalogue lacks.
    """
    basis = basis_of(books, at)
    chosen = selection(basis.catalog, basis.ground, wish.wanted)
    if not chosen.services:
        raise NoneChosen
    if len(chosen.services) * ((wish.until - wish.since) / _DAY) > MOST.get(wish.by, MOST_DAYS):
        raise TooMuch
    by_day = wish.by in {By.DAY, By.MONTH}
    found = _read(basis, chosen, (wish.since, wish.until), By.DAY if by_day else wish.by)
    return Shown(
        by_months(found) if wish.by is By.MONTH else found,
        found if by_day else None,
        None if wish.before is None else _read(basis, chosen, wish.before, By.PERIOD, 0),
        basis.known,
    )


def _read(basis: Basis, chosen: Selection, period: Interval, by: By, outages: int = OUTAGES_SHOWN) -> Period:
    place: Territory | None = None if chosen.place is None else basis.catalog.territories[chosen.place]
    return period_of(basis, Question(chosen.services, *period, by, place, chosen.audiences, outages))
