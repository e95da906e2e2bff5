"""The tables of the desk: what people write. Instants are microseconds since 1970 UTC."""

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table, Text, UniqueConstraint

desk = MetaData()

desk_book = Table("book", desk, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# What people declare. Days and hours are local, as they were typed: `2026-12-05`, `22:00:00`.
windows = Table(
    "windows",
    desk,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),  # `ScopeKind`
    Column("name", Text, nullable=False),
    Column("weekdays", Text, nullable=False),  # "0,2": Monday and Wednesday; "": once
    Column("first_day", Text, nullable=False),
    Column("starts", Text, nullable=False),
    Column("last_day", Text),  # of a weekly one null: without an end
    Column("ends", Text, nullable=False),
    Column("timezone", Text, nullable=False),  # IANA
    Column("declared_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("ended_at", BigInteger),
)

announcements = Table(
    "announcements",
    desk,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("incident", Text),
    Column("service", Text),
    Column("withdrawn_at", BigInteger),
    Index("announcements_incident", "incident"),
    Index("announcements_service", "service"),
)

# Official contacts of schools. Addresses of people stand here and nowhere else in the books.
recipients = Table(
    "recipients",
    desk,
    Column("id", Text, primary_key=True),
    Column("uai", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),  # small letters
    Column("phone", Text),
    Column("language", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("uai", "email", name="recipients_school_email"),
)

# Wishes that tellings that were given up be sent again. Never changed: the measures say what came of them.
resends = Table(
    "resends",
    desk,
    Column("telling", Text, primary_key=True),
    Column("asked_at", BigInteger, primary_key=True, autoincrement=False),
)

# What people order about messages. Never deleted: the list says who kept what from whom.
silences = Table(
    "silences",
    desk,
    Column("id", Text, primary_key=True),
    Column("what", Text, nullable=False),  # `Silenced`
    Column("name", Text, nullable=False),  # "": everything
    Column("subscription", Text),  # null: everybody
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("declared_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

acknowledgements = Table(
    "acknowledgements",
    desk,
    Column("id", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    Index("acknowledgements_incident", "incident"),
)

# People who signed up for themselves, one row an address. Without `confirmed_at` they are told nothing.
subscribers = Table(
    "subscribers",
    desk,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),  # small letters
    Column("scope", Text, nullable=False),  # `ScopeKind`
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("school_hours", Boolean, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("revision", BigInteger, nullable=False),  # of the table, when this row last changed
    Index("subscribers_revision", "revision"),
)

# Which addresses were written to in the last 24 h, by `domain.subscriber.address_key`.
asked_lately = Table(
    "asked_lately",
    desk,
    Column("key", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("asked_lately_at", "at"),
)
