"""An incident leaves a sheet that never changes, told in ticks, on every database that Vigie supports."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Observation
from monitor.domain.sheet import EvidenceSheet
from monitor.store import Evaluation, check, open_reader
from tests.stories.test_morning import Refusing
from tests.stories.village import Village, village

DOWN = Failure.EXCHANGE_SERVER_ERROR
PROBE = "portail/login"


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    one = Village(database_url)
    await one.start()
    yield one
    one.crash()


async def ticks(place: Village, count: int, seconds: float = 30) -> None:
    """Everybody is asked so many times, so far apart."""
    for _ in range(count):
        await place.tick(seconds)


async def outage(place: Village) -> datetime:
    """A few good answers, then ten bad ones; when that began."""
    await ticks(place, 4)
    place.weather.failures["portail"] = DOWN
    began = place.clock.at
    await ticks(place, 10)
    return began


async def recovery(place: Village) -> datetime:
    """It answers again until the incident is closed; when that began."""
    place.weather.failures.clear()
    ended = place.clock.at
    await ticks(place, 18, 60)
    return ended


async def draw_all(place: Village) -> int:
    """Let every sheet that is due be drawn; in how many steps."""
    steps = 1
    while await place.pipeline.freeze() is not None:
        steps += 1
    return steps


def frozen(place: Village) -> dict[str, tuple[EvidenceSheet, datetime] | None]:
    with closing(open_reader(place.url)) as reader:
        return {one.id: reader.sheet(one.id) for one in reader.incidents()}


def the_only(place: Village) -> tuple[EvidenceSheet, datetime]:
    (found,) = frozen(place).values()
    assert found is not None
    return found


async def test_a_sheet_is_frozen_when_the_incident_closes_and_says_what_was_heard(place: Village) -> None:
    began = await outage(place)
    assert await draw_all(place) == 1  # nothing is due while it is open
    assert list(frozen(place).values()) == [None]
    ended = await recovery(place)
    await draw_all(place)
    sheet, at = the_only(place)
    assert (sheet.opened_at, sheet.recovered_at) == (began, ended)
    assert at == place.clock.at
    (account,) = sheet.probes
    assert (account.question.probe, account.question.target) == (PROBE, "https://portail.example/")
    assert (account.before.asked, account.before.bad) == (4, 0)
    assert (account.during.asked, account.during.bad) == (11, 10)  # the answer that ends it is the first good one
    assert account.during.cadence == timedelta(seconds=30)
    marks = account.marks
    assert marks.good_before is not None
    assert (marks.first_bad and marks.first_bad.at, marks.good_before.at) == (began, began - timedelta(seconds=30))
    assert (marks.good_after and marks.good_after.at) == ended
    assert sheet.during.failures[0].failure is DOWN
    assert {one.name for one in sheet.seen} == {"local", ""}
    assert (sheet.extent.share, sheet.extent.share_in) == (1.0, "D:01")
    assert (sheet.unseen, sheet.blind, sheet.never_seen, sheet.cut_short) == ((), (), (), False)
    assert check(place.url) == ()


async def test_late_answers_change_nothing_of_it(place: Village) -> None:
    began = await outage(place)
    await recovery(place)
    await draw_all(place)
    before = the_only(place)
    place.store.append([Observation(PROBE, "lyon", began + timedelta(seconds=1), timedelta(seconds=1), DOWN)])
    place.store.freeze(replace(before[0], method=99), place.clock.at + timedelta(days=1))
    assert the_only(place) == before


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
async def test_a_crash_before_it_is_frozen_is_made_good(place: Village, steps: int) -> None:
    await outage(place)
    await recovery(place)
    for _ in range(steps):
        await place.pipeline.freeze()
    await place.restart()
    place.clock.at += timedelta(hours=20)
    await place.restart()
    await draw_all(place)
    assert the_only(place)[0].during.bad == 10


async def test_what_closed_more_than_a_day_ago_is_not_looked_for(place: Village) -> None:
    await outage(place)
    await recovery(place)
    place.crash()
    place.clock.at += timedelta(hours=25)
    await place.start()
    await draw_all(place)
    assert list(frozen(place).values()) == [None]


async def test_an_incident_whose_watch_lasted_long_is_found_by_its_last_turn(place: Village) -> None:
    """Closed at the next peak it is dated to its recovery, which may be days ago."""
    await outage(place)
    await recovery(place)
    with closing(open_reader(place.url)) as reader:
        (over,) = reader.incidents()
    assert over.closed_at is not None
    days = timedelta(days=3)
    later = replace(over, turns=(*over.turns[:-1], replace(over.turns[-1], at=over.turns[-1].at + days)))
    assert place.store.unfrozen(over.closed_at + timedelta(days=1)) == []
    save(place, later)
    assert place.store.unfrozen(over.closed_at + timedelta(days=1)) == [later]


def save(place: Village, incident: Incident) -> None:
    place.store.save(Evaluation((), (), (), (incident,), None, place.clock.at))


async def test_a_store_that_refuses_costs_no_sheet(place: Village) -> None:
    await outage(place)
    await recovery(place)
    refusing = Refusing(place.store, {"freeze"})
    object.__setattr__(place.pipeline._w, "store", refusing)
    for _ in range(20):
        await place.pipeline.freeze()
    assert list(frozen(place).values()) == [None]
    assert place.pipeline.warnings()
    refusing.refused = set()
    await draw_all(place)
    assert the_only(place)[0].during.bad == 10


async def test_a_stop_draws_what_it_still_can(place: Village) -> None:
    await outage(place)
    await recovery(place)
    await place.pipeline.sheets.land(timedelta(seconds=5))
    assert the_only(place)[0].during.bad == 10


async def test_what_was_not_seen_stands_in_it(place: Village) -> None:
    await outage(place)
    place.weather.line_cut = True
    cut = place.clock.at
    await ticks(place, 6)
    place.weather.line_cut = False
    await ticks(place, 8)
    place.crash()
    place.clock.at += timedelta(minutes=10)
    await place.start()
    await ticks(place, 6)
    await recovery(place)
    await draw_all(place)
    sheets = [found[0] for found in frozen(place).values() if found is not None]
    ours, theirs = sorted(sheets, key=lambda one: one.culprit, reverse=True)
    (blind,) = theirs.blind
    assert abs(blind.since - cut) <= timedelta(seconds=30)
    assert [one.excuse.value for one in theirs.unseen] == ["stopped"]
    assert ours.culprit == "vantage:local"
    assert {one.question.probe for one in ours.probes} == {f"canary/{n}" for n in range(4)}
    assert ours.during.bad > 0
    assert ours.blind == ()


async def test_a_service_that_left_the_catalogue_is_told_by_what_was_asked(place: Village) -> None:
    await outage(place)
    left = village()
    place.catalog = replace(left, services={name: one for name, one in left.services.items() if name != "portail"})
    await place.restart()
    await ticks(place, 2)
    await draw_all(place)
    sheet, _ = the_only(place)
    (account,) = sheet.probes
    assert (account.question.probe, account.question.target, account.during.bad) == (PROBE, "", 10)
    assert sheet.recovered_at is None


async def test_each_step_reads_one_end_of_one_probe_and_evaluations_go_on_in_between(place: Village) -> None:
    await outage(place)
    await recovery(place)
    assert await place.pipeline.freeze() is not None
    place.weather.failures["autre"] = DOWN
    await ticks(place, 6)
    assert any(one.services == ("autre",) for one in place.pipeline.country.incidents)
    assert await draw_all(place) == 3  # both ends of its probe, and the drawing
