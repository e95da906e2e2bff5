"""Rows in every table of a book, whatever its schema: made from what the database says of its own columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Connection, MetaData, select
from sqlalchemy.types import BigInteger, Boolean, Float, Integer, LargeBinary, SmallInteger

from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import folder, version_of

HOUR_US = 3_600_000_000
HOUR = 498_800  # since 1970: in November 2026
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def inside(url: str, book: Book) -> Iterator[Connection]:
    """A writing transaction of a maintainer's tool, without the lock."""
    engine = writing(Place.of(url), book)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def step(connection: Connection, book: Book, revision: str) -> None:
    """Bring a book up or down to a revision (`monitor.store.schema.migrate` goes up to the newest alone)."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder(book)))
    config.set_main_option("path_separator", "os")
    going_down = revision < (version_of(connection, book) or "")
    (command.downgrade if going_down else command.upgrade)(config, revision)


def tables_of(connection: Connection, book: Book) -> MetaData:
    """The tables that a book has now; not the parts of a parted one, which are filled through it."""
    found = MetaData()
    aside = (f"{book.value}_version", "observations_")
    found.reflect(connection, only=lambda name, _: not name.startswith(aside))
    return found


def fill(connection: Connection, tables: MetaData, first: int) -> None:
    """Two rows more in every table, numbered from `first`: every column has a value, every reference its row."""
    for table in tables.sorted_tables:
        connection.execute(
            table.insert(), [{one.name: _value(one, n) for one in table.columns} for n in (first, first + 1)]
        )


def content(connection: Connection, tables: MetaData) -> Rows:
    """Every row of every table."""
    return {one.name: [dict(row) for row in connection.execute(select(one)).mappings()] for one in tables.sorted_tables}


def seen_by(older: Rows, newer: Rows) -> Rows:
    """Of the newer content what has a place in the older schema, in one order; where `older` has no row, nothing."""
    return {name: sorted(_cut(rows, newer.get(name, [])), key=repr) for name, rows in older.items()}


def _cut(rows: list[dict[str, Any]], newer: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = rows[0].keys() if rows else ()
    return [{name: row[name] for name in columns if name in row} for row in newer] if columns else []


def _value(column: "Column[Any]", n: int) -> object:
    """Alike for alike columns, so that a reference finds its row; texts are JSON, because some migrations read it."""
    if column.name == "hour":
        return HOUR + n
    match column.type:
        case Boolean():
            return n % 2 == 0
        case LargeBinary():
            return b"%d" % n
        case BigInteger():
            return (HOUR + n) * HOUR_US + n
        case SmallInteger():
            return n
        case Integer():
            return 1000 + n
        case Float():
            return n + 0.5
        case _:
            return f'["{n}"]'
