"""Slow, told in days: a service that decays in the morning, one that always was slow, one that nobody knows yet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure, Health, Observation
from monitor.store import open_reader
from tests.stories.village import MORNING, Clock, Village, Weather

DAYS = 6


@dataclass
class Pace(Weather):
    """Answers as slowly as it is told, and as a prober names it: slow beyond the profile's threshold."""

    took: dict[str, float] = field(default_factory=dict)

    async def ask(self, probe: Probe) -> Observation:
        took = timedelta(seconds=self.took.get(probe.service or "", 0.08))
        failure = Failure.CONTENT_SLOW if took > probe.policy.slow else None
        return Observation(probe.id, "local", self.clock.at, took, failure)


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    """The village six days before the morning."""
    one = Village(database_url, clock=Clock(MORNING - timedelta(days=DAYS)))
    one.weather = Pace(one.clock)
    await one.start()
    yield one
    one.crash()


def takes(place: Village, seconds: float) -> None:
    assert isinstance(place.weather, Pace)
    place.weather.took["portail"] = seconds


async def until_morning(place: Village, slow_days: int = 0) -> None:
    """Three hours of answers on each day (slow on the last ones), and all that there is to learn when morning comes."""
    assert isinstance(place.weather, Pace)
    probe, usual = place.catalog.services["portail"].probes[0], place.weather.took["portail"]
    for ago in range(DAYS - 1, 0, -1):
        takes(place, 3 if ago <= slow_days else usual)
        for quarter in range(12):
            place.clock.at = MORNING - timedelta(days=ago) + quarter * timedelta(minutes=15)
            place.pipeline.inbox.accept(await place.weather.ask(probe))
    await place.pipeline.remember()
    place.clock.at = MORNING
    await place.ask_all()


async def learned(place: Village, restart_every: int = 1000) -> None:
    steps = 0
    while await place.pipeline.close_hours():
        steps += 1
        if steps % restart_every == 0:
            await place.restart()
    assert steps > 3 * (DAYS - 1)


def portail(place: Village) -> Health:
    return place.pipeline.country.services["portail"].health


async def test_a_service_that_decays_at_eight_is_noticed_before_it_falls(place: Village) -> None:
    takes(place, 0.2)
    await until_morning(place)
    await learned(place)
    await place.minutes(2)
    assert portail(place) is Health.UP
    takes(place, 3)  # the threshold of its profile is 4 s
    began = place.clock.at
    await place.minutes(3)
    assert portail(place) is Health.SLOW
    assert place.pipeline.country.services["portail"].since == began
    await place.restart()
    await place.minutes(1)
    assert portail(place) is Health.SLOW
    reader = open_reader(place.url)
    answers = reader.observations(["portail/login"], began, place.clock.at)
    reader.close()
    assert {(one.took, one.failure) for one in answers} == {(timedelta(seconds=3), None)}  # as it was measured
    takes(place, 0.2)
    await place.minutes(2)
    assert portail(place) is Health.UP


async def test_what_was_always_slow_is_no_incident_once_it_is_known(place: Village) -> None:
    takes(place, 5)
    await place.minutes(3)
    assert portail(place) is Health.SLOW  # on the first day the threshold alone decides
    await until_morning(place)
    await learned(place)
    await place.minutes(3)
    assert portail(place) is Health.UP
    assert [one for one in place.pipeline.country.incidents if one.closed_at is None and one.recovered_at is None] == []
    # Nor is it asked again and again as if its answers said something new.
    probe = next(one for one in place.catalog.probes() if one.service == "portail")
    assert await place.pipeline.observe(probe) is None
    takes(place, 8)  # clearly later than its usual 5 s
    await place.minutes(3)
    assert portail(place) is Health.SLOW


async def test_a_service_of_the_first_day_is_judged_by_the_threshold_alone(place: Village) -> None:
    takes(place, 0.2)
    await place.minutes(3)
    takes(place, 3.9)
    await place.minutes(3)
    assert portail(place) is Health.UP
    takes(place, 4.1)
    await place.minutes(3)
    assert portail(place) is Health.SLOW


async def test_a_slow_day_is_not_learned_as_usual(place: Village) -> None:
    takes(place, 0.2)
    await until_morning(place, slow_days=1)
    await learned(place)
    await place.minutes(3)
    assert portail(place) is Health.SLOW


async def test_a_restart_while_hours_are_closed_changes_nothing(place: Village) -> None:
    takes(place, 5)
    await until_morning(place)
    await learned(place, restart_every=4)
    await place.minutes(3)
    assert portail(place) is Health.UP
    (usual,) = place.store.usuals("local").values()
    assert (usual.days, usual.answers) == (DAYS - 1, 12 * (DAYS - 1))
