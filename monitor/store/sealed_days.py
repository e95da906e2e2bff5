"""What seals say of whole days: how many answers each holds, and which of them the measures still hold."""

from datetime import date

from sqlalchemy import Connection, select

from monitor.store import purge
from monitor.store.closing import hours_of
from monitor.store.days import day_numbered
from monitor.store.marks import KEPT, read
from monitor.store.seal_tables import seals
from monitor.store.seals import late


def rows(connection: Connection) -> dict[date, int]:
    """How many answers are sealed of each day all of whose answers are, from all vantages together."""
    newest: dict[tuple[int, int], int] = {}
    query = select(seals.c.day, seals.c.vantage, seals.c.rows).order_by(seals.c.number)
    for number, vantage, count in connection.execute(query):
        newest[number, vantage] = count
    found: dict[date, int] = {}
    for (number, _), count in newest.items():
        day = day_numbered(number)
        found[day] = found.get(day, 0) + count
    for day in late(connection):
        found.pop(day, None)
    return found


def held(connection: Connection) -> dict[date, int]:
    """As `rows`, of the days of which the measures still hold every answer.

    A day of which some were let go is none of them, though others are left for a while: they go hour by hour, and on
    PostgreSQL by days of UTC. Nothing of it can be archived any more.
    """
    first = purge.first_day(connection)
    if first is None:
        return {}
    kept = read(connection, KEPT)
    return {day: count for day, count in rows(connection).items() if day >= first and hours_of(day)[0] >= kept}
