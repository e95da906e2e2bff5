"""Observations as flat records, any number of them: by hour, then by vantage and probe, then by instant."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, func, select

from monitor.domain.record import Record
from monitor.store.codec import HOUR_US, failure_of, instant, micros
from monitor.store.observations import select_observations
from monitor.store.tables import observations, series

SERIES_A_PART = 200  # 12,000 answers an hour at a pace of one a minute: some megabytes at a time
Ranked = Sequence[tuple[int, str, str]]  # number, vantage, probe: in the order of the stream


def ranked(connection: Connection, probes: Collection[str] | None = None) -> Ranked:
    """The series of these probes, or of all, by vantage and probe."""
    rows = connection.execute(select(series.c.id, series.c.vantage, series.c.probe).where(series.c.probe != ""))
    wanted = None if probes is None else set(probes)
    found = [(row.id, row.vantage, row.probe) for row in rows if wanted is None or row.probe in wanted]
    return sorted(found, key=itemgetter(1, 2))


def next_hour(connection: Connection, since: datetime, until: datetime) -> int | None:
    """The first hour (since 1970) with an observation of [since, until) in it or beside it, None without any."""
    first, last = micros(since) // HOUR_US, -(-micros(until) // HOUR_US)
    query = select(func.min(observations.c.hour)).where(observations.c.hour >= first, observations.c.hour < last)
    hour: int | None = connection.scalar(query)
    return hour


def after(hour: int) -> datetime:
    """The instant at which an hour (since 1970) ends."""
    return instant((hour + 1) * HOUR_US)


def records(connection: Connection, hour: int, part: Ranked, since: datetime, until: datetime) -> list[Record]:
    """The records of these series in one hour with since <= at < until, in the order of `part`, then of time.

    Raises DatabaseNewer for an unknown failure.
    """
    numbers = {number: place for place, (number, _, _) in enumerate(part)}
    query = (
        select_observations()
        .where(observations.c.hour == hour, observations.c.series.in_(list(numbers)))
        .where(observations.c.at >= micros(since), observations.c.at < micros(until))
    )
    rows = connection.execute(query).fetchall()
    return [_record(row) for row in sorted(rows, key=lambda row: (numbers[row[1]], row[2]))]


def parts(order: Ranked) -> Iterator[Ranked]:
    """The series of a stream, some at a time."""
    for begin in range(0, len(order), SERIES_A_PART):
        yield order[begin : begin + SERIES_A_PART]


def _record(row: Sequence[Any]) -> Record:
    probe, vantage, address, detail, final_host, marker, fingerprint, not_after, issuer, catalogue = row[16:]
    failure, health = _words(row[9])
    named = (row[2], vantage, probe.partition("/")[0], probe, health, failure, *row[3:9], row[10], address or None)
    # The empty text and no text are one: every format writes both in the same way.
    texts = (final_host or None, marker or None, detail or None, fingerprint or None)
    beside = (row[12], *texts, not_after, issuer or None, row[15], catalogue or None)
    return Record._make((*named, *beside))


@cache
def _words(code: int | None) -> tuple[str | None, str]:
    failure = failure_of(code)
    return (None, "up") if failure is None else (failure.value, failure.health.value)
