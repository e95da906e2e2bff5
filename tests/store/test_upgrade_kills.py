"""kill -9 at any step of an upgrade: each book is at the old schema or at the new one, whole; another upgrade mends it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.store import DatabaseMissing, DatabaseOlder, open_reader, upgrade
from monitor.store.place import Book
from monitor.store.schema import revisions, version_of
from tests.store.filled import Rows, content, fill, inside, seen_by, step, tables_of
from tests.store.killing import moments, mortal


def _state(url: str) -> dict[Book, tuple[str | None, Rows]]:
    found = {}
    for book in Book:
        with inside(url, book) as connection:
            found[book] = version_of(connection, book), content(connection, tables_of(connection, book))
    return found


def _back_to_the_first(url: str) -> None:
    for book in Book:
        with inside(url, book) as connection:
            step(connection, book, revisions(book)[0])


def _verify(url: str, before: Mapping[Book, tuple[str | None, Rows]], now) -> None:
    for book, (version, rows) in _state(url).items():
        old, content_before = before[book]
        assert version in {old, revisions(book)[-1]}
        assert seen_by(content_before, rows) == seen_by(content_before, content_before)
        if book is Book.MEASURES and version == old:
            with pytest.raises(DatabaseOlder, match="vigie db upgrade"):
                open_reader(url)
    upgrade(url, "real", now)
    for book, (version, rows) in _state(url).items():
        assert version == revisions(book)[-1]
        assert seen_by(before[book][1], rows) == seen_by(before[book][1], before[book][1])
    open_reader(url).close()


@pytest.mark.chaos
def test_an_upgrade_of_a_filled_book(database_url: str, now, tmp_path: Path) -> None:
    upgrade(database_url, "real", now)
    _back_to_the_first(database_url)
    for book in Book:
        with inside(database_url, book) as connection:
            fill(connection, tables_of(connection, book), 1)
    before = _state(database_url)
    few = 4 if database_url.startswith("sqlite") else 1
    with mortal() as dying:
        steps = dying.does("upgrade", database_url, tmp_path)
        for moment in moments(steps, few):
            _back_to_the_first(database_url)
            dying.does("upgrade", database_url, tmp_path, moment=moment)
            _verify(database_url, before, now)
        for after_s in (0.03, 0.1):  # at any time, in the middle of a commit too
            _back_to_the_first(database_url)
            dying.does("upgrade", database_url, tmp_path, after_s=after_s)
            _verify(database_url, before, now)


@pytest.mark.chaos
def test_the_first_making_of_the_books(tmp_path: Path, now) -> None:
    with mortal() as dying:
        steps = dying.does("upgrade", f"sqlite:///{tmp_path}/whole/vigie.db", tmp_path)
        for moment in moments(steps, 4):
            url = f"sqlite:///{tmp_path}/{moment}/vigie.db"
            dying.does("upgrade", url, tmp_path, moment=moment)
            with suppress(DatabaseMissing):
                open_reader(url).close()
            upgrade(url, "real", now)
            for book in Book:
                with inside(url, book) as connection:
                    assert connection.scalar(text("SELECT count(*) FROM book")) >= 2
