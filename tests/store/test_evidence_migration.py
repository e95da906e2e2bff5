"""From schema 0001 to the present one and back, with answers in the book."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from monitor.domain.gap import Excuse, Gap
from monitor.domain.observation import Certificate, Failure, Health, Observation, Phases
from monitor.store import DatabaseOlder, check, open_reader, open_store
from monitor.store.codec import micros
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate, revisions, version_of
from tests.prepared import prepared

HOUR_US = 3_600_000_000
OLD_TABLES = ("words", "series", "observations", "verdicts", "spans", "book")


@contextmanager
def inside(url: str) -> Iterator[Connection]:
    engine = writing(Place.of(url), Book.MEASURES)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def content(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables of 0001, with the columns that they have now."""
    return {
        name: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr) for name in OLD_TABLES
    }


@pytest.fixture
def old(database_url: str, now) -> str:
    """A book as a monitor of schema 0001 left it, in that schema's own words."""
    prepared(database_url, "real", now)
    at = micros(now)
    with inside(database_url) as connection:
        migrate(connection, Book.MEASURES, down_to="0001")
        for line in (
            "INSERT INTO words (id, text) VALUES (1, '192.0.2.1'), (2, 'no login form'), (3, 'ent-x'), (4, 'local')",
            "INSERT INTO series (id, probe, vantage) VALUES (1, 'ent-x/login', 'local')",
            f"INSERT INTO observations VALUES ({at // HOUR_US}, 1, {at}, 118100, 1, 2, 3, 4, 5, 53, 200, 1, 30000, 2)",
            f"INSERT INTO observations VALUES ({at // HOUR_US}, 1, {at + 1}, 9, {'NULL, ' * 9} NULL)",
            "INSERT INTO verdicts (series, health, since, run, good_answers) "
            f"VALUES (1, '{Health.UP.value}', {at}, '[]', 3)",
            f"INSERT INTO spans VALUES (3, 0, 4, {at - 1}, {at}, 'up', NULL)",
        ):
            connection.exec_driver_sql(line)
    return database_url


def expected(now) -> list[Observation]:
    us = timedelta(microseconds=1)
    phases = Phases(us, 2 * us, 3 * us, 4 * us, 5 * us)
    first = Observation(
        "ent-x/login", "local", now, 118_100 * us, Failure.CONTENT_UNEXPECTED, phases, 200, "192.0.2.1", 30_000,
        "no login form",
    )  # fmt: skip
    return [first, Observation("ent-x/login", "local", now + us, 9 * us)]


def test_the_older_schema_is_refused_until_the_upgrade(old: str) -> None:
    for opened in (lambda: open_store(old, kind="real"), lambda: open_reader(old)):
        with pytest.raises(DatabaseOlder, match="vigie db upgrade"):
            opened()
    assert "vigie db upgrade" in check(old)[0]


def test_up_keeps_every_answer_and_evidence_follows(old: str, now) -> None:
    prepared(old, "real", now)
    assert check(old) == ()
    store = open_store(old, kind="real")
    assert store.unjudged() == expected(now)
    later = replace(
        expected(now)[0],
        at=now + timedelta(seconds=1),
        final_host="no login form",  # a word that the old dictionary has
        certificate=Certificate("ab" * 32, now),
        clock_offset=timedelta(seconds=-3),
        catalogue="c",
    )
    store.append([replace(later, excerpt="text")])
    assert store.unjudged() == [*expected(now), later]
    store.close()
    assert check(old) == ()


def test_down_again_leaves_what_the_older_program_knew(old: str, now) -> None:
    with inside(old) as connection:
        before = content(connection)
    prepared(old, "real", now)
    store = open_store(old, kind="real")
    gap = Gap("", "local", now, now + timedelta(hours=1), 0, Excuse.STOPPED)
    store.append([replace(expected(now)[0], marker="no login form", excerpt="text")], [gap])
    store.append([replace(expected(now)[0], at=now + timedelta(seconds=1), excerpt="text", clock_offset=timedelta(0))])
    store.close()
    with inside(old) as connection:
        migrate(connection, Book.MEASURES, down_to="0001")
        assert version_of(connection, Book.MEASURES) == "0001"
        after = content(connection)
        assert not {"gaps", "excerpts", "evidence", "certificates"} & set(inspect(connection).get_table_names())
        assert len(after["observations"]) == len(before["observations"]) + 1
        assert set(before["observations"]) < set(after["observations"])
        for table in ("series", "words", "verdicts", "spans", "book"):
            assert after[table] == before[table]
    prepared(old, "real", now)
    assert check(old) == ()
    store = open_store(old, kind="real")
    assert [one.clock_offset for one in store.unjudged()] == [None] * 3
    store.close()


def test_an_interrupted_upgrade_leaves_the_older_schema_whole(old: str, now) -> None:
    with inside(old) as connection:
        before = content(connection)
    engine = writing(Place.of(old), Book.MEASURES)
    with engine.connect() as connection, connection.begin() as transaction:
        migrate(connection, Book.MEASURES)
        assert version_of(connection, Book.MEASURES) == revisions(Book.MEASURES)[-1]
        transaction.rollback()
    engine.dispose()
    with inside(old) as connection:
        assert version_of(connection, Book.MEASURES) == "0001"
        assert content(connection) == before
        assert "evidence" not in inspect(connection).get_table_names()
    prepared(old, "real", now)
    assert check(old) == ()
