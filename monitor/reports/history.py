"""What has been: latencies and states of a service over a window, the states of all services since midnight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.catalog import Probe
from monitor.domain.history import corrected
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.verdict import Verdict
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing, Reader


@dataclass(frozen=True, slots=True)
class Point:
    """One answer on a curve: when the question started (UTC), how long the answer took (ms), what it said alone."""

    at: datetime
    took_ms: float
    health: Health
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class ProbeHistory:
    """A probe over a window: its answers, oldest first, and its verdicts cut to the window, oldest first."""

    probe: str
    points: tuple[Point, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceHistory:
    """A service over [since, until): its verdicts cut to the window, oldest first; its probes in the order asked for.

    The verdict in force is the last span and ends at `until`.
    """

    service: str
    since: datetime
    until: datetime
    spans: tuple[Span, ...] = ()
    probes: tuple[ProbeHistory, ...] = ()


def service_day(source: Source, probes: Sequence[Probe | str], since: datetime, until: datetime) -> ServiceHistory:
    """Latencies and states of the service that `probes` (values or ids, one service's) ask; empty without a database.

    Raises StoreError for a database that is unreachable, damaged, or of another version; ValueError without probes.
    """
    ids = [probe if isinstance(probe, str) else probe.id for probe in probes]
    if not ids:
        raise ValueError("no probes")
    service = ids[0].partition("/")[0]
    nothing = ServiceHistory(service, since, until, probes=tuple(ProbeHistory(probe) for probe in ids))
    reader = reader_of(source)
    try:
        return nothing if reader is None else _service_day(reader, nothing, ids)
    except DatabaseMissing:
        return nothing


def day_spans(source: Source, since: datetime, until: datetime) -> dict[str, tuple[Span, ...]]:
    """States of every service by id, cut to [since, until), oldest first, the verdict in force included.

    Raises StoreError for a database that is unreachable, damaged, or of another version; empty without a database.
    """
    reader = reader_of(source)
    try:
        if reader is None:
            return {}
        ended = reader.spans(since, until, of_services=True)
        in_force = [_open_span_of_service(verdict, until) for verdict in reader.services()]
        standing = corrected([*ended, *in_force], reader.corrections(since, until))
    except DatabaseMissing:
        return {}
    of_services = [span for span in standing if span.probe is None]
    return {service: tuple(spans) for service, spans in _by_service(of_services, since, until).items()}


def _service_day(reader: Reader, window: ServiceHistory, probes: Sequence[str]) -> ServiceHistory:
    since, until = window.since, window.until
    ended = reader.spans(since, until, [window.service])
    in_force = [_open_span_of_service(one, until) for one in reader.services() if one.service == window.service]
    asked = [_open_span_of_probe(one, until) for one in reader.verdicts(probes)]
    standing = corrected([*ended, *in_force, *asked], reader.corrections(since, until, [window.service]))
    spans = _by_service(standing, since, until).get(window.service, [])
    answers = reader.observations(probes, since, until)
    return replace(
        window,
        spans=tuple(span for span in spans if span.probe is None),
        probes=tuple(
            ProbeHistory(
                probe,
                tuple(_point(answer) for answer in answers if answer.probe == probe),
                tuple(span for span in spans if span.probe == probe),
            )
            for probe in probes
        ),
    )


def _open_span_of_service(verdict: ServiceVerdict, until: datetime) -> Span:
    # A service's verdict is of all vantages together.
    return Span(verdict.service, None, "", verdict.health, verdict.since, until, verdict.failure)


def _open_span_of_probe(verdict: Verdict, until: datetime) -> Span:
    service = verdict.probe.partition("/")[0]
    return Span(service, verdict.probe, verdict.vantage, verdict.health, verdict.since, until, verdict.failure)


def _by_service(spans: Iterable[Span], since: datetime, until: datetime) -> Mapping[str, list[Span]]:
    cut = (replace(span, since=max(span.since, since), until=min(span.until, until)) for span in spans)
    found: dict[str, list[Span]] = {}
    for span in sorted((span for span in cut if span.since < span.until), key=lambda span: span.since):
        found.setdefault(span.service, []).append(span)
    return found


def _point(answer: Observation) -> Point:
    return Point(answer.at, answer.took.total_seconds() * 1000, answer.health, answer.failure)
