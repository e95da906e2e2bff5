"""Incidents: from verdicts to something that has a beginning, a worst moment and an end."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog
from monitor.domain.line import Line
from monitor.domain.observation import SEVERITY, Failure, Health
from monitor.domain.service_verdict import ServiceVerdict

STABLE_FOR = timedelta(minutes=15)  # docs/method.md, "Incidents": well for that long before an incident is over
LOST_AFTER = timedelta(hours=24)  # not measured for that long: nobody can say any more how it ended
LINE_STABLE_FOR = timedelta(minutes=2)  # our own line back for that long before the operator hears that it is


@dataclass(frozen=True, slots=True)
class Incident:
    """A culprit, an opening, what it affects, the worst health, an end.

    Attributes:
        id: ``YYYYMMDD-HHMMSS-name``, UTC second of the opening; computed, hence the same after a restart.
        culprit: ``service:ID`` or ``vantage:ID`` (our own line; told to the operator alone).
        opened_at: the first bad answer. confirmed_at: when the verdict turned.
        health: what it is now; `worst`: the worst it has been.
        recovered_at: since when all is well again, None while it is not.
        closed_at: the moment of recovery, set once recovery has been stable long enough.
    """

    id: str
    culprit: str
    opened_at: datetime
    confirmed_at: datetime
    health: Health
    worst: Health
    services: tuple[str, ...]
    territories: tuple[str, ...]
    failure: Failure | None = None
    recovered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def ours(self) -> bool:
        """Whether it is about our own line: then only the operator of Vigie hears of it."""
        return self.culprit.startswith("vantage:")


def reconcile(
    known: Iterable[Incident],
    services: Mapping[str, ServiceVerdict],
    catalog: Catalog,
    line: Line,
    *,
    now: datetime,
    vantage: str,
    asleep: Container[str] = frozenset(),
) -> tuple[Incident, ...]:
    """The incidents that are open or that this evaluation closes: one per unwell service, one for our own line.

    `asleep`: ids of the dormant services that are seen to be switched off.
    """
    open_by_culprit = {one.culprit: one for one in known if one.closed_at is None}
    ours = _our_line(open_by_culprit.pop(f"vantage:{vantage}", None), line, now, vantage)
    current = list(ours)
    for service_id, verdict in services.items():
        before = open_by_culprit.pop(f"service:{service_id}", None)
        after = _followed(before, verdict, catalog, line, now=now, asleep=service_id in asleep)
        if after is not None:
            current.append(after)
    # What is left belongs to services that the catalogue no longer holds: withdrawn, nobody measures them any more.
    current += [replace(gone, closed_at=now) for gone in open_by_culprit.values()]
    return tuple(current)


def _followed(
    before: Incident | None, verdict: ServiceVerdict, catalog: Catalog, line: Line, *, now: datetime, asleep: bool
) -> Incident | None:
    """One service's incident after this evaluation, None if there is none."""
    service = catalog.services[verdict.service]
    # A dormant service that is switched off again has nothing left to be unwell.
    well = verdict.health is Health.UP or asleep
    if before is None:
        if well or verdict.health is Health.UNKNOWN:
            return None
        return _opened(f"service:{service.id}", verdict, now, (service.id,), service.territories)
    if well:
        recovered = min(before.recovered_at or verdict.since, now)
        over = now - recovered >= STABLE_FOR
        return replace(before, health=verdict.health, recovered_at=recovered, closed_at=recovered if over else None)
    if verdict.health is Health.UNKNOWN:  # what is not measured is not stable either: the wait begins again
        lost = not line.blind and now - verdict.since >= LOST_AFTER
        return replace(before, health=Health.UNKNOWN, recovered_at=None, closed_at=now if lost else None)
    worst = max(before.worst, verdict.health, key=SEVERITY.__getitem__)
    return replace(before, health=verdict.health, worst=worst, failure=verdict.failure, recovered_at=None)


def _our_line(before: Incident | None, line: Line, now: datetime, vantage: str) -> Sequence[Incident]:
    """Our own blindness as an incident of its own kind: opened when seen last, over when we have seen for a while."""
    if line.blind and before is None:
        blind = ServiceVerdict("", Health.UNKNOWN, line.seen_at or now)
        return (_opened(f"vantage:{vantage}", blind, now, (), ()),)
    if before is None:
        return ()
    if line.blind:
        return (replace(before, recovered_at=None),)
    recovered = before.recovered_at or now
    return (
        replace(before, recovered_at=recovered, closed_at=recovered if now - recovered >= LINE_STABLE_FOR else None),
    )


def _opened(
    culprit: str, verdict: ServiceVerdict, now: datetime, services: tuple[str, ...], territories: tuple[str, ...]
) -> Incident:
    """A new incident, dated to the first bad answer."""
    return Incident(
        id=f"{verdict.since:%Y%m%d-%H%M%S}-{culprit.partition(':')[2]}",
        culprit=culprit,
        opened_at=verdict.since,
        confirmed_at=now,
        health=verdict.health,
        worst=verdict.health,
        services=services,
        territories=territories,
        failure=verdict.failure,
    )
