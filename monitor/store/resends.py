"""Rows of `resends`: wishes that what was given up be sent again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.store.codec import instant, micros
from monitor.store.desk_tables import resends
from monitor.store.upsert import keep
from monitor.store.values import Resend


def add(connection: Connection, wishes: Sequence[Resend]) -> None:
    """Keep wishes; one that is known stays."""
    keep(connection, resends, [{"telling": one.telling, "asked_at": micros(one.asked_at)} for one in wishes])


def since(connection: Connection, earliest: datetime) -> Iterator[Resend]:
    """The wishes from an instant on, the earliest first."""
    query = select(resends).where(resends.c.asked_at >= micros(earliest))
    rows = connection.execute(query.order_by(resends.c.asked_at, resends.c.telling))
    return (Resend(row.telling, instant(row.asked_at)) for row in rows)
