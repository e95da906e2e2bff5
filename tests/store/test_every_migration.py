"""Every migration, up and down, with rows in every table: what both schemas know is the same before and after."""

import pytest

from monitor.store import upgrade
from monitor.store.place import Book
from monitor.store.schema import revisions
from tests.store.filled import Rows, content, fill, inside, seen_by, step, tables_of

_CALLED_SINCE = {"latencies": "probe_hours"}  # from 0011 on


def _named_alike(rows: Rows) -> Rows:
    """A table that changed its name under the one that it has now."""
    return {_CALLED_SINCE.get(table, table): found for table, found in rows.items()}


@pytest.mark.parametrize("book", list(Book))
def test_nothing_is_lost_on_the_way_up_nor_down(database_url: str, now, book: Book) -> None:
    upgrade(database_url, "real", now)
    known = revisions(book)
    rows: Rows = {}
    for number, revision in enumerate(known):
        with inside(database_url, book) as connection:
            step(connection, book, revision)
            tables = tables_of(connection, book)
            assert seen_by(rows, _named_alike(content(connection, tables))) == seen_by(rows, rows), revision
            fill(connection, tables, 10 * number + 1)
            rows = _named_alike(content(connection, tables))
    for revision in reversed(known[:-1]):
        with inside(database_url, book) as connection:
            step(connection, book, revision)
            found = _named_alike(content(connection, tables_of(connection, book)))
            assert all(found.values()), revision
            assert seen_by(found, rows) == seen_by(found, found), revision
            rows = found
    upgrade(database_url, "real", now)
