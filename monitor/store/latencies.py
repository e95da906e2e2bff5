"""Rows of `latencies` (sketches of closed hours) and `usuals` (what was learned from them)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select

from monitor.domain.sketch import Sketch
from monitor.domain.usual import TIMED, WINDOW, Latency, Usual, renewed, usual_of
from monitor.store.codec import EPOCH, HOUR_US, code_of, duration_us, instant, micros
from monitor.store.derived_tables import latencies, usuals
from monitor.store.errors import DatabaseDamaged
from monitor.store.tables import book, observations, series
from monitor.store.upsert import replace

InSchool = Callable[[str, datetime], bool]  # whether it is school time for a probe at an instant
Known = dict[tuple[str, bool], Usual]  # by probe, and whether in school hours

SERIES_A_PART = 100  # about 10,000 answers at the opening of a school day: some 50 ms of the writer's time
MARK = "latencies_closed_before"  # in `book`: the hour (since 1970) before which every hour was closed
# Hours of school begin and end at full and half hours of the wall clock, which everywhere are quarters of UTC's.
_QUARTER_US = HOUR_US // 4
_DAY = timedelta(days=1)
_ONE_MICROSECOND = timedelta(microseconds=1)
_TIMED_CODES = [code_of(failure) for failure in TIMED if failure is not None]


def open_hour(connection: Connection) -> datetime | None:
    """The oldest hour with answers that is not closed yet."""
    mark = connection.scalar(select(book.c.value).where(book.c.key == MARK))
    hour = connection.scalar(select(func.min(observations.c.hour)).where(observations.c.hour >= int(mark or 0)))
    return None if hour is None else instant(hour * HOUR_US)


def close_part(connection: Connection, began: datetime, after: int, in_school: InSchool) -> int | None:
    """Sketch the answers of an hour, of the next series after number `after`; the last of them, None at the end.

    Made from the rows themselves, in place of what was there: again is as once. The end moves the mark.
    """
    hour = micros(began) // HOUR_US
    query = select(series.c.id, series.c.probe).where(series.c.id > after).order_by(series.c.id).limit(SERIES_A_PART)
    part: dict[int, str] = {row.id: row.probe for row in connection.execute(query)}
    if part:
        rows = list(_rows(connection, hour, part, in_school))
        connection.execute(delete(latencies).where(latencies.c.hour == hour, latencies.c.series.in_(list(part))))
        replace(connection, latencies, rows)
    if len(part) == SERIES_A_PART:
        return max(part)
    replace(connection, book, [{"key": MARK, "value": str(hour + 1)}])
    return None


def of_probes(connection: Connection, probes: Iterable[str], since: datetime, until: datetime) -> Iterator[Latency]:
    """Latencies of these probes, of the hours that begin at since <= … < until; by series, oldest first."""
    query = (
        select(latencies, series.c.probe, series.c.vantage)
        .join_from(latencies, series, latencies.c.series == series.c.id)
        .where(series.c.probe.in_(list(probes)))
        .where(latencies.c.hour >= -(-micros(since) // HOUR_US), latencies.c.hour < -(-micros(until) // HOUR_US))
        .order_by(latencies.c.series, latencies.c.hour, latencies.c.in_school)
    )
    return map(latency_of, connection.execute(query))


def latency_of(row: Row[Any]) -> Latency:
    """The latency of a row of `latencies` joined with its `series`. Raises DatabaseDamaged for a broken sketch."""
    _, hour, in_school, encoded, probe, vantage = tuple(row)  # by place: weeks of hours are read at a time
    try:
        sketch = Sketch.decode(encoded)
    except ValueError:
        raise DatabaseDamaged(
            f"Les durées de {probe} sont illisibles dans la base. Rétablissez une sauvegarde."
        ) from None
    return Latency(probe, vantage, instant(hour * HOUR_US), in_school, sketch)


def renew(connection: Connection, probes: Sequence[str], vantage: str, day: date) -> Known:
    """Learn from the hours before `day` what is usual for these probes, keep it, and give it back."""
    query = select(series.c.id, series.c.probe).where(series.c.probe.in_(probes), series.c.vantage == vantage)
    numbers = {row.probe: row.id for row in connection.execute(query)}
    before, until = all_usuals(connection, vantage, probes), EPOCH + (day - EPOCH.date())
    hours = defaultdict[tuple[str, bool], list[Latency]](list)
    for one in of_probes(connection, probes, until - WINDOW, until):
        if one.vantage == vantage:
            hours[one.probe, one.in_school].append(one)
    found = {key: renewed(before.get(key), usual_of(hours[key], day), day) for key in {*hours, *before}}
    known = {key: usual for key, usual in found.items() if usual is not None}
    connection.execute(delete(usuals).where(usuals.c.series.in_(list(numbers.values()))))
    replace(connection, usuals, [usual_row(numbers[probe], kind, one) for (probe, kind), one in known.items()])
    return known


def all_usuals(connection: Connection, vantage: str, probes: Sequence[str] | None = None) -> Known:
    """What is held to be usual at a vantage, of these probes or of all."""
    query = select(usuals, series.c.probe).join_from(usuals, series, usuals.c.series == series.c.id)
    query = query.where(series.c.vantage == vantage)
    if probes is not None:
        query = query.where(series.c.probe.in_(probes))
    return {(row.probe, row.in_school): usual_value(row) for row in connection.execute(query)}


def usual_row(number: int, in_school: bool, usual: Usual) -> dict[str, Any]:
    """The columns of `usuals`."""
    return {
        "series": number,
        "in_school": in_school,
        "day": (usual.day - EPOCH.date()) // _DAY,
        "days": usual.days,
        "answers": usual.answers,
        "median_us": duration_us(usual.median),
        "p95_us": duration_us(usual.p95),
    }


def usual_value(row: Row[Any]) -> Usual:
    """The usual of a row of `usuals`."""
    median, p95 = row.median_us * _ONE_MICROSECOND, row.p95_us * _ONE_MICROSECOND
    return Usual(EPOCH.date() + row.day * _DAY, row.days, row.answers, median, p95)


def _rows(connection: Connection, hour: int, part: Mapping[int, str], in_school: InSchool) -> Iterator[dict[str, Any]]:
    query = (
        select(observations.c.series, observations.c.at, observations.c.took_us)
        .where(observations.c.hour == hour, observations.c.series.between(min(part), max(part)))
        .where(or_(observations.c.failure.is_(None), observations.c.failure.in_(_TIMED_CODES)))
        .order_by(observations.c.series)
    )
    for number, answers in groupby(connection.execute(query), itemgetter(0)):
        kinds = defaultdict[bool, list[timedelta]](list)
        quarters = dict[int, bool]()
        for _, at, took_us in answers:
            quarter = at // _QUARTER_US
            if quarter not in quarters:
                quarters[quarter] = in_school(part[number], instant(quarter * _QUARTER_US))
            kinds[quarters[quarter]].append(timedelta(microseconds=took_us))
        for kind, durations in kinds.items():
            sketch = Sketch.of(durations).encode()
            yield {"series": number, "hour": hour, "in_school": kind, "sketch": sketch}
