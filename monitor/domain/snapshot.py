"""Everything the public may see, at one instant, and the document that carries it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from monitor.domain.attribution import Attribution
from monitor.domain.catalog import Catalog, Service
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.rollup import Ground, TerritoryHealth, roll_up, share_of
from monitor.domain.service_verdict import ServiceVerdict


@dataclass(frozen=True, slots=True)
class Press:
    """What surrounds one publication.

    Attributes:
        at: the instant it speaks of (scenario time in a rehearsal).
        published_at: wall time of publication, what freshness is measured against.
        measured_at: the last observation it rests on, None before the first.
        blind_since: since when our own line shows nothing, None while it does.
        never_seen: probes never seen working (the operator's list).
        warnings: French sentences for the operator about Vigie itself (disk full, silence of the pacer…).
        rehearsal: name of the scenario, None in real life; rehearsal_note: what it is made of, in a few French words.
        fleets: what is estimated of each fleet of schools, as plain values.
        vitals: how Vigie itself is, as plain values; None where nobody watches (a rehearsal).
    """

    at: datetime
    published_at: datetime
    measured_at: datetime | None
    vantage: str
    blind_since: datetime | None
    version: str
    never_seen: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rehearsal: str | None = None
    rehearsal_note: str | None = None
    fleets: tuple[Mapping[str, object], ...] = ()
    vitals: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of the country: services, territories in the catalogue's order; open incidents first, newest first."""

    press: Press
    coverage: float
    services: tuple[ServiceVerdict, ...]
    territories: tuple[TerritoryHealth, ...]
    incidents: tuple[Incident, ...]


def build_snapshot(
    ground: Ground, services: Mapping[str, ServiceVerdict], incidents: Iterable[Incident], press: Press
) -> Snapshot:
    """Put together what is true now. Our own blindness is told by `blind_since`, not as somebody's incident."""
    healths = {verdict.service: verdict.health for verdict in services.values()}
    known = sum(health is not Health.UNKNOWN for health in healths.values())
    theirs = sorted((one for one in incidents if not one.ours), key=lambda one: one.opened_at, reverse=True)
    return Snapshot(
        press=press,
        coverage=known / len(healths) if healths else 0.0,
        services=tuple(services.values()),
        territories=roll_up(ground, healths),
        incidents=tuple(sorted(theirs, key=lambda one: one.closed_at is not None)),
    )


def document(snapshot: Snapshot, catalog: Catalog, ground: Ground) -> dict[str, object]:
    """The snapshot as `/api/v1/status` serves it: plain values, instants RFC 3339 UTC, shares 0..1."""
    press = snapshot.press
    return {
        "at": instant(press.at),
        "published_at": instant(press.published_at),
        "measured_at": instant(press.measured_at),
        "vantage": press.vantage,
        "version": press.version,
        "rehearsal": press.rehearsal,
        "rehearsal_note": press.rehearsal_note,
        "blind": press.blind_since is not None,
        "blind_since": instant(press.blind_since),
        "coverage": round(snapshot.coverage, 4),
        "weighting": ground.weighting.value,
        "services": [_service(catalog.services[one.service], one, catalog) for one in snapshot.services],
        "territories": [_territory(one, catalog) for one in snapshot.territories],
        "incidents": [_incident(one, ground) for one in snapshot.incidents],
        "fleets": list(press.fleets),
        "never_seen": list(press.never_seen),
        "warnings": list(press.warnings),
        "vitals": press.vitals,
    }


def instant(at: datetime | None) -> str | None:
    """An instant as data write it: UTC, whole milliseconds, `Z`; None stays None."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _service(service: Service, verdict: ServiceVerdict, catalog: Catalog) -> dict[str, object]:
    operator = catalog.operators.get(service.operator or "")
    return {
        "id": service.id,
        "name": service.name,
        "kind": service.kind.value,
        "operator": service.operator,
        "operator_name": operator.name if operator else None,
        "health": verdict.health.value,
        "since": instant(verdict.since),
        "failure": _word(verdict.failure),
        "unstable": verdict.unstable,
        "national": service.national,
        "territories": list(service.territories),
        "dormant": service.dormant,
        "page": service.page,
        "probes": [probe.id for probe in service.probes],
    }


def _territory(state: TerritoryHealth, catalog: Catalog) -> dict[str, object]:
    territory = catalog.territories[state.code]
    return {
        "code": state.code,
        "name": territory.name,
        "level": territory.level.value,
        "health": state.health.value,
        "share_affected": round(state.share_affected, 4),
        "coverage": round(state.coverage, 4),
        "services": list(state.services),
        "audiences": [
            {
                "audience": one.audience.value,
                "health": one.health.value,
                "share": round(one.share, 4),
                "coverage": round(one.coverage, 4),
                "weighting": one.weighting.value,
            }
            for one in state.audiences
        ],
    }


def _incident(incident: Incident, ground: Ground) -> dict[str, object]:
    share = max((share_of(ground, code, incident.services) for code in incident.territories), default=0.0)
    uncounted = not share and "N" in incident.territories  # national services colour no territory: a nought would lie
    return incident_document(incident, None if uncounted else share)


def incident_document(incident: Incident, share: float | None) -> dict[str, object]:
    """One incident as plain values; `share` of the users that it affects (0..1), None where nobody counted."""
    return {
        "id": incident.id,
        "culprit": incident.culprit,
        "explained": incident.explained,
        "cause": cause(incident.cause),
        "opened_at": instant(incident.opened_at),
        "confirmed_at": instant(incident.confirmed_at),
        "health": incident.health.value,
        "worst": incident.worst.value,
        "failure": _word(incident.failure),
        "services": list(incident.services),
        "territories": list(incident.territories),
        "share_affected": None if share is None else round(share, 4),
        "recovered_at": instant(incident.recovered_at),
        "eased_at": instant(incident.eased_at),
        "watch_until": instant(incident.watch_until),
        "closed_at": instant(incident.closed_at),
        "absorbed_into": incident.absorbed_into,
        "turns": [
            {"at": instant(one.at), "reason": one.reason.value, "health": one.health.value, "services": one.services}
            for one in incident.turns
        ],
    }


def cause(found: Attribution | None) -> dict[str, object] | None:
    """What is known of a cause, as plain values: counts inside and outside, what it beat, what a control rules out."""
    if found is None:
        return None
    return {
        "culprit": found.culprit,
        "services": list(found.services),
        "explained": found.explained,
        "test": None if found.test is None else asdict(found.test),
        "beaten": [asdict(one) for one in found.beaten],
        "ruled_out": [asdict(one) for one in found.ruled_out],
        "undeclared": list(found.undeclared),
    }


def _word(failure: Failure | None) -> str | None:
    return failure.value if failure is not None else None
