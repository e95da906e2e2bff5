"""One measure hour by hour, on the clock of the place: of a service, or of the users of a territory together.

Rules: docs/method.md, "Hour by hour". States come from the days that are kept of each service, answers from what is
kept of each probe by hours: neither reads a single answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitor.domain.answer_tally import AnswerTally, Grain
from monitor.domain.calendar import Closed, SchoolClock
from monitor.domain.catalog import Service
from monitor.domain.daybook import Sums, slots
from monitor.domain.interval import Interval, merged
from monitor.domain.observation import Health
from monitor.domain.sketch import Sketch
from monitor.domain.uptime import AVAILABLE, school_hours
from monitor.reports.declared import windows_ever
from monitor.reports.figures import Basis
from monitor.reports.sources import reader_of
from monitor.reports.totals import days_of
from monitor.store import DatabaseMissing
from monitor.store.days import day_of

MOST = 3500  # units of a question, some 0.5 ms each: a day of a service, a third of a day of a probe's answers
ENOUGH = 0.5  # the coverage from which on an hour is shown
ANSWERS_ENOUGH = 3  # of an hour, so that its share of failures says something
PERCENT = 95
REST_ROW = 7  # of a week: days in the holidays and public holidays, after the seven weekdays
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

At = tuple[date, int]  # a local day and its hour


class Measure(StrEnum):
    """What is told of each hour."""

    AVAILABILITY = "disponibilite"
    WAITING = "attente"
    FAILURES = "echecs"
    DURATION = "duree"


OF_STATES = frozenset({Measure.AVAILABILITY, Measure.WAITING})


@dataclass(frozen=True, slots=True)
class Cell:
    """Some hours together: `part` of what is `known` of the `whole`, in any one unit; `sketch`: of their answers."""

    part: float = 0.0
    known: float = 0.0
    whole: float = 0.0
    sketch: Sketch = field(default_factory=Sketch)

    @classmethod
    def together(cls, cells: Iterable["Cell"]) -> "Cell":
        """All of them; there is one at least."""
        some = list(cells)
        part, known, whole = (
            sum(sums) for sums in zip(*((one.part, one.known, one.whole) for one in some), strict=True)
        )
        return cls(part, known, whole, Sketch.merged(one.sketch for one in some))

    @property
    def enough(self) -> bool:
        """Whether enough was measured to say anything."""
        return self.whole > 0 and self.known / self.whole >= ENOUGH

    def value(self, measure: Measure) -> float | None:
        """A share (0..1), or the 95th percentile of durations in milliseconds; None where too little was measured."""
        if not self.enough:
            return None
        if measure is not Measure.DURATION:
            return self.part / self.known
        return self.sketch.percentile(PERCENT) / timedelta(milliseconds=1) if self.sketch.answers else None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which services, each with its weight, from one local day to another, both included.

    `clock` says whose school hours, `zone` whose hours. Hours that are not over at `until` (aware) are left out.
    """

    measure: Measure
    services: tuple[tuple[Service, float], ...]
    clock: SchoolClock
    zone: str
    first: date
    last: date
    until: datetime

    @property
    def cost(self) -> int:
        """What is to be read, in the unit of `MOST`."""
        return self.cost_a_day * ((self.last - self.first).days + 1)

    @property
    def cost_a_day(self) -> int:
        """The same of one day."""
        return sum(1 if self.measure in OF_STATES else 3 * len(one.probes) for one, _ in self.services)


@dataclass(frozen=True, slots=True)
class Hourly:
    """The answer: the hours of which anything could be known; of every day why it has no class, and its school hours.

    `school`: from and to, as hours of the local day (7.5: half past seven).
    """

    question: Question
    cells: Mapping[At, Cell]
    closed: Mapping[date, Closed | None]
    school: Mapping[date, tuple[tuple[float, float], ...]]

    def week(self) -> dict[tuple[int, int], Cell]:
        """By weekday (0: Monday) and hour; days in the holidays and public holidays in a row of their own."""
        parts = defaultdict[tuple[int, int], list[Cell]](list)
        for (day, hour), cell in self.cells.items():
            parts[self.row(day), hour].append(cell)
        return {key: Cell.together(parts[key]) for key in sorted(parts)}

    def row(self, day: date) -> int:
        """The row of a week that a day belongs to."""
        return REST_ROW if self.closed[day] in {Closed.HOLIDAYS, Closed.PUBLIC} else day.weekday()


