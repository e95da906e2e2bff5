"""What people declared: the maintenance windows of a period, the announcements of an incident or a service."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.announcement import Announcement, declared_delay
from monitor.domain.catalog import Catalog, Service
from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.window import Window, about, declared, upcoming
from monitor.reports.sources import DeskSource, desk_of
from monitor.store import DatabaseMissing


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement, and where it is an operator's statement how long after the measured opening it was made."""

    announcement: Announcement
    delay: timedelta | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A window, and what it covers next: from the instant asked about where it is in force then."""

    window: Window
    next: Interval


def windows_of(source: DeskSource, since: datetime, until: datetime) -> tuple[Window, ...]:
    """The windows that cover an instant of [since, until), the first declared first; none without a database.

    `domain.window.declared_for` says which instants of a service they cover. Raises StoreError.
    """
    try:
        desk = desk_of(source)
        found = [] if desk is None else desk.windows_touching(since, until)
    except DatabaseMissing:
        return ()
    return tuple(window for window in found if declared(window, since, until))


def windows_ever(source: DeskSource) -> tuple[Window, ...]:
    """Every window that was ever declared, the first declared first; none without a database. Raises StoreError."""
    try:
        desk = desk_of(source)
        return () if desk is None else tuple(desk.windows())
    except DatabaseMissing:
        return ()


def windows_in_force(source: DeskSource, at: datetime) -> tuple[Window, ...]:
    """The windows that cover that instant, the first declared first; none without a database. Raises StoreError."""
    return windows_of(source, at, at + datetime.resolution)


def windows_ahead(
    source: DeskSource, services: Collection[Service], catalog: Catalog, since: datetime, until: datetime
) -> tuple[Ahead, ...]:
    """The windows about any of these services that cover an instant of [since, until), the next to come first.

    None without a database. Raises StoreError, and KeyError for a territory of a service that the catalogue lacks.
    """
    found = []
    for window in windows_of(source, since, until):
        covers = upcoming(window, since)
        if covers is not None and any(about(window.scope, one, catalog) for one in services):
            found.append(Ahead(window, covers))
    return tuple(sorted(found, key=lambda one: one.next))


def announcements_of(
    source: DeskSource,
    *,
    incident: str | None = None,
    service: str | None = None,
    since: datetime | None = None,
    newest: int | None = None,
) -> tuple[Announcement, ...]:
    """What was said of an incident, of a service, or at all, the earliest first; none without a database.

    From an instant on, or the `newest` ones, if given. What was said of a service is not what was said of its
    incidents. Raises StoreError.
    """
    try:
        desk = desk_of(source)
        if desk is None:
            return ()
        return tuple(desk.announcements(incident=incident, service=service, since=since, newest=newest))
    except DatabaseMissing:
        return ()


def with_delays(announcements: Iterable[Announcement], incidents: Mapping[str, Incident]) -> tuple[Said, ...]:
    """Announcements with their delays; `incidents` by id, those that are known."""
    return tuple(
        Said(
            one, None if (about := incidents.get(one.incident or "")) is None else declared_delay(one, about.opened_at)
        )
        for one in announcements
    )
