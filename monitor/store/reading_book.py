"""The measures, open for reading: nothing that is read through this can hold up or change what is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection

from monitor.store.database import reading
from monitor.store.errors import missing, translated
from monitor.store.place import Book, Place
from monitor.store.prepare import identity_of
from monitor.store.schema import require_current
from monitor.store.values import Identity

# A page that takes longer is of no use to anybody, and its query takes time from the monitor's.
_LONGEST_READ = timedelta(seconds=5)


class ReadingBook:
    """What every part of the reader stands on."""

    def __init__(self, place: Place) -> None:
        """Use `open_reader`."""
        self._place = place
        self._engine = reading(place, Book.MEASURES, longest=_LONGEST_READ)

    def identity(self) -> Identity | None:
        """Real or rehearsal, since when, of which scenario; also verifies the schema."""
        with self._reading() as connection:
            require_current(connection, Book.MEASURES, self._place)
            return identity_of(connection)

    def close(self) -> None:
        """Give back what is open. May be repeated."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._place.path is not None and not self._place.path.exists():
            raise missing(self._place.label)
        with translated(self._place.label), self._engine.begin() as connection:
            yield connection
