"""No spelling of an inner address gets a connection: asked directly, by redirect, or through names that change.

The wires listen on every address of this machine; one control case with the guard open proves that they ring.
"""

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Skip
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from tests.probes.dns_house import Street, always, reply

DOOR = "127.0.0.2"  # the only address that Vigie may ask here
INNER = ("127.0.0.1", "::1")


def spelled(a, b, c, d):
    """One IPv4 address as the parsers of the world read it: decimal, octal, hexadecimal, short, mixed, padded."""
    whole = (a << 24) | (b << 16) | (c << 8) | d
    tail2, tail3 = (c << 8) | d, (b << 16) | (c << 8) | d
    plain = f"{a}.{b}.{c}.{d}"
    return [
        plain, f"{plain}.", f"{plain}..", str(whole), f"{whole}.", hex(whole), hex(whole).upper(), f"0{whole:o}", f"00{whole:o}",
        f"{a}.{tail3}", f"{a}.{b}.{tail2}", f"{a:#x}.{tail3}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"{a:#X}.{b}.{c}.{d}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"0{a:o}.{b}.{c}.{d}", f"{a}.{b}.{c}.0{d:o}", f"{a:03}.{b:03}.{c:03}.{d:03}",
        f"{a}.{b}.{tail2:#x}", f"{a:#x}.0{tail3:o}", f"0x00{a:x}.{b}.{c}.{d}", f"{a + 256}.{b}.{c}.{d}", f"{whole + 2**32}",
        f"{a}.{b}.{c}", f"{a}.{b}", f"0x{whole:016x}", f"{a}.{b}.{c}.{d}.0", f"0.{plain}", f"{plain}:80", f"-{a}.{b}.{c}.{d}", f"+{a}.{b}.{c}.{d}",
    ]  # fmt: skip


def wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)


LOOP = spelled(127, 0, 0, 1)
TRICKS = [
    "0", "00", "0x0", "0.0.0.0", "0x0.0x0.0x0.0x0", "000.000.000.000", "1", "0x7f.1", "127.1", "127.0.1", "0177.1", "127.0.0.1%00",
    wide("127.0.0.1"), "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", wide("2130706433"), wide("127") + "。1", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "1２7.0.0.1", "⑫7.0.0.1", "0ⅹ7f.1", "٣٣.0.0.1", "127.0.0.1\u200b", "127\u00ad.0.0.1", "lоcalhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ＬＯＣＡＬＨＯＳＴ",
    "%31%32%37.0.0.1", "%31%32%37%2e%30%2e%30%2e%31", "127%2e0%2e0%2e1", "127.0.0.1%2f", "127.0.0.1%23", "127.0.0.1%20", "127.0.0.1%09",
    "localhost", "LOCALHOST", "LocalHost.", "localhost..", "a.localhost", "a.b.LOCALHOST.", "localhost.localdomain", "ip6-localhost",
    "user@127.0.0.1", "user:pass@127.0.0.1", "@127.0.0.1", ":@127.0.0.1", "example.fr@127.0.0.1", "example.fr:80@127.0.0.1",
    "127.0.0.2@127.0.0.1", "127.0.0.2:80@127.0.0.1", "127.0.0.2%40127.0.0.1", "127.0.0.1#@127.0.0.2", "127.0.0.1?@127.0.0.2",
    "127.0.0.1/@127.0.0.2", "127.0.0.1\\@127.0.0.2", "127.0.0.2\\@127.0.0.1", "127.0.0.1%5c@127.0.0.2", "127.0.0.2#127.0.0.1@127.0.0.1",
    "127.0.0.1;127.0.0.2", "127.0.0.1,127.0.0.2", "127.0.0.1 127.0.0.2", "127.0.0.1\t", "127.0.0.1\r\nHost:x", " 127.0.0.1",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[0::1]", "[::1%25lo]", "[::1%lo]", "[::1%251]", "[::1].",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::127.0.0.1]",
    "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:ffff::127.0.0.1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[2001::80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00::2]", "[fd12:3456::1]",
    "[ff01::1]", "[ff02::1]", "[ff02::1%25lo]", "[::]", "[::0]", "[0:0:0:0:0:0:0:0]", "[::ffff:0.0.0.0]", "[100::1]", "[2001:db8::1]", "[5f00::1]",
    "[::ffff:0177.0.0.1]", "[::ffff:127.1]", "[::1", "::1]", "[[::1]]", "[127.0.0.1]", "[localhost]", "[::g]", "[]", "::1", "[v1.::1]",
    *spelled(169, 254, 169, 254)[:16], *spelled(10, 0, 0, 1)[:12], *spelled(192, 168, 1, 1)[:12], *spelled(172, 16, 0, 1)[:8],
    "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "127.255.255.254", "127.0.0.3", "0.0.0.1",
    # Names, all of which lead inside here.
    "loop.example.fr", "LOOP.EXAMPLE.FR", "loop.example.fr.", "127.0.0.1.example.fr", "127-0-0-1.example.fr", "7f000001.example.fr", "école.example.fr",
    "xn--cole-9oa.example.fr", "metadata.google.internal", "x", "fr", "0x7f.1.fr", "a_b.example.fr", "-a.example.fr", "a..example.fr", "." , "",
]  # fmt: skip
FORMS = list(dict.fromkeys([*LOOP, *TRICKS]))

DIRECT = {Failure.OURS_POLICY, Failure.RESOLVE_PRIVATE_ANSWER}
LED = {Failure.EXCHANGE_REDIRECT_FORBIDDEN, Failure.OURS_POLICY}  # the second: a name that cannot be one


