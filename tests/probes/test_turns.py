"""Politeness: one connection at a time per host, a pause between two, a ceiling over all; waiting is not duration."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.domain.observation import Failure
from monitor.probes import turns as turns_module
from monitor.probes.turns import NoTurn, Turns
from monitor.rehearsal.clock import VirtualLoop

SPACING = timedelta(milliseconds=60)


def on_virtual_time(test):
    """Nothing here but turns and their clock: a loop whose time no busy machine stretches, and that nobody waits for."""

    def run():
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


async def test_one_connection_at_a_time_per_host_and_waiting_does_not_count(stage, make):
    async def lingering(head, writer):
        await asyncio.sleep(0.2)
        writer.write(make.response(b"ok"))

    server = await stage.serve(lingering)
    prober = await stage.prober()
    seen = await asyncio.gather(
        *(prober.ask(make.http(server.url(f"/{n}"), timeout=timedelta(seconds=0.9))) for n in range(6))
    )
    assert server.connections == 6
    assert server.most_at_once == 1
    assert {each.failure for each in seen} == {None}  # the sixth waited 1 s, longer than its own timeout
    assert max(each.took for each in seen) < timedelta(seconds=0.9)
    dates = sorted(each.at for each in seen)
    assert all(later - earlier >= timedelta(seconds=0.19) for earlier, later in pairwise(dates))


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
    prober = await stage.prober(host_spacing=timedelta(seconds=0.4))
    first, second = await asyncio.gather(
        prober.ask(make.http(server.url("/a"))), prober.ask(make.http(server.url("/c")))
    )
    assert len(times) == 3
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))
    assert (first.failure, second.failure) == (None, None)
    assert first.took < timedelta(seconds=0.4)  # the pause before its second hop is left out


async def test_two_ports_are_two_hosts(stage, make):
    met = asyncio.Barrier(2)

    async def lingering(head, writer):
        await met.wait()  # neither answers before both are asked
        writer.write(make.response(b"ok"))

    one, other = await stage.serve(lingering), await stage.serve(lingering)
    prober = await stage.prober(host_spacing=SPACING)
    seen = await asyncio.gather(prober.ask(make.http(one.url())), prober.ask(make.http(other.url())))
    assert {each.failure for each in seen} == {None}


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
    seen = await asyncio.wait_for(asyncio.gather(*asks), 60)
    assert {each.failure for each in seen} == {None}


async def test_a_cancelled_question_gives_its_turn_back(stage, make):
    async def hang(head, writer):
        if head.startswith(b"GET /hang"):
            await asyncio.sleep(90)
        writer.write(make.response(b"ok"))

    server = await stage.serve(hang)
    prober = await stage.prober(concurrency=1)
    hanging = asyncio.create_task(prober.ask(make.http(server.url("/hang"), timeout=timedelta(seconds=90))))
    waiting = asyncio.create_task(prober.ask(make.http(server.url("/never"))))
    after = asyncio.create_task(prober.ask(make.http(server.url("/ok"))))
    while not server.heads:
        await asyncio.sleep(0.005)
    waiting.cancel()
    hanging.cancel()
    seen = await asyncio.wait_for(after, 60)
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
    task = asyncio.create_task((await stage.prober()).ask(make.http(url, timeout=timedelta(seconds=90))))
    await asyncio.wait_for(met.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(left.wait(), 60)
    listener.close()


async def test_idle_hosts_are_forgotten_and_busy_ones_kept(monkeypatch):
    monkeypatch.setattr(turns_module, "REMEMBERED_HOSTS", 10)
    turns = Turns(100, timedelta())
    async with AsyncExitStack() as busy:
        for number in range(30):
            await busy.enter_async_context(turns.turn(f"busy.example{number}.fr", 443))
        for number in range(300):
            async with turns.turn(f"host.domain{number}.fr", 443):
                await turns.at_address(f"81.1.1.{number % 256}", 443)
        assert {f"busy.example{number}.fr" for number in range(30)} <= set(turns._places)
        assert max(len(turns._places), len(turns._budgets)) < 200
    for number in range(300):
        async with turns.turn(f"other.domain{number}.fr", 443):
            pass
    assert max(len(turns._places), len(turns._budgets)) < 130


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


class Log:
    """Starts of turns, by name, on the loop's clock."""

    def __init__(self, turns):
        self.turns, self.starts, self.order = turns, [], []

    async def ask(self, host, port=443, *, address=None, hold=0.0, limit=None):
        async with self.turns.turn(host, port, limit=limit):
            if address is not None:
                await self.turns.at_address(address, port, limit=limit)
            self.starts.append(asyncio.get_running_loop().time())
            self.order.append(host)
            await asyncio.sleep(hold)

    def gaps(self):
        return [later - earlier for earlier, later in pairwise(sorted(self.starts))]


