"""A stall, a suspended machine, a wall clock that was set: told apart by two clocks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.gap import NOTICED, Excuse
from monitor.pulse import Pulse, Reading, absences
from monitor.rehearsal.clock import VirtualLoop

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("awake", "wall", "expected"),
    [
        (1.0, 1.0, []),
        (1.4, 1.6, []),
        (601.0, 601.0, [(Excuse.ASLEEP, 0, 601)]),  # stopped or suspended: both clocks went on
        (1.0, 3601.0, [(Excuse.CLOCK, 1, 3601)]),
        (1.0, -3599.0, [(Excuse.CLOCK, -3599, 1)]),
        (601.0, 7201.0, [(Excuse.ASLEEP, 0, 601), (Excuse.CLOCK, 601, 7201)]),
    ],
)
def test_what_happened_between_two_readings(
    awake: float, wall: float, expected: list[tuple[Excuse, float, float]]
) -> None:
    before, after = Reading(50.0, NOON), Reading(50.0 + awake, NOON + seconds(wall))
    assert list(absences(before, after)) == [
        (excuse, NOON + seconds(a), NOON + seconds(b)) for excuse, a, b in expected
    ]


@given(st.floats(1, 1e6), st.floats(-1e6, 1e6))
def test_what_is_named_is_longer_than_what_is_overlooked(awake: float, wall: float) -> None:
    for _, since, until in absences(Reading(0.0, NOON), Reading(awake, NOON + seconds(wall))):
        assert until - since > NOTICED


def test_a_step_of_the_wall_clock_is_heard_of_once() -> None:
    heard: list[tuple[Excuse, datetime, datetime]] = []
    ahead = [timedelta()]

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        pulse = Pulse(
            loop,
            lambda: Reading(loop.time(), NOON + seconds(loop.time() - begin) + ahead[0]),
            lambda *absence: heard.append(absence),
        )
        await asyncio.sleep(10.5)
        ahead[0] = timedelta(hours=1)
        await asyncio.sleep(10)
        pulse.close()
        ahead[0] = timedelta()
        await asyncio.sleep(10)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scene())
    ((excuse, since, until),) = heard
    assert (excuse, until - since) == (Excuse.CLOCK, timedelta(hours=1))