def hourly(basis: Basis, asked: Question) -> Hourly:
    """What the books say of each hour. Raises StoreError, and ValueError for a question that costs more than `MOST`."""
    if asked.cost > MOST:
        raise ValueError("too many services over too long a time")
    zone = ZoneInfo(asked.zone)
    days = [asked.first + n * _DAY for n in range((asked.last - asked.first).days + 1)]
    parts = defaultdict[At, list[Cell]](list)
    read = _of_states if asked.measure in OF_STATES else _of_answers
    for at, cell in read(basis, asked):
        local = at.astimezone(zone)
        if at + _HOUR <= asked.until and asked.first <= local.date() <= asked.last:
            parts[local.date(), local.hour].append(cell)
    return Hourly(
        asked,
        {key: Cell.together(parts[key]) for key in sorted(parts)},
        {day: asked.clock.closed(day) for day in days},
        _school(asked.clock, zone, days),
    )


def _of_states(basis: Basis, asked: Question) -> Iterator[tuple[datetime, Cell]]:
    """Each hour of each service from the courses of its days. Days of Paris may lie across those of the place."""
    windows, last = windows_ever(basis.desk), min(asked.last + _DAY, day_of(asked.until))
    for service, weight in asked.services:
        days = days_of(
            basis.measures,
            service,
            basis.catalog,
            basis.timetable.clock_of(service.territories),  # its own: the kept days were counted by it
            windows,
            first=asked.first - _DAY,
            last=last,
            now=basis.known,
        )
        for day in days:
            for hour, totals in enumerate(slots(day.course, _HOUR)):
                yield day.since + hour * _HOUR, _state_cell(asked.measure, totals.all, weight)


def _state_cell(measure: Measure, sums: Sums, weight: float) -> Cell:
    good, bad, _, asked = sums.counted
    part = good if measure is Measure.AVAILABILITY else sums.waiting_us
    return Cell(weight * part, weight * (good + bad), weight * asked)


def _of_answers(basis: Basis, asked: Question) -> Iterator[tuple[datetime, Cell]]:
    """Each hour of each service from its probes' tallies: one that lacks answers is there too, and not known."""
    since, until = _bounds(asked)
    hours = [since + n * _HOUR for n in range(max(0, (until - since) // _HOUR))]
    for service, weight in asked.services:
        tallies = _tallies(basis, [probe.id for probe in service.probes], (since, until))
        for hour in hours:
            yield hour, _answer_cell(asked.measure, tallies.get(hour, ()), weight)


def _answer_cell(measure: Measure, tallies: Sequence[AnswerTally], weight: float) -> Cell:
    counted = bad = 0
    for failure, times in (kind for tally in tallies for kind in tally.kinds):
        health = Health.UP if failure is None else failure.health
        counted += times if health is not Health.UNKNOWN else 0  # our own troubles say nothing of the service
        bad += times if health is not Health.UNKNOWN and health not in AVAILABLE else 0
    if counted < ANSWERS_ENOUGH:
        return Cell(whole=weight)
    sketches = (tally.sketch for tally in tallies) if measure is Measure.DURATION else ()
    return Cell(weight * bad / counted, weight, weight, Sketch.merged(sketches))


def _tallies(basis: Basis, probes: Collection[str], period: Interval) -> Mapping[datetime, list[AnswerTally]]:
    found = defaultdict[datetime, list[AnswerTally]](list)
    try:
        reader = reader_of(basis.measures)
        for one in () if reader is None else reader.answers_by(Grain.HOUR, probes, *period):
            found[one.since].append(one.tally)
    except DatabaseMissing:
        pass
    return found


def _bounds(asked: Question) -> Interval:
    """From the first midnight of the place to the last, or the hour that `until` lies in."""
    zone = ZoneInfo(asked.zone)
    since, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (asked.first, asked.last + _DAY))
    return since, min(until, asked.until.astimezone(UTC).replace(minute=0, second=0, microsecond=0))


def _school(clock: SchoolClock, zone: ZoneInfo, days: Sequence[date]) -> dict[date, tuple[tuple[float, float], ...]]:
    since, until = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (days[0], days[-1] + _DAY))
    found = defaultdict[date, list[tuple[float, float]]](list)
    for begin, end in merged(school_hours(clock, since, until)):
        local = begin.astimezone(zone)
        opens = local.hour + local.minute / 60
        found[local.date()].append((opens, min(24.0, opens + (end - begin) / _HOUR)))
    return {day: tuple(some) for day, some in found.items()}
