"""Names: each cause of failure told apart, over a DNS server of our own; nothing cached, nothing waited for in vain."""

import socket
from datetime import timedelta

import dns.rcode
import dns.rdatatype
import pytest

from monitor.domain.catalog import Policy, Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.probes import resolver as resolver_module
from monitor.probes.resolver import Resolver


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


async def test_a_dead_server_is_no_statement_about_the_name(stage):
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    seen = await (await stage.prober(resolvers=(where,))).ask(ask_for("nom.example.fr"))
    assert seen.failure is Failure.RESOLVE_TIMEOUT


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


async def test_a_new_resolv_conf_is_followed(names, tmp_path, monkeypatch):
    # Starting without any network, then getting one, must not need a restart.
    conf = tmp_path / "resolv.conf"
    monkeypatch.setattr(resolver_module, "SYSTEM", str(conf))
    resolver = Resolver()
    assert [str(server) for server in resolver._dns.nameservers] == ["127.0.0.1"]
    conf.write_text("nameserver 192.0.2.53\n")
    resolver._follow_system()
    assert [str(server) for server in resolver._dns.nameservers] == ["192.0.2.53"]


@pytest.mark.parametrize("good", ["9.9.9.9", "9.9.9.9:5353", "[2620:fe::fe]:53", "2620:fe::fe"])
def test_servers_as_people_write_them(good):
    assert Resolver((good,))


def test_bad_servers_are_all_named_at_once():
    with pytest.raises(ValueError, match=r"VIGIE_RESOLVERS.*dns\.example\.fr:53.*9\.9\.9\.9:x"):
        Resolver(("dns.example.fr:53", "9.9.9.9:53", "9.9.9.9:x"))
