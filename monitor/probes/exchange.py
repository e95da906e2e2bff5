"""One answer on one connection: aiohttp's own parser, fed by the loop, without the rest of aiohttp's client.

Its session spends more on one request than all of Vigie does (docs/decisions/0006-asking.md).
"""

import asyncio
import re
from collections.abc import Mapping, Sequence

from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpResponseParser, RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError

from monitor.domain.observation import Failure
from monitor.probes.base import Failed, Phase, Trace
from monitor.probes.body import Body
from monitor.probes.classify import of_exchange
from monitor.probes.lengths import said_again, said_once

HEAD_CAP = 512 * 1024  # wire bytes before the head is complete; one read of a socket may already bring 256 KiB
WIRE_CAP = 512 * 1024  # bytes of the body on the wire: empty blocks of deflate unfold to nothing, for ever
FRAMING_CAP = 32 * 1024  # of these, what is no content: a page in chunks of one byte costs 2 µs a byte
MOST_INTERIM = 20  # 1xx answers before the real one; nobody needs more than one or two
# A read may bring 256 KiB; the caps are looked at after every slice of it, so that none is overrun by much.
_HEAD_SLICE, _SLICE = 4 * 1024, 32 * 1024
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_LINE, _FIELD, _FIELDS = 16 * 1024, 16 * 1024, 200  # real sites send policies well above aiohttp's 8 KiB


