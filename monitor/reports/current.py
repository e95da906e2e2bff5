"""What is true now: the snapshot as the monitor published it."""

import json
from dataclasses import dataclass
from typing import Any

from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing


@dataclass(frozen=True, slots=True)
class Current:
    """The current snapshot.

    Attributes:
        data: the parsed JSON object; not to be changed.
        raw: the very bytes that were published, UTF-8.
        etag: strong validator of `raw`, without quotation marks.
    """

    data: dict[str, Any]
    raw: bytes
    etag: str


def snapshot(source: Source) -> Current | None:
    """The current snapshot of a database URL or a reader; None without a database or before the first evaluation.

    Raises StoreError for a database that is unreachable, damaged, or of another version.
    """
    reader = reader_of(source)
    try:
        found = None if reader is None else reader.snapshot()
    except DatabaseMissing:
        return None
    if found is None:
        return None
    raw, etag = found
    return Current(json.loads(raw), raw, etag)
