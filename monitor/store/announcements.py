"""Rows of `announcements`: what people say of an incident or a service."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.store.codec import clean, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.desk_tables import announcements


def announcement_row(one: Announcement) -> dict[str, Any]:
    """The columns of `announcements`."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "text": clean(one.text),
        "author": clean(one.author),
        "at": micros(one.at),
        "recorded_at": micros(one.recorded_at),
        "incident": one.incident,
        "service": one.service,
        "withdrawn_at": maybe_micros(one.withdrawn_at),
    }


def announcement_of(row: Row[Any]) -> Announcement:
    """The announcement of a row. Raises DatabaseNewer for an unknown kind."""
    return Announcement(
        id=row.id,
        kind=word_of(AnnouncementKind, row.kind),
        text=row.text,
        author=row.author,
        at=instant(row.at),
        recorded_at=instant(row.recorded_at),
        incident=row.incident,
        service=row.service,
        withdrawn_at=maybe_instant(row.withdrawn_at),
    )


def shown(
    connection: Connection, *, incident: str | None, service: str | None, since: datetime | None, newest: int | None
) -> Iterator[Announcement]:
    """Announcements that nobody withdrew, the earliest said first: about an incident, about a service, or all.

    Of those, what was said from `since` on, and the `newest` ones, where these are given.
    """
    query = select(announcements).where(announcements.c.withdrawn_at.is_(None))
    if incident is not None:
        query = query.where(announcements.c.incident == incident)
    if service is not None:
        query = query.where(announcements.c.service == service)
    if since is not None:
        query = query.where(announcements.c.at >= micros(since))
    order = (announcements.c.at, announcements.c.recorded_at, announcements.c.id)
    newest_first = query.order_by(*(column.desc() for column in order)).limit(newest)
    return map(announcement_of, reversed(connection.execute(newest_first).all()))


def withdraw(connection: Connection, announcement: str, at: datetime) -> bool:
    """Show an announcement no longer, unless it is withdrawn already; whether it was. The row stays."""
    changed = connection.execute(
        update(announcements)
        .where(announcements.c.id == announcement, announcements.c.withdrawn_at.is_(None))
        .values(withdrawn_at=micros(at))
    )
    return changed.rowcount == 1
