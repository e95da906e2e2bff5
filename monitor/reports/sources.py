"""Where reports read from: a reader handed in, or one kept open per address; of the measures, or of the desk."""

from threading import Lock

from monitor.store import DatabaseMissing, DeskReader, Reader, open_desk_reader, open_reader

Source = str | Reader
DeskSource = str | DeskReader

_readers: dict[str, Reader] = {}
_desks: dict[str, DeskReader] = {}
_opening = Lock()


def reader_of(source: Source) -> Reader | None:
    """The reader itself, or the one of an URL, opened once; None while there is no database. Raises StoreError."""
    if isinstance(source, Reader):
        return source
    with _opening:
        if source not in _readers:
            try:
                _readers[source] = open_reader(source)
            except DatabaseMissing:
                return None
        return _readers[source]


def desk_of(source: DeskSource) -> DeskReader | None:
    """The desk as `reader_of` gives the measures. Raises StoreError."""
    if isinstance(source, DeskReader):
        return source
    with _opening:
        if source not in _desks:
            try:
                _desks[source] = open_desk_reader(source)
            except DatabaseMissing:
                return None
        return _desks[source]


def close_all() -> None:
    """Close every reader that was opened for an URL."""
    with _opening:
        while _readers:
            _readers.popitem()[1].close()
        while _desks:
            _desks.popitem()[1].close()
