"""The schema: up on nothing, up again, down, never onto something newer or of another kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from monitor.store import (
    DatabaseBusy,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseWrongKind,
    Identity,
    check,
    desk_tables,
    empty,
    open_reader,
    open_store,
    tables,
    upgrade,
)
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate, revisions, version_of

BOOKS = [Book.MEASURES, Book.DESK]


@contextmanager
def inside(url: str, book: Book) -> Iterator[Connection]:
    """A writing transaction of a maintainer's tool, without the lock."""
    engine = writing(Place.of(url), book)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_up_on_nothing_and_up_again(database_url: str, now) -> None:
    assert empty(database_url)
    upgrade(database_url, "rehearsal", now, "2021-04-06")
    upgrade(database_url, "rehearsal", now + timedelta(days=1), "another")
    assert check(database_url) == ()
    assert empty(database_url)
    reader = open_reader(database_url)
    assert reader.identity() == Identity("rehearsal", now, "2021-04-06")
    reader.close()


def test_the_folder_is_made(tmp_path, now) -> None:
    upgrade(f"sqlite:///{tmp_path}/a/b c%25 é/vigie.db", "real", now)
    assert sorted(path.name for path in (tmp_path / "a" / "b c% é").iterdir()) == [
        "vigie-desk.db", "vigie.db", "vigie.db.lock"
    ]  # fmt: skip


@pytest.mark.parametrize("book", BOOKS)
def test_the_migrations_make_what_the_code_expects(database_url: str, now, book: Book) -> None:
    upgrade(database_url, "real", now)
    metadata = tables.measures if book is Book.MEASURES else desk_tables.desk
    with inside(database_url, book) as connection:
        options = {
            "version_table": f"{book.value}_version",
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or not name.startswith("observations_"),  # partitions
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


@pytest.mark.parametrize("book", BOOKS)
def test_down_to_nothing_and_up_again(database_url: str, now, book: Book) -> None:
    upgrade(database_url, "real", now)
    with inside(database_url, book) as connection:
        migrate(connection, book, down_to="base")
        assert set(inspect(connection).get_table_names()) <= {f"{book.value}_version"}
        assert version_of(connection, book) is None
    upgrade(database_url, "real", now)
    assert check(database_url) == ()


@pytest.mark.parametrize("book", BOOKS)
def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, now, book: Book) -> None:
    upgrade(database_url, "real", now)
    engine = writing(Place.of(database_url), book)
    with engine.connect() as connection, connection.begin() as transaction:
        migrate(connection, book, down_to="base")
        assert version_of(connection, book) is None
        transaction.rollback()
    engine.dispose()
    assert check(database_url) == ()


@pytest.mark.parametrize("book", BOOKS)
def test_a_newer_schema_is_refused_by_all_who_come(database_url: str, now, book: Book) -> None:
    upgrade(database_url, "real", now)
    with inside(database_url, book) as connection:
        connection.exec_driver_sql(f"UPDATE {book.value}_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer, match="Mettez Vigie à jour"):
        upgrade(database_url, "real", now)
    with pytest.raises(DatabaseNewer, match="9999"):
        open_store(database_url, kind="real")
    assert any("9999" in sentence for sentence in check(database_url))
    if book is Book.MEASURES:
        with pytest.raises(DatabaseNewer):
            open_reader(database_url)


def test_an_older_schema_asks_for_the_upgrade(database_url: str, now) -> None:
    upgrade(database_url, "real", now)
    with inside(database_url, Book.DESK) as connection:
        migrate(connection, Book.DESK, down_to="base")
    with pytest.raises(DatabaseMissing, match="vigie db upgrade"):
        open_store(database_url, kind="real")


def test_the_revision_before_the_last_asks_for_the_upgrade(database_url: str, now, monkeypatch) -> None:
    upgrade(database_url, "real", now)
    known = (*revisions(Book.MEASURES), "0999")
    monkeypatch.setattr("monitor.store.schema.revisions", lambda _: known)
    with pytest.raises(DatabaseOlder, match="vigie db upgrade"):
        open_reader(database_url)


@pytest.mark.parametrize(("made", "asked"), [("real", "rehearsal"), ("rehearsal", "real")])
def test_the_other_kind_is_refused(database_url: str, now, made, asked) -> None:
    upgrade(database_url, made, now)
    with pytest.raises(DatabaseWrongKind, match="répétition"):
        upgrade(database_url, asked, now)
    with pytest.raises(DatabaseWrongKind, match="VIGIE_DATABASE_URL"):
        open_store(database_url, kind=asked)
    open_store(database_url, kind=made).close()


def test_one_monitor_at_a_time(database_url: str, now, answer) -> None:
    upgrade(database_url, "real", now)
    first = open_store(database_url, kind="real")
    with pytest.raises(DatabaseBusy, match="autre moniteur"):
        open_store(database_url, kind="real")
    with pytest.raises(DatabaseBusy):
        upgrade(database_url, "real", now)
    first.append([answer()])
    reader = open_reader(database_url)
    assert reader.observations(["ent-x/login"], now, now + timedelta(seconds=1)) == [answer()]
    reader.close()
    first.close()
    second = open_store(database_url, kind="real")
    assert second.unjudged() == [answer()]
    second.close()


def test_a_store_that_could_not_open_holds_no_lock(database_url: str, now) -> None:
    upgrade(database_url, "real", now)
    with pytest.raises(DatabaseWrongKind):
        open_store(database_url, kind="rehearsal")
    open_store(database_url, kind="real").close()
