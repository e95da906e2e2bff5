"""From nothing, or from an older schema, to two books that a monitor can open."""

from contextlib import ExitStack
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection, Engine, select, text

from monitor.store.codec import instant, micros
from monitor.store.database import is_empty_file, reading, writing
from monitor.store.errors import DatabaseWrongKind, translated
from monitor.store.lock import FileLock
from monitor.store.place import Book, Place
from monitor.store.schema import migrate, refuse_newer, revisions, version_of
from monitor.store.subscribers import SECRET
from monitor.store.tables import book as book_table
from monitor.store.tables import observations
from monitor.store.upsert import keep
from monitor.store.values import Identity, Kind


def upgrade(url: str, kind: Kind, now: datetime, scenario: str | None = None) -> None:
    """Create the folder and both books if need be, bring their schema up to date, mark their kind. May be repeated.

    Raises DatabaseNewer, DatabaseWrongKind, DatabaseBusy (a monitor is running on it) and what `open_store` raises.
    """
    place = Place.of(url)
    with translated(place.label), ExitStack() as held:
        if place.path is not None:
            place.path.parent.mkdir(parents=True, exist_ok=True)
            held.callback(FileLock(place.path).release)
        engines = {}
        for book in Book:
            engines[book] = writing(place, book, create=True, lock=book is Book.MEASURES)
            held.callback(engines[book].dispose)
        for book in Book:
            _refuse(engines[book], book, place, kind)
        for book in Book:
            _prepare(engines[book], book, Identity(kind, now, scenario))


def _refuse(engine: Engine, book: Book, place: Place, kind: Kind) -> None:
    """Look at a book before either of them is changed."""
    with engine.begin() as connection:
        if version_of(connection, book) is not None:
            refuse_newer(connection, book, place)
            refuse_other_kind(connection, place, kind)


def _prepare(engine: Engine, book: Book, identity: Identity) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql" and not _has_schema(connection, book):
            connection.execute(text(f"CREATE SCHEMA {book.value}"))
        if version_of(connection, book) != revisions(book)[-1]:
            migrate(connection, book)
        marks = {"kind": identity.kind, "created_at": str(micros(identity.created_at)), "scenario": identity.scenario}
        if book is Book.DESK:
            marks[SECRET] = token_hex(32)  # made once: the links of subscribers are computed with it
        keep(
            connection, book_table, [{"key": key, "value": value} for key, value in marks.items() if value is not None]
        )


def _has_schema(connection: Connection, book: Book) -> bool:
    # CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where it exists.
    return bool(connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": book.value}))


def identity_of(connection: Connection) -> Identity | None:
    """What the book says of itself, None if it says nothing."""
    said = {row.key: row.value for row in connection.execute(select(book_table))}
    if "kind" not in said:
        return None
    kind: Kind = "rehearsal" if said["kind"] == "rehearsal" else "real"
    return Identity(kind, instant(int(said["created_at"])), said.get("scenario"))


def refuse_other_kind(connection: Connection, place: Place, kind: Kind) -> None:
    """Raise DatabaseWrongKind if the book is marked for the other purpose."""
    found = identity_of(connection)
    if found is not None and found.kind != kind:
        one, other = ("répétition", "mesures réelles") if kind == "rehearsal" else ("mesures réelles", "répétition")
        raise DatabaseWrongKind(
            f"La base {place.label} contient une autre sorte de données ({other}) que celle demandée ({one}). "
            "Indiquez une autre base par VIGIE_DATABASE_URL."
        )


def empty(url: str) -> bool:
    """Whether the database does not exist, was never prepared, or holds no observation. Raises StoreError."""
    place = Place.of(url)
    with translated(place.label):
        if place.path is not None and is_empty_file(place.path):
            return True
        engine = reading(place, Book.MEASURES)
        try:
            with engine.begin() as connection:
                return (
                    version_of(connection, Book.MEASURES) is None
                    or connection.execute(select(observations.c.at).limit(1)).first() is None
                )
        finally:
            engine.dispose()
