"""What is true now: one pure computation over the new answers and what was held to be true before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.domain.arrival import late_answers
from monitor.domain.attribution import Attribution, Bonds, bonds_of
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.circumstances import Circumstances, Standing, always_class
from monitor.domain.corroboration import corroborated
from monitor.domain.endings import (
    ended_probe_spans,
    ended_service_spans,
    gone_from,
    last_probe_spans,
    last_service_spans,
)
from monitor.domain.incident import Incident
from monitor.domain.line import Canary, Line, own_line
from monitor.domain.observation import Health, Observation
from monitor.domain.policy import SPEAKS_AT_LEAST, Rhythm
from monitor.domain.reconcile import Peaks, explain, no_peaks, reconcile
from monitor.domain.service_verdict import ServiceVerdict, Span, combine
from monitor.domain.verdict import Verdict, first_verdict, judge

REMEMBERED = timedelta(hours=24)  # how long an incident that is over stays among what the public sees
Rhythms = Callable[[str], Callable[[datetime], Rhythm]]  # the school clock of a service
NEVER_SEEN = Line(blind=False, seen_at=None)


@dataclass(frozen=True, slots=True)
class Country:
    """Everything held to be true at one instant; verdicts by probe id, services by id, incidents that still matter.

    `found`: what stands behind its unwell services, None where nobody has looked yet (after a restart); `doubtful`:
    services that were no controls when it was found.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    services: Mapping[str, ServiceVerdict] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    line: Line = NEVER_SEEN
    found: tuple[Attribution, ...] | None = None
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What an evaluation found: the country after it, and what of it is new and must be remembered.

    `gone`, `gone_services`: probes and services that the catalogue no longer holds; nothing is true of them any more.
    `late`: answers about what was judged already: only history may change by them.
    """

    country: Country
    verdicts: tuple[Verdict, ...]
    services: tuple[ServiceVerdict, ...]
    spans: tuple[Span, ...]
    incidents: tuple[Incident, ...]
    gone: tuple[str, ...] = ()
    gone_services: tuple[str, ...] = ()
    late: tuple[Observation, ...] = ()

    @property
    def visible(self) -> bool:
        """Whether anything changed that the public sees."""
        return bool(self.spans or self.services or self.incidents)


def always_class_of(_: str) -> Callable[[datetime], Rhythm]:
    """The school clock of services that are all asked at one pace."""
    return always_class


def evaluate(
    before: Country,
    fresh: Mapping[str, Sequence[Observation]],
    catalog: Catalog,
    *,
    now: datetime,
    vantage: str,
    rhythms: Rhythms = always_class_of,
    bonds: Bonds | None = None,
    peaks: Peaks = no_peaks,
) -> Change:
    """Judge what has new evidence or an expired deadline, combine, reconcile. Same input, same output.

    Only what was judged again is combined and compared: at every tick most of a country has said nothing new.
    `bonds` is `bonds_of(catalog)`, for those who evaluate more than once.
    """
    verdicts, new = _known_verdicts(before, catalog, vantage, now)
    gone = gone_from(before.verdicts, verdicts)
    line = _look_at_our_line(verdicts, fresh, catalog, now)
    judged = _judge_all(verdicts, fresh, catalog, line=line, now=now, rhythms=rhythms)
    changed = [probe for probe in (*new, *judged) if verdicts[probe] != before.verdicts.get(probe)]
    services, said = _combined(before, verdicts, catalog, changed=changed, gone=gone, now=now)
    asleep = {
        service.id
        for service in catalog.services.values()
        if service.dormant and not line.blind and all(verdicts[probe.id].switched_off for probe in service.probes)
    }
    found = before.found
    doubtful = _doubtful(verdicts, before.incidents)
    if found is None or said or gone or (found and doubtful != before.doubtful):
        found = explain(services, bonds_of(catalog) if bonds is None else bonds, asleep=asleep, doubtful=doubtful)
    current = reconcile(
        before.incidents,
        services,
        catalog,
        line,
        now=now,
        vantage=vantage,
        found=found,
        peaks=peaks,
        asleep=asleep,
    )
    gone_services = gone_from(before.services, services)
    over = (one for one in before.incidents if one.closed_at is not None and now - one.closed_at <= REMEMBERED)
    incidents = (*current, *over)
    return Change(
        country=Country(verdicts, services, incidents, line, found, doubtful),
        verdicts=tuple(verdicts[probe] for probe in dict.fromkeys(changed)),
        services=tuple(services[name] for name in said),
        spans=(
            *ended_probe_spans(before.verdicts, verdicts, changed),
            *ended_service_spans(before.services, services, said, vantage),
            *last_probe_spans(before.verdicts, gone),
            *last_service_spans(before.services, gone_services, now=now, vantage=vantage),
        ),
        incidents=tuple(one for one in incidents if one not in before.incidents),
        gone=gone,
        gone_services=gone_services,
        late=late_answers(before.verdicts, fresh, now),
    )


def _known_verdicts(
    before: Country, catalog: Catalog, vantage: str, now: datetime
) -> tuple[dict[str, Verdict], list[str]]:
    """The verdicts of the catalogue's probes before anything is judged, and those that are new."""
    verdicts = dict(before.verdicts)
    if verdicts.keys() == catalog.probe_ids:
        return verdicts, []
    unheard = [probe for probe in catalog.probes() if probe.id not in verdicts]
    verdicts |= {probe.id: first_verdict(probe, vantage, now) for probe in unheard}
    if len(verdicts) > len(catalog.probe_ids):
        verdicts = {probe.id: verdicts[probe.id] for probe in catalog.probes()}
    return verdicts, [probe.id for probe in unheard]


