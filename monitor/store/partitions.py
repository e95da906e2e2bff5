"""On PostgreSQL, the partitions of `observations`: one for each day of UTC, and a default one for all other hours.

Partitions are made as tables of their own and attached: that lets everybody read and write meanwhile, which CREATE
TABLE … PARTITION OF does not. They are detached in the ordinary way, which shuts everybody out for an instant: beside
a default partition CONCURRENTLY is refused.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from monitor.store.codec import HOUR_US, micros

AHEAD = 7  # days: so long a monitor may be unable to make any
DEFAULT = "observations_default"
HOURS = 24  # a day
MOVED = 50_000  # rows: a day of which more waits in the default partition stays there, and goes from it in small steps
_PATIENCE = timedelta(milliseconds=200)  # for whoever reads: behind a lock that is waited for, all others wait too
_NAME = re.compile(r"observations_(\d+)")


def days(connection: Connection) -> Mapping[int, str]:
    """The partitions that are there, by their day (UTC, since 1970)."""
    query = (
        "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = 'observations'::regclass"
    )
    named = (_NAME.fullmatch(name) for name in connection.scalars(text(query)))
    return {int(found[1]): found[0] for found in named if found is not None}


def make_ahead(connection: Connection, now: datetime) -> None:
    """Make those of today and of the days to come that are missing; what waits in the default one moves there."""
    if connection.dialect.name != "postgresql":
        return
    today, there = micros(now) // HOUR_US // HOURS, days(connection)
    missing = [day for day in range(today, today + AHEAD + 1) if day not in there]
    if missing:
        _be_patient(connection)
    for day in missing:
        _make(connection, day)


def drop(connection: Connection, day: int) -> None:
    """Let a day go. Raises DatabaseBusy (as a driver's error) where somebody reads it for longer than an instant."""
    _be_patient(connection)
    for line in (f"ALTER TABLE observations DETACH PARTITION observations_{day}", f"DROP TABLE observations_{day}"):
        connection.execute(text(line))


def _make(connection: Connection, day: int) -> None:
    name, first, last = f"observations_{day}", day * HOURS, (day + 1) * HOURS
    within = f"hour >= {first} AND hour < {last}"
    waiting = f"SELECT count(*) FROM (SELECT 1 FROM {DEFAULT} WHERE {within} LIMIT {MOVED + 1}) AS part"  # noqa: S608 -- as below
    if connection.scalar(text(waiting)) > MOVED:
        return
    for line in (
        f"CREATE TABLE {name} (LIKE observations INCLUDING ALL, CONSTRAINT {name}_day CHECK ({within}))",
        f"INSERT INTO {name} SELECT * FROM {DEFAULT} WHERE {within}",  # noqa: S608 -- numbers and literal names
        f"DELETE FROM {DEFAULT} WHERE {within}",  # noqa: S608 -- as above
        f"ALTER TABLE observations ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({last})",
        f"ALTER TABLE {name} DROP CONSTRAINT {name}_day",  # it has spared the attaching a look at every row
    ):
        connection.execute(text(line))


def _be_patient(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout TO {_PATIENCE // timedelta(milliseconds=1)}"))
