"""History as it stands: spans, and the corrections that stand over them (docs/method.md, "Late answers")."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span

Line = tuple[str, str | None, str]  # whose history: service, probe, vantage


@dataclass(frozen=True, slots=True)
class Correction:
    """What is held of one history in [since, until) instead of everything that was written of it before.

    Attributes:
        probe: None for the service's own history, whose `vantage` is "": it is of all vantages together.
        made_at: when it was found; of two corrections of one stretch the later one counts.
        spans: the history of the stretch, oldest first; where there is none, nothing was known.
    """

    service: str
    probe: str | None
    vantage: str
    since: datetime
    until: datetime
    made_at: datetime
    spans: tuple[Span, ...]


def corrected(spans: Iterable[Span], corrections: Sequence[Correction]) -> list[Span]:
    """Spans with the corrections laid over them, in the order they were made; oldest first."""
    told = defaultdict[Line, list[Correction]](list)
    for one in corrections:
        told[one.service, one.probe, one.vantage].append(one)
    found = list[Span]()
    for line, written in _by_line(spans, told).items():
        standing = written
        for correction in told.get(line, ()):
            standing = [*_outside(standing, correction.since, correction.until), *correction.spans]
        found += standing if standing is written else _joined(standing)
    return sorted(found, key=lambda one: (one.since, one.service, one.probe or "", one.vantage))


def corrections_of(
    known: Iterable[Span], derived: Iterable[Span], *, since: datetime, until: datetime, made_at: datetime
) -> tuple[Correction, ...]:
    """What has to be corrected of what is known so that it says in [since, until) what was derived.

    One correction for each history that differs, from the first to the last instant at which it does.
    """
    lines, truths = _by_line(known, ()), _by_line(derived, ())
    found = []
    for line in sorted(truths, key=repr):
        stretch = _differing(lines.get(line, []), truths[line], since, until)
        if stretch is not None:
            spans = tuple(_inside(truths[line], *stretch))
            found.append(Correction(*line, *stretch, made_at, spans))
    return tuple(found)


def _by_line(spans: Iterable[Span], others: Iterable[Line]) -> Mapping[Line, list[Span]]:
    found: dict[Line, list[Span]] = {line: [] for line in others}
    for one in spans:
        line = (one.service, one.probe, one.vantage if one.probe is not None else "")
        found.setdefault(line, []).append(one)
    return found


def _differing(
    known: Sequence[Span], derived: Sequence[Span], since: datetime, until: datetime
) -> tuple[datetime, datetime] | None:
    """From the first to the last instant of [since, until) at which two histories say another health."""
    edges = {since, until}
    for one in (*known, *derived):
        edges |= {min(max(edge, since), until) for edge in (one.since, one.until)}
    unlike = [
        (first, last) for first, last in pairwise(sorted(edges)) if _health(known, first) is not _health(derived, first)
    ]
    return (unlike[0][0], unlike[-1][1]) if unlike else None


def _health(spans: Sequence[Span], at: datetime) -> Health:
    """What a history says of an instant; where it says nothing, nothing is known."""
    return next((one.health for one in reversed(spans) if one.since <= at < one.until), Health.UNKNOWN)


def _outside(spans: Iterable[Span], since: datetime, until: datetime) -> Iterator[Span]:
    for one in spans:
        if one.since < since:
            yield replace(one, until=min(one.until, since))
        if one.until > until:
            yield replace(one, since=max(one.since, until))


def _inside(spans: Iterable[Span], since: datetime, until: datetime) -> Iterator[Span]:
    for one in spans:
        if one.since < until and one.until > since:
            yield replace(one, since=max(one.since, since), until=min(one.until, until))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """One history in order; where a cut left the same health on both sides, it is one span again."""
    whole = list[Span]()
    for one in sorted(spans, key=lambda one: one.since):
        if whole and whole[-1].health is one.health and whole[-1].until == one.since:
            whole[-1] = replace(whole[-1], until=one.until)
        else:
            whole.append(one)
    return whole
