"""Observations of any period as flat records: from the measures, or from the archive of a day that has its file."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from heapq import merge
from pathlib import Path

from monitor.archive.place import absent, different, file_of, is_empty
from monitor.domain.record import Record, order
from monitor.store import Reader
from monitor.store.days import days


def records_of(
    reader: Reader,
    archive: Path | None,
    since: datetime,
    until: datetime,
    probes: Collection[str] | None = None,
) -> Iterator[Record]:
    """The records of [since, until), of these probes or of all, in the order of `Reader.records`; some MB at a time.

    A day that has its file in the folder `archive` is read there, whether the measures still hold it or not: so a
    retention that is deleting it disturbs nobody. Where rows may have come after the file was made (the day is not
    sealed, late ones wait for the next night, or were sealed when the file could not be written again) both are read
    and laid together. Raises StoreError, OSError, ArchiveTrouble: also where a day was let go and the folder is empty,
    as one that is not mounted.
    """
    settled = {} if archive is None else reader.sealed_rows()
    gone = set() if archive is None else settled.keys() - reader.held_days().keys()
    pending: datetime | None = None  # where days begin that stand in the measures alone: they are read in one go
    for day, begin, end in days(since, until):
        if archive is None or not (path := file_of(archive, day)).exists():
            if archive is not None and day in gone and is_empty(archive):
                raise absent(file_of(archive, day))
            pending = pending or begin
            continue
        if pending is not None:
            yield from reader.records(pending, begin, probes)
            pending = None
        yield from _archived(reader, path, begin, end, probes, sealed=settled.get(day))
    if pending is not None:
        yield from reader.records(pending, until, probes)


def whole_day(reader: Reader, archive: Path | None, day: date, begin: datetime, end: datetime) -> Iterator[Record]:
    """Everything that is known of a day, from both places: what is sealed and archived."""
    if archive is None or not (path := file_of(archive, day)).exists():
        return reader.records(begin, end)
    return _archived(reader, path, begin, end, None, sealed=None)


def _archived(
    reader: Reader, path: Path, begin: datetime, end: datetime, probes: Collection[str] | None, *, sealed: int | None
) -> Iterator[Record]:
    """From the file alone where it holds as many answers as are sealed; with what the measures hold otherwise."""
    # Loaded where it is used: the page and the monitor import reports and have no need of pyarrow.
    from monitor.archive.reading import about, read  # noqa: PLC0415

    found = read(path, begin, end, probes)
    return found if about(path).rows == sealed else _together(path, found, reader.records(begin, end, probes))


def _together(path: Path, archived: Iterable[Record], held: Iterable[Record]) -> Iterator[Record]:
    """Both streams as one. Raises ArchiveTrouble where they say different things about one answer."""
    last: Record | None = None
    for one in merge(archived, held, key=order):
        if last is None or order(last) != order(one):
            yield one
        elif last != one:
            raise different(path)
        last = one
