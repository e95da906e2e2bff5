"""Usuals: hours are closed and days learned in small steps; school hours and all others apart; a rehearsal learns nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import SchoolCalendar
from monitor.domain.observation import Failure, Observation
from monitor.domain.timetable import Timetable
from monitor.past import Past
from monitor.rollups import Rollups
from monitor.store import StoreError
from monitor.usuals import Usuals
from monitor.wiring import Wiring
from tests.stories.village import Village

MONDAY = datetime(2026, 11, 23, 0, 10, tzinfo=UTC)
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
PROBE = "portail/login"


@pytest.fixture
async def place(tmp_path) -> AsyncIterator[Village]:
    one = Village(f"sqlite:///{tmp_path}/vigie.db")
    one.clock.at = MONDAY
    await one.start()
    yield one
    one.crash()


def wired(place: Village, **other: object) -> Wiring:
    paris = {"Europe/Paris": ZoneInfo("Europe/Paris")}
    timetable = Timetable(place.catalog, SchoolCalendar({}, {}, {}, paris))
    return replace(place.wiring(), timetable=timetable, **other)  # type: ignore[arg-type]


def said(at: datetime, took: timedelta, probe: str = PROBE) -> Observation:
    return Observation(probe, "local", at, took)


def fortnight() -> list[Observation]:
    """Slow in class, fast outside, every day of two weeks from 6:30 to 9:00 of Paris: a question each five minutes."""
    found = []
    for ago in range(14, 0, -1):
        for number in range(30):
            at = MONDAY.replace(hour=5, minute=30) - timedelta(days=ago) + 5 * number * MINUTE
            in_class = at.weekday() < 5 and number >= 12
            found.append(said(at, (900 if in_class else 100) * MS))
    return found


async def learned(usuals: Usuals) -> int:
    """All steps that there are to take, once what is over is rolled up; and how many they were."""
    rollups = Rollups(usuals._w)
    while await rollups.step() is not None:
        pass
    steps = 1
    while await usuals.step() is not None:
        steps += 1
    return steps


async def test_school_hours_and_all_others_are_learned_apart(place: Village) -> None:
    place.store.append([*fortnight(), said(MONDAY, MS)])
    usuals = Usuals(wired(place))
    await usuals.resume()
    assert await learned(usuals) == 2
    found = place.store.usuals("local")
    assert {kind: round(one.p95 / MS, -2) for (_, kind), one in found.items()} == {True: 900, False: 100}
    assert (found[PROBE, True].days, found[PROBE, False].days) == (10, 14)
    ten, early = MONDAY.replace(hour=9), MONDAY.replace(hour=5)
    assert usuals.heard(said(ten, 1200 * MS)).failure is None
    assert usuals.heard(said(early, 1200 * MS)).failure is Failure.CONTENT_SLOW
    assert usuals.heard(said(early, 1200 * MS, "autre/login")).failure is None
    assert usuals.heard(said(early, 1200 * MS, "canary/0")).failure is None
    assert usuals.by_probe([said(early, 9000 * MS), said(ten, MS), said(early, 9000 * MS, "canary/0")]) == {
        PROBE: [replace(said(early, 9000 * MS), failure=Failure.CONTENT_SLOW), said(ten, MS)],
        "canary/0": [said(early, 9000 * MS, "canary/0")],
    }


async def test_a_restart_finds_what_was_known_and_learns_it_once(place: Village) -> None:
    place.store.append([*fortnight(), said(MONDAY, MS)])
    first = Usuals(wired(place))
    await learned(first)
    place.crash()
    await place.start()
    again = Usuals(wired(place))
    slow = said(MONDAY, 1200 * MS)
    assert again.heard(slow) == slow
    await again.resume()
    assert again.heard(slow).failure is Failure.CONTENT_SLOW
    assert await learned(again) == 2  # `autre`, of which nothing is known, is looked at once more


async def test_an_hour_is_closed_five_minutes_after_its_end(place: Village) -> None:
    place.store.append([said(MONDAY, MS)])
    usuals = Usuals(wired(place))
    place.clock.at = MONDAY.replace(hour=1, minute=4)
    await learned(usuals)
    assert place.store.open_hour() == MONDAY.replace(minute=0)
    place.clock.at += MINUTE
    await learned(usuals)
    assert place.store.open_hour() is None


async def test_what_is_usual_is_learned_anew_every_day_and_forgotten_when_too_old(place: Village) -> None:
    place.store.append([*fortnight(), said(MONDAY, MS)])
    usuals = Usuals(wired(place))
    await learned(usuals)
    for later, day in ((1, 24), (102, 24)):
        place.clock.at = MONDAY + timedelta(days=later)
        place.store.append([said(place.clock.at, MS)])
        await learned(usuals)
        known = place.store.usuals("local")
        assert {one.day.day for one in known.values()} == ({day} if later == 1 else set())
    assert usuals.heard(said(place.clock.at, 1200 * MS)).failure is None


async def test_a_rehearsal_learns_nothing_and_knows_nothing(place: Village) -> None:
    place.store.append([*fortnight(), said(MONDAY, MS)])
    await learned(Usuals(wired(place)))
    rehearsed = Usuals(wired(place, rehearsal="2021-04-06"))
    await rehearsed.resume()
    assert rehearsed.heard(said(MONDAY, 1200 * MS)).failure is None
    place.store.append([said(MONDAY + timedelta(hours=1), MS)])
    place.clock.at = MONDAY + timedelta(hours=5)
    assert await rehearsed.step() is None
    assert place.store.open_hour() == MONDAY.replace(minute=0)


async def test_a_store_that_refuses_is_said_and_asked_again(place: Village) -> None:
    class Refuses:
        refuses = True

        async def __call__(self, call):  # type: ignore[no-untyped-def]
            if self.refuses:
                raise StoreError("Le registre refuse.")
            return call()

    place.store.append([said(MONDAY - timedelta(hours=5), MS)])
    work = Refuses()
    usuals = Usuals(wired(place, work=work))
    place.pipeline._past = Past(wired(place, work=work), usuals)
    assert await place.pipeline.close_hours() is None
    assert "Le registre refuse d’écrire" in place.pipeline.warnings()[0]
    work.refuses = False
    await place.pipeline.observe(place.catalog.services["portail"].probes[0])
    assert await place.pipeline.close_hours() is not None
    assert place.pipeline.warnings() == ()
    assert await learned(usuals) == 2  # nothing is known of either service
