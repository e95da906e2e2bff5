"""Latencies of closed hours, made from the answers themselves; and what is learned from them to be usual."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.observation import Failure, Observation
from monitor.domain.sketch import Sketch
from monitor.domain.usual import Latency
from monitor.store import DatabaseDamaged, Store, check, closing, open_reader, open_store
from monitor.store.database import writing
from monitor.store.derived_tables import probe_hours
from monitor.store.place import Book, Place
from monitor.store.schema import migrate
from tests.prepared import prepared

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)
TODAY = date(2026, 11, 23)


def said(probe: str, at: datetime, took: timedelta, failure: Failure | None = None) -> Observation:
    return Observation(probe, "local", at, took, failure)


def always(_: str, __: datetime) -> bool:
    return True


def closed(store: Store, hour: datetime, in_school=always) -> None:
    after: int | None = 0
    while after is not None:
        after = store.close_part(hour, after, in_school)


def kept(url: str, *probes: str, since: datetime = EIGHT, until: datetime = EIGHT + HOUR) -> list[Latency]:
    reader = open_reader(url)
    found = reader.latencies(probes, since, until)
    reader.close()
    return found


def month(probe: str, took: timedelta) -> list[Observation]:
    """Twelve answers a day, at 9 o'clock, on each of the 30 days before today."""
    nine = EIGHT + HOUR
    return [said(probe, nine - timedelta(days=ago) + n * 5 * timedelta(minutes=1), took) for ago in range(1, 31) for n in range(12)]  # fmt: skip


def test_good_and_slow_answers_count_and_nothing_else(store: Store, database_url: str) -> None:
    failures = [None, Failure.CONTENT_SLOW, *(one for one in Failure if one is not Failure.CONTENT_SLOW)]
    store.append([said("a/x", EIGHT + n * MS, (n + 1) * 100 * MS, one) for n, one in enumerate(failures)])
    closed(store, EIGHT)
    assert kept(database_url, "a/x") == [Latency("a/x", "local", EIGHT, True, Sketch.of([100 * MS, 200 * MS]))]
    assert check(database_url) == ()


def test_each_part_of_an_hour_in_which_school_begins_has_its_own(store: Store, database_url: str) -> None:
    def from_half_past(_: str, at: datetime) -> bool:
        return at >= EIGHT + HOUR / 2

    store.append([said("a/x", EIGHT + n * timedelta(minutes=1), (n + 1) * MS) for n in range(60)])
    closed(store, EIGHT, from_half_past)
    assert kept(database_url, "a/x") == [
        Latency("a/x", "local", EIGHT, False, Sketch.of(n * MS for n in range(1, 31))),
        Latency("a/x", "local", EIGHT, True, Sketch.of(n * MS for n in range(31, 61))),
    ]
    closed(store, EIGHT)  # another calendar was imported meanwhile: nothing is counted twice
    assert kept(database_url, "a/x") == [Latency("a/x", "local", EIGHT, True, Sketch.of(n * MS for n in range(1, 61)))]


def test_a_crash_between_two_parts_counts_nothing_twice_and_loses_nothing(
    store: Store, database_url: str, monkeypatch
) -> None:
    monkeypatch.setattr(closing, "SERIES_A_PART", 2)
    names = [f"a/{letter}" for letter in "uvwxyz"]  # three whole parts, and an empty one
    store.append([said(name, EIGHT + n * MS, 50 * MS) for name in names for n in range(3)])
    store.append([said("a/w", EIGHT - HOUR, 50 * MS), said("a/w", EIGHT + HOUR, 50 * MS)])
    closed(store, EIGHT - HOUR)
    assert store.open_hour() == EIGHT
    assert store.close_part(EIGHT, 0, always) == 2
    store.close()
    again = open_store(database_url, kind="real")
    assert again.open_hour() == EIGHT
    closed(again, EIGHT)
    assert again.open_hour() == EIGHT + HOUR
    again.close()
    assert kept(database_url, *names) == [
        Latency(name, "local", EIGHT, True, Sketch.of([50 * MS] * 3)) for name in names
    ]
    assert len(kept(database_url, *names, since=EIGHT - HOUR, until=EIGHT + 2 * HOUR)) == 7


