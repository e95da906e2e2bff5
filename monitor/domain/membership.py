"""Who belongs to which incident: one per culprit; victims join, a cause found later absorbs what it explains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum

from monitor.domain.attribution import Attribution
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident, Turn, incident_id
from monitor.domain.observation import SEVERITY
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import ServiceVerdict


class Strength(IntEnum):
    """How strongly services hold together: each claims them from those before it."""

    ALONE = 0
    GROUPING = 1
    DEPENDENCY = 2
    EXPLAINED = 3


@dataclass(slots=True)
class Held:
    """An incident as it stands in this evaluation, with those of its services that are unwell and not another's."""

    incident: Incident
    unwell: set[str] = field(default_factory=set)
    lost_to: str | None = None


def gather(
    live: Sequence[Incident],
    attributions: Iterable[Attribution],
    services: Mapping[str, ServiceVerdict],
    catalog: Catalog,
    now: datetime,
) -> list[Held]:
    """Every live incident, and those that open now, each with its unwell services.

    A service stays where it is until something stronger claims it: a grouping claims it from its own incident, what it
    depends on from a grouping, an explained cause from both. An incident whose unwell services were all claimed is
    absorbed (`lost_to`).
    """
    books = {one.culprit: Held(one) for one in live}
    holder = {name: books[one.culprit] for one in sorted(live, key=_strength) for name in one.services}
    for found in attributions:
        joining = [name for name in found.services if name not in holder or _yields(holder[name].incident, found, name)]
        for name in found.services:
            if name not in joining:
                holder[name].unwell.add(name)
        if joining and found.culprit not in books:
            books[found.culprit] = Held(_opened(found, joining, services, now))
        for name in joining:
            joined, held = books[found.culprit], holder.get(name)
            joined.unwell.add(name)
            if held is not None and held is not joined:
                held.lost_to = joined.incident.id
                # What its first service has confirmed, the whole has: nobody's settling time begins anew.
                confirmed = min(joined.incident.confirmed_at, held.incident.confirmed_at)
                joined.incident = replace(joined.incident, confirmed_at=confirmed)
        if found.culprit in books:
            _learn(books[found.culprit], found, now)
    for held in books.values():
        held.incident = _spread(held, catalog, now)
    return list(books.values())


def _strength(incident: Incident) -> Strength:
    """How strongly an incident holds its services."""
    if _alone(incident):
        return Strength.ALONE
    if incident.explained:
        return Strength.EXPLAINED
    return Strength.DEPENDENCY if incident.single else Strength.GROUPING


def _alone(incident: Incident) -> bool:
    return incident.single and len(incident.services) == 1


def _yields(incident: Incident, found: Attribution, name: str) -> bool:
    """Whether an incident gives up a service of its own to what was found."""
    if incident.culprit == found.culprit:
        return True
    if found.explained:
        return _strength(incident) < Strength.EXPLAINED
    needed = found.culprit.startswith("service:") and found.culprit != f"service:{name}"
    return _strength(incident) < (Strength.DEPENDENCY if needed else Strength.GROUPING)


def _opened(
    found: Attribution, joining: Sequence[str], services: Mapping[str, ServiceVerdict], now: datetime
) -> Incident:
    """A new incident, dated to the first bad answer of any service that joins it; the others joined as they began."""
    verdicts = [services[name] for name in joining]
    first, last = min(verdicts, key=lambda one: one.began), max(one.began for one in verdicts)
    worst = max(verdicts, key=lambda one: SEVERITY[one.health])
    opened = Incident(
        id=incident_id(found.culprit, first.began),
        culprit=found.culprit,
        opened_at=first.began,
        confirmed_at=now,
        health=worst.health,
        worst=worst.health,
        services=tuple(sorted(joining)),
        territories=(),
        failure=worst.failure,
    )
    there = sum(one.began == first.began for one in verdicts)
    opened = replace(opened, turns=(Turn(first.began, Reason.OPENED, first.health, there),))
    return opened if last == first.began else opened.turned(last, Reason.SPREAD)


def _learn(held: Held, found: Attribution, now: datetime) -> None:
    """Keep the fullest account of what its services have in common; a single service on its own has none to give."""
    incident, known = held.incident, held.incident.cause
    if not held.unwell or (found.test is None and not found.beaten and not found.ruled_out):
        return
    if known is not None and (known.explained, len(known.services)) > (found.explained, len(found.services)):
        return
    explains = found.explained and not incident.explained
    held.incident = replace(incident, cause=found)
    if explains and incident.turns:
        held.incident = held.incident.turned(now, Reason.EXPLAINED)


def _spread(held: Held, catalog: Catalog, now: datetime) -> Incident:
    """The incident with the services that joined it, and the places that they serve."""
    incident = held.incident
    joined = tuple(sorted(held.unwell.union(incident.services)))
    if joined == incident.services and incident.territories:
        return incident
    places = {code for name in joined if name in catalog.services for code in catalog.services[name].territories}
    spread = replace(incident, services=joined, territories=tuple(sorted(places.union(incident.territories))))
    # What is there from the first moment did not spread.
    return spread if incident.territories == () else spread.turned(now, Reason.SPREAD)
