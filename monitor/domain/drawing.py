"""From the tallies of its probes to the evidence sheet of an incident."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo

from monitor.domain.account import FailureCount, Period, Side, Where
from monitor.domain.attribution import Attribution
from monitor.domain.course import course_of
from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.method import METHOD
from monitor.domain.observation import Failure, Stage
from monitor.domain.saturation import signs_of_saturation
from monitor.domain.sheet import LIMITS, Blind, EvidenceSheet, Extent, Limits, Others, Seen, StageCount, Unseen
from monitor.domain.tally import Stretch, Tally, latency

SEEN_KEPT = 20  # addresses, final hosts… of each kind; the rest is a number


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a sheet says beside the answers: gaps of its probes and of every probe, blind time, local time."""

    period: Period
    extent: Extent
    probes_in_all: int = 0
    gaps: Collection[Gap] = ()
    blind: Sequence[Stretch] = ()
    zone: tzinfo = UTC
    limits: Limits = LIMITS


def draw(incident: Incident, tallies: Iterable[Tally], around: Surroundings) -> EvidenceSheet:
    """The sheet of an incident from the tallies of its probes. Same input, same output, in whatever order it comes."""
    counted = sorted(tallies, key=lambda one: one.account.question.probe)
    seen, others = _seen(counted)
    during = _together([one.account.during for one in counted], [one.during for one in counted])
    return EvidenceSheet(
        incident=incident.id,
        culprit=incident.culprit,
        method=METHOD,
        opened_at=incident.opened_at,
        confirmed_at=incident.confirmed_at,
        worst=incident.worst,
        failure=incident.failure,
        recovered_at=incident.recovered_at,
        closed_at=incident.closed_at,
        absorbed_into=incident.absorbed_into,
        turns=incident.turns,
        cause=_shortened(incident.cause, around.limits),
        extent=around.extent,
        period=around.period,
        limits=around.limits,
        probes=tuple(one.account for one in counted),
        probes_in_all=around.probes_in_all,
        before=_together([one.account.before for one in counted], [one.before for one in counted]),
        during=during,
        stages=_stages(during.failures),
        seen=seen,
        others=others,
        unseen=unseen(around.gaps, around.period),
        blind=_blind(around.blind, around.period),
        watch_until=incident.watch_until,
        signs=() if incident.ours else signs_of_saturation(course_of(incident, counted, during, seen, around.zone)),
    )


def unseen(gaps: Iterable[Gap], period: Period) -> tuple[Unseen, ...]:
    """What of a period was not measured, by reason, in the order of their first moment."""
    groups: dict[tuple[Excuse, bool], set[Gap]] = {}
    for gap in gaps:
        if gap.since < period.until and gap.until > period.since:
            groups.setdefault((gap.excuse, not gap.probe), set()).add(gap)
    found = (_unseen(excuse, every, group, period) for (excuse, every), group in groups.items())
    return tuple(sorted(found, key=lambda one: (one.since, one.excuse.code, one.every_probe)))


def _unseen(excuse: Excuse, every_probe: bool, gaps: Collection[Gap], period: Period) -> Unseen:
    cut = sorted((max(gap.since, period.since), min(gap.until, period.until)) for gap in gaps)
    lasted, end = timedelta(), period.since
    for since, until in cut:
        lasted += max(until - max(since, end), timedelta())
        end = max(end, until)
    return Unseen(
        excuse,
        every_probe,
        gaps=len(gaps),
        slots=sum(gap.slots for gap in gaps),
        probes=0 if every_probe else len({gap.probe for gap in gaps}),
        since=cut[0][0],
        until=end,
        lasted=lasted,
    )


def _together(sides: Sequence[Side], durations: Iterable[Iterable[timedelta]]) -> Side:
    """All probes' sides as one; together they have no cadence."""
    failures = Counter[Failure]()
    for side in sides:
        failures.update({one.failure: one.answers for one in side.failures})
    ordered = sorted(failures.items(), key=lambda pair: (-pair[1], pair[0].code))
    return Side(
        asked=sum(side.asked for side in sides),
        good=sum(side.good for side in sides),
        bad=sum(side.bad for side in sides),
        ours=sum(side.ours for side in sides),
        failures=tuple(FailureCount(failure, answers) for failure, answers in ordered),
        latency=latency(took for some in durations for took in some),
    )


def _stages(failures: Iterable[FailureCount]) -> tuple[StageCount, ...]:
    counted = Counter[Stage]()
    for one in failures:
        counted[one.failure.stage] += one.answers
    return tuple(StageCount(stage, counted[stage]) for stage in Stage if counted[stage])


def _seen(tallies: Iterable[Tally]) -> tuple[tuple[Seen, ...], tuple[Others, ...]]:
    """The most frequent of each kind, and what is left of it."""
    answers, bad = Counter[tuple[Where, str]](), Counter[tuple[Where, str]]()
    for where, name, heard, against in (one for tally in tallies for one in tally.seen):
        answers[where, name] += heard
        bad[where, name] += against
    kept, left = list[Seen](), list[Others]()
    for kind in Where:
        ranked = sorted((-n, name) for (where, name), n in answers.items() if where is kind)
        kept += [Seen(kind, name, -n, bad[kind, name]) for n, name in ranked[:SEEN_KEPT]]
        if rest := ranked[SEEN_KEPT:]:
            left.append(Others(kind, len(rest), -sum(n for n, _ in rest)))
    return tuple(kept), tuple(left)


def _blind(stretches: Iterable[Stretch], period: Period) -> tuple[Blind, ...]:
    cut = sorted((max(since, period.since), min(until, period.until)) for since, until in stretches)
    return tuple(Blind(since, until) for since, until in cut if since < until)


def _shortened(cause: Attribution | None, limits: Limits) -> Attribution | None:
    """A cause may hold thousands of services: its counts say how many, some of them are named."""
    return None if cause is None else replace(cause, services=cause.services[: limits.probes])
