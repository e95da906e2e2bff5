"""The work of a night that takes long, in a process of its own: it reads, computes, writes files, and prints.

One JSON object a line: ``{"in_archive": [day, …]}`` first, ``{"digests": […]}`` of a day to be sealed, by vantage, and
before it ``{"archived": …}`` or ``{"unarchived": day}`` of that day, ``{"dumped": …}``, ``{"trouble": …}``.
The measures have one writer, the monitor, which started this and seals what it prints (`monitor.night`).

python -m monitor.nightwork UNTIL
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.archive.place import ArchiveTrouble, file_of
from monitor.config import CatalogInvalid, default_path, load
from monitor.config.calendar import load_calendar
from monitor.config.os_words import os_sentence
from monitor.domain.seal import Digested, SealedProbe
from monitor.domain.timetable import Timetable
from monitor.reports.digests import Digests, digested
from monitor.reports.raw import whole_day
from monitor.settings import Settings
from monitor.store import Identity, Reader, StoreError, open_desk_reader, open_reader
from monitor.store.days import bounds

_POLITE = 19  # of 0 to 19: the loop that probes comes first


def work(reader: Reader, archive: Path | None, until: datetime) -> Iterator[dict[str, Any]]:
    """Everything that is due of the days that ended by `until`, oldest first. Raises StoreError."""
    book = _book(reader.identity())
    due = set(reader.unsealed(until))
    if archive is not None:
        held = reader.held_days()
        found = _in_archive(archive, held, book)
        yield {"in_archive": sorted(day.isoformat() for day in found)}
        due |= held.keys() - found  # sealed, but it could not be archived then
    for day in sorted(due):
        yield from _day(reader, archive, day, book)


def dumped(reader: Reader, settings: Settings, until: datetime) -> Iterator[dict[str, Any]]:
    """The dumps of open data that are missing or have changed; none without a folder for them. Raises StoreError.

    The monitor seals a day while months are dumped, which come first; a day that it has not sealed by then is dumped
    the next time.
    """
    identity = reader.identity()
    if settings.dumps_dir is None or identity is None or identity.kind != "real":
        return
    # Loaded where there are dumps, as for the archive.
    from monitor.dumps import Source, make_dumps  # noqa: PLC0415

    try:
        catalog = load(settings.config or default_path()).catalog
        clocks = Timetable(catalog, load_calendar(settings.calendar), paced=False).clock_of
        with closing(open_desk_reader(settings.database_url)) as desk:
            source = Source(
                reader,
                desk,
                settings.archive_dir,
                catalog,
                clocks,
                until,
                __version__,
                settings.public_url,
                timedelta(days=settings.keep_days),
            )
            for one in make_dumps(source, settings.dumps_dir):
                yield {"dumped": {"name": one.name, "rows": one.rows, "bytes": one.bytes}}
    except (CatalogInvalid, ValueError, OSError) as trouble:
        yield {"trouble": os_sentence(trouble) if isinstance(trouble, OSError) else str(trouble)}


def as_line(found: Digested) -> dict[str, Any]:
    """The digests of a day and vantage as a value of JSON."""
    probes = [[one.probe, one.rows, one.digest] for one in found.probes]
    said = {"day": found.day.isoformat(), "vantage": found.vantage, "record_version": found.record_version}
    return {**said, "probes": probes}


def from_line(said: dict[str, Any]) -> Digested:
    """What `as_line` made."""
    day = date.fromisoformat(said["day"])
    probes = tuple(SealedProbe(*one) for one in said["probes"])
    return Digested(day, *bounds(day), said["vantage"], probes, said["record_version"])


def _in_archive(archive: Path, held: Mapping[date, int], book: str) -> set[date]:
    """Of days with so many answers those whose file is of this book and holds them all."""
    from monitor.archive.reading import About, about  # noqa: PLC0415 -- as in `_day`

    found = set()
    for day, rows in held.items():
        # A file that cannot be read is none; what is wrong with it is said when its day is archived again.
        with suppress(ArchiveTrouble, OSError):
            if about(file_of(archive, day)) == About(rows, book):
                found.add(day)
    return found


def _day(reader: Reader, archive: Path | None, day: date, book: str) -> Iterator[dict[str, Any]]:
    begin, end = bounds(day)
    if archive is None:
        found = digested(day, reader.records(begin, end))
    else:
        # Loaded where there is an archive: pyarrow takes some 100 MB.
        from monitor.archive.writing import write_day  # noqa: PLC0415

        digests = Digests(day)
        try:
            written = write_day(archive, day, digests.through(whole_day(reader, archive, day, begin, end)), book)
        except (ArchiveTrouble, OSError) as trouble:
            # A disk that is full must not keep the day from being sealed; it is archived another night.
            yield {"trouble": os_sentence(trouble) if isinstance(trouble, OSError) else str(trouble)}
            yield {"unarchived": day.isoformat()}
            found = digested(day, reader.records(begin, end))
        else:
            found = digests.found()
            said = {"day": day.isoformat(), "rows": written.rows, "bytes": written.size, "new": written.new}
            yield {"archived": said}
    if found:
        yield {"digests": [as_line(one) for one in found]}


def _book(identity: Identity | None) -> str:
    """What tells this database from any other: an archive holds the days of one."""
    return "" if identity is None else f"{identity.kind} {identity.created_at.isoformat()}"


def main() -> int:
    """Do the work; returns the exit code."""
    with suppress(OSError):
        os.nice(_POLITE)
    until = datetime.fromisoformat(sys.argv[1])
    settings = Settings()
    try:
        with closing(open_reader(settings.database_url)) as reader:
            for said in chain(work(reader, settings.archive_dir, until), dumped(reader, settings, until)):
                sys.stdout.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
                sys.stdout.flush()
    except StoreError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
