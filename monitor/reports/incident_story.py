"""One incident for a screen: what stands behind it, how it went, what its services are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.reports.incident_course import Around, Course, course_of
from monitor.reports.incidents import Explained, explain
from monitor.reports.played import as_played
from monitor.reports.sharing import bonds_seen, public
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing


@dataclass(frozen=True, slots=True)
class Story:
    """An incident explained, its course, and the names of services by id (hostile text)."""

    explained: Explained
    course: Course
    names: Mapping[str, str]


def story_of(source: Source, name: str, catalog: Catalog, vantage: str, now: datetime) -> Story | None:
    """The incident of that very id; None for an unknown one and for those of our own line. Raises StoreError."""
    try:
        reader = reader_of(source)
        incident = None if reader is None else reader.incidents_named([name]).get(name)
    except DatabaseMissing:
        return None
    if reader is None or incident is None or incident.ours:
        return None
    played = as_played(catalog, reader.identity())
    found = explain(reader, incident, lambda: played, now)
    everybody = frozenset(one.id for one in public(played.services.values(), played))
    around = Around(bonds_seen(reader, played, vantage).inside(incident.culprit) & everybody, everybody)
    names = {one.id: one.name for one in found.sheet.extent.services}
    names |= {one.id: one.name for one in played.services.values()}
    return Story(found, course_of(reader, incident, found.sheet, around, found.at), names)


def newest(source: Source, most: int, before: str | None = None) -> list[Incident]:
    """Incidents of services, the newest first, `most` at most; older than the one of that id, if given.

    None without a database. Raises StoreError.
    """
    try:
        reader = reader_of(source)
        return [] if reader is None else reader.newest_incidents(most, before)
    except DatabaseMissing:
        return []
