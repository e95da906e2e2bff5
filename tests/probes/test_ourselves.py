"""Our own faults accuse nobody: no route, a dead resolver, no descriptor left, a process that was stopped."""

import asyncio
import json
import os
import resource
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import dns.rcode
import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Finding
from monitor.probes.ourselves import reconsider
from monitor.probes.resolver import Resolver
from monitor.probes.trust import Trust
from tests.probes.dns_house import Street, always, reply, silent

ROOT = Path(__file__).parents[2]
UNREACHABLE = Finding(Failure.CONNECT_UNREACHABLE, "aucune route vers l’adresse")


@pytest.fixture
async def street():
    async with AsyncExitStack() as stack:
        yield Street(stack)


async def child(*trouble):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.probes.away", *trouble, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def said(process):
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return json.loads(out)


async def asking(stage, tried=(), **settings):
    prober = await stage.prober(**settings)
    made = Asking(
        Probe("a/b", "a", ProbeKind.DNS, host="nom.example.fr"),
        prober.tools,
        prober.now,
        asyncio.get_running_loop().time,
    )
    made.trace.tried = list(tried)
    return made


async def test_a_machine_without_any_route_is_offline():
    seen = await said(await child("without_network"))
    if seen is None:
        pytest.skip("this system forbids namespaces to its users: `sysctl kernel.unprivileged_userns_clone=1`")
    assert seen == ["ours/offline"] * 4


async def test_an_unreachable_host_that_has_a_route_stays_its_own_trouble(stage):
    assert await reconsider(await asking(stage, ["127.0.0.1"]), UNREACHABLE) is UNREACHABLE
    assert await reconsider(await asking(stage, ["127.0.0.1", "::1"]), UNREACHABLE) is UNREACHABLE
    assert await reconsider(await asking(stage), UNREACHABLE) is UNREACHABLE


async def test_no_descriptor_left_is_our_own_trouble():
    assert await said(await child("without_descriptors")) == ["ours/stalled"] * 4


def test_an_authority_that_no_descriptor_is_left_for_is_our_own_trouble(ca_file):
    trust = Trust()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        with pytest.raises(Failed) as told:
            trust.context(ca_file)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert told.value.finding.failure is Failure.OURS_STALLED
    assert trust.context(ca_file) is trust.context(ca_file)


@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_an_authority_that_cannot_be_used_is_the_catalogues(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    with pytest.raises(Failed) as told:
        Trust().context(str(file))
    assert told.value.finding.failure is Failure.OURS_POLICY


async def test_a_stopped_process_blames_nobody(stage):
    async def never(head, writer):
        met.set()
        await asyncio.sleep(30)

    met = asyncio.Event()
    server = await stage.serve(never)
    process = await child("suspended", str(server.port))
    await asyncio.wait_for(met.wait(), 60)
    os.kill(process.pid, signal.SIGSTOP)
    await asyncio.sleep(2.8)  # its deadline is 0.5 s, and 2 s late is still a busy machine
    os.kill(process.pid, signal.SIGCONT)
    assert await said(process) == ["ours/stalled"]


NAMELESS = [Failure.RESOLVE_TIMEOUT, Failure.RESOLVE_SERVFAIL]


@pytest.mark.parametrize("failure", NAMELESS)
async def test_a_resolver_that_answers_nothing_at_all_is_ours(stage, street, failure):
    server = await street.open(always(rcode=dns.rcode.SERVFAIL))
    finding = await reconsider(await asking(stage, resolvers=(server.address,)), Finding(failure, "x"))
    assert finding.failure is Failure.OURS_OFFLINE
    assert all(name in {"", ".", "fr"} for name, _, _ in server.asked)


@pytest.mark.parametrize("failure", NAMELESS)
async def test_a_resolver_that_answers_leaves_the_fault_with_the_zone(stage, street, failure):
    dead, alive = await street.open(always(rcode=dns.rcode.REFUSED)), await street.open(always("8.8.8.8"))
    before = Finding(failure, "x")
    assert await reconsider(await asking(stage, resolvers=(dead.address, alive.address)), before) is before


async def test_what_the_resolver_has_no_part_in_is_not_asked_about(stage, street):
    server = await street.open(silent)
    made = await asking(stage, resolvers=(server.address,))
    for failure in Failure:
        if failure not in NAMELESS:
            before = Finding(failure, "x")
            assert await reconsider(made, before) is before
    assert server.asked == []


async def test_one_control_question_speaks_for_a_hundred_failures(street):
    server = await street.open(silent)
    resolver = Resolver((server.address,))
    begin = asyncio.get_running_loop().time()
    assert await asyncio.gather(*(resolver.answers() for _ in range(100))) == [False] * 100
    assert 1.9 < asyncio.get_running_loop().time() - begin < 3
    assert len(server.asked) == 2
    server.say = lambda query, tcp: reply(query)
    assert not await resolver.answers()  # kept for 5 s


async def test_a_zone_at_fault_is_told_from_a_dead_resolver_by_a_whole_question(stage, street):
    def broken_zone(query, tcp):
        name = query.question[0].name.to_text(omit_final_dot=True)
        return reply(query, rcode=dns.rcode.SERVFAIL) if name.endswith("example.fr") else reply(query)

    zone, dead = await street.open(broken_zone), await street.open(always(rcode=dns.rcode.SERVFAIL))
    for server, expected in ((zone, Failure.RESOLVE_SERVFAIL), (dead, Failure.OURS_OFFLINE)):
        prober = await stage.prober(resolvers=(server.address,))
        assert (await prober.ask(Probe("a/b", "a", ProbeKind.DNS, host="nom.example.fr"))).failure is expected
