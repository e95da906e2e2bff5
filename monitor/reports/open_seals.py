"""The seals of finished days as they are published: on `/methode`, in the feed, and in `/donnees/sceaux.json`."""

from monitor.domain.seal import Seal, edge
from monitor.domain.snapshot import instant
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing


def published_seals(source: Source) -> tuple[dict[str, object], ...]:
    """Every seal, the newest first; none without a database. Raises StoreError."""
    try:
        reader = reader_of(source)
        found = [] if reader is None else reader.seals()
    except DatabaseMissing:
        return ()
    newest = sorted(found, key=lambda one: (one.sealed_at, one.day, one.vantage, one.number), reverse=True)
    return tuple(map(seal_document, newest))


def seal_document(seal: Seal) -> dict[str, object]:
    """One seal as plain values; `from` and `to` as its root holds them."""
    return {
        "number": seal.number,
        "day": seal.day.isoformat(),
        "from": edge(seal.since),
        "to": edge(seal.until),
        "vantage": seal.vantage,
        "rows": seal.rows,
        "tree": seal.tree,
        "previous": seal.previous,
        "corrects": seal.corrects,
        "root": seal.root,
        "sealed_at": instant(seal.sealed_at),
    }
