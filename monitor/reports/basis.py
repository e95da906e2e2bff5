"""What figures are counted from, for the process that asks nobody: the web. The weights are kept between questions."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from monitor.config.directory_table import load_pupils
from monitor.domain.rollup import Ground, survey
from monitor.reports.availability import known_until
from monitor.reports.country import Country, country
from monitor.reports.figures import Basis
from monitor.reports.sources import reader_of

Stamp = tuple[int, int] | None

_weighing = Lock()
_weighed: dict[str, tuple[Country, Stamp, Ground]] = {}


@dataclass(frozen=True, slots=True)
class Books:
    """Where figures are counted from: both books by one address, the catalogue, the calendar, the directory."""

    url: str
    config: Path | None
    calendar: Path
    directory: Path


def basis_of(books: Books, now: datetime) -> Basis:
    """The basis of the figures that are asked for at an instant.

    Raises StoreError, CatalogInvalid, CalendarInvalid and OSError.
    """
    here = country(books.config, books.calendar)
    return Basis(
        books.url, books.url, here.catalog, here.timetable, ground_of(books, here), known_until(books.url, now)
    )


def ground_of(books: Books, here: Country) -> Ground:
    """What weighs where, worked out again once the catalogue or the directory has changed.

    Raises as `basis_of` does.
    """
    reader = reader_of(books.url)
    identity = None if reader is None else reader.identity()
    # Rehearsals are weighed without the directory, as they were played (docs/operating.md).
    counted = books.directory.exists() and (identity is None or identity.kind != "rehearsal")
    about = books.directory.stat() if counted else None
    stamp = None if about is None else (about.st_mtime_ns, about.st_size)
    with _weighing:
        kept = _weighed.get(books.url)
        if kept is None or kept[0] is not here or kept[1] != stamp:
            pupils = load_pupils(books.directory) if counted else None
            kept = _weighed[books.url] = here, stamp, survey(here.catalog, pupils)
        return kept[2]
