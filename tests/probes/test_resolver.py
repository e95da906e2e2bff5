"""Names: each cause of failure told apart, over a DNS server of our own; nothing cached, nothing waited for in vain."""

import socket
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes import dnsservers
from monitor.probes.base import Failed
from monitor.probes.resolver import Resolver
from tests.probes.dns_house import Street, always, reply, silent


def ask_for(host, timeout=0.4):
    return Probe("dns/name", "dns", ProbeKind.DNS, Policy(timeout=timedelta(seconds=timeout)), host=host)


ANSWERS = [
    (["8.8.8.8"], None),
    (["2a01::1"], None),
    (["2a01::1", "8.8.8.8"], None),
    (dns.rcode.NXDOMAIN, Failure.RESOLVE_NXDOMAIN),
    (dns.rcode.SERVFAIL, Failure.RESOLVE_SERVFAIL),
    (dns.rcode.REFUSED, Failure.RESOLVE_SERVFAIL),
    (None, Failure.RESOLVE_TIMEOUT),
    ([], Failure.RESOLVE_EMPTY),
    (["10.0.0.1"], Failure.RESOLVE_PRIVATE_ANSWER),
    (["127.0.0.53", "fe80::1"], Failure.RESOLVE_PRIVATE_ANSWER),
]


@pytest.mark.parametrize(("said", "expected"), ANSWERS)
@pytest.mark.parametrize("kind", [ProbeKind.DNS, ProbeKind.HTTP])
async def test_each_cause_has_its_failure(stage, names, make, said, expected, kind):
    names.zone["nom.example.fr"] = said
    prober = await stage.prober(allow_networks=(), resolvers=(names.address,))
    if kind is ProbeKind.HTTP and expected is None:
        return  # those addresses are of the real world
    probe = (
        ask_for("nom.example.fr") if kind is ProbeKind.DNS else make.http("http://nom.example.fr/", timeout=make.short)
    )
    seen = await prober.ask(probe)
    assert seen.failure is expected
    assert seen.phases.resolve is not None
    assert seen.phases.connect is None
    if expected is None:
        assert seen.address == said[0]


@pytest.fixture
async def street():
    async with AsyncExitStack() as stack:
        yield Street(stack)


def nobody():
    """The address of a server that is not there."""
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


async def refusal(*servers, host="nom.example.fr"):
    with pytest.raises(Failed) as told:
        await Resolver(servers).resolve(host)
    return told.value.finding


async def test_a_dead_server_is_no_statement_about_the_name(stage):
    finding = await refusal(nobody())
    assert (finding.failure, finding.detail) == (Failure.RESOLVE_TIMEOUT, "aucun serveur DNS joignable")
    seen = await (await stage.prober(resolvers=(nobody(),))).ask(ask_for("nom.example.fr"))
    assert seen.failure is Failure.OURS_OFFLINE


async def test_the_next_server_is_asked_when_one_is_dead_or_fails(street):
    fails, good = await street.open(always(rcode=dns.rcode.SERVFAIL)), await street.open(always("8.8.8.8"))
    assert await Resolver((nobody(), fails.address, good.address)).resolve("nom.example.fr") == ("8.8.8.8",)
    finding = await refusal(nobody(), fails.address)
    assert finding.failure is Failure.RESOLVE_SERVFAIL  # an error that was sent is firmer than one that was not there


async def test_a_family_that_fails_is_asked_elsewhere_and_does_not_hide_the_other(street):
    def only_four(query, tcp):
        four = query.question[0].rdtype == dns.rdatatype.A
        return reply(query, addresses=["8.8.8.8"]) if four else reply(query, rcode=dns.rcode.SERVFAIL)

    assert await Resolver(((await street.open(only_four)).address,)).resolve("nom.example.fr") == ("8.8.8.8",)

    def no_four(query, tcp):
        four = query.question[0].rdtype == dns.rdatatype.A
        return reply(query) if four else reply(query, rcode=dns.rcode.SERVFAIL)

    half, good = await street.open(no_four), await street.open(always("2a01::1"))
    assert await Resolver((half.address, good.address)).resolve("nom.example.fr") == ("2a01::1",)
    assert [kind for _, kind, _ in good.asked] == [dns.rdatatype.AAAA]  # what is known is not asked again
    assert (await refusal(half.address)).failure is Failure.RESOLVE_SERVFAIL


GONE = always(rcode=dns.rcode.NXDOMAIN)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (GONE, "confirmé par deux résolveurs"),
        (silent, "d’après un seul résolveur"),
        (always(rcode=dns.rcode.SERVFAIL), "d’après un seul résolveur"),
        (always(), "d’après un seul résolveur"),
        (None, "d’après un seul résolveur"),
    ],
)
async def test_a_second_resolver_confirms_that_a_name_does_not_exist(street, second, words):
    servers = [await street.open(say) for say in (GONE, second) if say is not None]
    finding = await refusal(*(server.address for server in servers))
    assert finding.failure is Failure.RESOLVE_NXDOMAIN
    assert words in finding.detail
    assert all(server.asked for server in servers)


