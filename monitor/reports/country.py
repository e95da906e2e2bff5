"""The catalogue and the school clocks that figures rest on, for the process that asks nobody: the web."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from monitor.config import default_path, load
from monitor.config.calendar import load_calendar
from monitor.domain.catalog import Catalog, Service, ServiceKind
from monitor.domain.timetable import Timetable

Stamp = tuple[Path, int, int] | None

_opening = Lock()
_read: dict[tuple[Stamp, Stamp], "Country"] = {}


@dataclass(frozen=True, slots=True)
class Country:
    """What the catalogue says, and the clocks of its places."""

    catalog: Catalog
    timetable: Timetable

    def service(self, name: str, territories: Sequence[str]) -> Service:
        """The service of that id; one that only a scenario names is known by the territories it was published with."""
        known = self.catalog.services.get(name)
        return known or Service(name, name, ServiceKind.AUTRE, probes=(), territories=tuple(territories))


def country(config: Path | None, calendar: Path) -> Country:
    """The country of a catalogue (None: the default one) and an imported calendar; read again once a file has changed.

    Raises CatalogInvalid, CalendarInvalid with every error, and OSError.
    """
    path = config or default_path()
    with _opening:
        key = (_stamp(path), _stamp(calendar))
        if key not in _read:
            catalog = load(path).catalog
            found = Country(catalog, Timetable(catalog, load_calendar(calendar), paced=False))
            _read.clear()
            _read[key] = found
        return _read[key]


def _stamp(path: Path) -> Stamp:
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return path, about.st_mtime_ns, about.st_size
