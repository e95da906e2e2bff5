"""What one day of the country was, as plain values, so that it can be played again without asking anything more."""

from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.gap import Excuse
from monitor.domain.observation import Health


@dataclass(frozen=True, slots=True)
class Change:
    """What holds from an instant on; `share` (0..1) of a territory's users is affected then, 0 for a service."""

    at: datetime
    health: Health
    share: float = 0.0


Course = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """How a service went. Its course begins with the day, unknown where nothing was known; so does a place's."""

    id: str
    name: str
    kind: str
    national: bool
    dormant: bool
    course: Course


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """How a territory went; `level` is a word of `monitor.domain.catalog.Level`."""

    code: str
    name: str
    level: str
    course: Course


@dataclass(frozen=True, slots=True)
class IncidentDay:
    """An incident that touches the day, as it is known now: it may have begun before and end after.

    Attributes:
        shared: what people call its culprit, where the catalogue has a name for it.
        ended: when all was well again, or when it was closed without that having been seen; None while it lasts.
        share: of the users of the territory that it affects most (0..1); None where nobody counted.
        absorbed_into: the incident that turned out to hold it.
    """

    id: str
    culprit: str
    shared: str
    worst: Health
    opened: datetime
    confirmed: datetime
    recovered: datetime | None
    closed: datetime | None
    services: tuple[str, ...]
    territories: tuple[str, ...]
    share: float | None
    absorbed_into: str | None = None

    @property
    def ended(self) -> datetime | None:
        """When nobody was affected any more, as far as anybody saw."""
        return self.recovered or self.closed


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which nothing was asked at all, and why."""

    since: datetime
    until: datetime
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class CountryDay:
    """One day of Paris.

    Attributes:
        since, until: its first instant and the end of what is known of it: its last instant, or now. All instants are
            aware UTC and whole seconds.
        services: in the catalogue's order. places: all but the country as a whole, in the catalogue's order.
        incidents: the first opened first, without those of our own line, which `blind` holds.
        blind: when our own line showed nothing. pauses: when nobody asked.
        method: the version of docs/method.md. weighting: the unit of shares (`monitor.domain.weights.Weighting`).
        scenario: whose rehearsal this is; None for what was measured.
    """

    day: date
    since: datetime
    until: datetime
    services: tuple[ServiceDay, ...]
    places: tuple[PlaceDay, ...]
    incidents: tuple[IncidentDay, ...]
    blind: tuple[tuple[datetime, datetime], ...]
    pauses: tuple[Pause, ...]
    method: int
    weighting: str
    scenario: str | None = None
