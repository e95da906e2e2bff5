"""What we hold to be true of a service: `combine`, and the spans that verdicts leave behind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.catalog import Probe, Service
from monitor.domain.observation import SEVERITY, Failure, Health
from monitor.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ServiceVerdict:
    """What we hold to be true of one service: the worst of its probes' verdicts, and which probe says so.

    `unwell_since`: since when it has been unwell, whatever its health meanwhile; None while it is well or unknown.
    `unstable`: whether a probe that may accuse answers now well, now badly; while it does no recovery is believed.
    """

    service: str
    health: Health
    since: datetime
    failure: Failure | None = None
    probe: str | None = None
    unstable: bool = False
    unwell_since: datetime | None = None

    @property
    def unwell(self) -> bool:
        """Whether it is known not to be well."""
        return self.health not in (Health.UP, Health.UNKNOWN)

    @property
    def began(self) -> datetime:
        """Since when it is what it is: unwell, whatever its health meanwhile, or not."""
        return self.unwell_since or self.since


@dataclass(frozen=True, slots=True)
class Span:
    """A verdict that has ended: the unit of history. `probe` is None for the service's own verdict."""

    service: str
    probe: str | None
    vantage: str
    health: Health
    since: datetime
    until: datetime
    failure: Failure | None = None


def combine(
    service: Service, verdicts: Sequence[tuple[Probe, Verdict]], previous: ServiceVerdict | None, now: datetime
) -> ServiceVerdict:
    """The worst of a service's probes. A probe that counts for *slow* at most neither accuses nor vouches alone."""
    vouched = any(v.health is not Health.UNKNOWN for p, v in verdicts if not p.slow_only)
    known = [(_counted(p, v), v) for p, v in verdicts if v.health is not Health.UNKNOWN] if vouched else []
    if not known:
        since = max((v.since for _, v in verdicts), default=now)
        return _dated(previous, ServiceVerdict(service.id, Health.UNKNOWN, since), now)
    worst = max((health for health, _ in known), key=SEVERITY.__getitem__)
    culprit = min((v for health, v in known if health is worst), key=lambda v: v.since)
    # It got worse with the first probe that is so unwell; it got better with the last one that was worse.
    worse = previous is None or SEVERITY[worst] > SEVERITY[previous.health]
    since = culprit.since if worse else max(v.since for _, v in known)
    flaps = any(_accuses_of_flapping(service, probe, verdict) for probe, verdict in verdicts)
    found = ServiceVerdict(service.id, worst, since, culprit.failure, culprit.probe, unstable=flaps)
    return _dated(previous, found, now)


def _counted(probe: Probe, verdict: Verdict) -> Health:
    """What a probe's verdict counts for in its service."""
    return Health.SLOW if probe.slow_only and SEVERITY[verdict.health] > SEVERITY[Health.SLOW] else verdict.health


def _accuses_of_flapping(service: Service, probe: Probe, verdict: Verdict) -> bool:
    """Whether a probe says that its service is unstable; one that counts for *slow* at most says nothing of that."""
    heard = verdict.unstable and verdict.health is not Health.UNKNOWN and not probe.slow_only
    return heard and (service.confirmed is not None or verdict.seen_working)


def _dated(previous: ServiceVerdict | None, new: ServiceVerdict, now: datetime) -> ServiceVerdict:
    """Keep the date of a health that lasts; never date a change before the state that it ends."""
    if previous is None:
        return replace(new, unwell_since=new.since if new.unwell else None)
    since = previous.since if previous.health is new.health else max(new.since, previous.since)
    since = min(since, now)  # a wall clock that was set back leaves no future behind
    began = min(previous.unwell_since or since, since) if new.unwell else None
    return replace(new, since=since, unwell_since=began)
