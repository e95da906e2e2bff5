"""The heap and its clocks, on a virtual loop: hours pass in milliseconds and no test sleeps."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Policy, Probe, ProbeKind
from monitor.pace import FIRST_ASKS, SILENCE, Pacer, calendar, phase
from monitor.rehearsal.clock import VirtualLoop

Scene = Callable[[], Coroutine[None, None, None]]


def probe(name: str, every: float = 60) -> Probe:
    return Probe(name, name, ProbeKind.HTTP, Policy(every=timedelta(seconds=every)), url="http://x/")


def play(scene: Scene) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scene())


def run_for(pacer: Pacer, seconds: float) -> Coroutine[None, None, None]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.call_later(seconds, stop.set)
    return pacer.run(stop)


def test_first_asks_are_spread_over_thirty_seconds_then_each_keeps_its_interval() -> None:
    starts: dict[str, list[float]] = {}

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(one: Probe) -> None:
            starts.setdefault(one.id, []).append(loop.time())

        pacer.add_probes([probe(f"p{n}") for n in range(200)], ask)
        await run_for(pacer, 600)

    play(scene)
    firsts = [times[0] for times in starts.values()]
    assert len(firsts) == 200
    assert max(firsts) < FIRST_ASKS.total_seconds()
    assert max(firsts) - min(firsts) > 25
    for times in starts.values():
        gaps = [after - before for before, after in itertools.pairwise(times[1:])]
        assert all(abs(gap - 60) < 1e-6 for gap in gaps)
        assert 30 <= times[1] - times[0] <= 90


def test_phases_come_from_the_name_alone() -> None:
    assert phase("ent-hdf/login") == phase("ent-hdf/login")
    assert phase("ent-hdf/login") != phase("ent-hdf/context")


@given(st.text())
def test_a_phase_is_a_fraction(name: str) -> None:
    assert 0 <= phase(name) < 1


def test_asked_again_sooner_counted_from_the_start_then_back_on_the_grid() -> None:
    starts: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(_: Probe) -> timedelta | None:
            starts.append(loop.time())
            await asyncio.sleep(4)
            return timedelta(seconds=10) if len(starts) in (2, 3) else None

        pacer.add_probes([probe("p")], ask)
        await run_for(pacer, 400)

    play(scene)
    assert starts[2] - starts[1] == pytest.approx(10)
    assert starts[3] - starts[2] == pytest.approx(10)
    assert (starts[5] - starts[4]) == pytest.approx(60)
    assert (starts[4] - starts[1]) % 60 == pytest.approx(0, abs=1e-6)


def test_a_slow_answer_never_overlaps_itself() -> None:
    running, most = 0, 0

    async def scene() -> None:
        nonlocal running, most
        pacer = Pacer(asyncio.get_running_loop())

        async def ask(_: Probe) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(150)
            running -= 1

        pacer.add_probes([probe("p", every=60)], ask)
        await run_for(pacer, 1000)

    play(scene)
    assert most == 1


def test_a_tick_that_fails_is_reported_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[int] = []

    async def scene() -> None:
        pacer = Pacer(asyncio.get_running_loop())

        async def tick() -> None:
            ran.append(1)
            raise RuntimeError("poison")

        pacer.add_tick("evaluate", timedelta(seconds=5), tick)
        await run_for(pacer, 26)

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert len(ran) >= 4
    assert "evaluate" in caplog.text


def test_a_stop_lets_what_is_in_flight_end_but_not_for_ever() -> None:
    ended: list[str] = []
    stopped_at: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(one: Probe) -> None:
            await asyncio.sleep(3 if one.id == "short" else 3600)
            ended.append(one.id)

        pacer.add_probes([probe("short", every=1), probe("endless", every=1)], ask)
        stop = asyncio.Event()
        loop.call_later(2.5, stop.set)
        await pacer.run(stop)
        stopped_at.append(loop.time())

    play(scene)
    assert ended == ["short"]
    assert stopped_at[0] < 10


def test_an_interval_of_five_minutes_is_a_promise() -> None:
    starts: dict[str, list[float]] = {}

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(one: Probe) -> None:
            starts.setdefault(one.id, []).append(loop.time())

        pacer.add_probes([probe(f"p{n}", every=300) for n in range(100)], ask)
        await run_for(pacer, 2000)

    play(scene)
    for times in starts.values():
        assert min(after - before for before, after in itertools.pairwise(times)) >= 300 - 1e-6


def test_a_clock_survives_a_cancellation_from_within() -> None:
    ran: list[int] = []

    async def scene() -> None:
        pacer = Pacer(asyncio.get_running_loop())

        async def tick() -> None:
            ran.append(1)
            raise asyncio.CancelledError

        pacer.add_tick("evaluate", timedelta(seconds=5), tick)
        await run_for(pacer, 26)

    play(scene)
    assert len(ran) >= 4


def test_silence_is_measured_and_patience_follows_the_pace() -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(_: Probe) -> None:
            return None

        pacer.add_probes([probe("p", every=300)], ask)
        assert pacer.patience == timedelta(seconds=600)
        await run_for(pacer, 200)
        assert timedelta(seconds=169) < pacer.silent_for() <= timedelta(seconds=200)

    play(scene)


def test_without_probes_patience_is_that_of_the_rule() -> None:
    async def scene() -> None:
        assert Pacer(asyncio.get_running_loop()).patience == SILENCE

    play(scene)


async def test_the_calendar_drops_nothing_and_keeps_nothing_in_a_database() -> None:
    async def work() -> None: ...

    scheduler = calendar([("nuit", "40 3 * * *", work)])
    scheduler.start(paused=True)
    (job,) = scheduler.get_jobs()
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    assert str(job.trigger.timezone) == "Europe/Paris"
    scheduler.shutdown(wait=False)
