"""What people declared: the maintenance windows of a period, the announcements of an incident or a service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.announcement import Announcement, declared_delay
from monitor.domain.incident import Incident
from monitor.domain.window import Window, declared
from monitor.reports.sources import DeskSource, desk_of
from monitor.store import DatabaseMissing


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement, and where it is an operator's statement how long after the measured opening it was made."""

    announcement: Announcement
    delay: timedelta | None


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


def windows_in_force(source: DeskSource, at: datetime) -> tuple[Window, ...]:
    """The windows that cover that instant, the first declared first; none without a database. Raises StoreError."""
    return windows_of(source, at, at + datetime.resolution)


def announcements_of(
    source: DeskSource, *, incident: str | None = None, service: str | None = None
) -> tuple[Announcement, ...]:
    """What was said of an incident, of a service, or at all, the earliest first; none without a database.

    What was said of a service is not what was said of its incidents. Raises StoreError.
    """
    try:
        desk = desk_of(source)
        return () if desk is None else tuple(desk.announcements(incident=incident, service=service))
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
