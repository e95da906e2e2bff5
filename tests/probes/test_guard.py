"""The guard: no spelling of an inner address gets a connection, neither asked directly nor by redirect nor by DNS."""

import asyncio
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes.dial import _Tries
from monitor.probes.guard import Guard

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
    "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1",
    "2620:4f:8000::1", "2001:0:7f00:1::", "2002:c0a8:101::1", "64:ff9b::a00:1", "::ffff:0:7f00:1", "4000::1", "e000::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not an address", "",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "193.48.0.1", "223.255.255.255",
          "2a01:e0a::1", "2606:4700::1111", "2001:660::1", "2400::1"]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_special_addresses_are_refused(address):
    assert Guard().refuses(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert not Guard().refuses(address)


@given(st.ip_addresses())
def test_what_python_calls_private_or_multicast_is_refused(address):
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert Guard().refuses(address)


def test_a_named_network_is_let_through_and_nothing_else():
    guard = Guard(("127.0.0.0/8", "::1/128"))
    assert not guard.refuses("127.9.9.9")
    assert not guard.refuses("::1")
    assert guard.refuses("10.0.0.1")
    assert guard.refuses("::ffff:127.0.0.1")


def test_bad_networks_are_all_named_at_once():
    with pytest.raises(ValueError, match=r"VIGIE_ALLOW_NETWORKS.*tout.*10\.0\.0\.0/99.*ne sont pas des réseaux"):
        Guard(("tout", "127.0.0.0/8", "10.0.0.0/99"))


HOSTS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.0.0.01", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "0X7F.1", "2130706433",
    "017700000001", "127.000.000.001", "127.0.0.1..", "0", "0.0.0.0", "00", "0x0", "1", "999999999999", "127.0.0.256",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[::1%25lo]", "[fc00::1]", "[ff02::1]", "[::]",
    "[2001:db8::1]", "localhost", "LOCALHOST", "localhost.", "a.localhost", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "%31%32%37.0.0.1", "127.0.0.1%00.example.fr", "127.0.0.1%2f", "user@127.0.0.1", "user:pass@127.0.0.1", "example.fr@127.0.0.1",
    "127.0.0.1\\@example.fr", "example.fr\\@127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "255.255.255.255", "224.0.0.1", "240.0.0.1", "198.18.0.1", "192.0.2.1", "loop.example.fr", "loop6.example.fr",
    "both.example.fr", "LOOP.example.FR", "loop.example.fr.", "mapped.example.fr", "metadata.example.fr", "127.0.0.1.example.fr",
]  # fmt: skip


@pytest.fixture
async def tripwires(stage, make):
    """Listeners on one port of 127.0.0.1 and ::1 that no question may ever reach."""
    four = await stage.serve(make.response(b"touched"))
    touched = []
    six = await asyncio.start_server(lambda _, writer: (touched.append(1), writer.close()), "::1", four.port)
    yield four.port, lambda: four.connections + len(touched)
    six.close()


@pytest.fixture
def inner_names(names):
    names.zone.update(
        {
            "loop.example.fr": ["127.0.0.1"], "loop6.example.fr": ["::1"], "both.example.fr": ["127.0.0.1", "::1"],
            "mapped.example.fr": ["::ffff:127.0.0.1"], "metadata.example.fr": ["169.254.169.254"],
            "127.0.0.1.example.fr": ["127.0.0.1"],
        }
    )  # fmt: skip
    return names


OUTSIDE = {Failure.OURS_POLICY, Failure.RESOLVE_PRIVATE_ANSWER, Failure.RESOLVE_NXDOMAIN, Failure.RESOLVE_SERVFAIL}


async def test_no_url_form_reaches_an_inner_listener(stage, make, tripwires, inner_names):
    port, touched = tripwires
    prober = await stage.prober(allow_networks=(), resolvers=(inner_names.address,))
    seen = {host: await prober.ask(make.http(f"http://{host}:{port}/")) for host in HOSTS}
    assert len(seen) >= 60
    assert touched() == 0
    assert {host: each for host, each in seen.items() if each.failure not in OUTSIDE} == {}


async def test_no_redirect_reaches_an_inner_listener(stage, make, tripwires, inner_names):
    port, touched = tripwires
    prober = await stage.prober(allow_networks=("127.0.0.2/32",), resolvers=(inner_names.address,))

    async def lead(head, writer):
        host = HOSTS[int(head.split()[1][1:])]
        writer.write(make.response(b"", "302 Found", [("Location", f"http://{host}:{port}/")]))

    door = await stage.serve(lead, host="127.0.0.2")
    for number, host in enumerate(HOSTS):
        seen = await prober.ask(make.http(door.url(f"/{number}")))
        assert seen.failure is not None, host
        assert seen.failure.value.split("/")[0] in {"exchange", "resolve"}, (host, seen)
    assert (touched(), door.connections) == (0, len(HOSTS))


@pytest.mark.parametrize("kind", [ProbeKind.TCP, ProbeKind.TLS, ProbeKind.DNS])
async def test_the_other_kinds_pass_the_guard_too(stage, tripwires, inner_names, kind):
    port, touched = tripwires
    prober = await stage.prober(allow_networks=(), resolvers=(inner_names.address,))
    for host in ("127.0.0.1", "::1", "2130706433", "loop.example.fr", "localhost"):
        seen = await prober.ask(Probe("a/b", "a", kind, Policy(), host=host, port=port))
        assert seen.failure in {Failure.OURS_POLICY, Failure.RESOLVE_PRIVATE_ANSWER}
    assert touched() == 0


async def test_of_a_mixed_answer_only_the_outer_addresses_are_tried(stage, make, names):
    names.zone["mixed.example.fr"] = ["127.0.0.1", "127.0.0.2"]
    inner = await stage.serve(make.response(b"inner"))
    prober = await stage.prober(allow_networks=("127.0.0.2/32",), resolvers=(names.address,))
    seen = await prober.ask(make.http(f"http://mixed.example.fr:{inner.port}/"))
    assert (seen.failure, inner.connections) == (Failure.CONNECT_REFUSED, 0)


async def test_every_socket_passes_the_guard_whatever_chose_its_address():
    tries = _Tries(asyncio.get_running_loop(), Guard())
    for family, address in ((socket.AF_INET, ("127.0.0.1", 80)), (socket.AF_INET6, ("::1", 80, 0, 0))):
        with pytest.raises(PermissionError):
            tries.open_socket((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address))
    assert len(tries.errors) == 2
