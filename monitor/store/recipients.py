"""Rows of `recipients`: official contacts of schools, with their addresses."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, text, update

from monitor.domain.recipient import LANGUAGES, Change, Contact, Recipient
from monitor.store.codec import clean, instant, micros
from monitor.store.desk_tables import recipients


def recipient_row(one: Recipient) -> dict[str, Any]:
    """The columns of `recipients`."""
    return {
        "id": one.id,
        "uai": one.uai,
        "name": clean(one.name),
        "email": one.email,
        "phone": one.phone,
        "language": one.language,
        "added_at": micros(one.added_at),
        "changed_at": micros(one.changed_at),
    }


def recipient_of(row: Row[Any]) -> Recipient:
    """The recipient of a row."""
    return Recipient(
        id=row.id,
        uai=row.uai,
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
        added_at=instant(row.added_at),
        changed_at=instant(row.changed_at),
    )


def every(connection: Connection, uais: Collection[str] = ()) -> Iterator[Recipient]:
    """Recipients by school, then by address: of these schools, or all."""
    query = select(recipients)
    if uais:
        query = query.where(recipients.c.uai.in_(uais))
    return map(recipient_of, connection.execute(query.order_by(recipients.c.uai, recipients.c.email)))


def mark(connection: Connection) -> tuple[int, int]:
    """How many there are, and the last change (µs since 1970, 0 where there is nobody)."""
    number, last = connection.execute(select(func.count(), func.max(recipients.c.changed_at))).one()
    return number, last or 0


def alone(connection: Connection) -> None:
    """Let nobody else change recipients until this transaction ends; they may be read. SQLite does so by itself.

    Without it two lists imported at once would both find a contact missing.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE recipients IN SHARE ROW EXCLUSIVE MODE"))


def add(connection: Connection, contacts: Sequence[Contact], taken: Collection[str], at: datetime) -> None:
    """Keep new contacts under ids of their own, drawn by lot: an id that outlives its recipient names nobody.

    The letter before keeps them apart from telephone numbers, since both may be asked for.
    """
    names = set(taken)
    rows = []
    for one in contacts:
        while (name := f"r{token_hex(5)}") in names:
            pass
        names.add(name)
        language = one.language or LANGUAGES[0]
        rows.append(recipient_row(Recipient(name, one.uai, one.name, one.email, one.phone, language, at, at)))
    if rows:
        connection.execute(insert(recipients), rows)


def change(connection: Connection, changes: Sequence[Change], at: datetime) -> None:
    """Keep what is said otherwise of recipients that are known."""
    statement = (
        update(recipients)
        .where(recipients.c.id == bindparam("of"))
        .values({name: bindparam(f"new_{name}") for name in ("name", "phone", "language", "changed_at")})
    )
    rows = [
        {
            "of": one.after.id,
            "new_name": clean(one.after.name),
            "new_phone": one.after.phone,
            "new_language": one.after.language,
            "new_changed_at": micros(at),
        }
        for one in changes
    ]
    if rows:
        connection.execute(statement, rows)


def erase(connection: Connection, found: Sequence[Recipient]) -> None:
    """Delete recipients."""
    if found:
        connection.execute(
            delete(recipients).where(recipients.c.id == bindparam("of")), [{"of": one.id} for one in found]
        )