@on_virtual_time
async def test_hosts_of_one_domain_share_its_budget_and_others_do_not():
    log, other = Log(Turns(50, SPACING)), Log(Turns(50, SPACING))
    await asyncio.gather(*(log.ask(f"ecole{n}.index-education.net") for n in range(6)))
    assert min(log.gaps()) >= 0.0599
    await asyncio.gather(*(other.ask(f"ent.region{n}.fr") for n in range(6)))
    assert max(other.starts) - min(other.starts) < 0.04


@on_virtual_time
async def test_hosts_of_one_address_share_its_budget_and_loopback_counts_ports():
    log = Log(Turns(50, SPACING))
    await asyncio.gather(*(log.ask(f"ent.region{n}.fr", address="81.1.1.1") for n in range(6)))
    assert min(log.gaps()) >= 0.0599
    spread = Log(Turns(50, SPACING))
    await asyncio.gather(*(spread.ask("127.0.0.1", port, address="127.0.0.1") for port in range(8001, 8007)))
    assert max(spread.starts) - min(spread.starts) < 0.04


@on_virtual_time
async def test_a_bare_address_pays_once_and_so_does_a_name_behind_it():
    log = Log(Turns(50, SPACING))
    for _ in range(3):
        await log.ask("81.1.1.1", address="81.1.1.1")
        await log.ask("ent.region.fr", address="81.1.1.1")
    assert all(0.0599 <= gap < 0.115 for gap in log.gaps())
    await Log(log.turns).ask("81.1.1.1")  # a turn that never came to connect leaves nothing paid
    again = Log(log.turns)
    await again.ask("ent.autre.fr", address="81.1.1.1")
    await again.ask("ent.encore.fr", address="81.1.1.1")
    assert again.gaps()[0] >= 0.0599


@on_virtual_time
async def test_one_host_has_one_place_whatever_the_port():
    log = Log(Turns(50, timedelta()))
    await asyncio.gather(*(log.ask("ent.example.fr", port, hold=0.02) for port in (80, 443, 8443)))
    assert min(log.gaps()) >= 0.019


@on_virtual_time
async def test_first_come_first_served():
    log = Log(Turns(50, timedelta(milliseconds=5)))
    hosts = [f"h{n}.example.fr" for n in range(20)]
    await asyncio.gather(*(log.ask(host) for host in hosts))
    assert log.order == hosts


@on_virtual_time
async def test_a_crowded_address_does_not_use_up_the_ceiling():
    log = Log(Turns(3, timedelta(milliseconds=200)))
    crowd = [asyncio.create_task(log.ask(f"ent.region{n}.fr", address="81.1.1.1")) for n in range(12)]
    await asyncio.sleep(0.01)
    begin = asyncio.get_running_loop().time()
    await asyncio.wait_for(log.ask("ent.ailleurs.fr", address="81.1.1.2"), 1)
    assert asyncio.get_running_loop().time() - begin < 0.1
    for task in crowd:  # those that wait have no slot, and must not give one back when they are stopped
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    held = Log(log.turns)
    await asyncio.gather(*(held.ask(f"ent.suite{n}.fr", hold=0.05) for n in range(6)))
    assert sum(gap > 0.03 for gap in held.gaps()) == 1  # two waves of three: the ceiling is what it was


@on_virtual_time
async def test_who_would_wait_too_long_is_told_at_once():
    turns = Turns(50, timedelta(seconds=2))
    async with turns.turn("a.example.fr", 443):
        assert 1.9 < turns.wait("b.example.fr", 443) <= 2.0
        with pytest.raises(NoTurn) as told:
            await Log(turns).ask("b.example.fr", limit=1.0)
        assert 1.9 < told.value.wait <= 2.0
        assert turns.wait("ent.ailleurs.fr", 443) == 0.0
    async with turns.turn("x.domaine.fr", 443):
        await turns.at_address("81.1.1.1", 443)
    with pytest.raises(NoTurn):
        await Log(turns).ask("y.ailleurs.fr", address="81.1.1.1", limit=1.0)
    await asyncio.wait_for(Log(turns).ask("z.encore.fr", address="81.1.1.3", limit=0.0), 1)


@on_virtual_time
async def test_the_estimate_counts_how_long_a_host_was_held():
    turns = Turns(50, timedelta())
    await Log(turns).ask("lent.example.fr", hold=0.1)
    async with turns.turn("lent.example.fr", 443):
        waiting = asyncio.create_task(Log(turns).ask("lent.example.fr"))
        await asyncio.sleep(0)
        assert 0.19 < turns.wait("lent.example.fr", 443) < 0.5  # the one that holds it, and the one that waits
    await waiting
    assert turns.wait("lent.example.fr", 443) == 0.0


def test_the_clock_is_the_loops_own():
    log = Log(Turns(50, timedelta(milliseconds=500)))

    async def morning():
        await asyncio.gather(*(log.ask(f"ecole{n}.index-education.net", address="81.1.1.1") for n in range(2400)))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(morning())
    took = max(log.starts) - min(log.starts)
    assert 1199 < took < 1205  # twenty minutes at two a second, in no time at all
