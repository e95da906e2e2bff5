"""Days as partitions on PostgreSQL: made ahead, filled, gone; and the way of a filled book there and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from monitor.store import Store, arrivals, check, open_reader, open_store, partitions, upgrade
from monitor.store.codec import micros
from monitor.store.observations import in_hours
from monitor.store.place import Book
from monitor.store.schema import migrate
from monitor.store.tables import observations
from tests.store.test_evidence_migration import inside
from tests.store.test_rollups import DAY, EIGHT, HOUR, MINUTE, asked, said

TODAY = micros(EIGHT) // 3_600_000_000 // 24


@contextmanager
def server(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path TO measures")
        yield connection


def days(url: str) -> list[int]:
    with inside(url) as connection:
        return sorted(partitions.days(connection))


def rows(url: str, table: str = "observations") -> list[tuple[object, ...]]:
    with inside(url) as connection:
        return sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))))


@pytest.fixture
def book(postgres_database: str, now) -> Iterator[tuple[Store, str]]:
    upgrade(postgres_database, "real", now)
    store = open_store(postgres_database, kind="real")
    yield store, postgres_database
    store.close()


@pytest.mark.postgres
def test_days_are_made_ahead_and_take_what_waited_for_them(book: tuple[Store, str]) -> None:
    store, url = book
    given = asked("a/x", EIGHT - DAY, EIGHT + DAY)
    store.append(given)
    before = rows(url)
    assert (days(url), rows(url, "observations_default")) == ([], before)
    store.make_room(EIGHT)
    store.make_room(EIGHT)
    assert days(url) == list(range(TODAY, TODAY + partitions.AHEAD + 1))
    store.make_room(EIGHT + DAY)
    assert len(days(url)) == partitions.AHEAD + 2
    assert rows(url) == before
    assert [one[0] // 24 for one in rows(url, "observations_default")] == [TODAY - 1] * sum(
        one.at < EIGHT.replace(hour=0) for one in given
    )
    store.append([*given, said("a/x", EIGHT + MINUTE / 2)])
    assert len(rows(url)) == len(before) + 1
    assert check(url) == ()


@pytest.mark.postgres
def test_a_day_of_which_much_waits_already_is_left_where_it_is(book: tuple[Store, str], monkeypatch) -> None:
    monkeypatch.setattr(partitions, "MOVED", 8)
    store, url = book
    store.append(asked("a/x", EIGHT, EIGHT + HOUR))
    store.make_room(EIGHT)
    assert days(url) == list(range(TODAY + 1, TODAY + partitions.AHEAD + 1))
    assert len(rows(url, "observations_default")) == 9


@pytest.mark.postgres
def test_questions_look_at_the_days_that_they_name_alone(book: tuple[Store, str]) -> None:
    store, url = book
    store.make_room(EIGHT)
    store.append(asked("a/x", EIGHT, EIGHT + HOUR))
    with inside(url) as connection:
        first, last = micros(EIGHT), micros(EIGHT + HOUR)
        query = observations.select().where(in_hours(first, last), observations.c.at >= first)
        plan = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        said_ = "\n".join(connection.scalars(text(f"EXPLAIN {plan}")))
    assert f"observations_{TODAY}" in said_
    assert f"observations_{TODAY + 1}" not in said_
    assert "default" not in said_


@pytest.mark.postgres
def test_a_day_that_was_dropped_by_hand_takes_its_late_answers_elsewhere(book: tuple[Store, str]) -> None:
    store, url = book
    store.make_room(EIGHT)
    store.append(asked("a/x", EIGHT, EIGHT + HOUR))
    with server(url) as hand:
        hand.execute(f"DROP TABLE observations_{TODAY}")
    store.append([said("a/x", EIGHT)])
    assert len(rows(url, "observations_default")) == 1


def test_what_is_there_already_is_left_out_whatever_comes_with_it(store: Store, database_url: str, monkeypatch) -> None:
    monkeypatch.setattr(arrivals, "ROWS_A_COPY", 4)
    given = asked("a/x", EIGHT, EIGHT + HOUR)
    store.append(given[:2])
    store.append(given)
    store.append([said("b/x", EIGHT), said("b/x", EIGHT, 3), given[0]])
    store.append(given)
    reader = open_reader(database_url)
    found = reader.observations(["a/x", "b/x"], EIGHT, EIGHT + HOUR)
    reader.close()
    assert sorted(found, key=lambda one: (one.probe, one.at)) == [*given, said("b/x", EIGHT)]


def test_a_filled_book_goes_up_and_down(store: Store, database_url: str, now) -> None:
    store.append([said("a/x", EIGHT + n * timedelta(hours=7), n) for n in range(30)])
    store.close()
    before = rows(database_url)
    with inside(database_url) as connection:
        migrate(connection, Book.MEASURES, down_to="0011")
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SELECT relkind FROM pg_class WHERE oid = 'observations'::regclass")) in {
                "r",
                b"r",
            }
    assert rows(database_url) == before
    upgrade(database_url, "real", now)
    assert rows(database_url) == before
    assert check(database_url) == ()
    if not database_url.startswith("sqlite"):
        assert days(database_url) == sorted({one[0] // 24 for one in before})
        assert rows(database_url, "observations_default") == []
    again = open_store(database_url, kind="real")
    again.make_room(EIGHT)
    again.append([said("a/x", EIGHT), said("a/x", EIGHT + MINUTE)])
    again.close()
    assert len(rows(database_url)) == len(before) + 1
