"""`vigie db status`: how big the books are, and how far back the answers go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from monitor.store.codec import instant
from monitor.store.database import reading
from monitor.store.errors import StoreError, missing, translated
from monitor.store.place import Book, Place
from monitor.store.schema import refuse_newer, revisions, version_of
from monitor.store.tables import observations

_TABLES_SQLITE = (
    "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat AS s JOIN sqlite_schema AS m ON m.name = s.name "
    "WHERE s.aggregate = TRUE GROUP BY m.tbl_name"
)
# Indexes and long values included; a table that is parted counts as one.
_TABLES_POSTGRES = (
    "SELECT p.relname, sum(pg_total_relation_size(c.oid)) FROM pg_class AS c "
    "JOIN pg_class AS p ON p.oid = coalesce(pg_partition_root(c.oid), c.oid) "
    "JOIN pg_namespace AS n ON n.oid = p.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() GROUP BY p.relname"
)


@dataclass(frozen=True, slots=True)
class BookFacts:
    """One book. `schema`: its revision, `known`: the program's; `bytes`: on the disk; `tables`: bytes of each."""

    schema: str
    known: str
    bytes: int
    tables: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Both books; `oldest`, `newest`: instants of raw observations, None where there are none."""

    books: Mapping[Book, BookFacts]
    oldest: datetime | None
    newest: datetime | None


def facts(url: str, *, tables: bool = False) -> Facts:
    """Measure the books. With `tables` every page of a SQLite file is read: minutes where it has 100 GB.

    Raises DatabaseMissing, DatabaseNewer, StoreError; an older schema is measured as it is.
    """
    place = Place.of(url)
    oldest = newest = None
    found = {}
    for book in Book:
        if place.path is not None and not place.file(book).exists():
            raise missing(str(place.file(book)))
        engine = reading(place, book)
        try:
            with translated(place.label), engine.begin() as connection:
                found[book] = _of(connection, book, place, tables)
                if book is Book.MEASURES:
                    oldest, newest = _end(connection, "min"), _end(connection, "max")
        finally:
            engine.dispose()
    return Facts(found, oldest, newest)


def _of(connection: Connection, book: Book, place: Place, tables: bool) -> BookFacts:
    schema = version_of(connection, book)
    if schema is None:
        raise missing(place.label)
    refuse_newer(connection, book, place)
    if place.path is None:
        sizes = {str(name): int(size) for name, size in connection.execute(text(_TABLES_POSTGRES))}
        return BookFacts(schema, revisions(book)[-1], sum(sizes.values()), sizes)
    return BookFacts(
        schema, revisions(book)[-1], _on_disk(place.file(book)), _tables_of_file(connection) if tables else {}
    )


def _on_disk(path: Path) -> int:
    wal = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (wal.stat().st_size if wal.exists() else 0)


def _tables_of_file(connection: Connection) -> dict[str, int]:
    try:
        return {str(name): int(size) for name, size in connection.execute(text(_TABLES_SQLITE))}
    except OperationalError as error:
        if "dbstat" not in str(error.orig):
            raise
        raise StoreError(
            "La bibliothèque SQLite de ce Python ne mesure pas les tables (dbstat). Demandez sans --tables."
        ) from error


def _end(connection: Connection, which: Literal["min", "max"]) -> datetime | None:
    """The first or the last answer: the hour leads the key, and one hour is read."""
    end = getattr(func, which)
    hour = select(end(observations.c.hour)).scalar_subquery()
    at: int | None = connection.scalar(select(end(observations.c.at)).where(observations.c.hour == hour))
    return None if at is None else instant(at)
