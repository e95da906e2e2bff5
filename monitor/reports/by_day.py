"""The last days of a service, or of the users of a territory, one by one: what bars are drawn from.

The rules stand in docs/method.md, "Availability" and "Day by day". Days of Paris, the last one as far as it has come.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce

from monitor.domain.by_day import Bar, Lived, bar_of, until, with_school
from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Service
from monitor.domain.daybook import Course, Sums, Totals, summed
from monitor.domain.interval import Interval
from monitor.domain.observation import Health
from monitor.domain.rests import Rests
from monitor.domain.uptime import Hours, Weighted, school_hours, weighted
from monitor.domain.weights import Weighting
from monitor.reports.availability import weights_in
from monitor.reports.courses import courses_of, read_from
from monitor.reports.declared import windows_ever
from monitor.reports.figures import Basis
from monitor.store import Reader
from monitor.store.days import ONE_DAY, begins, bounds, day_of, each_day

DAYS = 90
_US = timedelta(microseconds=1)
_LONG_AGO = date(2000, 1, 1)

Days = Sequence[tuple[date, Sequence[Lived]]]  # oldest first; of every service a day of its own


@dataclass(frozen=True, slots=True)
class Row:
    """Some hours of all the days.

    Attributes:
        bars: a day each, the oldest first.
        whole: the figure of all of them together, as `weighted` gives it; of one service too.
        lost: how long users could not work, on the mean. declared: how long of that time a window covered.
    """

    hours: Hours
    bars: tuple[Bar, ...]
    whole: Weighted
    lost: timedelta
    declared: timedelta


@dataclass(frozen=True, slots=True)
class ByDay:
    """The last days, [since, until).

    Attributes:
        begun: the first of them of which anything was known, or their very first where something was before them;
            None where nothing is known of any.
        unit: what services are weighed in; None for one service.
    """

    since: datetime
    until: datetime
    begun: date | None
    rows: tuple[Row, Row]
    unit: Weighting | None = None


def service_by_day(basis: Basis, service: Service, days: int = DAYS) -> ByDay:
    """The last days of a service up to `basis.known`, in its own school hours. Raises StoreError."""
    clock = basis.timetable.clock_of(service.territories)
    return _told(basis, _days(basis, [(service, 1.0)], clock, days), clock, None)


def territory_by_day(basis: Basis, code: str, days: int = DAYS) -> ByDay:
    """The last days of a territory's users, in its school hours; nothing has begun where no service is its own.

    National services stand apart, as everywhere. Raises StoreError, and KeyError for a code that the catalogue lacks.
    """
    clock = basis.timetable.clock_of((basis.catalog.territories[code].code,))
    unit, weights = weights_in(basis.ground, code)
    services = [(basis.catalog.services[name], weight) for name, weight in sorted(weights.items()) if weight > 0]
    return _told(basis, _days(basis, services, clock, days), clock, unit)


def _days(basis: Basis, services: Sequence[tuple[Service, float]], clock: SchoolClock, days: int) -> Days:
    last = day_of(basis.known)
    first = last - (days - 1) * ONE_DAY
    rests = Rests(basis.catalog, lambda one: basis.timetable.clock_of(one.territories), windows_ever(basis.desk))
    chosen = [one for one, _ in services]
    found = read_from(basis.measures, lambda reader: courses_of(reader, chosen, rests, (first, last), basis.known))
    # Days are kept by the school hours of each service: laid anew where the place has others, and only there.
    others = {one.id for one in chosen if not _alike(basis.timetable.clock_of(one.territories), clock, last)}
    school = lru_cache(maxsize=None)(lambda within: tuple(school_hours(clock, *within)))
    told = []
    for day in each_day(first, last):
        since, end = bounds(day)
        within = since, min(end, basis.known)
        courses = [
            (one, weight, _course(found[one.id][day], within, school if one.id in others else None))
            for one, weight in services
        ]
        told.append((day, [Lived(one.id, weight, course, summed(course)) for one, weight, course in courses]))
    return told


def _alike(one: SchoolClock, other: SchoolClock, last: date) -> bool:
    """Whether two clocks have the same hours up to a day, included: places of the east are in the next one already."""
    return one is other or one.rests_on(last + ONE_DAY) == other.rests_on(last + ONE_DAY)


def _course(kept: Course, within: Interval, school: Callable[[Interval], Iterable[Interval]] | None) -> Course:
    since, end = within
    course = until(kept, end - since)
    return course if school is None else with_school(course, school(within), since)


def _told(basis: Basis, days: Days, clock: SchoolClock, unit: Weighting | None) -> ByDay:
    rows = tuple(_row(days, hours, clock) for hours in Hours)
    return ByDay(begins(days[0][0]), basis.known, _begun(basis, days), (rows[0], rows[1]), unit)


def _begun(basis: Basis, days: Days) -> date | None:
    """The first day of which anything is known; days that nobody measured after that are no days before it."""
    opening, every = days[0]
    found = next((day for day, lived in days if any(map(_anything, lived))), None)
    if found is None or found == opening:
        return found
    names = [one.service for one in every]

    def measured(reader: Reader | None) -> bool:
        earlier = None if reader is None else reader.kept_totals(_LONG_AGO, opening - ONE_DAY, names)
        return earlier is not None and any(one.good_us + one.bad_us for one in earlier.services.values())

    return opening if read_from(basis.measures, measured) else found


def _anything(lived: Lived) -> bool:
    return any(run.health is not Health.UNKNOWN for run in lived.course)


def _row(days: Days, hours: Hours, clock: SchoolClock) -> Row:
    bars = tuple(bar_of(day, lived, hours, clock.closed(day)) for day, lived in days)
    of = [
        (one.weight, _sums([lived[place].totals for _, lived in days], hours)) for place, one in enumerate(days[0][1])
    ]
    people = sum(weight for weight, _ in of) or 1.0
    lost, declared = (
        round(sum(weight * sums.counted[place] for weight, sums in of) / people) * _US for place in (1, 2)
    )
    whole = weighted([(weight, sums.availability(hours)) for weight, sums in of], hours)
    return Row(hours, bars, whole, lost, declared)


def _sums(every: Iterable[Totals], hours: Hours) -> Sums:
    return reduce(Sums.plus, (one.all if hours is Hours.ALL else one.school for one in every))
