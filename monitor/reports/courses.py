"""The courses of days of services: from what is kept of them, where it rests on what is asked for, else from spans."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from monitor.domain.catalog import Service
from monitor.domain.daybook import Course, course_of
from monitor.domain.interval import Interval
from monitor.domain.rests import Rests
from monitor.domain.service_verdict import Span
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing, Reader
from monitor.store.days import ONE_DAY, begins, bounds, day_of, each_day

T = TypeVar("T")


def read_from(source: Source, read: Callable[[Reader | None], T]) -> T:
    """What is read of a database, or of none. Raises StoreError."""
    try:
        return read(reader_of(source))
    except DatabaseMissing:
        return read(None)


def courses_of(
    reader: Reader | None, services: Sequence[Service], rests: Rests, period: tuple[date, date], now: datetime
) -> Mapping[str, Mapping[date, Course]]:
    """The course of each day of Paris of a period, both ends included, by service.

    A day that is not kept, or was kept on other grounds than `rests`, comes from spans, which are read once for all
    the services that lack the same days. `now`: until when the verdicts in force speak. Raises StoreError.
    """
    first, last = period
    courses = _kept(reader, services, rests, first, min(last, day_of(now) - ONE_DAY))
    missing = defaultdict[tuple[date, date], list[Service]](list)
    for service in services:
        for stretch in _in_a_row(day for day in each_day(first, last) if day not in courses[service.id]):
            missing[stretch].append(service)
    for (one, other), some in missing.items():
        within = begins(one), begins(other + ONE_DAY)
        told = spans_of(reader, some, within, now)
        for service in some:
            excused, spans = rests.declared(service, within), told[service.id]
            for day in each_day(one, other):
                that = bounds(day)
                courses[service.id][day] = course_of(spans, excused, rests.school(service, that), *that)
    return courses


def spans_of(
    reader: Reader | None, services: Sequence[Service], stretch: Interval, now: datetime, many: int | None = None
) -> dict[str, list[Span]]:
    """What is held of services in a stretch, under their former ids too, by id.

    `many`: from so many names on all services are read, for naming them costs more; None: they are always named.
    """
    names = [name for one in services for name in (one.id, *one.formerly)]
    chosen = names if many is None or len(names) < many else None
    told = {} if reader is None else reader.standing(*stretch, chosen, now)
    return {one.id: [span for name in (one.id, *one.formerly) for span in told.get(name, ())] for one in services}


def _kept(
    reader: Reader | None, services: Sequence[Service], rests: Rests, first: date, last: date
) -> dict[str, dict[date, Course]]:
    """The courses of the kept days, if they rest on what the figures asked for rest on."""
    found: dict[str, dict[date, Course]] = {one.id: {} for one in services}
    told = {} if reader is None or last < first else reader.kept_days_of(list(found), first, last)
    for one in services:
        kept = told.get(one.id)
        if kept and kept[-1].mark == rests.mark(one, kept[-1].day, begins(kept[-1].day + ONE_DAY)):
            found[one.id] = {each.day: each.course for each in kept if each.mark is not None}
    return found


def _in_a_row(chosen: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days, in order, as stretches of days in a row: first and last."""
    first: date | None = None
    last = date.min
    for day in chosen:
        if first is None or day != last + ONE_DAY:
            if first is not None:
                yield first, last
            first = day
        last = day
    if first is not None:
        yield first, last
