"""Connections: one that writes, any number that only read. Their properties are set here and nowhere else."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from monitor.store.errors import DatabaseTaken
from monitor.store.lock import busy
from monitor.store.place import Book, Place

_BUSY_S = 5.0
# The cache, in KiB: an hour of 10,000 probes is 36 MB, and every commit writes into all of it.
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", f"cache_size=-{48 * 1024}")
_OWNER_ALONE = 0o600
# Any constant: advisory locks are counted per database. In hexadecimal it reads "Vigie".
_LOCK_KEY = 0x5669676965
_LOCK_WAIT = timedelta(seconds=2)
_LONGEST_WRITE = timedelta(seconds=3)
# A server that is gone, or a line that swallows packets, is noticed within 11 s at rest, 5 s in the middle of a word.
_CONNECT_ARGS = {
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,  # ms
}


def writing(place: Place, book: Book, *, create: bool = False, lock: bool = False, ordinary: bool = False) -> Engine:
    """An engine of exactly one connection that writes; each transaction holds the write lock from its first statement.

    With `lock`, on PostgreSQL, the connection itself holds the monitor's lock: losing one is losing the other, and a
    new connection must win it again (DatabaseTaken). On SQLite the caller takes a `FileLock`.

    With `ordinary` PostgreSQL gives up a statement after 3 s, and after 2 s of waiting for somebody else's lock;
    migrations do without. SQLite waits 5 s for somebody else's lock, always.
    """
    if place.path is None:
        return _postgres(place, _prepare_writer(book, place, lock=lock, ordinary=ordinary), pool_size=1, max_overflow=0)
    journal = "WAL" if book is Book.MEASURES else "DELETE"
    path, mode = place.file(book), "rwc" if create else "rw"

    def connect() -> sqlite3.Connection:
        if book is Book.DESK:
            keep_private(path, create=create)
        connection = _connect(path, mode)
        try:
            for pragma in (f"journal_mode={journal}", *_PRAGMAS):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:  # not a database, not ours to write: whoever asked will ask again, nothing stays open
            connection.close()
            raise
        return connection

    return _sqlite(connect, "BEGIN IMMEDIATE", poolclass=QueuePool, pool_size=1, max_overflow=0)


def reading(place: Place, book: Book, *, longest: timedelta | None = None) -> Engine:
    """An engine that cannot write, safe to share between threads; each transaction sees one instant of the database.

    PostgreSQL gives up a statement after `longest`, if given.
    """
    if place.path is None:
        return _postgres(place, _prepare_reader(book, longest), pool_size=2, max_overflow=8)
    path = place.file(book)
    # Opened anew each time (0.2 ms): a file that was replaced or removed is noticed.
    return _sqlite(lambda: _connect(path, "ro"), "BEGIN", poolclass=NullPool)


def allow(connection: Connection, longest: timedelta) -> None:
    """Let PostgreSQL take `longest` for each statement of this transaction, not of the next."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout TO {_ms(longest)}")


def rewritten(engine: Engine) -> None:
    """Write a SQLite file anew, so that nothing of what was deleted stays in its pages. PostgreSQL does so in its time.

    The pragma secure_delete is not enough: it overwrites what is deleted, not the copies that stay behind where pages
    were parted before.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM")  # no transaction may be open


def keep_private(path: Path, *, create: bool) -> None:
    """See that a file of people's addresses is read by its owner alone; SQLite gives its journal the same rights.

    One of somebody else stays as it is: its owner decides, and whoever may write there would be locked out.
    """
    if create:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ALONE))
    with suppress(FileNotFoundError, PermissionError):
        if stat.S_IMODE(path.stat().st_mode) & ~_OWNER_ALONE:
            path.chmod(_OWNER_ALONE)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # isolation_level=None: the driver's own transactions would start after DDL and after reads; ours start when we say.
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _sqlite(connect: Callable[[], sqlite3.Connection], begin: str, **pool: Any) -> Engine:
    engine = create_engine("sqlite://", creator=connect, hide_parameters=True, **pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres(place: Place, prepare: Callable[[psycopg.Connection[Any]], None], **pool: Any) -> Engine:
    engine = create_engine(place.url, pool_pre_ping=True, hide_parameters=True, connect_args=_CONNECT_ARGS, **pool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.autocommit = True
        prepare(connection)
        connection.autocommit = False

    return engine


def _prepare_writer(
    book: Book, place: Place, *, lock: bool, ordinary: bool
) -> Callable[[psycopg.Connection[Any]], None]:
    def prepare(connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"SET search_path TO {book.value}")
        if lock:
            # A monitor that was killed leaves its session to the server for an instant: hence the short wait.
            connection.execute(f"SET lock_timeout TO {_ms(_LOCK_WAIT)}")
            try:
                connection.execute(f"SELECT pg_advisory_lock({_LOCK_KEY})")
            except psycopg.errors.LockNotAvailable:
                connection.close()
                raise DatabaseTaken(busy(place.label)) from None
            connection.execute("RESET lock_timeout")
        if ordinary:
            connection.execute(f"SET lock_timeout TO {_ms(_LOCK_WAIT)}")
            connection.execute(f"SET statement_timeout TO {_ms(_LONGEST_WRITE)}")

    return prepare


def _prepare_reader(book: Book, longest: timedelta | None) -> Callable[[psycopg.Connection[Any]], None]:
    def prepare(connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"SET search_path TO {book.value}")
        connection.execute("SET default_transaction_read_only TO on")
        connection.execute("SET default_transaction_isolation TO 'repeatable read'")
        if longest is not None:
            connection.execute(f"SET statement_timeout TO {_ms(longest)}")

    return prepare


def _ms(took: timedelta) -> int:
    return took // timedelta(milliseconds=1)


def is_empty_file(path: Path) -> bool:
    """Whether a SQLite file is missing or was created without anything in it."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with closing(_connect(path, "ro")) as connection:
        found: tuple[int] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return found == (0,)