def _combined(
    before: Country,
    verdicts: Mapping[str, Verdict],
    catalog: Catalog,
    *,
    changed: Sequence[str],
    gone: Sequence[str],
    now: datetime,
) -> tuple[dict[str, ServiceVerdict], list[str]]:
    """The services' verdicts, and which say something new. What a service is without a probe, it is from now on."""
    shorter = {probe.partition("/")[0] for probe in gone}
    touched = shorter | {
        probe.partition("/")[0] for probe in changed if _face(verdicts[probe]) != _face(before.verdicts.get(probe))
    }
    kept = {name: known for name, known in before.services.items() if name in catalog.services}
    touched |= {name for name, known in kept.items() if known.since > now}  # the wall clock was set back
    services, said = dict(kept), list[str]()
    new_ones = catalog.services.keys() - kept.keys() if len(kept) < len(catalog.services) else frozenset()
    for name in sorted((touched & kept.keys()) | new_ones):
        known = kept.get(name)
        new = combine(catalog.services[name], [(p, verdicts[p.id]) for p in catalog.services[name].probes], known, now)
        if known is not None and name in shorter and new.health is not known.health:
            new = replace(new, since=now)
        services[name] = new
        if new != known:
            said.append(name)
    return services, said


def _doubtful(verdicts: Mapping[str, Verdict], incidents: Iterable[Incident]) -> frozenset[str]:
    """Services that vouch for nothing, even if they are well: their last answers say otherwise, or they just came back.

    What failed with others and recovered a minute before them is no proof that what they share was working.
    """
    wavering = {probe.partition("/")[0] for probe, verdict in verdicts.items() if verdict.run}
    coming_back = (one.services for one in incidents if one.closed_at is None and one.eased_at is None)
    return frozenset(wavering.union(*coming_back))


def _face(verdict: Verdict | None) -> tuple[object, ...] | None:
    """What `combine` sees of a verdict: most answers add evidence to it, and change nothing that a service says."""
    if verdict is None:
        return None
    return verdict.health, verdict.since, verdict.failure, verdict.unstable, verdict.seen_working


def _look_at_our_line(
    verdicts: dict[str, Verdict], fresh: Mapping[str, Sequence[Observation]], catalog: Catalog, now: datetime
) -> Line:
    """Judge the canaries first: they date everything else. A canary's own verdict is never held against anybody."""
    seeing = Circumstances(now, Line(blind=False, seen_at=now), Standing(confirmed=True))
    for canary in catalog.canaries:
        heard = [one for one in fresh.get(canary.id, ()) if one.about_our_line]
        if heard:
            verdicts[canary.id] = judge(verdicts[canary.id], heard, canary.policy, seeing)
    states = (verdicts[canary.id] for canary in catalog.canaries)
    every = max((canary.policy.every for canary in catalog.canaries), default=timedelta())
    return own_line([Canary(_by(state.last_good_at, now), _by(state.last_at, now)) for state in states], every)


def _by(instant: datetime | None, now: datetime) -> datetime | None:
    """An instant that is not in the future: after the wall clock was set back, what is written ahead of it is now."""
    return None if instant is None else min(instant, now)


def _judge_all(
    verdicts: dict[str, Verdict],
    fresh: Mapping[str, Sequence[Observation]],
    catalog: Catalog,
    *,
    line: Line,
    now: datetime,
    rhythms: Rhythms,
) -> list[str]:
    """Judge every service's probes alone, then once more those whose failing is shared; the ids of those judged."""
    due: list[tuple[Probe, Circumstances]] = []
    # Time alone, or our own line, may change what is published of these: no answer goes stale within three minutes.
    long_ago, unknown = now - SPEAKS_AT_LEAST, Health.UNKNOWN
    awaited = dict.fromkeys(
        name
        for name, verdict in verdicts.items()
        if name in fresh
        or line.blind
        or verdict.run
        or (verdict.evidence_at is not None and verdict.evidence_at < long_ago and verdict.health is not unknown)
    )
    for name in dict.fromkeys(probe.partition("/")[0] for probe in awaited):
        if (service := catalog.services.get(name)) is not None:  # of a canary there is none
            standing = Standing(confirmed=service.confirmed is not None, dormant=service.dormant)
            around = Circumstances(now, line, standing, rhythm=rhythms(name))
            due += [(probe, around) for probe in service.probes if probe.id in awaited]
    for probe, around in due:
        verdicts[probe.id] = judge(verdicts[probe.id], fresh.get(probe.id, ()), probe.policy, around)
    shared = corroborated(catalog, verdicts)
    for probe, around in due:
        if probe.id in shared and verdicts[probe.id].run:
            verdicts[probe.id] = judge(verdicts[probe.id], (), probe.policy, replace(around, corroborated=True))
    return [*(canary.id for canary in catalog.canaries if canary.id in fresh), *(probe.id for probe, _ in due)]
