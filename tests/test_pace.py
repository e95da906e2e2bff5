"""The heap and its clocks, on a virtual loop: hours pass in milliseconds and no test sleeps."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.policy import Policy
from monitor.pace import FIRST_ASKS, SILENCE, Pace, Pacer, calendar, phase
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


@pytest.mark.parametrize("every", [60, 300, 900])
def test_a_start_that_is_late_by_a_moment_costs_no_slot(every: int) -> None:
    starts: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()

        async def ask(_: Probe) -> None:
            starts.append(loop.time())

        pacer = Pacer(loop)
        pacer.add_probes([probe("p", every=every)], ask)
        held = pacer._serve

        def late() -> None:  # every timer fires half a second late
            loop.call_later(0.5, held)

        pacer._serve = late  # type: ignore[method-assign]
        await run_for(pacer, every * 6)

    play(scene)
    gaps = [after - before for before, after in itertools.pairwise(starts[1:])]
    assert len(gaps) >= 3
    assert all(abs(gap - every) < 1.1 for gap in gaps)


def test_a_question_across_the_end_of_school_is_followed_at_the_pace_it_was_asked() -> None:
    starts: list[float] = []
    evening = 600.0

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()

        async def ask(_: Probe) -> None:
            starts.append(loop.time() - begin)
            await asyncio.sleep(30)  # some question straddles the change

        def pace(_: Probe) -> Pace:
            gone = loop.time() - begin
            return Pace(60, evening - gone, 300) if gone < evening else Pace(300)

        pacer = Pacer(loop)
        pacer.add_probes([probe(f"p{n}") for n in range(1)], ask, pace)
        await run_for(pacer, 3000)

    play(scene)
    last_of_school = max(moment for moment in starts if moment < evening)
    first_after = min(moment for moment in starts if moment >= evening)
    assert first_after - last_of_school <= 60 + 1e-6
    later = [moment for moment in starts if moment > first_after]
    assert all(after - before == pytest.approx(300) for before, after in itertools.pairwise(later))


def test_a_restart_keeps_the_promise_of_five_minutes() -> None:
    starts: dict[str, float] = {}

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()

        async def ask(one: Probe) -> None:
            starts.setdefault(one.id, loop.time() - begin)

        pacer = Pacer(loop)
        asked = {"lately": 100.0, "long": 5000.0, "ahead": 0.0}
        probes = [*(probe(name, every=300) for name in asked), probe("quick", every=60), probe("new", every=300)]
        pacer.add_probes(probes, ask, ago=lambda one: {**asked, "quick": 1.0}.get(one.id, float("inf")))
        await run_for(pacer, 400)

    play(scene)
    assert starts["lately"] == pytest.approx(200)
    assert starts["ahead"] == pytest.approx(300)
    assert max(starts[name] for name in ("long", "quick", "new")) < FIRST_ASKS.total_seconds()


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


def test_the_long_interval_of_the_night_ends_when_school_begins() -> None:
    """15 min at night, 30 s from 06:00 on: nobody waits for the end of an interval that began in the night."""
    starts: dict[str, list[float]] = {}
    morning = 3600.0

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()

        async def ask(one: Probe) -> None:
            starts.setdefault(one.id, []).append(loop.time() - begin)

        def pace(_: Probe) -> Pace:
            gone = loop.time() - begin
            return Pace(900, morning - gone, 30) if gone < morning else Pace(30)

        pacer = Pacer(loop)
        pacer.add_probes([probe(f"p{n}") for n in range(50)], ask, pace)
        await run_for(pacer, morning + 300)

    play(scene)
    for times in starts.values():
        night = [moment for moment in times if moment < morning]
        assert len(night) <= 5
        assert all(after - before >= 900 - 1e-6 for before, after in itertools.pairwise(night))
        first = min(moment for moment in times if moment >= morning)
        assert first < morning + 30 + 1e-6
        assert all(abs(after - before - 30) < 1e-6 for before, after in itertools.pairwise(times[len(night) + 1 :]))
    firsts = sorted(min(moment for moment in times if moment >= morning) for times in starts.values())
    assert firsts[-1] - firsts[0] > 20  # spread, not all at once


def test_slots_that_pass_while_a_question_is_under_way_are_told() -> None:
    told: list[tuple[str, int, float]] = []
    asked: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(_: Probe) -> None:
            asked.append(loop.time())
            await asyncio.sleep(205 if len(asked) == 2 else 1)

        def missed(one: Probe, slots: int, since: float, until: float) -> None:
            told.append((one.id, slots, until - since))

        pacer.add_probes([probe("p", every=60)], ask, missed=missed)
        await run_for(pacer, 1000)

    play(scene)
    # Asked at 0 s of its grid, done at 205 s: of the slots at 60, 120 and 180 s one is served late, two are lost.
    (lost,) = told
    assert lost == ("p", 2, pytest.approx(145))
    assert asked[2] - asked[1] == pytest.approx(205)


@given(st.integers(1, 40), st.floats(0, 400))
def test_every_slot_is_asked_or_told(every: int, busy: float) -> None:
    """Whatever a question lasts: questions and told slots add up to the slots of the grid."""
    asked: list[float] = []
    told: list[int] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()

        async def ask(_: Probe) -> None:
            asked.append(loop.time())
            if len(asked) == 2:
                await asyncio.sleep(busy)

        pacer = Pacer(loop)
        pacer.add_probes([probe("p", every=every)], ask, missed=lambda _, slots, *__: told.append(slots))
        await run_for(pacer, 1000)

    play(scene)
    slots = (asked[-1] - asked[1]) / every
    assert abs(len(asked) - 2 + sum(told) - slots) < 1.01


def test_a_hastened_probe_is_asked_now_once_and_finds_its_grid_again() -> None:
    starts: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()

        async def ask(_: Probe) -> None:
            starts.append(loop.time())
            await asyncio.sleep(1)

        pacer = Pacer(loop)
        pacer.add_probes([probe("p", every=60)], ask)
        first = loop.time() + 200
        for after in (0, 0.5, 2, 4):  # the second finds it under way, the third too close
            loop.call_at(first + after, pacer.hasten, ["p"], timedelta(seconds=3))
        await run_for(pacer, 500)
        hastened = [moment for moment in starts if first <= moment < first + 10]
        assert hastened == [first, first + 4]
        later = [moment for moment in starts if moment > first + 10]
        assert all((moment - starts[1]) % 60 == pytest.approx(0, abs=1e-6) for moment in later)

    play(scene)


def test_a_retry_that_is_overdue_is_no_lateness_of_ours() -> None:
    late: list[float] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        pacer = Pacer(loop)

        async def ask(_: Probe) -> timedelta:
            late.append(pacer.late.total_seconds())
            await asyncio.sleep(25)  # it waited for its turn, then timed out
            return timedelta(seconds=10)

        pacer.add_probes([probe("p", every=60)], ask)
        await run_for(pacer, 300)

    play(scene)
    assert len(late) > 5
    assert max(late) < 0.01
