"""The sketches of `probe_hours`, and `usuals`: what was learned from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from monitor.domain.sketch import Sketch
from monitor.domain.usual import WINDOW, Latency, Usual, renewed, usual_of
from monitor.store.closing import damaged
from monitor.store.codec import EPOCH, HOUR_US, duration_us, instant, micros
from monitor.store.derived_tables import probe_hours, usuals
from monitor.store.tables import series
from monitor.store.upsert import replace

Known = dict[tuple[str, bool], Usual]  # by probe, and whether in school hours

_DAY = timedelta(days=1)
_ONE_MICROSECOND = timedelta(microseconds=1)
_KEPT = probe_hours.c
_NO_DURATION = Sketch().encode()


def of_probes(connection: Connection, probes: Iterable[str], since: datetime, until: datetime) -> Iterator[Latency]:
    """Latencies of these probes, of the hours that begin at since <= … < until; by series, oldest first."""
    query = (
        select(_KEPT.series, _KEPT.hour, _KEPT.in_school, _KEPT.sketch, series.c.probe, series.c.vantage)
        .join_from(probe_hours, series, _KEPT.series == series.c.id)
        .where(series.c.probe.in_(list(probes)), _KEPT.sketch != _NO_DURATION)
        .where(_KEPT.hour >= -(-micros(since) // HOUR_US), _KEPT.hour < -(-micros(until) // HOUR_US))
        .order_by(_KEPT.series, _KEPT.hour, _KEPT.in_school)
    )
    return map(latency_of, connection.execute(query))


def latency_of(row: Sequence[Any]) -> Latency:
    """The latency of a row of `probe_hours` joined with its `series`. Raises DatabaseDamaged for a broken sketch."""
    _, hour, in_school, encoded, probe, vantage = row  # by place: weeks of hours are read at a time
    try:
        sketch = Sketch.decode(encoded)
    except ValueError:
        raise damaged(probe) from None
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
