"""What a DNS server may say of a place's name: the truth, half of it, or somebody else's."""

from collections.abc import Callable

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from tests.faults.nameserver import Query, Said, Says, Wire, addresses, alias, records
from tests.faults.place import Place


def found(*wanted: str) -> Callable[[Place], Says]:
    """These addresses; what stands in braces is the place's."""
    return lambda place: addresses(*(one.format(own=place.address, bad=place.forbidden) for one in wanted))


def only(broken: dns.rdatatype.RdataType, how: Says) -> Callable[[Place], Says]:
    """One family is answered as `how` says, the other one well."""

    def say(place: Place) -> Says:
        well = addresses(place.address)
        return lambda query, wire: (how if query.question[0].rdtype == broken else well)(query, wire)

    return say


def truncated(place: Place) -> Says:
    """Over UDP: too long, ask again over TCP."""

    def say(query: Query, wire: Wire) -> Said:
        answer = records(query, *(() if not wire.tcp else (place.address,)))
        answer.flags |= 0 if wire.tcp else dns.flags.TC
        return answer

    return say


def never_whole(place: Place) -> Says:
    """Too long over UDP; over TCP nothing that is an answer."""

    def say(query: Query, wire: Wire) -> Said:
        answer = records(query)
        answer.flags |= dns.flags.TC
        return b"" if wire.tcp else answer

    return say


def circle(query: Query, wire: Wire) -> Said:
    """Two aliases of each other."""
    name = query.question[0].name.to_text(omit_final_dot=True)
    return alias(query, f"autre.{name}", name)


def led(place: Place) -> Says:
    """An alias of an alias of an address."""

    def say(query: Query, wire: Wire) -> Said:
        answer = alias(query, f"a.{place.host}", f"b.{place.host}")
        if query.question[0].rdtype == dns.rdatatype.A:
            answer.answer += dns.message.from_text(
                f"id 1\nopcode QUERY\nrcode NOERROR\nflags QR\n;QUESTION\n;ANSWER\nb.{place.host}. 60 IN A {place.address}\n"
            ).answer
        return answer

    return say


def dangling(query: Query, wire: Wire) -> Said:
    """An alias of a name that does not exist."""
    answer = alias(query, "nulle-part.test")
    answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def spoofed(place: Place) -> Says:
    """Somebody else's answer: the number of the question is wrong."""

    def say(query: Query, wire: Wire) -> Said:
        raw = bytearray(records(query, place.forbidden).to_wire())
        raw[1] ^= 0xFF
        return bytes(raw)

    return say


def first_server(how: Says) -> Callable[[Place], Says]:
    """One of our two servers answers so, the other one well."""
    return lambda place: lambda query, wire: (how if wire.server == 0 else addresses(place.address))(query, wire)
