"""An observation as it leaves Vigie: one flat row, the same in every export, archive and seal.

Its order and its texts are the contract of exports and seals: a changed column is a new `VERSION`.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

VERSION = 1
KEYS = (
    "at",
    "vantage",
    "service",
    "probe",
    "health",
    "failure",
    "took_ms",
    "resolve_ms",
    "connect_ms",
    "tls_ms",
    "first_byte_ms",
    "transfer_ms",
    "http_status",
    "address",
    "bytes_read",
    "final_host",
    "marker",
    "detail",
    "certificate",
    "certificate_not_after",
    "issuer",
    "clock_offset_s",
    "catalogue",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_US, _MINUTE_US, _SECOND_US = 3_600_000_000, 60_000_000, 1_000_000


class Record(NamedTuple):
    """One observation in whole numbers and texts; None where nothing was observed.

    Instants (`at`, `certificate_not_after`) are microseconds since 1970 UTC, durations (`…_us`) microseconds.
    `service` is what stands before the slash of `probe`: "canary" for our reference sites, the fleet for a school.
    `health` is what `failure` means in itself, before any confirmation.
    """

    at: int
    vantage: str
    service: str
    probe: str
    health: str
    failure: str | None
    took_us: int
    resolve_us: int | None
    connect_us: int | None
    tls_us: int | None
    first_byte_us: int | None
    transfer_us: int | None
    http_status: int | None
    address: str | None
    bytes_read: int | None
    final_host: str | None
    marker: str | None
    detail: str | None
    certificate: str | None
    certificate_not_after: int | None
    issuer: str | None
    clock_offset_s: int | None
    catalogue: str | None


def order(record: Record) -> tuple[int, str, str, int]:
    """What streams of records are sorted by: hour (UTC), vantage, probe, instant. No two records share it."""
    return record.at // _HOUR_US, record.vantage, record.probe, record.at


def cells(record: Record) -> tuple[str, ...]:
    """The record as texts under `KEYS`, as a raw CSV holds them; what was not observed is the empty text.

    Instants are UTC with microseconds, durations milliseconds with three decimals.
    """
    return (
        instant_cell(record.at),
        *record[1:5],
        record.failure or "",
        milliseconds_cell(record.took_us),
        *map(milliseconds_cell, record[7:12]),
        *("" if value is None else str(value) for value in record[12:19]),
        "" if record.certificate_not_after is None else instant_cell(record.certificate_not_after),
        *("" if value is None else str(value) for value in record[20:]),
    )


def instant_cell(us: int) -> str:
    """``2021-04-06T06:00:00.123456Z`` for microseconds since 1970 UTC."""
    minute, rest = divmod(us, _MINUTE_US)
    return f"{_minute(minute)}{rest // _SECOND_US:02d}.{rest % _SECOND_US:06d}Z"


def milliseconds_cell(us: int | None) -> str:
    """``118.100`` for 118100 µs; the empty text for None."""
    return "" if us is None else f"{us // 1000}.{us % 1000:03d}"


@lru_cache(maxsize=4096)  # a stream comes by the hour: of sixty minutes every one is written thousands of times
def _minute(minute: int) -> str:
    return (_EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:")
