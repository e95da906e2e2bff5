"""Groups at one instant: how many of each are affected against how many elsewhere, counted as a common cause is sought.

The states are those that history holds now, late answers and corrections included. What only the running evaluation
knows (whose last answers were doubtful, who had just come back) is not in it: the counts that were judged at the time
stand with each incident.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.attribution import CLOSE, attribute
from monitor.domain.interval import Interval
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.ties import Bonds
from monitor.domain.trial import Trial, survey, trials
from monitor.domain.trouble import Trouble
from monitor.domain.uptime import standing
from monitor.reports.availability import histories_of
from monitor.reports.groups import Ledger
from monitor.reports.sharing import Group

BACK = timedelta(hours=24)  # how far before the instant an onset is looked for, beyond the span that holds there
_MOMENT = timedelta(microseconds=1)
_UNWELL = frozenset(Health) - {Health.UP, Health.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Moment:
    """One group at an instant: affected in one way since one time, of those whose state is known, inside and elsewhere.

    `chance` (0..1): as in `Count`; None where too few are affected to be tried, or where there is no test.
    """

    unwell_inside: int
    inside: int
    unwell_outside: int
    outside: int
    chance: float | None = None
    explained: bool = False
    ruled_out: bool = False


def moments(ledger: Ledger, groups: Iterable[Group], at: datetime) -> Mapping[str, Moment]:
    """Every group at that instant, by candidate. Raises StoreError."""
    spans = histories_of(ledger.url, ledger.services, at - BACK, at + _MOMENT, ledger.known)
    ill, well = states(spans, at)
    return counted(groups, ill, well, ledger.bonds)


def counted(groups: Iterable[Group], ill: Sequence[Trouble], well: Sequence[str], bonds: Bonds) -> Mapping[str, Moment]:
    """The counts of each group: of the trial that holds most of it, else of all that is unwell."""
    by_name, controls = {one.service: one for one in ill}, frozenset(well)
    tried = trials(ill, survey(by_name, controls, bonds), CLOSE)
    number = sum(len(one.held) for one in tried)
    explained = {one.culprit for one in attribute(ill, well, bonds) if one.explained}
    return {one.candidate: _moment(one, (tried, number), explained, (by_name, controls)) for one in groups}


def states(spans: Mapping[str, Sequence[Span]], at: datetime) -> tuple[list[Trouble], list[str]]:
    """Who is unwell at that instant, since its onset, and who is known to be well. Unknown counts nowhere."""
    ill, well = list[Trouble](), list[str]()
    for service, held in spans.items():
        pieces = list(standing(held, at - BACK, at + _MOMENT))
        if not pieces or pieces[-1][0][1] <= at:
            continue
        now = pieces[-1][1]
        if now.health is Health.UP:
            well.append(service)
        elif now.health is not Health.UNKNOWN:
            ill.append(Trouble(service, _onset(pieces), now.health, now.failure))
    return ill, well


def worst_moment(spans: Mapping[str, Sequence[Span]], since: datetime, until: datetime) -> datetime | None:
    """The first instant of [since, until) at which most services were unwell; None where none was."""
    turns = []
    for held in spans.values():
        for (begin, end), span in standing(held, since, until):
            if span.health in _UNWELL:
                turns += [(begin, 1), (end, -1)]
    found, most, number = None, 0, 0
    for at, step in sorted(turns):  # at one instant the ends come first
        number += step
        if number > most:
            found, most = at, number
    return found


def _onset(pieces: Sequence[tuple[Interval, Span]]) -> datetime:
    """Since when it has been unwell without a break, whatever its health meanwhile."""
    first = pieces[0][0][0]
    since = pieces[-1][0][1]
    for (begin, end), span in reversed(pieces):
        if span.health not in _UNWELL or end < since:
            break
        since = begin if begin > first else min(begin, span.since)  # the first piece is cut where reading begins
    return since


def _moment(
    group: Group,
    tried: tuple[Sequence[Trial], int],
    explained: set[str],
    known: tuple[Mapping[str, Trouble], frozenset[str]],
) -> Moment:
    candidate, (all_trials, number), (ill, controls) = group.candidate, tried, known
    holding = [one for one in all_trials if candidate in one.held]
    if holding:
        best = max(holding, key=lambda one: len(one.held[candidate]))
        count = best.count(candidate, number)
        counts = (count.unwell_inside, count.inside, count.unwell_outside, count.outside)
        return Moment(*counts, count.chance, candidate in explained, best.ruled_out(candidate))
    ids = {one.id for one in group.inside}
    unwell, well = len(ids & ill.keys()), len(ids & controls)
    outside = len(ill) - unwell
    return Moment(unwell, unwell + well, outside, outside + len(controls) - well)
