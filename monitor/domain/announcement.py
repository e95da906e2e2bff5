"""What people say of an incident or a service, beside what is measured: it alters no measure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class AnnouncementKind(StrEnum):
    """Who speaks, and when: whoever runs this Vigie, an operator during the incident, somebody after it."""

    ANNOUNCEMENT = "announcement"
    STATEMENT = "statement"
    POSTMORTEM = "postmortem"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One text about an incident or about a service (one of both is given).

    Attributes:
        text, author: plain text of people: to be escaped wherever it is shown.
        at: when it was said, or the moment it speaks of, as the person declares it (aware UTC).
        recorded_at: when Vigie was told.
        withdrawn_at: when somebody took it back; until then it is shown.
    """

    id: str
    kind: AnnouncementKind
    text: str
    author: str
    at: datetime
    recorded_at: datetime
    incident: str | None = None
    service: str | None = None
    withdrawn_at: datetime | None = None


def declared_delay(announcement: Announcement, opened_at: datetime) -> timedelta | None:
    """How long after the measured opening of its incident an operator spoke; negative: before. None: no statement.

    Raises TypeError for a naive instant.
    """
    about_incident = announcement.kind is AnnouncementKind.STATEMENT and announcement.incident is not None
    return announcement.at - opened_at if about_incident else None
