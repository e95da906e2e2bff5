"""A DNS server of our own, over UDP and TCP, that can say everything that a resolver must survive."""

import asyncio
import struct
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Query = dns.message.Message
Said = Query | bytes | None
Says = Callable[[Query, "Wire"], Said]


@dataclass(frozen=True, slots=True)
class Wire:
    """How a question came: to which of our servers (0, 1…), over TCP or not."""

    server: int
    tcp: bool


class Zone(dict[str, Says]):
    """What every name says; one that is not here does not exist.

    `tripped`: behaviours at whose forbidden address somebody knocked. `round`: how many times all was asked, this included.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tripped: list[str] = []
        self.round = 1

    def answer(self, wire: bytes, server: int, *, tcp: bool) -> Said:
        """What is said to one question, None for silence."""
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        return self.get(name, code(dns.rcode.NXDOMAIN))(query, Wire(server, tcp))


def addresses(*found: str) -> Says:
    """These addresses; none of the family asked for: an empty answer."""

    def say(query: Query, wire: Wire) -> Said:
        return records(query, *found)

    return say


def code(rcode: dns.rcode.Rcode) -> Says:
    """Nothing but this code."""

    def say(query: Query, wire: Wire) -> Said:
        answer = _answer(query)
        answer.set_rcode(rcode)
        return answer

    return say


def silent(query: Query, wire: Wire) -> Said:
    """No answer at all."""
    return None


def records(query: Query, *found: str) -> Query:
    """An answer that holds those of `found` that are of the family asked for."""
    answer, question = _answer(query), query.question[0]
    wanted = [one for one in found if (":" in one) == (question.rdtype == dns.rdatatype.AAAA)]
    if wanted and question.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}:
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, *wanted))
    return answer


def alias(query: Query, *chain: str) -> Query:
    """An answer of CNAMEs: the name asked for is an alias of the first of `chain`, that one of the second, and on."""
    answer = _answer(query)
    owners = [query.question[0].name.to_text(), *(f"{one}." for one in chain)]
    for owner, target in pairwise(owners):
        answer.answer.append(dns.rrset.from_text(owner, 60, "IN", dns.rdatatype.CNAME, target))
    return answer


def _answer(query: Query) -> Query:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    return answer


def _raw(said: Query | bytes) -> bytes:
    return said if isinstance(said, bytes) else said.to_wire()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, server: int) -> None:
        self._zone, self._server = zone, server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if (said := self._zone.answer(data, self._server, tcp=False)) is not None:
            self._transport.sendto(_raw(said), addr)


async def serve(zone: Zone, server: int, stack: AsyncExitStack) -> str:
    """Open one server of the zone on loopback; gives what `VIGIE_RESOLVERS` wants."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            if (said := zone.answer(await reader.readexactly(length), server, tcp=True)) is not None:
                writer.write(struct.pack("!H", len(_raw(said))) + _raw(said))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    stack.callback(listener.close)
    port = listener.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(zone, server), local_addr=("127.0.0.1", port))
    stack.callback(datagrams.close)
    return f"127.0.0.1:{port}"
