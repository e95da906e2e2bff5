"""Rows of `silences` and `acknowledgements`: what people order about messages. None is ever deleted."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.store.codec import clean, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.desk_tables import acknowledgements, silences


def silence_row(one: DeclaredSilence) -> dict[str, Any]:
    """The columns of `silences`."""
    return {
        "id": one.id,
        "what": one.what.value,
        "name": one.name,
        "subscription": one.subscription,
        "reason": clean(one.reason),
        "author": clean(one.author),
        "since": micros(one.since),
        "until": micros(one.until),
        "declared_at": micros(one.declared_at),
        "ended_at": maybe_micros(one.ended_at),
    }


def silence_of(row: Row[Any]) -> DeclaredSilence:
    """The silence of a row. Raises DatabaseNewer for an unknown kind."""
    return DeclaredSilence(
        id=row.id,
        what=word_of(Silenced, row.what),
        name=row.name,
        since=instant(row.since),
        until=instant(row.until),
        reason=row.reason,
        author=row.author,
        declared_at=instant(row.declared_at),
        subscription=row.subscription,
        ended_at=maybe_instant(row.ended_at),
    )


def every(connection: Connection, ending_after: datetime | None = None) -> Iterator[DeclaredSilence]:
    """All silences, or those that nobody ended and that last beyond an instant; the first declared first."""
    query = select(silences).order_by(silences.c.declared_at, silences.c.id)
    if ending_after is not None:
        query = query.where(silences.c.until > micros(ending_after), silences.c.ended_at.is_(None))
    return map(silence_of, connection.execute(query))


def end(connection: Connection, silence: str, at: datetime) -> bool:
    """Call off what is left of a silence from `at` on, unless somebody did already; whether it was."""
    changed = connection.execute(
        update(silences).where(silences.c.id == silence, silences.c.ended_at.is_(None)).values(ended_at=micros(at))
    )
    return changed.rowcount == 1


def acknowledgement_row(one: Acknowledgement) -> dict[str, Any]:
    """The columns of `acknowledgements`."""
    return {
        "id": one.id,
        "incident": one.incident,
        "author": clean(one.author),
        "note": clean(one.note),
        "at": micros(one.at),
        "withdrawn_at": maybe_micros(one.withdrawn_at),
    }


def acknowledgement_of(row: Row[Any]) -> Acknowledgement:
    """The acknowledgement of a row."""
    return Acknowledgement(
        id=row.id,
        incident=row.incident,
        author=row.author,
        note=row.note,
        at=instant(row.at),
        withdrawn_at=maybe_instant(row.withdrawn_at),
    )


def standing(
    connection: Connection, *, incident: str | None = None, since: datetime | None = None
) -> Iterator[Acknowledgement]:
    """Acknowledgements that nobody withdrew, the earliest first; of one incident, or since an instant, if given."""
    query = select(acknowledgements).where(acknowledgements.c.withdrawn_at.is_(None))
    if incident is not None:
        query = query.where(acknowledgements.c.incident == incident)
    if since is not None:
        query = query.where(acknowledgements.c.at >= micros(since))
    ordered = query.order_by(acknowledgements.c.at, acknowledgements.c.id)
    return map(acknowledgement_of, connection.execute(ordered))


def withdraw(connection: Connection, incident: str, at: datetime) -> bool:
    """Withdraw every acknowledgement of an incident; whether there was one. The rows stay."""
    changed = connection.execute(
        update(acknowledgements)
        .where(acknowledgements.c.incident == incident, acknowledgements.c.withdrawn_at.is_(None))
        .values(withdrawn_at=micros(at))
    )
    return changed.rowcount > 0
