"""Politeness: one connection at a time per host, a pause between two, a ceiling over all; waiting is not duration."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.domain.observation import Failure
from monitor.probes import turns as turns_module
from monitor.probes.turns import Turns

SPACING = timedelta(milliseconds=60)


async def test_one_connection_at_a_time_per_host_and_waiting_does_not_count(stage, make):
    async def lingering(head, writer):
        await asyncio.sleep(0.05)
        writer.write(make.response(b"ok"))

    server = await stage.serve(lingering)
    prober = await stage.prober()
    seen = await asyncio.gather(
        *(prober.ask(make.http(server.url(f"/{n}"), timeout=timedelta(seconds=0.2))) for n in range(6))
    )
    assert server.connections == 6
    assert server.most_at_once == 1
    assert {each.failure for each in seen} == {None}  # the sixth waited 0.25 s, longer than its own timeout
    assert max(each.took for each in seen) < timedelta(seconds=0.15)
    dates = sorted(each.at for each in seen)
    assert all(later - earlier >= timedelta(seconds=0.04) for earlier, later in pairwise(dates))


async def test_starts_to_one_host_are_spaced_and_redirects_too(stage, make):
    times = []

    async def answer(head, writer):
        times.append(asyncio.get_running_loop().time())
        writer.write(
            make.response(b"", "302 Found", [("Location", "/b")])
            if head.startswith(b"GET /a")
            else make.response(b"ok")
        )

    server = await stage.serve(answer)
    prober = await stage.prober(host_spacing=SPACING)
    first, second = await asyncio.gather(
        prober.ask(make.http(server.url("/a"))), prober.ask(make.http(server.url("/c")))
    )
    assert len(times) == 3
    assert all(later - earlier >= 0.055 for earlier, later in pairwise(times))
    assert (first.failure, second.failure) == (None, None)
    assert first.took < timedelta(seconds=0.05)  # the pause before its second hop is left out


async def test_two_ports_are_two_hosts(stage, make):
    async def lingering(head, writer):
        await asyncio.sleep(0.1)
        writer.write(make.response(b"ok"))

    one, other = await stage.serve(lingering), await stage.serve(lingering)
    prober = await stage.prober(host_spacing=SPACING)
    begin = asyncio.get_running_loop().time()
    await asyncio.gather(prober.ask(make.http(one.url())), prober.ask(make.http(other.url())))
    assert asyncio.get_running_loop().time() - begin < 0.18


async def test_the_ceiling_holds_over_all_hosts(stage, make):
    at_once, most = 0, 0

    async def lingering(head, writer):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        writer.write(make.response(b"ok"))

    servers = [await stage.serve(lingering) for _ in range(8)]
    prober = await stage.prober(concurrency=3)
    await asyncio.gather(*(prober.ask(make.http(server.url())) for server in servers))
    assert most == 3


async def test_redirects_between_hosts_that_wait_for_each_other_never_lock_up(stage, make):
    ways = {}

    async def swap(head, writer):
        to = ways.get(head.split()[1].decode())
        writer.write(make.response(b"", "302 Found", [("Location", to)]) if to else make.response(b"ok"))

    one, other = await stage.serve(swap), await stage.serve(swap)
    ways.update({"/ab": other.url("/end"), "/ba": one.url("/end")})
    prober = await stage.prober(concurrency=1)
    asks = [prober.ask(make.http(server.url(path))) for server, path in ((one, "/ab"), (other, "/ba")) * 5]
    seen = await asyncio.wait_for(asyncio.gather(*asks), 5)
    assert {each.failure for each in seen} == {None}


async def test_a_cancelled_question_gives_its_turn_back(stage, make):
    async def hang(head, writer):
        if head.startswith(b"GET /hang"):
            await asyncio.sleep(5)
        writer.write(make.response(b"ok"))

    server = await stage.serve(hang)
    prober = await stage.prober(concurrency=1)
    hanging = asyncio.create_task(prober.ask(make.http(server.url("/hang"), timeout=timedelta(seconds=4))))
    waiting = asyncio.create_task(prober.ask(make.http(server.url("/never"))))
    after = asyncio.create_task(prober.ask(make.http(server.url("/ok"))))
    while not server.heads:
        await asyncio.sleep(0.005)
    waiting.cancel()
    hanging.cancel()
    seen = await asyncio.wait_for(after, 1)
    ended = await asyncio.gather(hanging, waiting, return_exceptions=True)
    assert seen.failure is None
    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2
    assert not any(b"/never" in head for head in server.heads)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_cancelled_question_hangs_up_at_once(stage, make, scheme):
    met, left = asyncio.Event(), asyncio.Event()

    async def never_answer(reader, writer):
        await reader.read(1)
        met.set()
        while await reader.read(4096):
            pass
        left.set()
        writer.close()

    listener = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    url = f"{scheme}://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    task = asyncio.create_task((await stage.prober()).ask(make.http(url, timeout=timedelta(seconds=9))))
    await asyncio.wait_for(met.wait(), 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(left.wait(), 1)
    listener.close()


async def test_idle_hosts_are_forgotten(monkeypatch):
    monkeypatch.setattr(turns_module, "REMEMBERED_HOSTS", 10)
    turns = Turns(5, timedelta())
    for number in range(100):
        async with turns.turn(f"host-{number}:443"):
            pass
    assert len(turns._gates) <= 11


async def test_a_timeout_frees_the_host(stage, make):
    async def silent_once(head, writer):
        if head.startswith(b"GET /silent"):
            await asyncio.sleep(5)
        writer.write(make.response(b"ok"))

    server = await stage.serve(silent_once)
    prober = await stage.prober()
    first, second = await asyncio.gather(
        prober.ask(make.http(server.url("/silent"), timeout=make.short)), prober.ask(make.http(server.url("/ok")))
    )
    assert (first.failure, second.failure) == (Failure.EXCHANGE_TIMEOUT, None)
