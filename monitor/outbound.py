"""Calls to the outside that are not probes: a file fetched over https, whole or not at all; a heartbeat."""

import asyncio
import ssl
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address, ip_network

import aiohttp
from yarl import URL

LARGEST = 5 * 1024 * 1024  # bytes: the official calendar of all years is below one MiB
WITHIN = timedelta(seconds=30)
PING_WITHIN = timedelta(seconds=10)

_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})


class NotFetched(OSError):  # noqa: N818 - named for what it says
    """Nothing was fetched; the message says why, in French, and names the host and nothing of the answer."""


async def fetch(url: str, *, user_agent: str, largest: int = LARGEST, within: timedelta = WITHIN) -> bytes:
    """The body behind an https address, redirects followed to https alone.

    `user_agent` is the whole header; `largest` counts bytes; `within` is the time for all of it. The authorities are
    the system's, or those of ``SSL_CERT_FILE``. Raises NotFetched.
    """
    try:
        async with asyncio.timeout(within.total_seconds()):
            return await _follow(_https(url), user_agent, largest)
    except TimeoutError:
        raise NotFetched(
            f"{_host(url)} n’a pas tout donné en {within.total_seconds():g} s. Réessayez, ou téléchargez le fichier."
        ) from None
    except aiohttp.ClientConnectorCertificateError:
        raise NotFetched(f"{_host(url)} n’a pas de certificat digne de confiance (voir SSL_CERT_FILE).") from None
    except aiohttp.ClientError as error:
        raise NotFetched(f"{_host(url)} ne répond pas comme il faut ({type(error).__name__}).") from error


class NotHeard(OSError):  # noqa: N818 - named for what it says
    """A heartbeat was not accepted; the message says why, in French, and holds nothing of the address, a secret."""


async def ping(url: str, *, user_agent: str, within: timedelta = PING_WITHIN) -> None:
    """GET an address that expects to be called regularly; any 2xx is its thanks, and its body is not read.

    Nothing is followed elsewhere: a redirect would give the secret of the address to somebody else. Raises NotHeard.
    """
    try:
        async with (
            asyncio.timeout(within.total_seconds()),
            _session(user_agent) as web,
            web.get(url, allow_redirects=False) as answer,
        ):
            if not 200 <= answer.status < 300:
                raise NotHeard(f"le service qui attend les battements répond {answer.status}")
    except TimeoutError:
        raise NotHeard("le service qui attend les battements ne répond pas à temps") from None
    except (aiohttp.ClientError, ValueError) as error:
        # Without its cause: what aiohttp says names the address.
        raise NotHeard(f"le service qui attend les battements n’est pas joint ({type(error).__name__})") from None


def heartbeat_refusal(url: str, allowed: Iterable[str]) -> str | None:
    """A French sentence if no heartbeat may go to this address, else None.

    https, or http to an address (not a name) of the `allowed` networks: the address is a secret, and stays one.
    """
    try:
        parts = URL(url)
        host = parts.host
    except ValueError:
        return "adresse illisible"
    if not host or parts.scheme not in {"http", "https"}:
        return "adresse refusée : écrivez une adresse complète en https://"
    if parts.scheme == "http" and not _within(host, allowed):
        return "adresse refusée : http:// ne va qu’à une adresse IP de VIGIE_ALLOW_NETWORKS, sinon https://"
    return None


def _within(host: str, networks: Iterable[str]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in ip_network(block, strict=False) for block in networks)


def _session(user_agent: str) -> aiohttp.ClientSession:
    # A context of its own: aiohttp's is made when it is imported, before SSL_CERT_FILE may have been set.
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context())
    # Nothing is unpacked, so that what is counted is what is held.
    headers = {"User-Agent": user_agent, "Accept-Encoding": "identity"}
    return aiohttp.ClientSession(
        headers=headers, connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )


async def _follow(url: URL, user_agent: str, largest: int) -> bytes:
    async with _session(user_agent) as web:
        for _ in range(_REDIRECTS + 1):
            async with web.get(url, allow_redirects=False) as answer:
                if answer.status not in _MOVED:
                    return await _body(answer, largest)
                url = _https(answer.headers.get("Location", ""), url)
    raise NotFetched(f"{url.host} renvoie d’adresse en adresse sans fin.")


async def _body(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    if answer.status != 200:
        raise NotFetched(f"{answer.url.host} répond {answer.status} au lieu de donner le fichier.")
    body = bytearray()
    async for part in answer.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > largest:
            raise NotFetched(f"{answer.url.host} donne plus de {largest} octets : ce n’est pas le fichier attendu.")
    return bytes(body)


def _https(url: str, base: URL | None = None) -> URL:
    """The address (seen from `base`, where given), if it is one that may be fetched. Raises NotFetched."""
    try:
        found = base.join(URL(url)) if base is not None else URL(url)
    except ValueError:
        raise NotFetched("Adresse illisible : donnez une adresse complète en https://") from None
    if found.scheme != "https" or not found.host:
        raise NotFetched(f"Adresse refusée ({found.scheme or 'sans schéma'}) : seul https:// est suivi.")
    return found


def _host(url: str) -> str:
    return URL(url).host or url
