"""Evidence beside the answer itself: the certificate that a server showed, how far its clock is from ours."""

import hashlib
import math
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.domain.observation import Certificate
from monitor.probes.trust import Connection

REMEMBERED = 4096  # certificates; a host has one for months, reading it again at every answer would be waste

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
    return Certificate(hashlib.sha256(der).hexdigest(), until)


def clock_offset(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The server's `Date` minus our clock, to the second; None without a date of now in the one form of RFC 9110.

    An answer with an `Age` comes from a cache and bears the date on which that was filled. A date counts whole seconds
    that have passed: two equal clocks differ by less than one of them, which is an offset of 0.
    """
    if "Age" in headers or (date := _imf_date(headers.get("Date", ""))) is None:
        return None
    return timedelta(seconds=math.ceil((date - now).total_seconds()))


def _imf_date(text: str) -> datetime | None:
    # "Sun, 06 Nov 1994 08:49:37 GMT", by its places: email.utils takes ten times as long.
    if len(text) != 29 or not text.isascii() or not text.endswith(" GMT"):
        return None
    try:
        return datetime(
            int(text[12:16]), _MONTHS[text[8:11]], int(text[5:7]), int(text[17:19]), int(text[20:22]),
            int(text[23:25]), tzinfo=UTC,
        )  # fmt: skip
    except (KeyError, ValueError):
        return None
