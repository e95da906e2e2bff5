"""Kind `http`: one GET, its redirects followed by hand, its answer read as far as the cap."""

import re
from collections.abc import Iterable
from functools import lru_cache

import aiohttp
import dns.exception
from yarl import URL

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure
from monitor.probes.base import Asking, Failed, Finding
from monitor.probes.client import REDIRECTS, Answer, fetch
from monitor.probes.content import Page
from monitor.probes.dnswire import A, question
from monitor.probes.excerpt import excerpt
from monitor.probes.reading import read

MOST_REDIRECTS = 5
# A cookie that can go back: a name of RFC 6265, and a value that fits into a line. The jar would log any other name.
_COOKIE = re.compile(r"[ \t]*[\w!#$%&'*+.^`|~-]+[ \t]*=[ -:<-~\t]*(?:;|\Z)", re.ASCII)
MOST_COOKIES = 8 * 1024  # a site that sets more than this gets none back, rather than a request of a megabyte
# A probe may add headers, but not pretend to be somebody, nor carry what belongs to a person.
# What the connection rests on is ours as well.
_NEVER_SENT = frozenset(
    {"user-agent", "host", "cookie", "authorization", "content-length", "transfer-encoding", "connection"}
    | {"accept-encoding", "expect", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"}
)


async def ask_http(probe: Probe, asking: Asking) -> Finding:
    """Ask for the page and judge it. A redirect whose status stands in `expect.status` is an answer, not a way on."""
    answer = await _follow(asking, _first(probe.url or ""), frozenset(probe.expect.status))
    page = Page(answer.status, answer.url.raw_host or "", answer.headers, answer.body, whole=answer.whole)
    finding = read(probe, page, asking.now)
    if finding.failure is not None:
        asking.trace.excerpt = excerpt(page.text, answer.headers.get("Content-Type", ""))
    return finding


async def _follow(asking: Asking, first: URL, final: frozenset[int]) -> Answer:
    jar = None  # of this question only: some logins bounce until their cookie comes back
    url, seen = first, set[tuple[URL, str]]()
    while True:
        cookies = "" if jar is None else _cookies(jar, url)
        if (url, cookies) in seen or len(seen) > MOST_REDIRECTS:
            raise Failed(Failure.EXCHANGE_REDIRECT_LOOP, f"redirections sans fin ({len(seen)})")
        seen.add((url, cookies))
        answer = await _hop(asking, url, _headers(asking.probe, url, first, cookies), final, redirected=len(seen) > 1)
        asking.trace.final_host = None if url.raw_host == first.raw_host else url.raw_host
        if answer.status not in REDIRECTS or answer.status in final:
            return answer
        if sound := [cookie for cookie in answer.cookies if _COOKIE.match(cookie)]:
            jar = jar or aiohttp.CookieJar(unsafe=True)
            jar.update_cookies_from_headers(sound, url)
        url = _next(asking, url, answer.headers.get("Location"))


async def _hop(
    asking: Asking, url: URL, headers: Iterable[tuple[str, str]], final: frozenset[int], *, redirected: bool
) -> Answer:
    try:
        return await fetch(asking, url, headers, final=final)
    except Failed as failed:
        if redirected and failed.finding.failure is Failure.RESOLVE_PRIVATE_ANSWER:
            raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection vers une adresse réservée") from failed
        raise


@lru_cache(maxsize=16_384)
def _first(address: str) -> URL:
    try:
        url = URL(address)
        usable = url.scheme in {"http", "https"} and bool(url.raw_host) and url.port != 0
    except ValueError as error:
        raise Failed(Failure.OURS_POLICY, "adresse illisible dans le catalogue") from error
    if not usable:
        raise Failed(Failure.OURS_POLICY, "seules les adresses http et https sont sondées")
    if url.raw_user is not None or url.raw_password is not None:
        raise Failed(Failure.OURS_POLICY, "l’adresse contient des identifiants")
    return url.with_fragment(None)


def _next(asking: Asking, url: URL, location: str | None) -> URL:
    if not location:
        raise Failed(Failure.EXCHANGE_MALFORMED, "redirection sans destination")
    try:
        target = url.join(URL(location)).with_fragment(None)
        usable = target.scheme in {"http", "https"} and bool(target.raw_host) and target.port != 0
        target = target.with_user(None) if usable else target
    except ValueError as error:
        raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection vers une adresse illisible") from error
    if not usable:
        raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection hors de http et https")
    if url.scheme == "https" and target.scheme == "http":
        raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection de https vers http")
    host = target.raw_host or ""
    if asking.tools.guard.refuses_host(host):
        raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection vers une adresse réservée")
    if not _can_be_asked(host):
        raise Failed(Failure.EXCHANGE_REDIRECT_FORBIDDEN, "redirection vers un nom d’hôte impossible")
    return target


def _can_be_asked(host: str) -> bool:
    # Asked here, the site is to blame; asked by the resolver, the catalogue would be.
    try:
        question(host, A)
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _headers(probe: Probe, url: URL, first: URL, cookies: str) -> Iterable[tuple[str, str]]:
    # What the catalogue adds is meant for the host it names, not for wherever that one sends us.
    own = probe.headers if url is first or url.origin() == first.origin() else ()
    yield from ((name, value) for name, value in own if name.lower() not in _NEVER_SENT)
    if cookies:
        yield "Cookie", cookies


def _cookies(jar: aiohttp.CookieJar, url: URL) -> str:
    header = "; ".join(f"{morsel.key}={morsel.coded_value}" for morsel in jar.filter_cookies(url).values())
    return header if len(header) <= MOST_COOKIES and header.isascii() and header.isprintable() else ""
