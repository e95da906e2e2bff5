"""What may come in: small forms that arrive in time, and not too many of them from one place.

Nobody is known by a cookie here, so a form that another site has a browser send can do nothing that its author could
not do alone; it is refused all the same, or a crowd of visitors would be as many sources.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_MOST = 4096  # bytes
BODY_WITHIN_S = 5.0
FIELDS_MOST = 20
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = (FORM, "multipart/form-data")  # RFC 8058, 3.1: a mail program may send either

PERIOD_S = 600.0
FORMS_A_PERIOD = 30  # from one source: a school's pupils may share one address
SOURCES_MOST = 50_000  # remembered in a period; beyond, everybody waits for the next


class Doorman:
    """Counts the forms of each source within a period, in memory alone; sources are forgotten with the period."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds that never go back."""
        self._clock, self._until = clock, float("-inf")
        self._seen: Counter[str] = Counter()

    def admits(self, source: str) -> bool:
        """Whether one more form of that source may come in; counts it."""
        now = self._clock()
        if now >= self._until:
            self._until = now + PERIOD_S
            self._seen.clear()
        if source not in self._seen and len(self._seen) >= SOURCES_MOST:
            return False
        self._seen[source] += 1
        return self._seen[source] <= FORMS_A_PERIOD


def source_of(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one, of which a visitor has many.

    A proxy on this machine says for whom it asks; nobody else is believed.
    """
    peer = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    for text in (told if _here(peer) else "", peer):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        return str(address if address.version == 4 else ip_network(f"{address}/64", strict=False))
    return "?"


def _here(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return True  # no address at all: a socket of this machine


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name. Raises HTTPException: 400, 403, 408, 413 or 415."""
    text = (await body_of(request, (FORM,))).decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MOST, separator="&")
    except ValueError:
        raise HTTPException(400) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


async def body_of(request: Request, kinds: tuple[str, ...]) -> bytes:
    """A small body of one of these media types. Raises HTTPException: 400, 403, 408, 413 or 415."""
    if request.headers.get("sec-fetch-site", "") == "cross-site":
        raise HTTPException(403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in kinds:
        raise HTTPException(415)
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            return await _read(request)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None


async def _read(request: Request) -> bytes:
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > BODY_MOST:
            raise HTTPException(413)
    return found