class Exchange(BaseProtocol):
    """The receiving end of one request.

    Attributes:
        done: ends when the answer has been read as far as it is wanted; Failed where it cannot be.
        head: status and headers, once they are there.
        body: what was read, once there is a head whose body is wanted.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, trace: Trace, unread: frozenset[int]) -> None:
        """`unread`: statuses whose body nobody needs (a redirect's)."""
        super().__init__(loop)
        self.done: asyncio.Future[None] = loop.create_future()
        self.head: RawResponseMessage | None = None
        self.body: Body | None = None
        self._trace, self._unread = trace, unread
        self._wire = self._before_body = self._interim = 0
        self._content: StreamReader | None = None
        self._early = bytearray()  # the head so far, and whether the parser stumbled over a length said twice in it
        self._stumbled = False
        self._response: HttpResponseParser | None = self._new_parser()

    def _new_parser(self) -> HttpResponseParser:
        # The reader's own limit never stops the flow: it is emptied after every piece, and the caps end the exchange.
        return HttpResponseParser(
            self, self._loop, HEAD_CAP + WIRE_CAP, read_until_eof=True, auto_decompress=False,
            max_line_size=_LINE, max_field_size=_FIELD, max_headers=_FIELDS,
        )  # fmt: skip

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing: the request is sent by whoever dialled (over TLS this is never called)."""

    def data_received(self, data: bytes) -> None:
        """Feed the parser and take what came of it."""
        if self.done.done():
            return
        if not self._wire:
            self._trace.heard = True
            self._trace.enter(Phase.TRANSFER)
        try:
            while data and not self.done.done():
                size = _SLICE if self.head is not None else self._head_piece(data)
                self._take(data[:size])
                data = data[size:]
        except HttpProcessingError:
            self._fail(Failed(Failure.EXCHANGE_MALFORMED, "réponse HTTP mal formée"))
        except Exception as error:  # noqa: BLE001 (on to the runner: the loop's own log would quote the site)
            self._fail(error)

    def pause_reading(self) -> None:
        """Nothing: what has been read is taken at once, and the caps end an exchange that brings too much."""

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Nothing, as nothing was paused: the parent's would feed the parser from within the parser."""

    def eof_received(self) -> None:
        """Nothing: the loop closes, then `connection_lost` tells."""

    def connection_lost(self, exc: BaseException | None) -> None:
        """The other side is gone: the end of a body without length, a loss for anything else."""
        if self.done.done():
            return
        try:
            if exc is None and self._content is not None and self._response is not None:
                self._response.feed_eof()
                self._drain(framed=False)
            if not self.done.done():
                self._fail(self._lost(exc))
        except HttpProcessingError:
            self._fail(self._lost(None))
        except Exception as error:  # noqa: BLE001 (as above)
            self._fail(error)

    def let_go(self) -> None:
        """Forget everything: parser and exchange hold each other, and a body must not wait for the collector."""
        self.done.cancel()
        self._response = self._content = self.body = None

    def _head_piece(self, data: bytes) -> int:
        """How much of `data` is fed before the head is known: no byte beyond its end.

        The parser gives up all that came in one piece with an error; a head, or a body, must not be lost by that.
        """
        seam = bytes(self._early[-2:])
        found = _END_OF_HEAD.search(seam + data[:_HEAD_SLICE])
        return _HEAD_SLICE if found is None else found.end() - len(seam)

    def _take(self, data: bytes) -> None:
        if self._response is None:
            return
        self._wire += len(data)
        for head, content in self._fed(self._response, data):
            if 100 <= head.code < 200 and head.code != 101:
                self._interim += 1
            elif self.head is None:
                self._begin(head, content)
        if self._interim > MOST_INTERIM or (self.head is None and self._wire > HEAD_CAP):
            raise Failed(Failure.EXCHANGE_MALFORMED, "en-tête HTTP sans fin")
        if self._content is not None:
            self._drain(framed=True)

    def _fed(self, parser: HttpResponseParser, data: bytes) -> Sequence[tuple[RawResponseMessage, StreamReader]]:
        """What the parser makes of `data`. Raises HttpProcessingError."""
        if self.head is not None:
            try:
                messages: Sequence[tuple[RawResponseMessage, StreamReader]] = parser.feed_data(data)[0]
            except HttpProcessingError:
                if self._content is None or not self._content.is_eof():
                    raise
                return ()  # behind the end of the answer: whatever its bytes are, they are not of it
            return messages
        self._early += data
        ended = self._early.endswith((b"\n\n", b"\n\r\n"))
        try:
            messages = () if self._stumbled else parser.feed_data(data)[0]
        except HttpProcessingError:
            if not said_again(bytes(self._early)):
                raise
            self._stumbled, messages = True, ()
        if ended:
            whole = bytes(self._early)
            self._early.clear()
            if self._stumbled:
                self._stumbled, self._response = False, self._new_parser()
                messages = self._response.feed_data(said_once(whole) or whole)[0]
        return messages

    def _begin(self, head: RawResponseMessage, content: StreamReader) -> None:
        self.head, self._trace.http_status = head, head.code
        self._before_body = self._wire
        if head.code in self._unread:
            self._end()
            return
        self._trace.bytes_read = 0
        try:
            self.body = Body(_encoding(head.headers))
            self._content = content
        except Failed:
            if head.code < 400:
                raise
            self._end()  # of an error page the status is enough

    def _drain(self, *, framed: bool) -> None:
        body, content = self.body, self._content
        if self.done.done() or body is None or content is None:
            return
        try:
            body.feed(content.read_nowait())
            if content.is_eof():
                body.finish(framed=framed)
        except Failed:
            if self.head is None or self.head.code < 400:
                raise
            self._end()
            return
        self._trace.bytes_read = len(body.read)
        if content.is_eof() or body.cut:
            self._end()
        elif self._wire - self._before_body > min(WIRE_CAP, content.total_bytes + FRAMING_CAP):
            body.cut = True
            self._end()

    # A page without length on a line that is kept open has no end: whatever came of it, the answer is a timeout. Nobody
    # can tell the whole of it from its half, and a browser goes on waiting as well.
    def _lost(self, error: BaseException | None) -> Failed:
        found = of_exchange(error or ConnectionError(), heard=self._trace.heard)
        return Failed(*(found or (Failure.OURS_BUG, f"perte de connexion inconnue ({type(error).__name__})")))

    def _end(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def _encoding(headers: Mapping[str, str]) -> str:
    # Lists stay whole ("gzip, br"): several codings one over the other were not asked for.
    getall = getattr(headers, "getall", None)
    return ", ".join(getall("Content-Encoding", ())) if getall else ""
