"""Old answers go, in small steps, once all that is kept of them for ever is made."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Column, Connection, Integer, MetaData, Table, delete, func, select

from monitor.store import partitions
from monitor.store.closing import DAY, day_of, hours_of
from monitor.store.codec import EPOCH, HOUR_US, MOST
from monitor.store.derived_tables import late_hours, probe_slots
from monitor.store.marks import DAYS, Marks, read
from monitor.store.seal_tables import late_days
from monitor.store.tables import excerpts, observations

ROWS_A_STEP = 5_000  # some 20 ms of the writer's time
# Not one of `measures`: it is part of `observations`, and on PostgreSQL alone.
_DEFAULT = Table(partitions.DEFAULT, MetaData(), Column("hour", Integer), Column("series", Integer))


def first_day(connection: Connection) -> date | None:
    """The day of Paris of the oldest answer that is kept."""
    hour = connection.scalar(select(func.min(observations.c.hour)))
    return None if hour is None else day_of(hour)


def measured_day(connection: Connection, back: int) -> date | None:
    """Of the days of Paris that have roll-ups the `back`th, the newest being the first; None: there are fewer."""
    day, bound = None, MOST
    for _ in range(back):
        hour = connection.scalar(select(func.max(probe_slots.c.hour)).where(probe_slots.c.hour < bound))
        if hour is None:
            return None
        day = day_of(hour)
        bound = hours_of(day)[0]
    return day


def step(connection: Connection, marks: Marks, before: date) -> bool:
    """Delete a little of what is older than a day of Paris; whether there is more to do."""
    until = min(hours_of(before)[0], *_not_done(connection))
    marks.let_go(connection, until)
    if _excerpts(connection, until):
        return True
    if connection.dialect.name != "postgresql":
        return _rows(connection, observations, until)
    old = [day for day in partitions.days(connection) if (day + 1) * partitions.HOURS <= until]
    if old:
        partitions.drop(connection, min(old))
        return True
    return _rows(connection, _DEFAULT, until)


def _not_done(connection: Connection) -> Iterator[int]:
    """The first hour whose day is not closed, the first closed one and that of the first sealed day with late answers.

    Looked up here, in the transaction that deletes: an answer may have come since somebody was asked.
    """
    yield hours_of(EPOCH.date() + read(connection, DAYS) * DAY)[0]
    late = connection.scalar(select(func.min(late_hours.c.hour)))
    if late is not None:
        yield late
    unsealed = connection.scalar(select(func.min(late_days.c.day)))
    if unsealed is not None:
        yield hours_of(EPOCH.date() + unsealed * DAY)[0]


def _excerpts(connection: Connection, until: int) -> bool:
    """Before their answers: an excerpt without one would be a fault of the books."""
    old = excerpts.c.at < until * HOUR_US
    last = connection.scalar(select(excerpts.c.at).where(old).order_by(excerpts.c.at).limit(1).offset(ROWS_A_STEP))
    part = old if last is None else excerpts.c.at <= last
    return connection.execute(delete(excerpts).where(part)).rowcount > 0


def _rows(connection: Connection, where: Table, until: int) -> bool:
    """A part of the oldest hour: pages of it that are written in one go, and used again by what comes."""
    hour = connection.scalar(select(func.min(where.c.hour)).where(where.c.hour < until))
    if hour is None:
        return False
    query = select(where.c.series).where(where.c.hour == hour).order_by(where.c.series)
    last = connection.scalar(query.limit(1).offset(ROWS_A_STEP))
    part = delete(where).where(where.c.hour == hour)
    connection.execute(part if last is None else part.where(where.c.series <= last))
    return True
