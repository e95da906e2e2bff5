"""The spans that verdicts leave behind when they end, or when what they are of leaves the catalogue."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.domain.catalog import CANARY
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict


def gone_from(before: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """What was known before and is no longer in the catalogue."""
    return tuple(name for name in before if name not in now)


def ended_probe_spans(
    before: Mapping[str, Verdict], verdicts: Mapping[str, Verdict], changed: Sequence[str]
) -> list[Span]:
    """The verdicts of probes that ended, canaries apart (they are our line, not history of a service)."""
    spans = []
    for probe in changed:
        old, new, service = before.get(probe), verdicts[probe], probe.partition("/")[0]
        if old is not None and service != CANARY and old.health is not new.health and old.since < new.since:
            spans.append(Span(service, probe, old.vantage, old.health, old.since, new.since, old.failure))
    return spans


def ended_service_spans(
    before: Mapping[str, ServiceVerdict], services: Mapping[str, ServiceVerdict], said: Sequence[str], vantage: str
) -> list[Span]:
    """The verdicts of services that ended."""
    spans = []
    for name in said:
        old, new = before.get(name), services[name]
        if old is not None and old.health is not new.health and old.since < new.since:
            spans.append(Span(name, None, vantage, old.health, old.since, new.since, old.failure))
    return spans


def last_probe_spans(before: Mapping[str, Verdict], gone: Sequence[str]) -> list[Span]:
    """The last verdicts of probes that left the catalogue: until they were last asked."""
    spans = []
    for probe in gone:
        old, service = before[probe], probe.partition("/")[0]
        until = old.last_at or old.since
        if service != CANARY and old.since < until:
            spans.append(Span(service, probe, old.vantage, old.health, old.since, until, old.failure))
    return spans


def last_service_spans(
    before: Mapping[str, ServiceVerdict], gone: Sequence[str], *, now: datetime, vantage: str
) -> list[Span]:
    """The last verdicts of services that left the catalogue: until now."""
    left = (before[name] for name in gone)
    return [
        Span(one.service, None, vantage, one.health, one.since, now, one.failure) for one in left if one.since < now
    ]
