"""The HTTP client: aiohttp's parser on connections that we dial ourselves, one fresh connection a request."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import BadHttpMessage, HttpProcessingError
from yarl import URL

from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Phase, ProberSettings, Trace
from monitor.probes.classify import of_exchange
from monitor.probes.dial import dial
from monitor.probes.guard import Guard
from monitor.probes.resolver import Resolver
from monitor.probes.trust import Trust
from monitor.probes.turns import Turns

BODY_CAP = 256 * 1024  # decoded bytes
HEAD_CAP = 512 * 1024  # wire bytes before the head is complete; one read of a socket may already bring 256 KiB
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LINE, _FIELD, _FIELDS = 16 * 1024, 16 * 1024, 200  # real sites send policies well above aiohttp's 8 KiB

_ASKING: ContextVar[Asking] = ContextVar("asking")


@dataclass(frozen=True, slots=True)
class Tools:
    """What all questions share."""

    session: aiohttp.ClientSession
    guard: Guard
    resolver: Resolver
    trust: Trust
    turns: Turns


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response as read: `whole` is False when the body went on beyond the cap."""

    url: URL
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes = b""
    whole: bool = True


@asynccontextmanager
async def open_tools(settings: ProberSettings) -> AsyncIterator[Tools]:
    """Build the shared tools and close them. Raises ValueError for bad networks or resolvers."""
    guard, resolver = Guard(settings.allow_networks), Resolver(settings.resolvers)
    headers = {
        "User-Agent": settings.user_agent,
        "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
        "Accept-Language": "fr",
    }
    session = aiohttp.ClientSession(
        connector=_Connector(limit=0, force_close=True),
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        max_line_size=_LINE,
        max_field_size=_FIELD,
        max_headers=_FIELDS,
    )
    # aiohttp asks a second time, by itself, when a server hangs up: that would hide resets and double our politeness.
    session._retry_connection = False  # noqa: SLF001 (no public switch; test_http counts the connections)
    async with session:
        yield Tools(session, guard, resolver, Trust(), Turns(settings.concurrency, settings.host_spacing))


async def fetch(asking: Asking, url: URL, headers: Mapping[str, str], *, final: frozenset[int]) -> Answer:
    """One GET on one fresh connection, in its turn; a redirect's body is left unread unless its status is in `final`.

    Raises Failed for everything that went wrong on the way; TimeoutError comes from the deadline around it.
    """
    async with asking.turn(url.raw_host or "", url.port):
        token = _ASKING.set(asking)
        asking.trace.http_status, asking.trace.heard = None, False
        try:
            async with asking.tools.session.get(url, headers=headers, allow_redirects=False) as response:
                asking.trace.http_status = response.status
                cookies = tuple(response.headers.getall("Set-Cookie", ()))
                body, whole = b"", True
                if response.status not in REDIRECTS or response.status in final:
                    body, whole = await _read(asking.trace, response.content)
                    _check_encoding(response)
                return Answer(url, response.status, response.headers, cookies, body, whole)
        except (aiohttp.ClientError, HttpProcessingError, OSError) as error:
            if isinstance(error, TimeoutError) or (found := of_exchange(error, heard=asking.trace.heard)) is None:
                raise
            raise Failed(*found) from error
        finally:
            _ASKING.reset(token)
            await _hang_up(asking.trace)


async def _read(trace: Trace, content: aiohttp.StreamReader) -> tuple[bytes, bool]:
    body = bytearray()
    trace.bytes_read = 0
    while chunk := await content.readany():
        body += chunk
        trace.bytes_read = min(len(body), BODY_CAP)
        if len(body) > BODY_CAP:
            return bytes(body[:BODY_CAP]), False
    return bytes(body), True


def _check_encoding(response: aiohttp.ClientResponse) -> None:
    # aiohttp hands over as it came what it cannot decompress (an encoding that we did not ask for, or several nested).
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    asked = {each.strip() for each in response.request_info.headers.get("Accept-Encoding", "").split(",")}
    if response.status < 400 and encoding not in asked | {"", "identity"}:
        raise Failed(Failure.CONTENT_UNDECODABLE, "compression de la réponse inconnue")


async def _hang_up(trace: Trace) -> None:
    # Not `close`: over TLS it would wait for the other side's goodbye, with the host's turn already given away.
    if trace.transport is not None:
        trace.transport.abort()
        trace.transport = None
        trace.leave()
        await asyncio.sleep(0)  # the socket is closed in the loop's next round


class _Connector(aiohttp.BaseConnector):
    """Dials for the question that the current context holds; no pool, no cache of names."""

    async def _create_connection(self, req: aiohttp.ClientRequest, *_: Any) -> ResponseHandler:
        asking = _ASKING.get()
        context = asking.tools.trust.context(asking.probe.ca) if req.is_ssl() else None
        listener = partial(_Listener, self._loop, asking.trace)
        transport, protocol = await dial(asking, req.url.raw_host or "", req.port or 0, context, listener)
        asking.trace.transport = transport
        asking.trace.enter(Phase.FIRST_BYTE)
        return protocol


class _Listener(ResponseHandler):
    """aiohttp's protocol, noting the first byte and refusing a head without end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, trace: Trace) -> None:
        super().__init__(loop)
        self._trace, self._wire = trace, 0

    def data_received(self, data: bytes) -> None:
        if data and not self._wire:
            self._trace.heard = True
            self._trace.enter(Phase.TRANSFER)
        self._wire += len(data)
        if self._trace.http_status is None and self._wire > HEAD_CAP:
            self.set_exception(BadHttpMessage("head too large"))
            self.abort()
            return
        super().data_received(data)
