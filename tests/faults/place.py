"""Where a behaviour lives: an address of loopback that no other one has, its name, and what it may open there."""

import asyncio
import socket
import ssl
import struct
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

from tests.faults.certificates import Authority
from tests.faults.nameserver import Zone, addresses
from tests.faults.registry import Answer

FOREVER = 60.0  # longer than any patience of the catalogue; tasks end with the house anyway
LOGIN = "<!doctype html><title>Connexion</title><form><label>Identifiant<input name=login></label></form>"


def reply(body: bytes | str = LOGIN, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """A whole answer; without other wishes, the page of a service that is well."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


@dataclass(slots=True)
class Talk:
    """One connection of somebody who asks. `number` counts those of this behaviour from 1."""

    place: "Place"
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    head: bytes = b""

    @property
    def path(self) -> str:
        """What was asked for."""
        return self.head.split(b" ", 2)[1].decode("latin-1")

    async def send(self, data: bytes, *, every: float | None = None) -> None:
        """All at once, or one byte every so many seconds."""
        for piece in [data] if every is None else [bytes([one]) for one in data]:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(every or 0)

    async def silence(self, seconds: float = FOREVER) -> None:
        """Say nothing, hold the line."""
        await asyncio.sleep(seconds)

    def reset(self) -> None:
        """Hang up with a RST."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


async def well(talk: Talk) -> None:
    """The answer of a service that is well."""
    await talk.send(reply())


@dataclass(slots=True)
class Place:
    """What one behaviour owns: 127.20.f.n, a second address 127.21.f.n, and 127.200.f.n where nobody may ever knock."""

    name: str
    port: int
    address: str
    second: str
    forbidden: str
    stack: AsyncExitStack
    zone: Zone
    authority: Authority
    talks: int = 0
    servers: list[asyncio.Server] = field(default_factory=list)
    running: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def host(self) -> str:
        """Its name. A registrable domain of its own: politeness towards a domain must not queue the whole house."""
        return f"{self.name}.test"

    def url(self, path: str = "/", *, host: str | None = None, scheme: str = "http") -> str:
        """Where to ask."""
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def named(self, *found: str) -> str:
        """Its host name, which leads to `found`, or to its first address."""
        self.zone[self.host] = addresses(*(found or (self.address,)))
        return self.host

    async def listen(
        self, answer: Answer, *, at: str | None = None, tls: ssl.SSLContext | None = None, wordless: bool = False
    ) -> None:
        """Serve; unless `wordless`, the head of a request is read first."""
        handle = partial(self._handle, answer, wordless)
        server = await asyncio.start_server(handle, at or self.address, self.port, ssl=tls, backlog=100)
        self.servers.append(server)
        self.stack.callback(server.close)
        self.stack.push_async_callback(self._end)

    async def trip(self, at: str | None = None) -> None:
        """Listen at the forbidden address, where all would be well for whoever came in spite of the guard."""

        async def caught(talk: Talk) -> None:
            self.zone.tripped.append(self.name)
            await talk.send(reply())

        await self.listen(caught, at=at or self.forbidden, wordless=True)

    def bind(self, address: str | None = None) -> socket.socket:
        """A socket that owns the port and does not listen."""
        sock = self.stack.enter_context(socket.socket())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address or self.address, self.port))
        return sock

    def deafen(self, address: str | None = None) -> None:
        """Leave every SYN to this address unanswered: Linux does so once the queue of a listener is full."""
        sock = self.bind(address)
        sock.listen(0)
        for _ in range(2):
            filler = self.stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(sock.getsockname())

    async def _handle(
        self, answer: Answer, wordless: bool, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.talks += 1
        talk = Talk(self, reader, writer, self.talks)
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        try:
            if not wordless:
                talk.head = await reader.readuntil(b"\r\n\r\n")
            await answer(talk)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever asked has hung up, or the house closes
        finally:
            writer.close()

    async def _end(self) -> None:
        for task in list(self.running):
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
