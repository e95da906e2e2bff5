"""The HTTP client: a request written by hand, an answer read by aiohttp's parser, one fresh connection each."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from yarl import URL

from monitor.domain.observation import Failure
from monitor.probes.backoff import BackOff
from monitor.probes.base import Asking, Failed, Phase, ProberSettings
from monitor.probes.body import ACCEPTED
from monitor.probes.dial import dial
from monitor.probes.elsewhere import Elsewhere
from monitor.probes.evidence import Certificates, clock_offset
from monitor.probes.exchange import Exchange
from monitor.probes.guard import Guard
from monitor.probes.lapses import Lapses
from monitor.probes.resolver import Resolver
from monitor.probes.trust import Trust
from monitor.probes.turns import Turns

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAID_BY_ALL = (
    ("Accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "fr"),
    ("Accept-Encoding", ACCEPTED),
    ("Connection", "close"),
)


# These quote what a site sent (the name of a bad cookie), and nothing of a site may be logged.
_QUOTING = ("aiohttp.client", "aiohttp.internal")


@dataclass(frozen=True, slots=True)
class Tools:
    """What all questions share."""

    user_agent: str
    guard: Guard
    resolver: Resolver
    trust: Trust
    turns: Turns
    backoff: BackOff
    lapses: Lapses
    certificates: Certificates = field(default_factory=Certificates)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)


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
    turns = Turns(settings.concurrency, settings.host_spacing)
    for name in _QUOTING:
        logging.getLogger(name).disabled = True
    loop = asyncio.get_running_loop()
    yield Tools(settings.user_agent, guard, resolver, Trust(), turns, BackOff(loop.time), Lapses(loop))


async def fetch(asking: Asking, url: URL, headers: Iterable[tuple[str, str]], *, final: frozenset[int]) -> Answer:
    """One GET on one fresh connection, in its turn; a redirect's body is left unread unless its status is in `final`.

    Raises Failed for everything that went wrong on the way; TimeoutError comes from the deadline around it.
    """
    host, port, trace = url.raw_host or "", url.port or 0, asking.trace
    asked = request(url, asking.tools.user_agent, headers)
    context = asking.tools.trust.context(asking.probe.ca) if url.scheme == "https" else None
    exchange = Exchange(asyncio.get_running_loop(), trace, REDIRECTS - final)
    async with asking.turn(host, port):
        trace.http_status, trace.address, trace.heard = None, None, False
        transport = None
        try:
            transport = await dial(asking, host, port, context, exchange)
            trace.enter(Phase.FIRST_BYTE)
            transport.write(asked)
            await exchange.done
            return _answer(asking, url, exchange)
        finally:
            exchange.let_go()
            if transport is not None:
                await hang_up(asking, transport)


def _answer(asking: Asking, url: URL, exchange: Exchange) -> Answer:
    head, body = exchange.head, exchange.body
    assert head is not None
    asking.trace.leave()
    asking.trace.clock_offset = clock_offset(head.headers, asking.now())
    cookies = tuple(head.headers.getall("Set-Cookie", ()))
    if body is None:
        return Answer(url, head.code, head.headers, cookies)
    return Answer(url, head.code, head.headers, cookies, bytes(body.read), whole=not body.cut)


def request(url: URL, user_agent: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The bytes of a GET; `headers` win over what Vigie says by itself.

    Raises Failed (ours/policy) for a header that would break out of its line.
    """
    own = tuple(headers)
    return _request(url, user_agent, own) if own else _plain_request(url, user_agent)


def _request(url: URL, user_agent: str, own: tuple[tuple[str, str], ...]) -> bytes:
    said = {name.lower(): (name, value) for name, value in (*_SAID_BY_ALL, *own)}
    lines = [f"GET {url.raw_path_qs} HTTP/1.1", f"Host: {url.host_port_subcomponent}", f"User-Agent: {user_agent}"]
    lines += [f"{name}: {value}" for name, value in said.values()]
    if not all(line.isprintable() for line in lines):
        raise Failed(Failure.OURS_POLICY, "en-tête du catalogue impossible à envoyer")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@lru_cache(maxsize=4096)
def _plain_request(url: URL, user_agent: str) -> bytes:
    return _request(url, user_agent, ())


async def hang_up(asking: Asking, transport: asyncio.Transport) -> None:
    """End a connection before its host's turn is given away.

    Not by `close`: over TLS that waits for the other side's goodbye.
    """
    transport.abort()
    asking.trace.leave()
    await asyncio.sleep(0)  # the socket is closed in the loop's next round
