"""The work of a night that takes long, in a process of its own: it reads, computes, writes files, and prints.

One JSON object a line: ``{"digests": …}`` of a day and vantage to be sealed, ``{"archived": …}``, ``{"trouble": …}``.
The measures have one writer, the monitor, which started this and seals what it prints (`monitor.night`).

python -m monitor.nightwork UNTIL
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monitor.archive.place import ArchiveTrouble, file_of
from monitor.config.os_words import os_sentence
from monitor.domain.seal import Digested, SealedProbe
from monitor.reports.digests import Digests, digested
from monitor.reports.raw import whole_day
from monitor.settings import Settings
from monitor.store import Identity, Reader, StoreError, open_reader
from monitor.store.days import bounds

_POLITE = 19  # of 0 to 19: the loop that probes comes first


def work(reader: Reader, archive: Path | None, until: datetime) -> Iterator[dict[str, Any]]:
    """Everything that is due of the days that ended by `until`, oldest first. Raises StoreError."""
    book = _book(reader.identity())
    for day in _due(reader, archive, until):
        yield from _day(reader, archive, day, book)
    # Other work on files, of the days that are sealed by now, has its place here: one generator more, as above.


def as_line(found: Digested) -> dict[str, Any]:
    """The digests of a day and vantage as they are printed."""
    probes = [[one.probe, one.rows, one.digest] for one in found.probes]
    said = {"day": found.day.isoformat(), "vantage": found.vantage, "record_version": found.record_version}
    return {"digests": {**said, "probes": probes}}


def from_line(said: dict[str, Any]) -> Digested:
    """What `as_line` wrote, of its value under ``digests``."""
    day = date.fromisoformat(said["day"])
    probes = tuple(SealedProbe(*one) for one in said["probes"])
    return Digested(day, *bounds(day), said["vantage"], probes, said["record_version"])


def _due(reader: Reader, archive: Path | None, until: datetime) -> list[date]:
    """Days to be sealed, and those that are sealed but could not be archived then and are still held."""
    found = set(reader.unsealed(until))
    if archive is not None and (oldest := reader.oldest()) is not None:
        found |= {
            day for day in reader.sealed_days() if bounds(day)[0] >= oldest and not file_of(archive, day).exists()
        }
    return sorted(found)


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
            found = digested(day, reader.records(begin, end))
        else:
            found = digests.found()
            said = {"day": day.isoformat(), "rows": written.rows, "bytes": written.size, "new": written.new}
            yield {"archived": said}
    for one in found:
        yield as_line(one)


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
            for said in work(reader, settings.archive_dir, until):
                sys.stdout.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
                sys.stdout.flush()
    except StoreError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
