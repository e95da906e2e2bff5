"""From what is true of the services to incidents that begin, last, ease and end (docs/method.md, "Incidents")."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain.attribution import Attribution, Bonds, Trouble, attribute
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident, incident_id
from monitor.domain.line import Line
from monitor.domain.membership import Held, gather
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import ServiceVerdict

STABLE_FOR = timedelta(minutes=15)  # well for that long before it is said that an incident has eased
LOST_AFTER = timedelta(hours=24)  # not measured for that long: nobody can say any more how it ended
LINE_STABLE_FOR = timedelta(minutes=2)  # our own line back for that long before the operator hears that it is

Peaks = Callable[[Sequence[str], datetime], datetime | None]


def no_peaks(_: Sequence[str], __: datetime) -> datetime | None:
    """Of no place is it known when its users crowd: nothing is watched beyond its easing."""
    return None


def reconcile(
    known: Iterable[Incident],
    services: Mapping[str, ServiceVerdict],
    catalog: Catalog,
    line: Line,
    *,
    now: datetime,
    vantage: str,
    found: Sequence[Attribution],
    peaks: Peaks = no_peaks,
    asleep: Container[str] = frozenset(),
) -> tuple[Incident, ...]:
    """The incidents that are open or that this evaluation closes: one per culprit, one for our own line.

    `found` is what `explain` says of the same services; `peaks` says when the next usual peak of some territories after
    an instant will be over, None where none is known; `asleep` holds the ids of the dormant services that are seen to
    be switched off.
    """
    live = [one for one in known if one.closed_at is None]
    ours = _our_line(next((one for one in live if one.ours), None), line, now, vantage)
    theirs = [one for one in live if not one.ours]
    held = gather(theirs, found, services, catalog, now)
    taken = {name for one in held for name in one.unwell}
    return (*ours, *(_lived(one, services, taken, line, now=now, peaks=peaks, asleep=asleep) for one in held))


def explain(
    services: Mapping[str, ServiceVerdict],
    bonds: Bonds,
    *,
    asleep: Container[str] = frozenset(),
    doubtful: Container[str] = frozenset(),
) -> tuple[Attribution, ...]:
    """What stands behind the unwell services. Controls are those that are well beyond doubt.

    `doubtful`: services that vouch for nothing, whatever they are held to be.
    """
    troubles, well = list[Trouble](), list[str]()
    for name, verdict in services.items():
        if name in asleep:
            continue  # switched off is neither well nor unwell
        if verdict.health is Health.UP:
            if name not in doubtful:
                well.append(name)
        elif verdict.health is not Health.UNKNOWN:
            troubles.append(Trouble(name, verdict.began, verdict.health, verdict.failure))
    return attribute(troubles, well, bonds) if troubles else ()


def _lived(
    held: Held,
    services: Mapping[str, ServiceVerdict],
    taken: Container[str],
    line: Line,
    *,
    now: datetime,
    peaks: Peaks,
    asleep: Container[str],
) -> Incident:
    """One incident after this evaluation: unwell, absorbed, withdrawn, not measured, or well and watched."""
    incident = held.incident
    if held.unwell:
        return _unwell(incident, [services[name] for name in held.unwell], now)
    if held.lost_to is not None:
        merged = replace(incident, absorbed_into=held.lost_to, closed_at=max(now, incident.opened_at))
        return merged.turned(now, Reason.MERGED)
    own = [services[name] for name in incident.services if name in services and name not in taken]
    if not any(name in services for name in incident.services):
        # Withdrawn from the catalogue: nobody measures them any more, and no recovery is claimed.
        return replace(incident, closed_at=now).turned(now, Reason.CLOSED)
    unknown = [one for one in own if one.health is Health.UNKNOWN and one.service not in asleep]
    if unknown and line.blind and all(one.since <= incident.confirmed_at for one in own):
        # What confirmed it has turned out to be suspect: our own line was being lost. It was never established.
        return replace(incident, health=Health.UNKNOWN, closed_at=now).turned(now, Reason.CLOSED)
    if unknown:
        return _unseen(incident, min(one.since for one in unknown), line, now)
    if incident.eased_at is None and any(one.unstable for one in own):
        return replace(incident, health=Health.UP, recovered_at=None)  # it may answer badly again any moment
    return _well(incident, max((one.since for one in own), default=now), now, peaks)


def _unwell(incident: Incident, verdicts: Sequence[ServiceVerdict], now: datetime) -> Incident:
    """It is, or is again, as bad as the worst of its services."""
    bad = max(SEVERITY[one.health] for one in verdicts)
    worst = min((one for one in verdicts if SEVERITY[one.health] == bad), key=lambda one: (one.since, one.service))
    after = replace(
        incident, health=worst.health, failure=worst.failure, recovered_at=None, eased_at=None, watch_until=None
    )
    if bad > SEVERITY[incident.worst]:
        after = replace(after, worst=worst.health).turned(now, Reason.WORSENED)
    return after.turned(now, Reason.RELAPSED) if incident.eased_at is not None else after


def _unseen(incident: Incident, since: datetime, line: Line, now: datetime) -> Incident:
    """What is not measured is not stable: the wait begins again, and the peak that is watched for is the next one."""
    after = replace(incident, health=Health.UNKNOWN, watch_until=None)
    if incident.eased_at is None:
        after = replace(after, recovered_at=None)
    if line.blind or now - since < LOST_AFTER:
        return after
    return replace(after, closed_at=incident.recovered_at if incident.eased_at else now).turned(now, Reason.CLOSED)


def _well(incident: Incident, since: datetime, now: datetime, peaks: Peaks) -> Incident:
    """All of its services answer: eased after 15 stable minutes, closed once the next usual peak has passed well."""
    recovered = incident.recovered_at or min(max(since, incident.opened_at), now)
    after = replace(incident, health=Health.UP, recovered_at=recovered)
    if after.eased_at is None:
        if now - recovered < STABLE_FOR:
            return after
        after = replace(after, eased_at=now, watch_until=peaks(after.territories, recovered)).turned(now, Reason.EASED)
    elif after.watch_until is None:  # not measured for a while: the peak to pass is the next one from here
        after = replace(after, watch_until=peaks(after.territories, now))
    if after.watch_until is None or now >= after.watch_until:
        return replace(after, closed_at=recovered).turned(now, Reason.CLOSED)
    return after


def _our_line(before: Incident | None, line: Line, now: datetime, vantage: str) -> Sequence[Incident]:
    """Our own blindness as an incident of its own kind: opened when seen last, over when we have seen for a while."""
    if before is None:
        return (_blinded(line.seen_at or now, now, vantage),) if line.blind else ()
    if line.blind:
        return (replace(before, recovered_at=None),)
    recovered = before.recovered_at or now
    after = replace(before, recovered_at=recovered)
    if now - recovered < LINE_STABLE_FOR:
        return (after,)
    return (replace(after, closed_at=recovered).turned(now, Reason.CLOSED),)


def _blinded(since: datetime, now: datetime, vantage: str) -> Incident:
    culprit = f"vantage:{vantage}"
    opened = Incident(
        id=incident_id(culprit, since),
        culprit=culprit,
        opened_at=since,
        confirmed_at=now,
        health=Health.UNKNOWN,
        worst=Health.UNKNOWN,
        services=(),
        territories=(),
    )
    return opened.turned(since, Reason.OPENED)
