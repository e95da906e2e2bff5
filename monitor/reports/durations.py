"""How long a service took to answer, in which phases, how often it failed and what it was: hours to a year, in steps.

From what is kept of its answers for ever (docs/method.md, "Roll-ups"): a year is as many rows as it has days.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.domain.answer_tally import AnswerTally, Grain
from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Service
from monitor.domain.interval import Interval
from monitor.domain.observation import SEVERITY, Failure, Health, Observation
from monitor.domain.uptime import Hours, states
from monitor.reports.availability import histories_of
from monitor.reports.lookback import Over, edges_of, grain_of
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing, Reader

PERCENTS = (50, 75, 95, 99)
# Hours are closed some minutes after their end. Those of the last day that are not yet are made up from the answers.
YOUNG = timedelta(days=1)
_US = timedelta(microseconds=1)
_HOUR = timedelta(hours=1)

Counted = tuple[datetime, bool, AnswerTally]  # since when, whether in school hours
_Series = tuple[str, str]  # probe and vantage


@dataclass(frozen=True, slots=True)
class Step:
    """What was counted in [since, until) (UTC): the answers, and how long the service was what, whatever the hours."""

    since: datetime
    until: datetime
    tally: AnswerTally
    states: Mapping[Health, timedelta]

    @property
    def quantiles(self) -> tuple[timedelta, ...] | None:
        """The durations of `PERCENTS`, within 2 %; None where no answer was good or merely slow."""
        return quantiles_of(self.tally)

    @property
    def phases(self) -> tuple[timedelta, ...] | None:
        """The mean of each of `PHASES` over the answers of `quantiles`, so that they add up; None without any."""
        timed = self.tally.sketch.answers
        return tuple(total // timed * _US for _, total in self.tally.phases) if timed else None

    @property
    def worst(self) -> Health | None:
        """The gravest that the service was; None where nothing is known of it, not even that it was unknown."""
        return max(self.states, key=SEVERITY.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Durations:
    """The answer: `steps` without a hole between them, oldest first; `whole`: all of their answers.

    `until` is the instant asked about: the last step may not be over yet.
    """

    over: Over
    since: datetime
    until: datetime
    steps: tuple[Step, ...]
    whole: AnswerTally


@dataclass(frozen=True, slots=True)
class Question:
    """Which `probes` (ids) of a service, over how long, in which hours; `clock`: whose school hours.

    `until`: the end of it, aware; `known`: until when the verdict in force speaks (`availability.known_until`).
    """

    service: Service
    probes: tuple[str, ...]
    over: Over
    hours: Hours
    clock: SchoolClock
    until: datetime
    known: datetime


def durations_of(source: Source, asked: Question) -> Durations:
    """What the measures say; without a database nothing. Raises StoreError."""
    edges = edges_of(asked.over, asked.until)
    found: Iterable[Counted] = ()
    try:
        if (reader := reader_of(source)) is not None:
            found = _counted(reader, asked, edges[0])
    except DatabaseMissing:
        pass
    return _in_steps(asked, edges, found, _told(source, asked, edges))


def quantiles_of(tally: AnswerTally) -> tuple[timedelta, ...] | None:
    """The durations of `PERCENTS` that a tally holds; None where it holds none."""
    return tuple(map(tally.sketch.percentile, PERCENTS)) if tally.sketch.answers else None


def _in_steps(
    asked: Question, edges: Sequence[datetime], found: Iterable[Counted], told: Sequence[Mapping[Health, timedelta]]
) -> Durations:
    parts: list[list[AnswerTally]] = [[] for _ in told]
    for since, in_school, tally in found:
        if asked.hours is Hours.ALL or in_school:
            parts[bisect_right(edges, since) - 1].append(tally)
    tallies = [AnswerTally.merged(some) for some in parts]
    steps = tuple(
        Step(*within, tally, said) for within, tally, said in zip(pairwise(edges), tallies, told, strict=True)
    )
    return Durations(asked.over, edges[0], asked.until, steps, AnswerTally.merged(tallies))


def _counted(reader: Reader, asked: Question, since: datetime) -> Iterator[Counted]:
    """What is closed, and of the last day what is not."""
    for one in reader.answers_by(grain_of(asked.over), asked.probes, since, asked.until):
        yield one.since, one.in_school, one.tally
    begin = max(asked.until - YOUNG, since)
    closed = {
        ((one.probe, one.vantage), one.since)
        for one in reader.answers_by(Grain.HOUR, asked.probes, begin - _HOUR, asked.until)
    }
    # Nothing older than the last hour that was closed is still to be: what is missing before it was not asked.
    first = max((hour + _HOUR for _, hour in closed), default=begin)
    yield from _young(reader.observations(asked.probes, max(first - _HOUR, begin), asked.until), asked.clock, closed)


def _young(
    answers: Iterable[Observation], clock: SchoolClock, closed: Collection[tuple[_Series, datetime]]
) -> Iterator[Counted]:
    """The tallies, by five minutes, of the answers of hours that are not closed."""
    found = defaultdict[datetime, list[Observation]](list)
    for one in answers:
        hour = one.at.replace(minute=0, second=0, microsecond=0)
        if ((one.probe, one.vantage), hour) not in closed:
            found[hour.replace(minute=one.at.minute // 5 * 5)].append(one)
    for since, some in found.items():
        yield since, clock.in_school_hours(since), AnswerTally.of(map(_answer, some))


def _answer(one: Observation) -> tuple[int | None, ...]:
    phases = (one.phases.resolve, one.phases.connect, one.phases.tls, one.phases.first_byte, one.phases.transfer)
    code = None if one.failure is None else one.failure.code
    return code, one.took // _US, *(None if phase is None else phase // _US for phase in phases)


def _told(source: Source, asked: Question, edges: Sequence[datetime]) -> list[dict[Health, timedelta]]:
    """How long the service was what in each step."""
    period = edges[0], asked.until
    spans = histories_of(source, [asked.service], *period, asked.known)[asked.service.id]
    found: list[dict[Health, timedelta]] = [{} for _ in edges[1:]]
    for within, health in states(spans, period):
        for place, lasts in _cut(within, edges):
            found[place][health] = found[place].get(health, timedelta()) + lasts
    return found


def _cut(within: Interval, edges: Sequence[datetime]) -> Iterator[tuple[int, timedelta]]:
    """Which steps an interval touches, and for how long each."""
    begin, place = within[0], bisect_right(edges, within[0]) - 1
    while begin < within[1]:
        end = min(within[1], edges[place + 1])
        yield place, end - begin
        begin, place = end, place + 1


def failures_in(tally: AnswerTally) -> dict[Failure, int]:
    """How many answers of each failure, slow ones left out: they are good, and late."""
    return {kind: times for kind, times in tally.kinds if kind is not None and kind.health is not Health.SLOW}
