"""Where reports read from: a reader handed in, or one kept open per address."""

from threading import Lock

from monitor.store import DatabaseMissing, Reader, open_reader

Source = str | Reader

_readers: dict[str, Reader] = {}
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


def close_all() -> None:
    """Close every reader that was opened for an URL."""
    with _opening:
        while _readers:
            _readers.popitem()[1].close()
