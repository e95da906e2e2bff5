"""Availability of a service over a period (docs/method.md, "Availability"), round the clock and in school hours.

Durations are exact: whole microseconds, never floats, until a share is asked for.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from monitor.domain.calendar import SchoolClock
from monitor.domain.interval import Interval, common, length, merged, without
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.service_verdict import ServiceVerdict, Span

AVAILABLE = frozenset({Health.UP, Health.SLOW})
UNAVAILABLE = frozenset({Health.WAITING, Health.DOWN, Health.RESTRICTED, Health.MAINTENANCE})  # outside of windows
_MICROSECOND = timedelta(microseconds=1)


class Hours(StrEnum):
    """Which hours a figure counts."""

    ALL = "all"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Availability:
    """What was counted of a period, or of its school hours. The first three durations add up to it.

    Attributes:
        available: up or slow. unavailable: waiting, down, restricted, or maintenance that nobody had declared.
        excluded: unknown (blind included), covered by a declared window, or without any verdict.
        declared: the part of `excluded` that a declared window covers.
    """

    hours: Hours
    available: timedelta
    unavailable: timedelta
    excluded: timedelta
    declared: timedelta = timedelta()

    @property
    def counted(self) -> timedelta:
        """What the figure rests on."""
        return self.available + self.unavailable

    @property
    def availability(self) -> float | None:
        """Share (0..1) of the counted time; None where nothing is counted."""
        return self.available / self.counted if self.counted else None

    @property
    def coverage(self) -> float:
        """Share (0..1) of the hours asked about that is counted; 0 where there are no such hours."""
        total = self.counted + self.excluded
        return self.counted / total if total else 0.0

    def plus(self, other: "Availability") -> "Availability":
        """Both together, of the same hours. Raises ValueError for other hours."""
        if other.hours is not self.hours:
            raise ValueError("figures of unlike hours do not add up")
        return Availability(
            self.hours,
            self.available + other.available,
            self.unavailable + other.unavailable,
            self.excluded + other.excluded,
            self.declared + other.declared,
        )


class Told(NamedTuple):
    """What was said of a service: when it was available, unavailable, declared not to be; each as `merged` gives it.

    Whatever is declared is in neither of the others.
    """

    available: tuple[Interval, ...]
    unavailable: tuple[Interval, ...]
    declared: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Uptime:
    """The availability of one service, always twice."""

    all: Availability
    school: Availability

    def of(self, hours: Hours) -> Availability:
        """The one of these hours."""
        return self.all if hours is Hours.ALL else self.school


@dataclass(frozen=True, slots=True)
class Weighted:
    """The availability of several services together, by weight.

    Attributes:
        availability: share (0..1) of the counted time of all users; None where nothing is counted.
        coverage: share (0..1) of their hours that is counted.
        services: how many of them weigh anything.
    """

    hours: Hours
    availability: float | None
    coverage: float
    services: int


def open_span(verdict: ServiceVerdict, now: datetime) -> Span:
    """The verdict in force as a span until `now`: of what comes later it says nothing."""
    return Span(verdict.service, None, "", verdict.health, verdict.since, now, verdict.failure)


def uptime(
    spans: Iterable[Span], windows: Iterable[Interval], clock: SchoolClock, since: datetime, until: datetime
) -> Uptime:
    """The availability of one service over [since, until).

    `spans` are those of the service (spans of its probes are left aside), the verdict in force among them as
    `open_span` gives it; in any order, and reaching beyond the period or not. Where two overlap, the one that began
    later counts, and of two that began together the worse one. `windows` are what was declared for the service, as
    `window.declared_for` gives it or in any order.
    """
    said = told(spans, windows, since, until)
    whole, school = merged([(since, until)]), tuple(school_hours(clock, since, until))
    return Uptime(*(_counted(hours, said, within) for hours, within in ((Hours.ALL, whole), (Hours.SCHOOL, school))))


def told(spans: Iterable[Span], windows: Iterable[Interval], since: datetime, until: datetime) -> Told:
    """What `uptime` counts of [since, until), whatever the hours."""
    said = tuple(states(spans, (since, until)))
    excused = merged(windows)
    available, unavailable = (
        tuple(without(merged(when for when, health in said if health in healths), excused))
        for healths in (AVAILABLE, UNAVAILABLE)
    )
    return Told(available, unavailable, excused)


def weighted(parts: Iterable[tuple[float, Availability]], hours: Hours) -> Weighted:
    """The availability of a territory from those of its services, each with its weight (users, or 1).

    It is the share of its users' time, hence not the mean of the shares: time that is not counted weighs nothing.
    Raises ValueError for a weight below 0 or not finite, or a part of other hours.
    """
    chosen = tuple(parts)
    if any(not 0 <= weight < math.inf or part.hours is not hours for weight, part in chosen):
        raise ValueError("weights must be finite and at least 0, hours the same")
    # fsum: the same figure whatever the order of the services.
    available = math.fsum(weight * (part.available // _MICROSECOND) for weight, part in chosen)
    counted = math.fsum(weight * (part.counted // _MICROSECOND) for weight, part in chosen)
    total = math.fsum(weight * ((part.counted + part.excluded) // _MICROSECOND) for weight, part in chosen)
    share, coverage = available / counted if counted else None, counted / total if total else 0.0
    return Weighted(hours, share, coverage, sum(weight > 0 for weight, _ in chosen))


def states(spans: Iterable[Span], period: Interval) -> Iterator[tuple[Interval, Health]]:
    """The period in pieces as `standing` gives them, each with what was said of the service."""
    return ((when, span.health) for when, span in standing(spans, *period))


def standing(spans: Iterable[Span], since: datetime, until: datetime) -> Iterator[tuple[Interval, Span]]:
    """[since, until) in pieces, oldest first, each with the span that counts there; without those of which none speaks.

    `spans` as `uptime` takes them.
    """
    own = [one for one in spans if one.probe is None and one.since < until and one.until > since]
    coming = sorted(own, key=lambda one: one.since)
    edges = sorted({min(max(edge, since), until) for one in coming for edge in (one.since, one.until)})
    running: list[Span] = []
    begun = 0
    for begin, end in pairwise(edges):
        while begun < len(coming) and coming[begun].since <= begin:
            running.append(coming[begun])
            begun += 1
        running = [one for one in running if one.until > begin]
        if running:
            yield (begin, end), max(running, key=lambda one: (one.since, SEVERITY[one.health]))


def school_hours(clock: SchoolClock, since: datetime, until: datetime) -> Iterator[Interval]:
    """The school hours of the period, oldest first; two that touch may stand apart."""
    begin = since
    while begin < until:
        end = min(clock.next_change(begin), until)
        if clock.in_school_hours(begin):
            yield begin, end
        begin = end


def _counted(hours: Hours, said: Told, within: tuple[Interval, ...]) -> Availability:
    good, bad, declared = (length(common(some, within)) for some in said)
    return Availability(hours, good, bad, length(within) - good - bad, declared)
