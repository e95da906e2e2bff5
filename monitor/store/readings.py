"""Readings of `observations` for a purpose: a few answers of one probe, what judging needs of many."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from monitor.domain.observation import Observation
from monitor.store.codec import failure_of, instant, micros
from monitor.store.observations import in_hours, select_observations, value_of
from monitor.store.tables import observations, series


def some(
    connection: Connection, probe: str, since: datetime, until: datetime, most: int, *, newest: bool
) -> list[Observation]:
    """The oldest or the newest observations of a probe with since <= at < until, `most` at most; oldest first."""
    first, last = micros(since), micros(until)
    # Its numbers first: left to find them by a join, SQLite reads whole hours of all probes.
    numbers = connection.scalars(select(series.c.id).where(series.c.probe == probe)).all()
    order = (observations.c.hour, observations.c.at, observations.c.series)
    query = (
        select_observations()
        .where(in_hours(first, last), observations.c.series.in_(numbers))
        .where(observations.c.at >= first, observations.c.at < last)
        .order_by(*(column.desc() if newest else column for column in order))
        .limit(most)
    )
    rows = connection.execute(query).all()
    return [value_of(tuple(row)) for row in (reversed(rows) if newest else rows)]


def heard(
    connection: Connection, probes: Collection[str], vantage: str, since: datetime, until: datetime
) -> Iterator[Observation]:
    """Answers to `probes` from one vantage with since <= at < until, oldest first: what they said and when, no more."""
    first, last = micros(since), micros(until)
    query = (
        select(observations.c.series, observations.c.at, observations.c.took_us, observations.c.failure)
        .where(in_hours(first, last), observations.c.at >= first, observations.c.at < last)
        .order_by(observations.c.at, observations.c.series)
    )
    # Matched here: a catalogue may hold more probes than a database takes values.
    wanted = set(probes)
    known = connection.execute(select(series).where(series.c.vantage == vantage))
    names = {row.id: row.probe for row in known if row.probe in wanted}
    for number, at, took, failure in connection.execute(query):
        if number in names:
            duration = timedelta(microseconds=took)
            yield Observation(names[number], vantage, instant(at), duration, failure_of(failure))
