"""Late answers, told in ticks: history follows, nobody is alerted, and the books say what was corrected."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.observation import Failure, Health, Observation
from monitor.reports.history import service_day
from monitor.store import Reader, open_reader
from tests.stories.village import MORNING, Village

DOWN = Failure.CONNECT_REFUSED


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    one = Village(database_url)
    await one.start()
    yield one
    one.crash()


def late(place: Village, minute: float, failure: Failure | None = DOWN) -> Observation:
    return Observation(
        "portail/login", "local", MORNING + timedelta(minutes=minute, seconds=5), timedelta(milliseconds=80), failure
    )


def told(place: Village, probe: str | None) -> list[tuple[Health, float, float]]:
    """The portail's history so far: health, and minutes since the morning."""
    reader: Reader = open_reader(place.url)
    day = service_day(reader, ["portail/login"], MORNING, place.clock.at)
    reader.close()
    spans = day.spans if probe is None else day.probes[0].spans
    return [
        (one.health, (one.since - MORNING) / timedelta(minutes=1), (one.until - MORNING) / timedelta(minutes=1))
        for one in spans
    ]


async def an_hour_nobody_asked(place: Village) -> None:
    """Ten minutes of answers, ten in which the portail alone is not asked, ten more of answers."""
    await place.minutes(10)
    portail = place.catalog.services["portail"]
    for _ in range(60):
        for probe in place.catalog.probes():
            if probe.service != portail.id:
                await place.pipeline.observe(probe)
        place.clock.at += timedelta(seconds=5)
        await place.pipeline.evaluate()
        place.clock.at += timedelta(seconds=5)
    await place.minutes(10)


async def test_history_follows_late_answers_and_nobody_is_alerted(place: Village) -> None:
    await an_hour_nobody_asked(place)
    before = told(place, None)
    assert [health for health, *_ in before] == [Health.UP, Health.UNKNOWN, Health.UP]
    answers = [late(place, 11 + n / 2) for n in range(17)]
    for one in reversed(answers):  # from another place, backwards
        place.pipeline.inbox.accept(one)
    await place.tick()
    await place.minutes(1)
    assert place.pipeline.country.incidents == ()
    assert place.post.handed == []
    for probe in (None, "portail/login"):
        spans = told(place, probe)
        assert [health for health, *_ in spans] == [Health.UP, Health.DOWN, Health.UP]
        assert spans[1][1:] == (pytest.approx(11 + 5 / 60), pytest.approx(20, abs=0.2))
    with place.store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM corrections").scalar() == 2


async def test_late_answers_that_say_nothing_new_leave_no_row(place: Village) -> None:
    await place.minutes(5)
    for minute in (1.5, 2.5):
        place.pipeline.inbox.accept(late(place, minute, None))
    await place.minutes(1)
    with place.store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM corrections").scalar() == 0


async def test_what_is_late_of_a_service_that_left_is_let_be(place: Village) -> None:
    await place.minutes(2)
    place.pipeline._hindsight.heard([replace(late(place, 1), probe="gone/login")])
    await place.tick()
    assert [health for health, *_ in told(place, None)] == [Health.UP]


async def test_a_store_that_refuses_is_asked_again(place: Village) -> None:
    await an_hour_nobody_asked(place)
    for n in range(17):
        place.pipeline.inbox.accept(late(place, 11 + n / 2))
    with place.store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE corrections RENAME TO away")
    await place.tick()
    assert any("registre" in sentence for sentence in place.pipeline.warnings())
    with place.store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO corrections")
    assert [health for health, *_ in told(place, None)] == [Health.UP, Health.UNKNOWN, Health.UP]
    await place.tick()
    assert [health for health, *_ in told(place, None)] == [Health.UP, Health.DOWN, Health.UP]


@pytest.mark.parametrize("minute", [3, 16 * 60 + 1])
async def test_what_was_let_go_is_not_judged_again(place: Village, minute: float) -> None:
    """Without the answers around it a late one would be judged alone, and the rest of its hours become unknown.

    The day goes until midnight in Paris; the second late answer is of the day that stays, and is judged with hours of
    the one before.
    """
    await place.minutes(5)
    place.clock.at = MORNING + timedelta(hours=16, minutes=-2)
    await place.minutes(4)
    place.clock.at = MORNING + timedelta(days=3)
    await place.minutes(1)
    before = told(place, None)
    while (hour := place.store.open_hour()) is not None and hour < place.clock.at - timedelta(hours=2):
        place.store.close_part(hour, 0, lambda *_: False)
    while (day := place.store.open_day()) is not None:
        place.store.close_day_part(day, 0)
    while place.store.let_go(MORNING.date() + timedelta(days=1)):
        pass
    place.pipeline.inbox.accept(late(place, minute))
    await place.minutes(1)
    assert told(place, None)[: len(before) - 1] == before[:-1]
    with place.store._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM corrections").scalar() == 0
