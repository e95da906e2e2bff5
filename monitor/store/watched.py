"""What the watch over Vigie reads of the tellings: how long one has been due, and what became of a drill."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from monitor.domain.vitals import Drill
from monitor.store.codec import instant, micros
from monitor.store.tables import tellings


def due_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when what is due stands still: the telling due for longest, or the last delivery; None if none is due.

    While letters leave one after the other, at the rate of a gateway, nothing stands still.

    One that waits for an older one of its subscription and incident is not due yet.
    """
    since = func.coalesce(tellings.c.next_try_at, tellings.c.created_at)
    older = tellings.alias("older")
    held_up = exists().where(
        older.c.incident == tellings.c.incident,
        older.c.subscription == tellings.c.subscription,
        older.c.created_at < tellings.c.created_at,
        older.c.state == "queued",
    )
    found = connection.scalar(
        select(func.min(since)).where(tellings.c.state == "queued", since <= micros(now), ~held_up)
    )
    if found is None:
        return None
    last = connection.scalar(select(func.max(tellings.c.tried_at)).where(tellings.c.state == "sent")) or found
    return instant(max(found, min(last, micros(now))))


def last_drill(connection: Connection, drills: Collection[str]) -> Drill | None:
    """The newest of these drills that was queued; it has arrived once it was delivered to each of its subscriptions."""
    rows = connection.execute(select(tellings).where(tellings.c.incident.in_(list(drills)))).all()
    if not rows:
        return None
    day = max(row.incident for row in rows)
    of_that_day = [row for row in rows if row.incident == day]
    arrived = all(row.state == "sent" and row.tried_at is not None for row in of_that_day)
    return Drill(
        day.rpartition("/")[2],
        instant(min(row.created_at for row in of_that_day)),
        instant(max(row.tried_at for row in of_that_day)) if arrived else None,
    )
