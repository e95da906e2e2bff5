"""Rows of `subscribers` and `asked_lately`: people who signed up for themselves, and whom was written to lately."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from monitor.domain.subscriber import (
    ASKED_AGAIN,
    ASKED_AN_HOUR,
    PENDING_MOST,
    UNCONFIRMED_KEPT,
    Subscriber,
    Wish,
    address_key,
)
from monitor.domain.window import Scope, ScopeKind
from monitor.store import upsert
from monitor.store.codec import instant, maybe_instant, micros, word_of
from monitor.store.desk_tables import asked_lately, desk_book, subscribers

SECRET, REVISION = "secret", "subscribers_revision"  # rows of the desk's book
_AN_HOUR = timedelta(hours=1)
_UNCONFIRMED = subscribers.c.confirmed_at.is_(None)


def subscriber_of(row: Row[Any]) -> Subscriber:
    """The subscriber of a row. Raises DatabaseNewer for an unknown kind of scope."""
    return Subscriber(
        id=row.id,
        email=row.email,
        scope=Scope(word_of(ScopeKind, row.scope), row.name),
        language=row.language,
        school_hours=row.school_hours,
        asked_at=instant(row.asked_at),
        confirmed_at=maybe_instant(row.confirmed_at),
    )


def every(connection: Connection) -> Iterator[Subscriber]:
    """Subscribers, confirmed or not, the first to ask first."""
    return map(
        subscriber_of, connection.execute(select(subscribers).order_by(subscribers.c.asked_at, subscribers.c.id))
    )


def changed(connection: Connection, since: int) -> tuple[list[Subscriber], frozenset[str]]:
    """Those that changed after a revision, and the ids of everybody: who is missing there has left."""
    rows = connection.execute(select(subscribers).where(subscribers.c.revision > since))
    return list(map(subscriber_of, rows)), frozenset(connection.scalars(select(subscribers.c.id)))


def one(connection: Connection, name: str) -> Subscriber | None:
    """The subscriber of that id."""
    row = connection.execute(select(subscribers).where(subscribers.c.id == name)).first()
    return None if row is None else subscriber_of(row)


def secret(connection: Connection) -> str:
    """What links are computed with; "" in a book that `upgrade` has not seen since."""
    return _said(connection, SECRET) or ""


def revision(connection: Connection) -> int:
    """A number that is another after every change of a subscriber."""
    return int(_said(connection, REVISION) or 0)


def alone(connection: Connection) -> None:
    """Let nobody else change subscribers until this transaction ends. SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE asked_lately IN SHARE ROW EXCLUSIVE MODE"))


def ask(connection: Connection, wish: Wish, at: datetime) -> bool:
    """Keep a wish until its owner confirms it; False where Vigie was asked too often in the last hour.

    Nothing changes for an address that is confirmed, or was written to in the last 24 h: what they were told to
    confirm stays what they confirm.
    """
    purge(connection, at)
    lately = select(func.count()).select_from(asked_lately).where(asked_lately.c.at > micros(at - _AN_HOUR))
    if (connection.scalar(lately) or 0) >= ASKED_AN_HOUR:
        return False
    key = address_key(secret(connection), wish.email)
    known = connection.execute(select(subscribers).where(subscribers.c.email == wish.email)).first()
    asked = connection.scalar(select(asked_lately.c.key).where(asked_lately.c.key == key))
    if asked is not None or (known is not None and known.confirmed_at is not None):
        return True
    upsert.replace(connection, asked_lately, [{"key": key, "at": micros(at)}])
    if known is not None:
        connection.execute(delete(subscribers).where(subscribers.c.id == known.id))
    _make_room(connection)
    # By lot, and another each time: a link that outlives its subscriber names nobody.
    row = {"id": f"s{token_hex(8)}", "asked_at": micros(at), "revision": _next(connection), **_columns(wish)}
    connection.execute(insert(subscribers).values(row))
    return True


def confirm(connection: Connection, name: str, at: datetime) -> Subscriber | None:
    """Say yes for one who has not yet; None where nobody of that id waits for it."""
    purge(connection, at)
    waiting = one(connection, name)
    if waiting is None or waiting.confirmed_at is not None:
        return None
    values = {"confirmed_at": micros(at), "revision": _next(connection)}
    connection.execute(update(subscribers).where(subscribers.c.id == name).values(values))
    return replace(waiting, confirmed_at=instant(micros(at)))


def change(connection: Connection, name: str, scope: Scope, language: str, *, school_hours: bool) -> Subscriber | None:
    """Ask for something else; None where there is nobody of that id."""
    before = one(connection, name)
    if before is None:
        return None
    after = replace(before, scope=scope, language=language, school_hours=school_hours)
    values = {**_columns(Wish(before.email, scope, language, school_hours)), "revision": _next(connection)}
    connection.execute(update(subscribers).where(subscribers.c.id == name).values(values))
    return after


def erase(connection: Connection, names: Iterable[str]) -> int:
    """Delete subscribers; how many there were."""
    found = connection.execute(delete(subscribers).where(subscribers.c.id.in_(list(names)))).rowcount
    if found:
        _next(connection)
    return found


def unlearn(connection: Connection, emails: Iterable[str]) -> None:
    """Forget that these addresses were written to lately."""
    keys = [address_key(secret(connection), email) for email in emails]
    connection.execute(delete(asked_lately).where(asked_lately.c.key.in_(keys)))


def purge(connection: Connection, at: datetime) -> int:
    """Delete who did not confirm within 7 days, and what is kept for 24 h; how many subscribers went."""
    connection.execute(delete(asked_lately).where(asked_lately.c.at <= micros(at - ASKED_AGAIN)))
    late = subscribers.c.asked_at <= micros(at - UNCONFIRMED_KEPT)
    gone = connection.execute(delete(subscribers).where(_UNCONFIRMED, late)).rowcount
    if gone:
        _next(connection)
    return gone


def _make_room(connection: Connection) -> None:
    waiting = connection.scalar(select(func.count()).select_from(subscribers).where(_UNCONFIRMED)) or 0
    if waiting >= PENDING_MOST:
        oldest = select(subscribers.c.id).where(_UNCONFIRMED).order_by(subscribers.c.asked_at)
        first = oldest.limit(waiting - PENDING_MOST + 1)
        connection.execute(delete(subscribers).where(subscribers.c.id.in_(first.scalar_subquery())))


def _columns(wish: Wish) -> dict[str, Any]:
    kind, name = wish.scope.kind.value, wish.scope.name
    return {
        "email": wish.email,
        "scope": kind,
        "name": name,
        "language": wish.language,
        "school_hours": wish.school_hours,
    }


def _said(connection: Connection, key: str) -> str | None:
    found: str | None = connection.scalar(select(desk_book.c.value).where(desk_book.c.key == key))
    return found


def _next(connection: Connection) -> int:
    """The revision of a change that is being made; whoever reads subscribers now and then looks at it first."""
    following = revision(connection) + 1
    upsert.replace(connection, desk_book, [{"key": REVISION, "value": str(following)}])
    return following
