"""DNS servers of our own on loopback, over UDP and TCP, that say whatever a test writes."""

import asyncio
from contextlib import AsyncExitStack

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset


def reply(query, *, rcode=0, addresses=(), records=()):
    """A well-formed answer: those of `addresses` that are of the family asked for, and records as text lines."""
    message = dns.message.make_response(query)
    message.flags |= dns.flags.RA
    message.set_rcode(rcode)
    question = query.question[0]
    wanted = [each for each in addresses if (":" in each) == (question.rdtype == dns.rdatatype.AAAA)]
    if wanted:
        message.answer.append(dns.rrset.from_text(question.name, 60, "IN", question.rdtype, *wanted))
    for name, kind, value in records:
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
    return message


class House(asyncio.DatagramProtocol):
    """One server. `say(query, tcp=…)` gives a message, bytes, or None for silence; `asked` lists (name, kind, tcp).

    `tcp`, where it is set, has the connections over TCP to itself.
    """

    def __init__(self, say):
        self.say, self.asked, self.tcp = say, [], None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if (said := self._answer(data, tcp=False)) is not None:
            self.transport.sendto(said, addr)

    def by_tcp_closed(self):
        """Refuse TCP from now on."""
        self.listener.close()

    async def by_tcp(self, reader, writer):
        if self.tcp is not None:
            await self.tcp(reader, writer)
            return
        data = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
        if (said := self._answer(data, tcp=True)) is not None:
            writer.write(len(said).to_bytes(2) + said)
            await writer.drain()
        writer.close()

    def _answer(self, data, *, tcp):
        query = dns.message.from_wire(data)
        question = query.question[0]
        self.asked.append((question.name.to_text(omit_final_dot=True).lower(), question.rdtype, tcp))
        said = self.say(query, tcp=tcp)
        return said.to_wire() if isinstance(said, dns.message.Message) else said


class Street:
    """Opens servers that live as long as the stack."""

    def __init__(self, stack: AsyncExitStack):
        self._stack = stack

    async def open(self, say):
        """A house; `house.address` is what `resolvers` wants."""
        house, loop = House(say), asyncio.get_running_loop()
        while True:
            transport, _ = await loop.create_datagram_endpoint(lambda: house, local_addr=("127.0.0.1", 0))
            port = transport.get_extra_info("sockname")[1]
            try:
                listener = await asyncio.start_server(house.by_tcp, "127.0.0.1", port)
                break
            except OSError:  # free for UDP, taken for TCP
                transport.close()
        self._stack.callback(transport.close)
        self._stack.callback(listener.close)
        house.listener = listener
        house.address = f"127.0.0.1:{port}"
        return house


def always(*addresses, rcode=0, records=()):
    """The same for every name."""
    return lambda query, tcp: reply(query, rcode=rcode, addresses=addresses, records=records)


def silent(query, tcp):
    """No answer at all."""
    return