async def test_a_second_resolver_that_finds_the_name_is_believed(street):
    first, second = await street.open(GONE), await street.open(always("8.8.8.8", "2a01::1"))
    assert await Resolver((first.address, second.address)).resolve("nom.example.fr") == ("2a01::1", "8.8.8.8")


async def test_a_third_resolver_speaks_where_the_second_is_dead(street):
    first, third = await street.open(GONE), await street.open(GONE)
    assert "deux" in (await refusal(first.address, nobody(), third.address)).detail


async def test_what_udp_cuts_is_asked_again_by_tcp(street):
    many = [f"8.8.{n}.1" for n in range(60)]

    def cut(query, tcp):
        message = reply(query, addresses=many if tcp else ())
        if not tcp:
            message.flags |= dns.flags.TC
        return message

    server = await street.open(cut)
    found = await Resolver((server.address,)).resolve("nom.example.fr")
    assert len(found) == 6  # a hostile crowd is cut
    assert set(found) <= set(many)
    assert {tcp for _, _, tcp in server.asked} == {True, False}


def cut_then(whole):
    """A server that cuts every answer over UDP; `whole` says what comes over TCP."""

    def say(query, tcp):
        if tcp:
            return whole(query)
        message = reply(query)
        message.flags |= dns.flags.TC
        return message

    return say


def other_number(query):
    message = reply(query, addresses=["8.8.8.8"])
    message.id ^= 1
    return message


NO_WHOLE = [other_number, lambda query: b"", lambda query: b"garbage", lambda query: None]


@pytest.mark.parametrize("whole", NO_WHOLE)
async def test_no_whole_answer_after_a_cut_one_is_a_server_that_fails_and_is_asked_once(street, whole):
    server, good = await street.open(cut_then(whole)), await street.open(always("8.8.8.8"))
    assert (await refusal(server.address, server.address)).failure is Failure.RESOLVE_SERVFAIL
    assert len(server.asked) == 4  # two families, over UDP and over TCP; named twice is still one server
    assert await Resolver((server.address, good.address)).resolve("nom.example.fr") == ("8.8.8.8",)


async def test_a_server_that_cuts_and_refuses_tcp_is_asked_once(street):
    server = await street.open(cut_then(silent))
    server.by_tcp_closed()
    finding = await refusal(server.address)
    assert (finding.failure, len(server.asked)) == (Failure.RESOLVE_SERVFAIL, 2)


async def test_a_whole_answer_that_never_comes_is_a_silence(street):
    async def mute(reader, writer):
        await reader.read()
        writer.close()

    server = await street.open(cut_then(silent))
    server.tcp = mute
    began = time.monotonic()
    finding = await refusal(server.address)
    assert (finding.failure, len(server.asked)) == (Failure.RESOLVE_TIMEOUT, 2)
    assert 1.9 < time.monotonic() - began < 3.8  # both families at once


async def test_a_family_that_is_cut_for_good_does_not_hide_the_other(street):
    def cut_six(query, tcp):
        six = query.question[0].rdtype == dns.rdatatype.AAAA
        return cut_then(lambda query: b"")(query, tcp) if six else reply(query, addresses=["8.8.8.8"])

    assert await Resolver(((await street.open(cut_six)).address,)).resolve("nom.example.fr") == ("8.8.8.8",)


CHAIN = [(f"{'nom' if n == 0 else f'n{n}'}.example.fr.", "CNAME", f"n{n + 1}.example.fr.") for n in range(40)]
CIRCLE = [("nom.example.fr.", "CNAME", "b.example.fr."), ("b.example.fr.", "CNAME", "nom.example.fr.")]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (CIRCLE, Failure.RESOLVE_SERVFAIL),
        ([("nom.example.fr.", "CNAME", "nom.example.fr.")], Failure.RESOLVE_SERVFAIL),
        (CHAIN, Failure.RESOLVE_SERVFAIL),
        (CHAIN[:8], Failure.RESOLVE_EMPTY),  # a chain that leads nowhere
        ([("autre.example.fr.", "A", "8.8.8.8")], Failure.RESOLVE_EMPTY),  # said of somebody else
        ([("nom.example.fr.", "TXT", "8.8.8.8")], Failure.RESOLVE_EMPTY),
        ([*CHAIN[:1], ("n1.example.fr.", "A", "8.8.8.8"), ("n1.example.fr.", "AAAA", "2a01::1")], None),
        ([("N1.example.FR.", "A", "8.8.8.8"), ("NOM.example.fr.", "CNAME", "n1.EXAMPLE.fr.")], None),
    ],
)
async def test_aliases(street, records, expected):
    server = await street.open(always(records=records))
    if expected is None:
        assert "8.8.8.8" in await Resolver((server.address,)).resolve("nom.example.fr")
    else:
        assert (await refusal(server.address)).failure is expected


