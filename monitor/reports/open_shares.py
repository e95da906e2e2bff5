"""Availability for whoever asks over the web: of one service or one territory, over one period, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from monitor.config.directory_table import load_pupils
from monitor.domain.rollup import Ground, survey
from monitor.domain.uptime import Hours
from monitor.reports.availability import known_until
from monitor.reports.country import Country, country
from monitor.reports.figures import Basis, service_figure, territory_figure
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


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose availability over [since, until), in which hours: of a service that serves `territories`, or of a place."""

    service: str | None
    territory: str | None
    territories: tuple[str, ...]
    since: datetime
    until: datetime
    hours: Sequence[Hours]


def shares(books: Books, asked: Asked, now: datetime) -> tuple[dict[str, object], ...]:
    """One figure for each kind of hours (`monitor.reports.figures`).

    Raises StoreError, CatalogInvalid and OSError; KeyError for a territory that the catalogue lacks.
    """
    here = country(books.config, books.calendar)
    basis = Basis(
        books.url, books.url, here.catalog, here.timetable, ground_of(books, here), known_until(books.url, now)
    )
    since, until = asked.since, asked.until
    if asked.territory is not None:
        return tuple(territory_figure(basis, asked.territory, since, until, hours) for hours in asked.hours)
    service = here.service(asked.service or "", asked.territories)
    return tuple(service_figure(basis, service, since, until, hours) for hours in asked.hours)


def ground_of(books: Books, here: Country) -> Ground:
    """What weighs where; worked out again once the catalogue or the directory has changed."""
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
