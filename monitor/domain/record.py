"""An observation as it leaves Vigie: one flat row, the same in every export, archive and seal.

Its order and its texts are the contract of exports and seals: a changed column is a new `VERSION`.
"""

from datetime import UTC, datetime, timedelta
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
    return (_EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def milliseconds_cell(us: int | None) -> str:
    """``118.100`` for 118100 µs; the empty text for None."""
    return "" if us is None else f"{us // 1000}.{us % 1000:03d}"
