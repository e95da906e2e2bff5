"""The seals of finished days as `/methode`, the feed and `/donnees/sceaux.json` publish them."""

from typing import Any

from monitor.reports.seals import as_json
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing


def published_seals(source: Source) -> tuple[dict[str, Any], ...]:
    """Every seal by vantage and number (`monitor.reports.seals`); none without a database. Raises StoreError."""
    try:
        reader = reader_of(source)
        return () if reader is None else tuple(as_json(one) for one in reader.seals())
    except DatabaseMissing:
        return ()