@pytest.mark.parametrize("wire", [b"", b"\0", b"\xff" * 40, b"\x81\x80" + b"\0\1\xff\xff" * 3])
async def test_garbage_is_a_server_that_fails(street, wire):
    server = await street.open(lambda query, tcp: query.id.to_bytes(2) + wire)
    finding = await refusal(server.address)
    assert (finding.failure, finding.detail) == (Failure.RESOLVE_SERVFAIL, "réponse DNS inutilisable")


async def test_answers_to_other_questions_are_not_heard(street):
    def forged(query, tcp):
        other = dns.message.make_query("nom.example.fr", query.question[0].rdtype)
        other.id = query.id ^ 1
        return reply(other, addresses=["8.8.8.8"])

    server, good = await street.open(forged), await street.open(always("9.9.9.9"))
    begin = time.monotonic()
    assert await Resolver((server.address, good.address)).resolve("nom.example.fr") == ("9.9.9.9",)
    assert time.monotonic() - begin > 1.9  # silence, as far as we are concerned


async def test_no_socket_is_left_open(street):
    server = await street.open(always("8.8.8.8"))
    resolver = Resolver((server.address, nobody()))
    await resolver.resolve("nom.example.fr")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        await resolver.resolve("nom.example.fr")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


async def test_a_silent_family_delays_little(stage, names):
    names.zone["nom.example.fr"] = ["8.8.8.8"]
    names.silent_kinds.add(dns.rdatatype.AAAA)
    seen = await (await stage.prober(resolvers=(names.address,))).ask(ask_for("nom.example.fr"))
    assert (seen.failure, seen.address) == (None, "8.8.8.8")
    assert seen.took < timedelta(seconds=0.3)


async def test_nothing_is_remembered_between_two_questions(stage, names):
    prober = await stage.prober(resolvers=(names.address,))
    names.zone["nom.example.fr"] = ["8.8.8.8"]
    first = await prober.ask(ask_for("nom.example.fr"))
    names.zone["nom.example.fr"] = dns.rcode.NXDOMAIN
    second = await prober.ask(ask_for("nom.example.fr"))
    assert (first.failure, second.failure) == (None, Failure.RESOLVE_NXDOMAIN)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".fr", ".".join(["abcdefgh"] * 40)])
async def test_an_impossible_name_is_our_own_fault(stage, names, host):
    seen = await (await stage.prober(resolvers=(names.address,))).ask(ask_for(host))
    assert seen.failure is Failure.OURS_POLICY
    assert names.asked == []


async def test_names_with_accents_are_asked_in_their_dns_form(stage, names, make):
    names.zone["xn--cole-9oa.example.fr"] = []
    seen = await stage.ask("http://école.example.fr/", prober=await stage.prober(resolvers=(names.address,)))
    assert seen.failure is Failure.RESOLVE_EMPTY


async def test_the_page_is_reached_by_name_with_its_resolution_timed(stage, names, make):
    names.zone["ent.example.fr"] = ["127.0.0.1"]
    server = await stage.serve(make.response(b"ok"))
    seen = await stage.ask(server.url(host="ent.example.fr"), prober=await stage.prober(resolvers=(names.address,)))
    assert (seen.failure, seen.address) == (None, "127.0.0.1")
    assert seen.phases.resolve > timedelta()
    assert f"Host: ent.example.fr:{server.port}".encode() in server.heads[0]


async def test_a_new_resolv_conf_is_followed(tmp_path, monkeypatch):
    # Starting without any network, then getting one, must not need a restart.
    conf = tmp_path / "resolv.conf"
    monkeypatch.setattr(dnsservers, "SYSTEM", str(conf))
    resolver = Resolver()
    assert [server.where[0] for server in resolver.servers] == ["127.0.0.1"]
    conf.write_text("nameserver 192.0.2.53\nnameserver 2001:db8::53\n")
    assert [server.where[:2] for server in resolver.servers] == [("192.0.2.53", 53), ("2001:db8::53", 53)]


@pytest.mark.parametrize("good", ["9.9.9.9", "9.9.9.9:5353", "[2620:fe::fe]:53", "2620:fe::fe"])
def test_servers_as_people_write_them(good):
    assert Resolver((good,))


def test_bad_servers_are_all_named_at_once():
    with pytest.raises(ValueError, match=r"VIGIE_RESOLVERS.*dns\.example\.fr:53.*9\.9\.9\.9:x"):
        Resolver(("dns.example.fr:53", "9.9.9.9:53", "9.9.9.9:x"))