def test_the_next_hour_with_answers_is_the_one_to_close(store: Store, database_url: str) -> None:
    assert store.open_hour() is None
    store.append([said("a/x", EIGHT, MS), said("a/x", EIGHT + 30 * HOUR, MS)])
    assert store.open_hour() == EIGHT
    closed(store, EIGHT)
    assert store.open_hour() == EIGHT + 30 * HOUR
    closed(store, EIGHT + 30 * HOUR)
    assert store.open_hour() is None
    assert [one.hour for one in kept(database_url, "a/x", until=EIGHT + 31 * HOUR)] == [EIGHT, EIGHT + 30 * HOUR]
    assert [one.hour for one in kept(database_url, "a/x", since=EIGHT + MS, until=EIGHT + 31 * HOUR)] == [
        EIGHT + 30 * HOUR
    ]
    assert kept(database_url, "b/x") == []


def test_what_comes_late_counts_once_its_hour_is_closed_again(store: Store, database_url: str) -> None:
    store.append([said("a/x", EIGHT, 10 * MS)])
    closed(store, EIGHT)
    store.append([said("a/x", EIGHT + MS, 20 * MS)])
    closed(store, EIGHT)
    assert kept(database_url, "a/x")[0].sketch == Sketch.of([10 * MS, 20 * MS])


def test_what_is_usual_is_learned_kept_and_found_again(store: Store, database_url: str) -> None:
    store.append([*month("a/x", 200 * MS), *month("b/x", 5000 * MS)])
    while (hour := store.open_hour()) is not None:
        closed(store, hour, lambda probe, _: probe == "a/x")
    found = store.renew_usuals(["a/x", "b/x", "never/asked"], "local", TODAY)
    assert {key: (one.day, one.days, one.answers) for key, one in found.items()} == {
        ("a/x", True): (TODAY, 28, 336),
        ("b/x", False): (TODAY, 28, 336),
    }
    assert abs(found["b/x", False].p95 - 5000 * MS) <= 100 * MS
    store.close()
    again = open_store(database_url, kind="real")
    assert again.usuals("local") == found
    assert again.usuals("lyon") == {}
    assert again.renew_usuals(["a/x"], "local", TODAY) == {("a/x", True): found["a/x", True]}
    again.close()
    reader = open_reader(database_url)
    assert reader.usuals("local") == found
    assert reader.usuals("local", ["b/x"]) == {("b/x", False): found["b/x", False]}
    reader.close()
    assert check(database_url) == ()


def test_another_vantage_has_its_own(store: Store) -> None:
    store.append([*month("a/x", 200 * MS), *(replace(one, vantage="lyon", took=900 * MS) for one in month("a/x", MS))])
    while (hour := store.open_hour()) is not None:
        closed(store, hour)
    here, there = (store.renew_usuals(["a/x"], place, TODAY)["a/x", True] for place in ("local", "lyon"))
    assert abs(here.p95 - 200 * MS) <= 4 * MS
    assert abs(there.p95 - 900 * MS) <= 18 * MS


def test_a_summer_without_class_is_bridged_and_two_are_not(store: Store) -> None:
    store.append(month("a/x", 200 * MS))
    while (hour := store.open_hour()) is not None:
        closed(store, hour)
    july = store.renew_usuals(["a/x"], "local", TODAY)
    assert store.renew_usuals(["a/x"], "local", TODAY + timedelta(days=70)) == july
    assert store.renew_usuals(["a/x"], "local", TODAY + timedelta(days=101)) == {}
    assert store.usuals("local") == {}


def test_a_damaged_sketch_is_said_to_be_one(store: Store, database_url: str) -> None:
    store.append([said("a/x", EIGHT, MS)])
    closed(store, EIGHT)
    with store._engine.begin() as connection:
        connection.execute(probe_hours.update().values(sketch=b"\x07"))
    with pytest.raises(DatabaseDamaged, match="a/x"):
        kept(database_url, "a/x")


def test_an_older_book_learns_from_the_answers_that_it_has(store: Store, database_url: str, now) -> None:
    store.append(month("a/x", 200 * MS))
    closed(store, EIGHT - timedelta(days=30) + HOUR)
    first = store.open_hour()
    store.close()
    engine = writing(Place.of(database_url), Book.MEASURES)
    with engine.begin() as connection:
        migrate(connection, Book.MEASURES, down_to="0002")
    engine.dispose()
    prepared(database_url, "real", now)
    assert check(database_url) == ()
    again = open_store(database_url, kind="real")
    assert again.open_hour() == EIGHT - timedelta(days=30) + HOUR != first
    again.close()
