"""Lines before a host that does not answer: nobody waits long, nobody is starved, and the host is still asked."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Excuse, Skip
from monitor.domain.observation import Failure, Stage
from monitor.domain.policy import Policy
from monitor.probes.turns import Hearsay, NoTurn, Turns
from monitor.rehearsal.clock import VirtualLoop

HTTP = (Stage.CONNECT, Stage.TLS, Stage.EXCHANGE)
TIMEOUT = timedelta(seconds=0.4)
ELSEWHERE = "son hôte ne répond pas à une autre sonde"
NO_PAUSE = timedelta()


def probe(url, name, **policy):
    service, _, _ = name.partition("/")
    return Probe(name, service, ProbeKind.HTTP, Policy(**{"timeout": TIMEOUT} | policy), url=url)


class Mute:
    """A server that accepts and never says a word."""

    def __init__(self):
        self.connections = self.open_now = self.most_at_once = 0

    async def talk(self, reader, writer):
        self.connections, self.open_now = self.connections + 1, self.open_now + 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        with suppress(OSError):
            await reader.read()
        self.open_now -= 1
        writer.close()

    def url(self):
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
async def mute():
    server = Mute()
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listener:
        server.port = listener.sockets[0].getsockname()[1]
        yield server


async def ways_to(stage, make, server, number):
    answer = make.response(b"", "302 Found", [("Location", server.url())])
    return [probe((await stage.serve(answer)).url(), f"ent{place}/login") for place in range(number)]


async def test_many_ways_to_a_host_that_hangs_are_answered_soon_and_dated_now(stage, make, mute):
    probes = await ways_to(stage, make, mute, 8)
    prober, ages = await stage.prober(), []

    async def ask(each):
        seen = await prober.ask(each)
        ages.append(datetime.now(UTC) - seen.at)
        return seen

    seen = await asyncio.gather(*map(ask, probes))
    assert {each.failure for each in seen} == {Failure.EXCHANGE_TIMEOUT}
    assert max(ages) < 2 * TIMEOUT + timedelta(seconds=0.3)
    assert (mute.connections, mute.most_at_once) == (2, 1)  # the first, and the one that stood next: really asked
    shared = [each for each in seen if each.detail == ELSEWHERE]
    assert len(shared) == 6
    for each in shared:
        assert (each.http_status, each.address) == (None, None)
        assert each.took < TIMEOUT
    again = await prober.ask(probes[-1])  # nobody stands before it: what was heard a moment ago is no answer
    assert (mute.connections, again.detail == ELSEWHERE) == (3, False)


async def test_what_was_shared_is_not_taken_for_a_question(stage, make, mute):
    probes = await ways_to(stage, make, mute, 4)
    prober = await stage.prober()
    await asyncio.gather(*map(prober.ask, probes))
    place = prober.tools.turns._places[f"127.0.0.1:{mute.port}"]
    assert (place.wanted, place.held, place.line) == (0, False, [])
    heard = place.silence.heard
    assert place.silence.tried == ("127.0.0.1",)
    assert heard <= asyncio.get_running_loop().time()


async def test_whoever_stood_in_line_while_the_host_refused_another_is_not_sent(stage, make):
    async def refuse(head, writer):
        await asyncio.sleep(0.1)
        writer.write(make.response(b"no", "429 Too Many Requests"))

    server = await stage.serve(refuse)
    prober = await stage.prober()
    seen = await asyncio.gather(
        *(prober.ask(probe(server.url(f"/{n}"), f"a{n}", timeout=timedelta(seconds=10))) for n in range(6))
    )
    assert server.connections == 1
    assert [each.failure for each in seen if not isinstance(each, Skip)] == [Failure.OURS_BLOCKED]
    assert {each.excuse for each in seen if isinstance(each, Skip)} == {Excuse.BACK_OFF}
    place = prober.tools.turns._places[f"127.0.0.1:{server.port}"]
    assert (place.wanted, place.held, place.line) == (0, False, [])


async def test_a_way_to_a_crowded_host_that_does_answer_is_given_up_as_courtesy(stage, make):
    async def lingering(head, writer):
        await asyncio.sleep(0.3)
        writer.write(make.response(b"ok"))

    sso = await stage.serve(lingering)
    probes = await ways_to(stage, make, sso, 9)
    prober = await stage.prober()
    begin = asyncio.get_running_loop().time()
    seen = await asyncio.gather(*map(prober.ask, probes))
    assert asyncio.get_running_loop().time() - begin < 2
    skips = [each for each in seen if isinstance(each, Skip)]
    assert {each.failure for each in seen if each not in skips} == {None}
    assert {each.excuse for each in skips} == {Excuse.COURTESY}
    assert len(skips) >= 4


async def test_a_question_that_stops_before_the_exchange_does_not_share_its_failure(stage, mute):
    prober = await stage.prober()
    port = Probe("ent/port", "ent", ProbeKind.TCP, Policy(timeout=TIMEOUT), host="127.0.0.1", port=mute.port)
    *pages, seen = await asyncio.gather(
        *(prober.ask(probe(mute.url(), f"ent/{name}")) for name in ("a", "b", "c", "d")), prober.ask(port)
    )
    assert {each.failure for each in pages} == {Failure.EXCHANGE_TIMEOUT}
    assert ELSEWHERE in {each.detail for each in pages}
    assert seen.failure is None


class Counter:
    """Turns of a host that never answers, on virtual time."""

    def __init__(self, turns, hold=10.0):
        self.turns, self.hold, self.asked, self.shared, self.given_up = turns, hold, 0, 0, 0
        self.most = self.now = 0

    async def ask(self, limit=60.0, host="ent.fr", port=443, stages=HTTP):
        try:
            async with self.turns.turn(host, port, limit=limit, patience=10.0, stages=stages):
                self.asked, self.now = self.asked + 1, self.now + 1
                self.most = max(self.most, self.now)
                await asyncio.sleep(self.hold)
                self.now -= 1
                raise TimeoutError
        except TimeoutError:
            self.turns.heard(host, port, Failure.EXCHANGE_TIMEOUT, ("81.1.1.1",))
        except Hearsay:
            self.shared += 1
        except NoTurn:
            self.given_up += 1
            return False
        return True


def run(story):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story())


@pytest.mark.parametrize("count", [8, 12, 40])
def test_probes_of_one_host_that_hangs_do_not_starve_each_other(count):
    async def story():
        loop, host, heard = asyncio.get_running_loop(), Counter(Turns(200, timedelta(seconds=0.5))), {}

        async def again_and_again(number):
            await asyncio.sleep(number * 60 / count)
            while loop.time() < 1800:
                began = loop.time()
                if await host.ask():
                    heard.setdefault(number, []).append(loop.time())
                await asyncio.sleep(max(began + 10 - loop.time(), 0))

        await asyncio.gather(*map(again_and_again, range(count)))
        gaps = [later - earlier for each in heard.values() for earlier, later in pairwise(each)]
        return len(heard), max(gaps), host.most, host.asked

    asked, longest, most, really = run(story)
    assert (asked, most) == (count, 1)
    assert longest <= 45  # an answer speaks for 190 s
    assert really > 160  # one after the other, all the time


def test_a_line_moves_on_when_those_in_it_are_cancelled():
    async def story():
        turns = Turns(5, NO_PAUSE)
        host = Counter(turns, hold=1.0)
        tasks = [asyncio.create_task(host.ask()) for _ in range(5)]
        await asyncio.sleep(0.5)
        tasks[1].cancel()
        tasks[3].cancel()
        await asyncio.sleep(0.5)
        asyncio.get_running_loop().call_soon(tasks[2].cancel)  # the place is its own, and it does not know it yet
        await asyncio.gather(*tasks, return_exceptions=True)
        place = turns._places["ent.fr"]
        return host.asked, host.most, place.held, place.wanted, place.line, turns._slots._value

    assert run(story)[2:] == (False, 0, [], 5)


def test_a_place_handed_to_one_who_is_cancelled_is_the_next_ones():
    async def story():
        turns = Turns(5, NO_PAUSE)
        order = []

        async def ask(name):
            async with turns.turn("ent.fr", 443):
                order.append(name)

        async with turns.turn("ent.fr", 443):
            second, third = asyncio.create_task(ask("second")), asyncio.create_task(ask("third"))
            await asyncio.sleep(0)
        second.cancel()  # its future says already that the place is his
        await asyncio.gather(second, third, return_exceptions=True)
        return order, second.cancelled(), turns._places["ent.fr"].held

    assert run(story) == (["third"], True, False)


@pytest.mark.parametrize("end", ["an answer", "ours", "time"])
def test_what_was_heard_is_forgotten(end):
    async def forgotten():
        turns = Turns(5, NO_PAUSE)
        host = Counter(turns)
        await host.ask()
        if end == "an answer":
            async with turns.turn("ent.fr", 443):
                pass
        elif end == "ours":
            turns.heard("ent.fr", 443, Failure.OURS_STALLED)
        else:
            await asyncio.sleep(16)
        holder = asyncio.create_task(Counter(turns, hold=12.0).ask())
        await asyncio.sleep(0)
        await host.ask(limit=None)
        await holder
        return host.shared, host.given_up

    assert run(forgotten) == (0, 1)


def test_what_was_heard_is_shared_in_line_only_where_it_was_heard():
    async def story():
        turns = Turns(5, NO_PAUSE)
        host, other = Counter(turns), Counter(turns)
        await host.ask()
        holder = asyncio.create_task(Counter(turns, hold=12.0).ask())
        await asyncio.sleep(0)
        await asyncio.gather(
            host.ask(limit=None), other.ask(limit=None, port=80), other.ask(limit=None, stages=(Stage.CONNECT,))
        )
        await holder
        return host.shared, host.given_up, other.shared, other.given_up

    assert run(story) == (1, 0, 0, 2)
