"""One DNS server: both families are asked over one socket, and what is too long for it over TCP."""

import asyncio
import errno
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.probes.dnswire import AAAA, GARBLED, UNFINISHED, A, Reply, Unreadable, read

# Once a family has answered with addresses, how long the other one is waited for. 50 ms for AAAA is RFC 8305's
# resolution delay; IPv4 is given longer: a line without IPv6 would otherwise call a service unreachable.
GRACE_S = {A: 0.05, AAAA: 1.0}
_LARGEST = 65_535

Questions = Mapping[int, bytes]  # by kind of record
Replies = dict[int, Reply]


@dataclass(frozen=True, slots=True)
class NameServer:
    """A DNS server by its socket address: `family`, and what `connect` wants (scope of a link-local one included)."""

    family: socket.AddressFamily
    where: Any

    async def ask(self, questions: Questions, patience: float) -> Replies:
        """Ask all of `questions` at once; kinds that got no reply in `patience` seconds are missing from the answer.

        Returns as soon as every kind was answered, or one with addresses and the grace of the other one is over.
        Raises OSError: the server cannot be reached, or no socket is left.
        """
        loop = asyncio.get_running_loop()
        with socket.socket(self.family, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(self.where)  # the kernel then drops what comes from elsewhere
            volley = _Volley(loop, sock, questions, patience)
            try:
                await volley.over
            finally:
                volley.end()
        cut = [kind for kind, reply in volley.replies.items() if reply.truncated]
        if cut:
            wholes = await asyncio.gather(*(self._by_tcp(questions[kind], patience) for kind in cut))
            volley.replies.update(zip(cut, wholes, strict=True))
        return volley.replies

    async def _by_tcp(self, question: bytes, patience: float) -> Reply:
        """The whole of an answer that UDP cut; GARBLED or UNFINISHED where there is none.

        Never nothing: a server that cuts and refuses TCP answers at once, and as a silent one it would be asked again
        at once, thousands of times a second.
        """
        number = secrets.token_bytes(2)
        try:
            async with asyncio.timeout(patience):
                reader, writer = await asyncio.open_connection(*self.where[:2], family=self.family)
                try:
                    writer.write((len(question) + 2).to_bytes(2) + number + question)
                    length = int.from_bytes(await reader.readexactly(2))
                    message = await reader.readexactly(length)
                finally:
                    writer.transport.abort()
            return read(message[2:], question) if message[:2] == number else Reply(GARBLED)
        except TimeoutError:
            return Reply(UNFINISHED)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise
            return Reply(GARBLED)
        except (EOFError, Unreadable):
            return Reply(GARBLED)


class _Volley:
    """Questions under way on one connected socket; `over` is set when there is nothing more to wait for."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, questions: Questions, patience: float
    ) -> None:
        self._loop, self._sock = loop, sock
        self.over: asyncio.Future[None] = loop.create_future()
        self.replies: Replies = {}
        self._asked: dict[bytes, tuple[int, bytes]] = {}
        for kind, question in questions.items():
            number = secrets.token_bytes(2)
            while number in self._asked:
                number = secrets.token_bytes(2)
            self._asked[number] = (kind, question)
            sock.send(number + question)
        loop.add_reader(sock, self._readable)
        self._timer = loop.call_later(patience, self._enough)

    def end(self) -> None:
        self._timer.cancel()
        self._loop.remove_reader(self._sock)

    def _readable(self) -> None:
        try:
            while True:
                self._note(self._sock.recv(_LARGEST))
        except BlockingIOError:
            return
        except OSError as error:  # an ICMP refusal, mostly
            if not self.over.done():
                self.over.set_exception(error)

    def _note(self, message: bytes) -> None:
        kind, question = self._asked.get(message[:2], (0, b""))
        if not question:
            return  # not ours: late, or forged
        try:
            reply = read(message[2:], question)
        except Unreadable:
            reply = Reply(GARBLED)
        del self._asked[message[:2]]
        self.replies[kind] = reply
        if not self._asked:
            self._enough()
        elif reply.addresses:
            self._timer.cancel()
            self._timer = self._loop.call_later(GRACE_S[kind], self._enough)

    def _enough(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
