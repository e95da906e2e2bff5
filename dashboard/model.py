"""What the screens read: the snapshot's JSON and a service's day as frozen values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dashboard.incident_view import IncidentView, read_incident
from dashboard.json_values import instant, maybe_failure, maybe_instant
from monitor.domain.observation import Failure, Health
from monitor.domain.uptime import Uptime

TROUBLES = (Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.SLOW, Health.MAINTENANCE)  # gravest first


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One service as published; `page`: the address that its users know; `probes`: ids, empty where not published."""

    id: str
    name: str
    kind: str
    operator: str | None
    health: Health
    since: datetime | None
    failure: Failure | None
    national: bool
    territories: tuple[str, ...]
    dormant: bool
    page: str | None
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """One territory as published; shares and coverage are 0..1."""

    code: str
    name: str
    level: str
    health: Health
    share: float
    coverage: float
    services: tuple[str, ...]
    audiences: tuple[tuple[str, Health, float], ...]

    @property
    def slug(self) -> str:
        """The code without its letter: ``lille`` for ``A:lille``."""
        return self.code.partition(":")[2] or self.code


@dataclass(frozen=True, slots=True)
class View:
    """The snapshot.

    Attributes:
        blind_since: None while our own line works.
        rehearsal: the name of a scenario, None in real life; `rehearsal_note`: what that scenario is made of.
        operators: the names of those that run a service, by their id.
        vitals: how Vigie itself is, as the monitor wrote it; None where nobody watches (a rehearsal).
        weighting: what territories are weighed in: ``departement`` or ``pupils``.
    """

    at: datetime
    published_at: datetime
    measured_at: datetime | None
    blind: bool
    blind_since: datetime | None
    coverage: float
    rehearsal: str | None
    services: Mapping[str, ServiceView]
    territories: Mapping[str, TerritoryView]
    incidents: tuple[IncidentView, ...]
    never_seen: tuple[str, ...]
    warnings: tuple[str, ...]
    version: str
    weighting: str = "departement"
    rehearsal_note: str | None = None
    operators: Mapping[str, str] = field(default_factory=dict)
    vitals: Mapping[str, Any] | None = None

    def of_level(self, level: str) -> list[TerritoryView]:
        """The territories of one level, in the catalogue's order."""
        return [t for t in self.territories.values() if t.level == level]

    @property
    def theirs(self) -> list[IncidentView]:
        """The incidents that people read: not those of our own line, nor those that another has absorbed."""
        return [one for one in self.incidents if not one.ours and one.absorbed_into is None]

    def survivor(self, incident: IncidentView) -> IncidentView | None:
        """Where an absorbed incident is told now: the last of the chain, None where it is no longer published."""
        known, seen = {one.id: one for one in self.incidents}, {incident.id}
        found: IncidentView | None = incident
        while found is not None and found.absorbed_into is not None:
            found = known.get(found.absorbed_into)
            if found is not None and found.id in seen:
                return None
            seen.add(found.id if found else "")
        return found

    def joined(self, incident: IncidentView) -> list[IncidentView]:
        """The incidents that this one has absorbed, the first opened first."""
        absorbed = [one for one in self.incidents if one.absorbed_into is not None and self.survivor(one) == incident]
        return sorted(absorbed, key=lambda one: (one.opened_at, one.id))

    def age(self, now: datetime) -> timedelta:
        """How old the last measure is: its age when published (scenario time in a rehearsal) and the time since."""
        measured = self.at - self.measured_at if self.measured_at else timedelta(0)
        return max(measured, timedelta(0)) + max(now - self.published_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class School:
    """A school of the official directory: its place (`D:59`), and the ids of the services that it may use."""

    uai: str
    name: str
    town: str
    place: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One answer of a service's day: `took_ms` is its whole duration in milliseconds."""

    at: datetime
    took_ms: float
    failure: Failure | None
    probe: str = ""

    @property
    def health(self) -> Health:
        """What this answer says by itself."""
        return Health.UP if self.failure is None else self.failure.health


@dataclass(frozen=True, slots=True)
class Stretch:
    """A health that held from `since` until `until` (None while it holds)."""

    health: Health
    since: datetime
    until: datetime | None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What a service's page draws: answers and stretches, oldest first, from `since` until `until`.

    `read` is False when the measures could not be read: then nothing can be said, not even that there are none.
    """

    since: datetime
    until: datetime
    points: tuple[Point, ...]
    stretches: tuple[Stretch, ...]
    read: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    """The availability of a service over its last days, [since, until)."""

    since: datetime
    until: datetime
    uptime: Uptime


def read_view(body: bytes) -> View:
    """The snapshot's values. Raises KeyError or ValueError where the JSON is not that of `/api/v1/status`."""
    raw = json.loads(body)
    published, services = instant(raw["published_at"]), raw.get("services", ())
    return View(
        at=instant(raw["at"]),
        published_at=published,
        measured_at=maybe_instant(raw.get("measured_at")),
        blind=bool(raw.get("blind")),
        blind_since=maybe_instant(raw.get("blind_since")),
        coverage=float(raw.get("coverage") or 0.0),
        rehearsal=raw.get("rehearsal"),
        services={s["id"]: _service(s) for s in services},
        territories={t["code"]: _territory(t) for t in raw.get("territories", ())},
        incidents=tuple(map(read_incident, raw.get("incidents", ()))),
        never_seen=tuple(raw.get("never_seen", ())),
        warnings=tuple(raw.get("warnings", ())),
        vitals=raw.get("vitals"),
        version=str(raw.get("version", "")),
        weighting=str(raw.get("weighting", "departement")),
        rehearsal_note=raw.get("rehearsal_note"),
        operators={s["operator"]: s.get("operator_name") or s["operator"] for s in services if s.get("operator")},
    )


def severity(health: Health) -> int:
    """The order in which people read, gravest highest: maintenance is the last trouble, well the last of all."""
    return 0 if health is Health.UP else 1 if health is Health.UNKNOWN else 1 + len(TROUBLES) - TROUBLES.index(health)


def _service(raw: Mapping[str, Any]) -> ServiceView:
    page = raw.get("page")
    return ServiceView(
        id=raw["id"],
        name=raw["name"],
        kind=raw.get("kind", "autre"),
        operator=raw.get("operator_name") or raw.get("operator"),
        health=Health(raw["health"]),
        since=maybe_instant(raw.get("since")),
        failure=maybe_failure(raw.get("failure")),
        national=bool(raw.get("national")),
        territories=tuple(raw.get("territories", ())),
        dormant=bool(raw.get("dormant")),
        page=page if isinstance(page, str) and page.startswith(("https://", "http://")) else None,
        probes=tuple(str(probe) for probe in raw.get("probes") or ()),
    )


def _territory(raw: Mapping[str, Any]) -> TerritoryView:
    return TerritoryView(
        code=raw["code"],
        name=raw["name"],
        level=raw["level"],
        health=Health(raw["health"]),
        share=float(raw.get("share_affected") or 0.0),
        coverage=float(raw.get("coverage") or 0.0),
        services=tuple(raw.get("services", ())),
        audiences=tuple((a["audience"], Health(a["health"]), float(a["share"])) for a in raw.get("audiences", ())),
    )
