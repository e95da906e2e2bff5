"""The one connection that writes the measures: the lock, the codes that rows are written in, a transaction a call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection

from monitor.store.codes import Dictionaries
from monitor.store.database import allow, writing
from monitor.store.errors import missing, translated
from monitor.store.lock import FileLock
from monitor.store.place import Book, Place
from monitor.store.prepare import refuse_other_kind
from monitor.store.schema import require_current
from monitor.store.seals import Sealed
from monitor.store.values import Kind

# What is read once, at the start, from a big database on a slow disk.
START = timedelta(seconds=60)


class WritingBook:
    """The measures, locked for whoever holds this, and both books inspected."""

    def __init__(self, place: Place, kind: Kind) -> None:
        """Use `open_store`."""
        if place.path is not None and not place.path.exists():
            raise missing(place.label)
        self._place = place
        self._lock = FileLock(place.path) if place.path is not None else None
        self._engine = writing(place, Book.MEASURES, lock=True, ordinary=True)
        self._codes = Dictionaries()
        self._sealed = Sealed()
        try:
            self._inspect(kind)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection and let another monitor in. May be repeated."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _inspect(self, kind: Kind) -> None:
        with self._engine.begin() as connection:
            require_current(connection, Book.MEASURES, self._place)
            refuse_other_kind(connection, self._place, kind)
        desk = writing(self._place, Book.DESK, ordinary=True)
        try:
            with desk.begin() as connection:
                require_current(connection, Book.DESK, self._place)
                refuse_other_kind(connection, self._place, kind)
        finally:
            desk.dispose()

    @contextmanager
    def _writing(self, longest: timedelta | None = None) -> Iterator[Connection]:
        with translated(self._place.label):
            try:
                with self._engine.begin() as connection:
                    if longest is not None:
                        allow(connection, longest)
                    self._codes.load(connection)
                    yield connection
            except BaseException:
                self._codes.forget()
                self._sealed.forget()
                raise
