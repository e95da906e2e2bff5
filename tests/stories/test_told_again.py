"""What is said of an incident that lasts: what is new, once, ten minutes apart, across restarts; many at once in one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.domain.catalog import Audience, Catalog
from monitor.domain.notice import Subscription
from monitor.domain.observation import Failure
from tests.domain.small import catalog, service
from tests.stories.village import MORNING, RECTORAT, Village

DOWN = Failure.EXCHANGE_SERVER_ERROR
LYON = replace(RECTORAT, min_share=0.0)


def region() -> Catalog:
    """Two portals of one operator in each département, a third in one; six services that nothing ties."""
    day = MORNING.date()
    portals = [
        service(name, confirmed=day, territories=(place,))
        for name, place in (("nord", "D:01"), ("ouest", "D:01"), ("sud", "D:01"), ("est", "D:69"))
    ]
    alone = [
        service(f"seul{n}", operator=None, platform=None, confirmed=day, audience=(Audience.LYCEE,)) for n in range(6)
    ]
    return catalog(*portals, *alone)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Village]:
    async with _lived(f"sqlite:///{tmp_path}/vigie.db") as one:
        yield one


@pytest.fixture
async def either(database_url: str) -> AsyncIterator[Village]:
    """On every database that Vigie supports."""
    async with _lived(database_url) as one:
        yield one


@asynccontextmanager
async def _lived(url: str) -> AsyncIterator[Village]:
    one = Village(url, region(), (LYON,))
    await one.start()
    await spend(one, 1)
    yield one
    one.crash()


async def spend(place: Village, minutes: float) -> None:
    """Time passes, in bigger steps than usual: nothing here is about seconds."""
    for _ in range(round(2 * minutes)):
        await place.tick(30)


def reasons(place: Village) -> list[str]:
    return [reason for _, reason in place.reasons()]


def minutes_of(place: Village) -> list[int]:
    """When each message was handed on, in whole minutes since the first."""
    rows = _rows(place, "SELECT created_at FROM {tellings} WHERE state <> 'folded' ORDER BY created_at")
    return [round((at - rows[0][0]) / 60e6) for (at,) in rows]


def _rows(place: Village, query: str) -> list[tuple[int, ...]]:
    prefix = "" if place.url.startswith("sqlite") else "measures."
    engine = create_engine(place.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query.format(tellings=f"{prefix}tellings")))]
    engine.dispose()
    return found


async def test_what_reaches_further_is_told_after_ten_minutes_once_whatever_restarts(place: Village) -> None:
    place.weather.failures |= dict.fromkeys(("nord", "ouest", "sud"), DOWN)
    await spend(place, 5)
    assert reasons(place) == ["opened"]
    place.weather.failures["est"] = DOWN  # another département
    await spend(place, 3)
    await place.restart()
    await spend(place, 3)
    assert reasons(place) == ["opened"]
    await spend(place, 3)
    assert reasons(place) == ["opened", "spread"]
    assert "(extension)" in place.post.handed[-1].title
    assert minutes_of(place) == [0, 10]
    for _ in range(3):  # nothing has changed since: a restart says nothing
        await place.restart()
        await spend(place, 11)
    assert reasons(place) == ["opened", "spread"]


async def test_a_restart_in_mid_incident_says_nothing_if_nothing_changed_and_one_thing_if_something_did(
    place: Village,
) -> None:
    place.weather.failures |= dict.fromkeys(("nord", "ouest", "sud"), DOWN)
    await spend(place, 16)
    assert reasons(place) == ["opened"]
    await place.restart()
    await spend(place, 12)
    assert reasons(place) == ["opened"]
    place.crash()
    place.weather.failures["est"] = DOWN
    place.clock.at += timedelta(minutes=2)
    await place.start()
    await spend(place, 12)
    assert reasons(place) == ["opened", "spread"]


async def test_what_was_told_before_extents_were_kept_is_compared_with_nothing(place: Village) -> None:
    place.weather.failures |= dict.fromkeys(("nord", "ouest", "sud"), DOWN)
    await spend(place, 5)
    place.crash()
    engine = create_engine(place.url.replace("postgresql://", "postgresql+psycopg://"))
    prefix = "" if place.url.startswith("sqlite") else "measures."
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {prefix}tellings SET share = NULL, reach = NULL, explained = NULL"))
    engine.dispose()
    await place.start()
    place.weather.failures["est"] = DOWN
    await spend(place, 15)
    assert reasons(place) == ["opened"]


async def test_six_at_once_are_one_message_and_so_are_their_ends(either: Village) -> None:
    either.weather.failures |= {f"seul{n}": DOWN for n in range(6)}
    await spend(either, 4)
    (letter,) = either.post.handed
    assert letter.title.startswith("6 INCIDENTS — ")
    assert letter.body.count("- EN PANNE — ") == 6
    assert _rows(either, "SELECT count(*) FROM {tellings} WHERE state = 'folded'") == [(5,)]
    assert _rows(either, "SELECT count(*) FROM {tellings} WHERE state = 'sent'") == [(1,)]
    await either.restart()
    await spend(either, 12)
    assert len(either.post.handed) == 1
    either.weather.failures.clear()
    await spend(either, 18)
    assert [one.title.split(" — ")[0] for one in either.post.handed[1:]] == ["RÉTABLIS (6 incidents)"]


async def test_an_end_waits_for_the_letter_that_told_of_its_beginning(either: Village) -> None:
    either.post.dead = True
    either.weather.failures |= {f"seul{n}": DOWN for n in range(6)}
    await spend(either, 4)
    for n in range(5):  # one lasts
        del either.weather.failures[f"seul{n}"]
    await spend(either, 20)
    assert either.post.handed == []
    either.post.dead = False
    await spend(either, 16)
    said = [one.title.split(" — ")[0] for one in either.post.handed]
    assert said == ["6 INCIDENTS", "RÉTABLIS (5 incidents)"]


async def test_one_by_one_the_third_lists_them_and_the_next_waits(place: Village) -> None:
    for n in range(5):
        place.weather.failures[f"seul{n}"] = DOWN
        await spend(place, 1.5)
    await spend(place, 3)
    titles = [one.title for one in place.post.handed]
    assert titles[0].startswith("EN PANNE — SEUL0 — ")
    assert titles[1].startswith("EN PANNE — SEUL1 — ")
    assert titles[2].startswith("3 INCIDENTS — SEUL2, SEUL0, SEUL1")
    assert place.post.handed[2].body.count("(déjà annoncé)") == 2
    assert len(titles) == 3
    await spend(place, 9)
    assert "SEUL3" in place.post.handed[3].title
    assert _rows(place, "SELECT count(DISTINCT incident) FROM {tellings}") == [(5,)]  # what waited was not lost


async def test_no_more_than_three_openings_in_ten_minutes_to_one_reader(tmp_path: Path) -> None:
    readers = (LYON, Subscription("ain", "VIGIE_AIN", territories=("D:01",), settle=timedelta(0), min_share=0.0))
    place = Village(f"sqlite:///{tmp_path}/vigie.db", region(), readers)
    await place.start()
    await spend(place, 1)
    for n in range(6):
        place.weather.failures[f"seul{n}"] = DOWN
        await spend(place, 1)
    await spend(place, 25)
    for reader in readers:
        query = "SELECT created_at FROM {tellings} WHERE state <> 'folded' AND subscription = '" + reader.id + "'"
        times = sorted(at for (at,) in _rows(place, query))
        assert all(later - earlier >= 600e6 for earlier, later in zip(times, times[3:], strict=False))
        query = "SELECT count(DISTINCT incident) FROM {tellings} WHERE subscription = '" + reader.id + "'"
        assert _rows(place, query) == [(6,)]
    place.crash()