class Wires:
    """Listeners on one port of every address, IPv4 and IPv6; `touched`: which of them were, the door left out."""

    def __init__(self):
        self.touched, self.port = [], 0

    async def hang(self, stack):
        async def ring(reader, writer):
            if (address := writer.get_extra_info("sockname")[0]) != DOOR:
                self.touched.append(address)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ntouched")
            writer.close()

        while True:
            four = await asyncio.start_server(ring, "0.0.0.0", 0)
            self.port = four.sockets[0].getsockname()[1]
            six = socket.socket(socket.AF_INET6)
            six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                six.bind(("::", self.port))
                break
            except OSError:
                six.close()
                four.close()
        stack.callback(four.close)
        stack.callback((await asyncio.start_server(ring, sock=six)).close)


@pytest.fixture
async def stack():
    async with AsyncExitStack() as held:
        yield held


@pytest.fixture
async def wires(stack):
    hung = Wires()
    await hung.hang(stack)
    return hung


@pytest.fixture
async def inside(stack):
    """A DNS server that leads every name to an inner address."""
    return await Street(stack).open(always(*INNER, "::ffff:127.0.0.1", "169.254.169.254"))


def test_there_are_enough_forms():
    assert len(FORMS) >= 200


async def test_no_form_rings_a_wire(stage, make, wires, inside):
    prober = await stage.prober(allow_networks=(), resolvers=(inside.address,))
    seen = {form: await prober.ask(make.http(f"http://{form}:{wires.port}/")) for form in FORMS}
    assert wires.touched == []
    assert {form: each for form, each in seen.items() if each.failure not in DIRECT} == {}


async def test_no_form_in_a_redirect_rings_a_wire(stage, make, wires, inside):
    prober = await stage.prober(allow_networks=(f"{DOOR}/32",), resolvers=(inside.address,))

    async def lead(head, writer):
        to = f"http://{FORMS[int(head.split()[1][1:])]}:{wires.port}/"
        writer.write(make.response(b"", "302 Found", [("Location", to)]))

    door = await stage.serve(lead, host=DOOR)
    wrong = {}
    for number, form in enumerate(FORMS):
        seen = await prober.ask(make.http(door.url(f"/{number}")))
        assert not isinstance(seen, Skip)
        if seen.failure not in LED and DOOR not in form:  # by the rules of URLs, what is named may be the door itself
            wrong[form] = seen
    assert wires.touched == []
    assert door.connections >= len(FORMS)
    assert wrong == {}


def changing(*turns):
    """A name that leads elsewhere at each question: `turns` are lists of addresses, by name and kind of record."""
    asked = {}

    def say(query, tcp):
        key = query.question[0].to_text()
        asked[key] = asked.get(key, -1) + 1
        return reply(query, addresses=turns[asked[key] % len(turns)])

    return say


@pytest.mark.parametrize(
    "turns",
    [
        ([DOOR], [*INNER]), ([DOOR], ["127.0.0.1"]), ([DOOR], ["::1"]), ([DOOR], ["::ffff:127.0.0.1"]), ([DOOR], ["10.0.0.1"]),
        ([DOOR], ["64:ff9b::7f00:1"]), ([DOOR], ["169.254.169.254", "fe80::1"]), ([DOOR], ["0.0.0.0", "::"]),
    ],
)  # fmt: skip
async def test_a_name_that_turns_inside_after_the_first_answer_rings_no_wire(stage, stack, make, wires, turns):
    names = await Street(stack).open(changing(*turns))
    prober = await stage.prober(allow_networks=(f"{DOOR}/32",), resolvers=(names.address,))

    async def lead(head, writer):
        to = f"http://rebinding.example.fr:{wires.port}/"
        writer.write(make.response(b"", "302 Found", [("Location", to)]))

    door = await stage.serve(lead, host=DOOR)
    for _ in range(5):
        seen = await prober.ask(make.http(door.url(host="rebinding.example.fr")))
        assert seen.failure is Failure.EXCHANGE_REDIRECT_FORBIDDEN
    assert (wires.touched, door.connections) == ([], 5)


async def test_of_a_mixed_answer_only_what_may_be_asked_is_tried(stage, stack, make):
    names = await Street(stack).open(always(*INNER, DOOR, "10.0.0.1", "::ffff:127.0.0.1"))
    prober = await stage.prober(allow_networks=(f"{DOOR}/32",), resolvers=(names.address,))
    inner = await stage.serve(make.response(b"inner"))  # its port is closed at the door
    seen = await prober.ask(make.http(inner.url(host="mixed.example.fr")))
    assert (seen.failure, inner.connections) == (Failure.CONNECT_REFUSED, 0)


@pytest.mark.parametrize("kind", [ProbeKind.TCP, ProbeKind.TLS, ProbeKind.DNS])
async def test_the_other_kinds_ring_no_wire(stage, wires, inside, kind):
    prober = await stage.prober(allow_networks=(), resolvers=(inside.address,))
    for form in FORMS:
        seen = await prober.ask(Probe("a/b", "a", kind, Policy(), host=form.strip("[]"), port=wires.port))
        assert seen.failure in DIRECT, form
    assert wires.touched == []


@pytest.mark.parametrize("form", ["127.0.0.1", "[::1]", "localhost", "loop.example.fr", "127.0.0.1.", "x@127.0.0.1"])
async def test_the_wires_ring_when_the_guard_is_open(stage, make, wires, inside, form):
    prober = await stage.prober(allow_networks=("127.0.0.0/8", "::1/128"), resolvers=(inside.address,))
    if "@" not in form:
        assert (await prober.ask(make.http(f"http://{form}:{wires.port}/"))).failure is None
        assert len(wires.touched) == 1
    door = await stage.serve(make.response(b"", "302 Found", [("Location", f"http://{form}:{wires.port}/")]), host=DOOR)
    assert (await prober.ask(make.http(door.url()))).failure is None
    assert wires.touched[-1] in INNER
