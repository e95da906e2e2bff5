"""The smallest HTTP server that a prober can be tried against: one request a connection, raw protocol, no framework.

A whole day is 100,000 asks in a few minutes of one core; a framework's server alone would cost more than the engine
under trial.
"""

import asyncio
import socket
import struct
from collections.abc import Callable

from monitor.rehearsal.actor import Act
from monitor.rehearsal.clock import Wire
from monitor.rehearsal.page import BAD_REQUEST

MAX_REQUEST = 16 * 1024
_NO_LINGER = struct.pack("ii", 1, 0)


class Responder(asyncio.Protocol):
    """One connection: reads a request's head, does what `answer` says of its target, closes.

    `wire` keeps virtual time from passing while a request or an answer is on its way; `connections` is for those
    who shut down.
    """

    def __init__(self, answer: Callable[[str], Act], wire: Wire, connections: set[asyncio.Transport]) -> None:
        self._answer = answer
        self._wire = wire
        self._connections = connections
        self._held = False
        self._buffer = b""
        self._later: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is here: its request is on its way."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)
        self._hold()

    def data_received(self, data: bytes) -> None:
        """Act once the head is complete; whatever follows it is ignored."""
        if len(self._buffer) > MAX_REQUEST or b"\r\n\r\n" in self._buffer:
            return
        self._buffer += data
        if b"\r\n\r\n" in self._buffer or len(self._buffer) > MAX_REQUEST:
            self._perform()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """The client has gone, or we have."""
        if self._later is not None:
            self._later.cancel()
        self._connections.discard(self._transport)
        self._release()

    def _perform(self) -> None:
        method, _, rest = self._buffer.partition(b"\r\n")[0].partition(b" ")
        target, _, version = rest.partition(b" ")
        if method not in {b"GET", b"HEAD"} or not version.startswith(b"HTTP/1.") or len(self._buffer) > MAX_REQUEST:
            self._send(BAD_REQUEST.encoded())
            return
        act = self._answer(target.decode("latin-1"))
        if act.reset:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._transport.abort()
        elif act.page is None:
            self._release()
        elif act.after:
            self._release()
            loop = asyncio.get_running_loop()
            self._later = loop.call_later(act.after, self._send, act.page.encoded(head=method == b"HEAD"))
        else:
            self._send(act.page.encoded(head=method == b"HEAD"))

    def _send(self, answer: bytes) -> None:
        if self._transport.is_closing():
            return
        self._hold()
        self._transport.write(answer)
        self._transport.write_eof()  # the client closes, then `connection_lost`: until then the answer is on its way

    def _hold(self) -> None:
        if not self._held:
            self._held = True
            self._wire.taken()

    def _release(self) -> None:
        if self._held:
            self._held = False
            self._wire.left()
