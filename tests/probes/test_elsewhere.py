"""Asking again goes to another address where there is one."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes import elsewhere as elsewhere_module
from monitor.probes.elsewhere import Elsewhere

BROKEN, FINE = "127.0.0.2", "127.0.0.3"


def test_the_address_that_failed_last_comes_last_until_an_answer_is_good():
    memory = Elsewhere()
    assert memory.order("a/b", ["1", "2", "3"]) == ("1", "2", "3")
    memory.heard("a/b", "1", failed=True)
    assert memory.order("a/b", ["1", "2", "3"]) == ("2", "3", "1")
    assert memory.order("a/c", ["1", "2"]) == ("1", "2")
    memory.heard("a/b", "2", failed=True)
    assert memory.order("a/b", ["1", "2", "3"]) == ("1", "3", "2")
    assert memory.order("a/b", ["2"]) == ("2",)
    memory.heard("a/b", "1", failed=False)
    assert memory.order("a/b", ["1", "2", "3"]) == ("1", "2", "3")
    memory.heard("a/b", None, failed=True)
    assert memory.order("a/b", ["1", "2"]) == ("1", "2")


def test_it_never_grows_without_end(monkeypatch):
    monkeypatch.setattr(elsewhere_module, "REMEMBERED", 3)
    memory = Elsewhere()
    for number in range(10):
        memory.heard(f"a/{number}", "1", failed=True)
    assert memory.order("a/9", ["1", "2"]) == ("2", "1")
    assert memory.order("a/0", ["1", "2"]) == ("1", "2")
    assert len(memory._failed) == 3


@pytest.mark.parametrize("fault", ["500", "silence", "alert", "hangs up"])
async def test_a_name_of_two_addresses_one_of_which_is_broken(stage, make, names, server_tls, ca_file, fault):
    names.zone["deux.example.fr"] = [BROKEN, FINE]
    asked = []

    def behave(address):
        async def talk(reader, writer):
            asked.append(address)
            good = address == FINE or fault == "500"
            try:
                if good:
                    await reader.readuntil(b"\r\n\r\n")
                    writer.write(make.response(b"ok", "200 OK" if address == FINE else "500 Oops"))
                elif fault == "silence":
                    await reader.read()
                elif fault == "alert":
                    await reader.read(1)
                    writer.write(b"\x15\x03\x03\x00\x02\x02\x28")
            except (OSError, asyncio.IncompleteReadError):
                pass
            writer.close()

        return talk

    secured = fault in {"alert", "hangs up"}
    tls = server_tls("deux.example.fr") if secured else None
    async with AsyncExitStack() as stack:
        fine = await stack.enter_async_context(await asyncio.start_server(behave(FINE), FINE, 0, ssl=tls))
        port = fine.sockets[0].getsockname()[1]
        await stack.enter_async_context(await asyncio.start_server(behave(BROKEN), BROKEN, port))
        url = f"http{'s' * secured}://deux.example.fr:{port}/"
        policy = Policy(timeout=timedelta(seconds=0.4))
        prober = await stage.prober(resolvers=(names.address,))
        probe = Probe("a/b", "a", ProbeKind.HTTP, policy, url=url, ca=ca_file if secured else None)
        seen = []
        for _ in range(3):  # the order of a DNS answer is chance: every failure, whenever it comes, is looked at
            while not seen or seen[-1].failure is None:
                seen.append(await prober.ask(probe))
            seen.append(await prober.ask(probe))
    expected = {
        "500": Failure.EXCHANGE_SERVER_ERROR, "silence": Failure.EXCHANGE_TIMEOUT,
        "alert": Failure.TLS_HANDSHAKE, "hangs up": Failure.TLS_HANDSHAKE,
    }  # fmt: skip
    failed = [place for place, each in enumerate(seen) if each.failure is not None]
    assert len(failed) == 3
    for place in failed:
        assert (seen[place].failure, seen[place].address) == (expected[fault], BROKEN)
        assert (seen[place + 1].failure, seen[place + 1].address) == (None, FINE)
    assert asked == [each.address for each in seen]
