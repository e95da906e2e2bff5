"""Old answers go in small steps, once they are rolled up; what is kept of them stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import func, select

from monitor.domain.answer_tally import Grain
from monitor.domain.gap import Excuse, Gap
from monitor.store import DatabaseBusy, Reader, Store, check, open_reader, open_store, purge
from monitor.store.tables import excerpts, observations
from tests.prepared import prepared
from tests.store.test_evidence_migration import inside
from tests.store.test_rollups import DAY, EIGHT, HOUR, MINUTE, asked, by_hand, close, close_hours, kept, said

TODAY = EIGHT.date()
SELDOM = timedelta(minutes=170)


def let_go(store: Store, before: date) -> int:
    steps = 1
    while store.let_go(before):
        steps += 1
    return steps


def left(url: str) -> list[datetime]:
    """When what is left was asked."""
    with inside(url) as connection:
        found = connection.scalars(select(observations.c.at).order_by(observations.c.at))
        return [datetime.fromtimestamp(at // 1_000_000, UTC) for at in found]


def test_what_is_old_goes_and_its_roll_ups_stay(store: Store, database_url: str, monkeypatch) -> None:
    monkeypatch.setattr(purge, "ROWS_A_STEP", 3)
    given = asked("a/x", EIGHT - 3 * DAY, EIGHT + DAY, SELDOM)
    given[::5] = [replace(one, excerpt="Bonjour") for one in given[::5]]
    store.make_room(EIGHT - 3 * DAY)
    store.append(given, [Gap("a/x", "local", EIGHT - 3 * DAY, EIGHT - 2 * DAY, 9, Excuse.STOPPED)])
    close(store)
    assert store.first_day() == TODAY - 3 * DAY
    let_go(store, TODAY - DAY)
    # A day of Paris begins an hour before that of UTC in winter: that hour goes with its partition, a day later.
    midnight = (EIGHT - DAY).replace(hour=0)
    first = midnight - (HOUR if database_url.startswith("sqlite") else DAY)
    assert left(database_url) == [one.at for one in given if one.at >= first]
    with inside(database_url) as connection:
        old = connection.scalar(select(func.min(excerpts.c.at)))
        assert datetime.fromtimestamp(old // 1_000_000, UTC) >= midnight - HOUR
    for grain in Grain:
        assert kept(database_url, grain, "a/x") == by_hand(given, grain)
    with open_reading(database_url) as reader:
        assert len(reader.gaps(EIGHT - 4 * DAY, EIGHT, ["a/x"])) == 1
    assert check(database_url) == ()


def test_what_is_not_rolled_up_stays_whatever_its_age(store: Store, database_url: str) -> None:
    given = asked("a/x", EIGHT - 3 * DAY, EIGHT + DAY, SELDOM)
    store.append(given)
    close_hours(store)
    assert not store.let_go(TODAY + DAY)  # no day is closed
    assert len(left(database_url)) == len(given)
    close(store)
    late = said("a/x", EIGHT - 2 * DAY + MINUTE)
    store.append([late])
    let_go(store, TODAY)
    assert min(left(database_url)) == late.at  # the oldest of an hour that is to be made again
    close(store)
    let_go(store, TODAY)
    assert min(left(database_url)) >= (EIGHT - DAY).replace(hour=23)
    assert kept(database_url, Grain.HOUR, "a/x") == by_hand([*given, late], Grain.HOUR)


def test_what_comes_later_than_that_is_left_out(store: Store, database_url: str) -> None:
    given = asked("a/x", EIGHT - 2 * DAY, EIGHT + DAY, SELDOM)
    store.append(given)
    close(store)
    let_go(store, TODAY)
    store.close()
    again = open_store(database_url, kind="real")
    before, tallies = left(database_url), kept(database_url, Grain.DAY, "a/x")
    fresh = said("a/x", EIGHT + 30 * HOUR)
    again.append([replace(given[0], excerpt="Bonjour"), said("a/x", EIGHT - 2 * DAY + MINUTE), fresh])
    assert left(database_url) == [*before, fresh.at]
    close(again)
    over = {key: one for key, one in tallies.items() if key[1] < EIGHT}
    assert {key: one for key, one in kept(database_url, Grain.DAY, "a/x").items() if key in over} == over
    assert check(database_url) == ()
    again.close()


def test_nothing_goes_from_an_empty_book(store: Store) -> None:
    assert store.first_day() is None
    assert not store.let_go(TODAY)
    store.make_room(EIGHT)


def test_pages_are_used_again(tmp_path, now) -> None:
    path = tmp_path / "vigie.db"
    prepared(f"sqlite:///{path}", "real", now)
    store, sizes = open_store(f"sqlite:///{path}", kind="real"), []
    for day in range(5):
        store.append([one for k in range(9) for one in asked(f"p{k}/x", EIGHT + day * DAY, EIGHT + (day + 1) * DAY)])
        close(store)
        let_go(store, (EIGHT + day * DAY).date() - DAY)
        with inside(f"sqlite:///{path}") as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            sizes.append(pages - connection.exec_driver_sql("PRAGMA freelist_count").scalar())
    store.close()
    assert sizes[4] - sizes[2] < sizes[1] - sizes[0]


@pytest.mark.postgres
def test_whoever_reads_is_not_waited_for(postgres_database: str, now) -> None:
    prepared(postgres_database, "real", now)
    store = open_store(postgres_database, kind="real")
    store.make_room(EIGHT - 3 * DAY)
    store.append(asked("a/x", EIGHT - 3 * DAY, EIGHT + DAY, SELDOM))
    close(store)
    with psycopg.connect(postgres_database) as reader:
        reader.execute("SELECT count(*) FROM measures.observations")
        with pytest.raises(DatabaseBusy):
            store.let_go(TODAY)
    assert store.let_go(TODAY)
    store.append([said("a/x", EIGHT + 20 * HOUR)])
    store.close()


@contextmanager
def open_reading(url: str) -> Iterator[Reader]:
    reader = open_reader(url)
    try:
        yield reader
    finally:
        reader.close()
