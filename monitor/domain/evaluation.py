"""What is true now: one pure computation over the new answers and what was held to be true before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog, Probe
from monitor.domain.corroboration import corroborated
from monitor.domain.incident import Incident, reconcile
from monitor.domain.line import Canary, Line, own_line
from monitor.domain.observation import Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span, combine
from monitor.domain.verdict import Circumstances, Standing, Verdict, first_verdict, judge

CANARY = "canary"  # what stands before the slash of a canary's id
REMEMBERED = timedelta(hours=24)  # how long an incident that is over stays among what the public sees
NEVER_SEEN = Line(blind=False, seen_at=None)


@dataclass(frozen=True, slots=True)
class Country:
    """Everything held to be true at one instant; verdicts by probe id, services by id, incidents that still matter."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    services: Mapping[str, ServiceVerdict] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    line: Line = NEVER_SEEN


@dataclass(frozen=True, slots=True)
class Change:
    """What an evaluation found: the country after it, and what of it is new and must be remembered.

    `gone`, `gone_services`: probes and services that the catalogue no longer holds; nothing is true of them any more.
    """

    country: Country
    verdicts: tuple[Verdict, ...]
    services: tuple[ServiceVerdict, ...]
    spans: tuple[Span, ...]
    incidents: tuple[Incident, ...]
    gone: tuple[str, ...] = ()
    gone_services: tuple[str, ...] = ()

    @property
    def visible(self) -> bool:
        """Whether anything changed that the public sees."""
        return bool(self.spans or self.services or self.incidents)


def evaluate(
    before: Country, fresh: Mapping[str, Sequence[Observation]], catalog: Catalog, *, now: datetime, vantage: str
) -> Change:
    """Judge what has new evidence or an expired deadline, combine, reconcile. Same input, same output."""
    verdicts = {
        probe.id: before.verdicts.get(probe.id) or first_verdict(probe, vantage, now) for probe in catalog.probes()
    }
    line = _look_at_our_line(verdicts, fresh, catalog, now)
    _judge_all(verdicts, fresh, catalog, line, now)
    services = {
        service.id: combine(
            service, [(p, verdicts[p.id]) for p in service.probes], before.services.get(service.id), now
        )
        for service in catalog.services.values()
    }
    asleep = {
        service.id
        for service in catalog.services.values()
        if service.dormant and not line.blind and all(verdicts[probe.id].switched_off for probe in service.probes)
    }
    current = reconcile(before.incidents, services, catalog, line, now=now, vantage=vantage, asleep=asleep)
    over = (one for one in before.incidents if one.closed_at is not None and now - one.closed_at <= REMEMBERED)
    incidents = (*current, *over)
    country = Country(verdicts, services, incidents, line)
    return Change(
        country=country,
        verdicts=tuple(v for probe, v in verdicts.items() if v != before.verdicts.get(probe)),
        services=tuple(v for service, v in services.items() if v != before.services.get(service)),
        spans=(
            *_ended_probe_spans(before, verdicts, catalog),
            *_ended_service_spans(before, services, vantage),
            *_last_spans(before, verdicts, services, now=now, vantage=vantage),
        ),
        incidents=tuple(one for one in incidents if one not in before.incidents),
        gone=tuple(probe for probe in before.verdicts if probe not in verdicts),
        gone_services=tuple(service for service in before.services if service not in services),
    )


def _look_at_our_line(
    verdicts: dict[str, Verdict], fresh: Mapping[str, Sequence[Observation]], catalog: Catalog, now: datetime
) -> Line:
    """Judge the canaries first: they date everything else. A canary's own verdict is never held against anybody."""
    seeing = Circumstances(now, Line(blind=False, seen_at=now), Standing(confirmed=True))
    for canary in catalog.canaries:
        if canary.id in fresh:
            verdicts[canary.id] = judge(verdicts[canary.id], fresh[canary.id], canary.policy, seeing)
    states = (verdicts[canary.id] for canary in catalog.canaries)
    return own_line([Canary(_by(state.last_good_at, now), _by(state.last_at, now)) for state in states])


def _by(instant: datetime | None, now: datetime) -> datetime | None:
    """An instant that is not in the future: after the wall clock was set back, what is written ahead of it is now."""
    return None if instant is None else min(instant, now)


def _judge_all(
    verdicts: dict[str, Verdict],
    fresh: Mapping[str, Sequence[Observation]],
    catalog: Catalog,
    line: Line,
    now: datetime,
) -> None:
    """Judge every service's probes alone, then once more those whose failing is shared by others."""
    due: list[tuple[Probe, Standing]] = []
    for service in catalog.services.values():
        standing = Standing(confirmed=service.confirmed is not None, dormant=service.dormant)
        due += [(p, standing) for p in service.probes if p.id in fresh or _expired(verdicts[p.id], p, line, now)]
    for probe, standing in due:
        around = Circumstances(now, line, standing)
        verdicts[probe.id] = judge(verdicts[probe.id], fresh.get(probe.id, ()), probe.policy, around)
    shared = corroborated(catalog, verdicts)
    for probe, standing in due:
        if probe.id in shared and verdicts[probe.id].run:
            around = Circumstances(now, line, standing, corroborated=True)
            verdicts[probe.id] = judge(verdicts[probe.id], (), probe.policy, around)


def _expired(verdict: Verdict, probe: Probe, line: Line, now: datetime) -> bool:
    """Whether time alone, or our own line, may change what is published."""
    if verdict.run or line.blind:
        return True
    stale = verdict.evidence_at is not None and now - verdict.evidence_at > probe.policy.stale_after()
    return stale and verdict.health is not Health.UNKNOWN


def _ended_probe_spans(before: Country, verdicts: Mapping[str, Verdict], catalog: Catalog) -> list[Span]:
    """The verdicts of probes that ended, canaries apart (they are our line, not history of a service)."""
    spans = []
    for service in catalog.services.values():
        for probe in service.probes:
            old, new = before.verdicts.get(probe.id), verdicts[probe.id]
            if old is not None and old.health is not new.health and old.since < new.since:
                spans.append(Span(service.id, probe.id, old.vantage, old.health, old.since, new.since, old.failure))
    return spans


def _ended_service_spans(before: Country, services: Mapping[str, ServiceVerdict], vantage: str) -> list[Span]:
    spans = []
    for new in services.values():
        old = before.services.get(new.service)
        if old is not None and old.health is not new.health and old.since < new.since:
            spans.append(Span(new.service, None, vantage, old.health, old.since, new.since, old.failure))
    return spans


def _last_spans(
    before: Country,
    verdicts: Mapping[str, Verdict],
    services: Mapping[str, ServiceVerdict],
    *,
    now: datetime,
    vantage: str,
) -> list[Span]:
    """The last verdicts of what left the catalogue: a probe's until it was last asked, a service's until now."""
    spans = []
    for probe, old in before.verdicts.items():
        service, until = probe.partition("/")[0], old.last_at or old.since
        if probe not in verdicts and service != CANARY and old.since < until:
            spans.append(Span(service, probe, old.vantage, old.health, old.since, until, old.failure))
    for name, said in before.services.items():
        if name not in services and said.since < now:
            spans.append(Span(name, None, vantage, said.health, said.since, now, said.failure))
    return spans
