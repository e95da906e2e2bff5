"""Figures of whole days from what is kept of them, of other stretches from spans: the same to the microsecond."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import add

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog, Service
from monitor.domain.daybook import Course, Totals, course_of, summed, uptime_of
from monitor.domain.interval import Interval
from monitor.domain.rests import Rests
from monitor.domain.uptime import Uptime
from monitor.domain.window import Window
from monitor.reports.courses import courses_of, read_from, spans_of
from monitor.reports.sources import Source
from monitor.store import Reader
from monitor.store.days import ONE_DAY, begins, day_numbered, day_of, each_day, number_of

_MANY = 1000  # from so many services on all are read: naming them costs more


@dataclass(frozen=True, slots=True)
class Day:
    """A day of Paris of a service, [since, until): how long it was what; its `course`, to be rolled up (`slots`)."""

    day: date
    since: datetime
    until: datetime
    totals: Totals
    course: Course


def totals_of(
    source: Source,
    services: Iterable[Service],
    catalog: Catalog,
    clock: Callable[[Service], SchoolClock],
    windows: Iterable[Window],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> dict[str, Uptime]:
    """The availability of services over [since, until), by id, as `availability_of` gives it for each of them.

    Whole days of Paris are read from what is kept of them: two rows a service, however long the period. What is not
    kept yet, or was counted by another clock than `clock` gives, comes from spans. `windows`: every window that was
    ever declared (`declared.windows_ever`); with those of the period alone the figures are the same, and slow.
    `now`: as `known_until` gives it. Raises StoreError.
    """
    chosen, rests = tuple(services), Rests(catalog, clock, windows)
    found = read_from(source, lambda reader: _totals(reader, chosen, rests, (since, until), now))
    return {name: uptime_of(one) for name, one in found.items()}


def days_of(
    source: Source,
    service: Service,
    catalog: Catalog,
    clock: SchoolClock,
    windows: Iterable[Window],
    *,
    first: date,
    last: date,
    now: datetime,
) -> list[Day]:
    """The days of Paris of a service from `first` to `last`, both included, oldest first.

    `clock`, `windows` and `now` as for `totals_of`, and the same sources. Raises StoreError.
    """
    rests = Rests(catalog, lambda _: clock, windows)
    found = read_from(source, lambda reader: courses_of(reader, (service,), rests, (first, last), now))
    courses = found[service.id]
    return [
        Day(day, begins(day), begins(day + ONE_DAY), summed(courses[day]), courses[day])
        for day in each_day(first, last)
    ]


def _totals(
    reader: Reader | None, services: Sequence[Service], rests: Rests, period: Interval, now: datetime
) -> dict[str, Sequence[int]]:
    """By id, `Totals.counted`."""
    found, missing = _from_days(reader, services, rests, period, now)
    for stretch, some in missing.items():
        spans = spans_of(reader, some, stretch, now, _MANY)
        for one in some:
            course = course_of(spans[one.id], rests.declared(one, stretch), rests.school(one, stretch), *stretch)
            found[one.id] = tuple(map(add, found[one.id], summed(course).counted))
    return found


def _from_days(
    reader: Reader | None, services: Sequence[Service], rests: Rests, period: Interval, now: datetime
) -> tuple[dict[str, Sequence[int]], dict[Interval, list[Service]]]:
    """What the kept days say of each service, and of which stretches they say nothing."""
    since, until = period
    first = day_of(since - datetime.resolution) + ONE_DAY
    last = min(day_of(until), day_of(now)) - ONE_DAY
    names = None if len(services) >= _MANY else [one.id for one in services]
    kept = None if reader is None or last < first else reader.kept_totals(first, last, names)
    found: dict[str, Sequence[int]] = {}
    begun, opening = number_of(first), begins(first)
    missing = defaultdict[Interval, list[Service]](list)
    ends = since if kept is None else begins(kept.last + ONE_DAY)
    for one in services:
        its = None if kept is None or one.id in kept.unmade else kept.services.get(one.id)
        if kept is None or its is None or its.mark != rests.mark(one, kept.last, ends):
            found[one.id], stretches = Totals().counted, [period]
        else:
            found[one.id] = its[2:]
            opens = opening if its.first_day <= begun else begins(day_numbered(its.first_day))
            stretches = [(since, opens), (ends, until)]
        for stretch in stretches:
            if stretch[0] < stretch[1]:
                missing[stretch].append(one)
    return found, missing
