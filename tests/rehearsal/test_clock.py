"""The virtual loop: hours in milliseconds, sockets before timers, jobs outside time."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from monitor.rehearsal.clock import VirtualLoop


def played(coroutine: Coroutine[Any, Any, Any], *, speed: float | None = None) -> Any:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(speed=speed)) as runner:
        return runner.run(coroutine)


def test_timers_fire_in_order_and_twelve_hours_pass_at_once() -> None:
    async def day() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[str, float]] = []

        async def rings(name: str, after: float) -> None:
            await asyncio.sleep(after)
            seen.append((name, loop.time()))

        await asyncio.gather(rings("evening", 43_200), rings("noon", 18_000), rings("morning", 0.001))
        return seen

    began = time.monotonic()
    seen = played(day())
    assert seen == [("morning", 0.001), ("noon", 18_000), ("evening", 43_200)]
    assert time.monotonic() - began < 30


def test_time_beyond_the_loops_longest_sleep_is_reached_exactly() -> None:
    async def three_days() -> float:
        await asyncio.sleep(3 * 86_400)
        return asyncio.get_running_loop().time()

    assert played(three_days()) == 3 * 86_400


def test_many_timers_are_deterministic() -> None:
    async def day() -> list[tuple[int, float]]:
        loop = asyncio.get_running_loop()
        seen: list[tuple[int, float]] = []
        for number in range(500):
            loop.call_later((number * 7919 % 500) / 10, lambda n=number: seen.append((n, loop.time())))
        await asyncio.sleep(60)
        return seen

    first, second = played(day()), played(day())
    assert first == second
    assert [at for _, at in first] == sorted(at for _, at in first)


def test_a_socket_wins_over_a_timer() -> None:
    async def exchange() -> tuple[int, float]:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(100):
                writer.write(data)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        done = 0
        for _ in range(200):
            async with asyncio.timeout(0.000_001):  # less than any real exchange takes
                writer.write(b"ping")
                assert await reader.readexactly(4) == b"ping"
            done += 1
        at = asyncio.get_running_loop().time()
        writer.close()
        await writer.wait_closed()
        server.close()
        await asyncio.sleep(0.1)
        return done, at

    assert played(exchange()) == (200, 0.0)


def test_silence_times_out_exactly_when_it_should() -> None:
    async def silent() -> float:
        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()  # until the other side hangs up
            writer.close()

        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await reader.read(1)
        at = asyncio.get_running_loop().time()
        writer.close()
        await writer.wait_closed()
        server.close()
        await asyncio.sleep(0.1)
        return at

    assert played(silent()) == 10.0


def test_a_cancelled_timer_does_not_fire_and_a_deadline_that_is_met_costs_no_time() -> None:
    async def met() -> tuple[list[str], float]:
        loop = asyncio.get_running_loop()
        fired: list[str] = []
        loop.call_later(5, fired.append, "cancelled").cancel()
        async with asyncio.timeout(60):
            await asyncio.sleep(20)
        return fired, loop.time()

    assert played(met()) == ([], 20.0)


def test_a_job_in_a_thread_holds_time_still() -> None:
    async def job() -> tuple[float, float, list[float]]:
        loop = asyncio.get_running_loop()
        rung: list[float] = []
        loop.call_later(0.000_001, lambda: rung.append(loop.time()))
        began = time.monotonic()
        await asyncio.to_thread(time.sleep, 0.05)
        return loop.time(), time.monotonic() - began, list(rung)

    virtual, real, rung = played(job())
    assert virtual == 0.0
    assert real >= 0.05
    assert rung == []


def test_a_standstill_holds_time_for_work_elsewhere() -> None:
    async def child() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.call_later(1, lambda: None)
        with loop.standstill():
            process = await asyncio.create_subprocess_exec("sleep", "0.05")
            await process.wait()
        return loop.time()

    assert played(child()) == 0.0


def test_the_speed_ceiling_makes_it_wait_and_a_jump_does_not() -> None:
    async def half_an_hour() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        for _ in range(10):
            await asyncio.sleep(1)
        loop.jump(1_790)
        return loop.time()

    began = time.monotonic()
    assert played(half_an_hour(), speed=100) == 1_800
    assert 0.1 <= time.monotonic() - began < 15


def test_a_jump_fires_what_it_skipped_right_after_and_never_goes_back() -> None:
    async def gap() -> tuple[list[float], float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        seen: list[float] = []
        for after in (5_400, 60):
            loop.call_later(after, lambda: seen.append(loop.time()))
        loop.jump(3_600)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        skipped = list(seen)
        await asyncio.sleep(7_200)
        with pytest.raises(ValueError, match="does not go back"):
            loop.jump(-1)
        return skipped + seen[1:], loop.time()

    assert played(gap()) == ([3_600, 5_400], 10_800)


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        VirtualLoop(speed=0)
