"""Which server a destination goes through: what is down, or slow, or asks for patience, is the server."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from monitor.alerting.schemes import scheme_of

MAIL = frozenset({"mailto", "mailtos"})
MAIL_RATE = 20.0  # messages a second: what a server of an académie takes without a thought


@lru_cache(maxsize=65_536)
def gateway_of(url: str) -> str:
    """Scheme, host and port of an Apprise URL, ``scheme://host:port``; a name for use inside Vigie.

    With some schemes (``slack://``) the host is a token: the name is a secret, as the URL is.
    """
    scheme = scheme_of(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}://"
    if scheme in MAIL and (server := dict(parse_qsl(parts.query)).get("smtp")):
        host = server.lower()
    return f"{scheme}://{host}" if port is None else f"{scheme}://{host}:{port}"


def rate_of(gateway: str, rates: Mapping[str, float]) -> float | None:
    """Messages a second that may leave by a gateway; None: as many as it takes.

    Args:
        gateway: of `gateway_of`.
        rates: by ``scheme://host:port``, ``scheme://host``, ``host:port`` or ``host``; the most precise one counts.
    """
    bare = gateway.partition("://")[2]
    for whole in (gateway, bare):
        for name in (whole, _portless(whole)):
            if name in rates:
                return rates[name]
    return MAIL_RATE if scheme_of(gateway) in MAIL else None


def _portless(name: str) -> str:
    head, colon, port = name.rpartition(":")
    return head if colon and port.isdigit() else name


def reference(telling: str) -> str:
    """Ten hexadecimal digits that are the same on every copy of a message, and on no other: ``3F9A1-C220B``."""
    digits = hashlib.sha256(telling.encode()).hexdigest()[:10].upper()
    return f"{digits[:5]}-{digits[5:]}"


def with_reference(body: str, ref: str, language: str) -> str:
    """The body with its reference as a last line: whoever gets a message twice sees that it is one."""
    return f"{body.rstrip()}\n\n{'Ref.' if language == 'en' else 'Réf.'}\u00a0{ref}\n"


def with_headers(url: str, ref: str, incident: str) -> str:
    """A mail URL whose messages carry the reference, and thread with what is said about the same incident.

    Other URLs, and headers that the URL names already, stay as they are.
    """
    if scheme_of(url) not in MAIL:
        return url
    thread = hashlib.sha256(incident.encode()).hexdigest()[:20]
    headers = {"X-Vigie-Reference": ref, "References": f"<{thread}@vigie.invalid>"}
    named = unquote(url)
    added = urlencode({f"+{name}": value for name, value in headers.items() if f"+{name}=" not in named})
    return f"{url}{'&' if '?' in url else '?'}{added}" if added else url
