"""Evidence beside the answer itself: the certificate that a server showed, how far its clock is from ours."""

import hashlib
import math
import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from monitor.domain.observation import Certificate
from monitor.probes.excerpt import plain_text
from monitor.probes.trust import Connection

LONGEST_ISSUER = 64  # characters, as X.520 has it for both kinds of name
REMEMBERED = 4096  # certificates; a host has one for months, reading it again at every answer would be waste

FURTHEST = timedelta(days=1)  # no clock that is looked after is further off: such a date is fixed, or of a cache
# "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 § 5.6.7); email.utils takes ten times as long.
_IMF_DATE = re.compile(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip


class Certificates:
    """Reads the certificates of verified connections, each one once."""

    def __init__(self) -> None:
        self._known: dict[bytes, Certificate | None] = {}

    def shown_by(self, tls: Connection) -> Certificate | None:
        """What the server showed; None for one whose dates cannot be read."""
        if (der := tls.getpeercert(binary_form=True)) is None:
            return None
        if der not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[der] = _read(der, tls.decoded() or {})
        return self._known[der]


def _read(der: bytes, fields: Mapping[str, object]) -> Certificate | None:
    try:
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(fields["notAfter"])), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    return Certificate(hashlib.sha256(der).hexdigest(), until, issuer_of(fields))


def issuer_of(fields: Mapping[str, object]) -> str | None:
    """Who signed a decoded certificate: the organisation, else the common name; None without either.

    An authority has many keys with common names of their own (R10, R11…): its organisation is what certificates share.
    """
    names = dict[str, str]()
    for kind, text in _names(fields.get("issuer")):
        names.setdefault(kind, plain_text(text)[:LONGEST_ISSUER].rstrip())
    return names.get("organizationName") or names.get("commonName") or None


def _names(name: object) -> Iterator[tuple[str, str]]:
    """The parts of a distinguished name as `ssl` decodes it: a tuple of tuples of pairs."""
    for several in name if isinstance(name, tuple) else ():
        for kind, text in several:
            yield str(kind), str(text)


def clock_offset(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The server's `Date` minus our clock, to the second; None without a date of now in the one form of RFC 9110.

    None as well beyond `FURTHEST`, and for an answer with an `Age`: it comes from a cache and bears the date on which
    that was filled. A date counts whole seconds
    that have passed: two equal clocks differ by less than one of them, which is an offset of 0.
    """
    if "Age" in headers or (date := _imf_date(headers.get("Date", ""))) is None:
        return None
    offset = timedelta(seconds=math.ceil((date - now).total_seconds()))
    return offset if abs(offset) <= FURTHEST else None


def _imf_date(text: str) -> datetime | None:
    if (found := _IMF_DATE.fullmatch(text)) is None:
        return None
    day, month, *rest = found.groups()
    year, hour, minute, second = map(int, rest)
    try:
        return datetime(year, _MONTHS[month], int(day), hour, minute, second, tzinfo=UTC)
    except (KeyError, ValueError):
        return None
