"""DNS: names that do not exist, servers that fail, answers that lie."""

from collections.abc import Callable
from typing import Any

import dns.rcode
import dns.rdatatype

from tests.faults.answers import circle, dangling, first_server, found, led, never_whole, only, spoofed, truncated
from tests.faults.nameserver import Says, code, silent
from tests.faults.place import Place, Talk, reply, well
from tests.faults.registry import HASTE, Block, Family

names = Family("dns")

ANSWERED = "one usable address is enough"
INSIDE = "where all addresses are refused by the guard: resolve/private_answer, and nobody knocks there"
FAILING = "SERVFAIL, REFUSED and what cannot be used are resolve/servfail"
ABSENT = "the name does not exist, and everybody who was asked says so"
EMPTY = "the name exists and has no address"
LATE = "other names are answered: the silence is this name's"


def named(name: str, expected: str | None, line: str, why: str, say: Callable[[Place], Says], **block: Any) -> None:
    """A service that is well at its first address and trips at its forbidden one; `say` is what its name says."""

    @names.builds(name, expected, line, why, **block)
    async def start(place: Place) -> Block:
        await place.listen(well)
        await place.trip()
        place.zone[place.host] = say(place)
        return {"host": place.host} if block.get("kind") == "dns" else {"url": place.url(host=place.host)}


A, AAAA = dns.rdatatype.A, dns.rdatatype.AAAA
nowhere, failing, refusing = code(dns.rcode.NXDOMAIN), code(dns.rcode.SERVFAIL), code(dns.rcode.REFUSED)

for kind in ("http", "dns"):
    end = "" if kind == "http" else "-bare"
    named(f"dns-well{end}", None, "an address", "what everybody does", found("{own}"), kind=kind)
    named(f"nxdomain{end}", "resolve/nxdomain", "NXDOMAIN", ABSENT, lambda _: nowhere, kind=kind)
    named(f"servfail{end}", "resolve/servfail", "SERVFAIL", FAILING, lambda _: failing, kind=kind)
    named(f"dns-silence{end}", "resolve/timeout", "silence", LATE, lambda _: silent, kind=kind, **HASTE)
    named(f"dns-empty{end}", "resolve/empty", "no address of either family", EMPTY, found(), kind=kind)
    named(f"dns-private{end}", "resolve/private_answer", "a special address", INSIDE, found("{bad}"), kind=kind)

named("dns-refused", "resolve/servfail", "REFUSED", FAILING, lambda _: refusing)
named(
    "nxdomain-of-one",
    None,
    "NXDOMAIN from one server, an address from the other",
    "NXDOMAIN is confirmed",
    first_server(nowhere),
)
named("servfail-of-one", None, "SERVFAIL from one server, an address from the other", ANSWERED, first_server(failing))
named("silence-of-one", None, "silence of one server, an address from the other", ANSWERED, first_server(silent))
named("cname-loop", "resolve/servfail", "two aliases of each other", FAILING, lambda _: circle)
named("cname-dangling", "resolve/nxdomain", "an alias of a name that does not exist", ABSENT, lambda _: dangling)
named("cname-chain", None, "an alias of an alias", ANSWERED, led)
named("dns-truncated", None, "truncated over UDP, whole over TCP", "RFC 1035 § 4.2.1: ask again over TCP", truncated)
named("dns-never-whole", "resolve/servfail", "truncated over UDP, no answer over TCP", FAILING, never_whole)
named(
    "dns-spoofed",
    "resolve/timeout",
    "answers with the number of another question",
    "not for us: ignored",
    spoofed,
    **HASTE,
)
named("dns-unspecified", "resolve/private_answer", "0.0.0.0, as lying resolvers say", INSIDE, found("0.0.0.0"))
named("dns-mapped", "resolve/private_answer", "a special address in IPv6's clothes", INSIDE, found("::ffff:{bad}"))
named("dns-mixed", None, "a special address and a good one", "the refused one is left out", found("{bad}", "{own}"))
named("aaaa-servfail", None, "SERVFAIL for AAAA, A fine", ANSWERED, only(AAAA, failing))
named("aaaa-nxdomain", None, "NXDOMAIN for AAAA, A fine", ANSWERED, only(AAAA, nowhere))
named("aaaa-silence", None, "silence for AAAA, A fine", ANSWERED, only(AAAA, silent))
named(
    "aaaa-refused",
    None,
    "IPv6 refuses the connection, IPv4 is fine",
    "the next address is tried",
    found("::1", "{own}"),
)
named("a-servfail", "resolve/servfail", "SERVFAIL for A, no AAAA", FAILING, only(A, failing))


@names.builds(
    "blackhole-first", None, "two addresses, the first one never answers", "RFC 8305: the next one after 250 ms"
)
async def blackhole_first(place: Place) -> Block:
    await place.listen(well, at=place.second)
    place.deafen()
    return {"url": place.url(host=place.named(place.address, place.second))}


@names.builds("blackhole-all", "connect/timeout", "two addresses, neither answers", "no SYN-ACK in time", **HASTE)
async def blackhole_all(place: Place) -> Block:
    place.deafen()
    place.deafen(place.second)
    return {"url": place.url(host=place.named(place.address, place.second))}


@names.builds("rebinding", "exchange/redirect_forbidden", "a name that turns special between two redirects", INSIDE)
async def rebinding(place: Place) -> Block:
    async def lead(talk: Talk) -> None:
        place.named(place.forbidden)
        await talk.send(reply("", "302 Found", "Location: /login"))

    await place.listen(lead)
    await place.trip()
    return {"url": place.url(host=place.named())}
