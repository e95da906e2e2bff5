"""What fails together is one incident: told in ticks, across restarts, on every database that Vigie supports."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import SchoolCalendar
from monitor.domain.catalog import Catalog
from monitor.domain.observation import Failure, Health
from monitor.domain.timetable import Timetable
from monitor.reports import current
from tests.domain.small import catalog, service
from tests.stories.village import MORNING, OPERATOR, RECTORAT, Village

DOWN, ROOM = Failure.EXCHANGE_SERVER_ERROR, Failure.CONTENT_WAITING_ROOM
PORTALS = ("nord", "ouest", "est")


def region() -> Catalog:
    day = MORNING.date()
    portals = [service(name, confirmed=day) for name in PORTALS]
    others = [service(f"autre{n}", operator=None, platform=None, confirmed=day) for n in range(12)]
    return catalog(*portals, *others)


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    where = region()
    zones = {one.timezone: ZoneInfo(one.timezone) for one in where.territories.values()}
    # One portal of fifteen services is not a tenth, and a waiting room is not an outage.
    everyone = replace(RECTORAT, min_share=0.0, from_health=Health.WAITING)
    one = Village(
        database_url,
        where,
        (everyone, OPERATOR),
        timetable=Timetable(where, SchoolCalendar({}, {}, {}, zones), paced=False),
    )
    await one.start()
    yield one
    one.crash()


def open_ones(place: Village) -> list[str]:
    return [one.culprit for one in place.pipeline.country.incidents if one.closed_at is None]


async def test_who_was_told_of_one_portal_is_told_that_it_joins_the_others_and_of_one_end(place: Village) -> None:
    await place.minutes(2)
    place.weather.failures["nord"] = ROOM
    await place.minutes(4)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    place.weather.failures |= {"ouest": ROOM, "est": ROOM}
    await place.minutes(3)
    await place.restart()
    await place.minutes(3)
    assert open_ones(place) == ["operator:edifice"]
    assert [reason for _, reason in place.reasons()] == ["opened"]  # what only adds to it waits for ten minutes
    await place.minutes(3)
    assert [reason for _, reason in place.reasons()] == ["opened", "merged"]  # and not opened a second time
    place.weather.failures["est"] = DOWN
    await place.minutes(11)
    place.weather.failures.clear()
    await place.minutes(20)
    assert [reason for _, reason in place.reasons()] == ["opened", "merged", "worsened", "eased"]
    await place.restart()
    assert [one.eased_at is not None for one in place.pipeline.country.incidents if one.closed_at is None] == [True]


async def test_the_lull_of_noon_is_not_an_end(place: Village) -> None:
    place.clock.at = MORNING + timedelta(hours=3, minutes=30)  # 11:30 in Paris
    await place.minutes(2)
    place.weather.failures["autre1"] = DOWN
    await place.minutes(10)
    place.weather.failures.clear()
    await place.minutes(25)
    place.weather.failures["autre1"] = DOWN
    await place.minutes(5)
    place.weather.failures.clear()
    await place.minutes(20)
    (one,) = place.pipeline.country.incidents
    assert [turn.reason.value for turn in one.turns] == ["opened", "eased", "relapsed", "eased"]
    assert [reason for _, reason in place.reasons()] == ["opened", "eased", "relapsed", "eased"]
    place.crash()
    place.clock.at = MORNING + timedelta(hours=6)  # 14:00: the afternoon has begun, and nobody looked
    await place.start()
    await place.pipeline.evaluate()
    await place.minutes(5)
    (one,) = place.pipeline.country.incidents
    # A peak that nobody measured has not passed well: the next one is waited for.
    assert (one.closed_at, one.watch_until) == (None, MORNING + timedelta(hours=24, minutes=30))


async def test_what_explains_is_in_the_snapshot_with_its_figures(place: Village) -> None:
    await place.minutes(2)
    place.weather.failures |= dict.fromkeys(PORTALS, DOWN)
    await place.minutes(3)
    shown = current.snapshot(place.url)
    assert shown is not None
    (incident,) = shown.data["incidents"]
    assert incident["culprit"] == "operator:edifice"
    test = incident["cause"]["test"]
    assert (test["unwell_inside"], test["inside"], test["unwell_outside"], test["outside"]) == (3, 3, 0, 12)
    # One operator, one platform, the same three portals: what the data cannot tell apart explains nothing.
    assert incident["explained"] is False
    assert [one["candidate"] for one in incident["cause"]["beaten"]] == ["platform:entcore"]


async def test_a_service_renamed_while_it_fails_leaves_no_incident_behind(place: Village) -> None:
    await place.minutes(2)
    place.weather.failures["autre1"] = DOWN
    await place.minutes(3)
    assert open_ones(place) == ["service:autre1"]
    services = {name: one for name, one in place.catalog.services.items() if name != "autre1"}
    place.catalog = replace(place.catalog, services=services)
    await place.restart()
    await place.minutes(1)
    (gone,) = place.pipeline.country.incidents
    assert gone.closed_at is not None
    assert gone.health is Health.DOWN
