"""Several addresses of one name: our own wait for the next one's turn is never the target's time, nor its failure."""

import asyncio
import socket
from contextlib import ExitStack
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Excuse, Skip
from monitor.domain.policy import Policy

FIRST, SECOND = "127.0.0.2", "127.0.0.3"
NAME = "deux.example.fr"
SPACING = timedelta(seconds=0.6)


@pytest.fixture
def hole():
    """Make an address that accepts nothing: its queue is full."""
    with ExitStack() as stack:

        def build(address, port):
            listener = stack.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(0)
            for _ in range(3):
                caller = stack.enter_context(socket.socket())
                caller.setblocking(False)
                caller.connect_ex((address, port))

        yield build


def probe(port, timeout):
    return Probe("a/b", "a", ProbeKind.HTTP, Policy(timeout=timeout), url=f"http://{NAME}:{port}/")


async def crowd(prober, address, port, number):
    """So many others who want that address: the first now, each of the rest a pause later."""
    turns, asked = prober.tools.turns, []

    async def one(place):
        async with turns.turn(f"h{place}.domaine{place}.fr", port):
            await turns.at_address(address, port)
            asked.append(asyncio.get_running_loop().time())

    tasks = [asyncio.create_task(one(place)) for place in range(number)]
    await asyncio.sleep(0.02)
    return tasks


async def ask_behind(stage, make, names, number, *, hole=None, timeout=timedelta(seconds=3)):
    """Ask a name whose first address is dead and whose second one is wanted by so many others as well."""
    names.zone[NAME] = [FIRST, SECOND]
    fine = await stage.serve(make.response(b"ok"), host=SECOND)
    if hole is not None:
        hole(FIRST, fine.port)
    prober = await stage.prober(resolvers=(names.address,), host_spacing=SPACING)
    prober.tools.elsewhere.heard("a/b", SECOND, failed=True)  # so that the dead one is tried first
    tasks = await crowd(prober, SECOND, fine.port, number)
    begin = asyncio.get_running_loop().time()
    seen = await prober.ask(probe(fine.port, timeout))
    waited = asyncio.get_running_loop().time() - begin
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return seen, waited, fine, prober


async def test_waiting_for_an_address_is_no_duration_where_every_other_try_has_failed(stage, make, names):
    seen, waited, fine, _ = await ask_behind(stage, make, names, 2)
    assert (seen.failure, seen.address, fine.connections) == (None, SECOND, 1)
    assert waited > 0.9  # the turn of the other one, and the pause after it
    assert seen.took < timedelta(seconds=0.4)
    assert seen.phases.connect <= seen.took


async def test_an_address_whose_turn_comes_too_late_accuses_nobody(stage, make, names):
    seen, _, fine, _ = await ask_behind(stage, make, names, 5, timeout=timedelta(seconds=1))
    assert isinstance(seen, Skip)
    assert (seen.excuse, fine.connections) == (Excuse.COURTESY, 0)


async def test_a_deadline_that_strikes_while_an_address_is_in_line_accuses_nobody(stage, make, names, hole):
    seen, waited, fine, prober = await ask_behind(stage, make, names, 2, hole=hole, timeout=timedelta(seconds=0.7))
    assert isinstance(seen, Skip)
    assert (seen.excuse, fine.connections) == (Excuse.COURTESY, 0)
    assert waited < 1.2
    await asyncio.sleep(SPACING.total_seconds() * 2)
    again = await prober.ask(probe(fine.port, timedelta(seconds=0.7)))  # the other address first
    assert (again.failure, again.address) == (None, SECOND)


async def test_a_dead_address_beside_one_that_is_free_costs_its_head_start_only(stage, make, names, hole):
    seen, _, fine, _ = await ask_behind(stage, make, names, 0, hole=hole)
    assert (seen.failure, fine.connections) == (None, 1)
    assert timedelta(seconds=0.2) < seen.took < timedelta(seconds=0.6)
