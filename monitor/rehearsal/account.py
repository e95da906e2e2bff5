"""What a rehearsal found, held against what was written: detected, missed, false."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.rollup import Ground, share_of
from monitor.domain.snapshot import cause, instant
from monitor.rehearsal.steps import WELL, Scenario, Step
from monitor.store import Telling

# docs/method.md, "Confirmation": an outage of a minute is never an incident; what is written shorter cannot be missed.
DETECTABLE = timedelta(minutes=3)
# A probe may see the last bad answer of a step up to that long after it: its interval, its timeout, its confirmation.
AFTERMATH = timedelta(minutes=3)

Windows = Sequence[tuple[datetime, datetime]]


def account(
    scenario: Scenario, windows: Windows, catalog: Catalog, ground: Ground, incidents: Mapping[str, Incident]
) -> dict[str, object]:
    """The incidents of a rehearsal in the shape of docs/operating.md ("Rehearsing"), without its counters."""
    found = [incident for incident in incidents.values() if not incident.ours]
    theirs = [incident for incident in found if incident.absorbed_into is None]
    return {
        "blind": [
            {"from": instant(one.opened_at), "until": instant(one.closed_at)} for one in incidents.values() if one.ours
        ],
        "incidents": [
            _told(one, scenario, windows, catalog, ground) for one in sorted(theirs, key=lambda one: one.opened_at)
        ],
        "absorbed": [
            {"id": one.id, "culprit": one.culprit, "into": one.absorbed_into, "at": instant(one.closed_at)}
            for one in sorted(found, key=lambda one: one.opened_at)
            if one.absorbed_into is not None
        ],
        "false_incidents": [one.id for one in theirs if not _written(one, scenario, catalog)],
        "missed": [
            {"service": step.service, "from": instant(step.start), "until": instant(step.end), "mode": step.mode.value}
            for step in scenario.steps
            if _detectable(step, windows) and not _found(step, theirs, catalog)
        ],
    }


def notices(tellings: Iterable[Telling]) -> list[dict[str, object]]:
    """The tellings of a rehearsal, in the order in which they were queued.

    One that is not sent by itself names what it lies in: ``folded_into`` is that notice's incident.
    """
    return [
        {
            "subscription": telling.subscription,
            "at": instant(telling.created_at),
            "reason": telling.reason.value,
            "incident": telling.incident,
            "title": telling.title,
            "folded_into": None if telling.folded_into is None else telling.folded_into.split("/")[0],
        }
        for telling in tellings
    ]


def _told(
    incident: Incident, scenario: Scenario, windows: Windows, catalog: Catalog, ground: Ground
) -> dict[str, object]:
    shares = [share_of(ground, code, incident.services) for code in incident.territories]
    # What began before the curtain rose can be found from then on: the wait is counted from what was played.
    starts = [_played_from(step, windows) for step in _steps(incident, scenario, catalog)]
    first = min(starts, default=incident.opened_at)
    return {
        "id": incident.id,
        "culprit": incident.culprit,
        "explained": incident.explained,
        "opened_at": instant(incident.opened_at),
        "confirmed_at": instant(incident.confirmed_at),
        "closed_at": instant(incident.closed_at),
        "worst": incident.worst.value,
        "services": list(incident.services),
        "territories": list(incident.territories),
        "share_affected": round(max(shares, default=0.0), 4),
        "detected_after_s": (incident.confirmed_at - first).total_seconds(),
        "evidence": {
            "failure": incident.failure.value if incident.failure else None,
            "cause": cause(incident.cause),
            "turns": [{"at": instant(one.at), "reason": one.reason.value} for one in incident.turns],
        },
    }


def _played_from(step: Step, windows: Windows) -> datetime:
    """When a step is first played: its start, or the start of the first window that it reaches into."""
    return min((max(step.start, start) for start, end in windows if step.start < end), default=step.start)


def _names(service: str, catalog: Catalog) -> set[str]:
    """The ids under which a scenario may know a service of the catalogue."""
    known = catalog.services.get(service)
    return {service, *(known.formerly if known else ())}


def _steps(incident: Incident, scenario: Scenario, catalog: Catalog) -> list[Step]:
    """The written troubles that an incident answers to."""
    names = {name for service in incident.services for name in _names(service, catalog)}
    until = incident.recovered_at or incident.closed_at or scenario.ends
    return [
        step
        for step in scenario.steps
        if step.service in names
        and step.mode not in WELL
        and step.start <= until
        and incident.opened_at <= step.end + AFTERMATH
    ]


def _written(incident: Incident, scenario: Scenario, catalog: Catalog) -> bool:
    return bool(_steps(incident, scenario, catalog))


def _detectable(step: Step, windows: Windows) -> bool:
    """Whether a step is a trouble that was played long enough to be seen. One answer in three need not be."""
    played = sum((max(min(step.end, end) - max(step.start, start), timedelta()) for start, end in windows), timedelta())
    return step.mode not in WELL and step.mode.value != "intermittent" and step.service != "*" and played >= DETECTABLE


def _found(step: Step, incidents: Iterable[Incident], catalog: Catalog) -> bool:
    return any(
        step.service in _names(service, catalog)
        and one.opened_at < step.end
        and (one.recovered_at is None or one.recovered_at > step.start)
        for one in incidents
        for service in one.services
    )
