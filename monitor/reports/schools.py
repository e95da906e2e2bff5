"""Schools of the official directory, found again by code, name or town, with the services that serve them."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from monitor.config.directory_table import load_directory
from monitor.config.schools import whom_it_has
from monitor.domain.catalog import Catalog, Service
from monitor.domain.directory import Directory, Listed
from monitor.domain.scope import SchoolScope, serves_school

_opening = Lock()
_read: dict[tuple[Path, int, int], Directory] = {}


@dataclass(frozen=True, slots=True)
class School:
    """A school that was found, and the services of the catalogue that it may use, in the catalogue's order."""

    listed: Listed
    services: tuple[Service, ...]


def services_of(school: Listed, catalog: Catalog) -> list[Service]:
    """The services that a school may use, in the order of the catalogue."""
    scope = SchoolScope(school.uai, school.place, whom_it_has(school.level, private=school.private))
    return [one for one in catalog.services.values() if serves_school(one, scope, catalog)]


def schools_named(text: str, path: Path, catalog: Catalog, most: int) -> tuple[School, ...] | None:
    """The schools that a text finds (`Directory.search`), `most` at most; None where no directory was imported.

    The file is read again once it has changed. Raises DirectoryInvalid and OSError.
    """
    found = _directory(path)
    if found is None:
        return None
    return tuple(School(one, tuple(services_of(one, catalog))) for one in found.search(text, most))


def _directory(path: Path) -> Directory | None:
    with _opening:  # 60,000 schools take a second to read: once, whoever asks
        try:
            about = path.stat()
        except FileNotFoundError:
            return None
        key = (path, about.st_mtime_ns, about.st_size)
        if key not in _read:
            imported = load_directory(path)
            _read.clear()
            if imported is None:
                return None
            _read[key] = imported.directory
        return _read[key]
