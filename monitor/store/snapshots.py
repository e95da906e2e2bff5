"""The one row of `snapshots`: what the public may see now."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from monitor.store.codec import micros
from monitor.store.tables import snapshots
from monitor.store.upsert import replace


def publish(connection: Connection, snapshot: bytes, published_at: datetime) -> None:
    """Replace the current snapshot."""
    row = {"id": 1, "json": snapshot, "etag": etag_of(snapshot), "published_at": micros(published_at)}
    replace(connection, snapshots, [row])


def current(connection: Connection) -> tuple[bytes, str] | None:
    """JSON bytes and etag of the current snapshot, None before the first."""
    row = connection.execute(select(snapshots.c.json, snapshots.c.etag).where(snapshots.c.id == 1)).first()
    return None if row is None else (bytes(row.json), row.etag)


def etag_of(snapshot: bytes) -> str:
    """A strong validator without its quotation marks: 32 hexadecimal digits of the content's SHA-256."""
    return sha256(snapshot).hexdigest()[:32]
