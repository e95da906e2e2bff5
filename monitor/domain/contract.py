"""A contract's clause of availability, held against what was measured (docs/method.md, "Contracts").

Only whether a target was met is said, never what follows from it. Durations are whole microseconds and shares are
fractions: a target that is met to the microsecond is met.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction

from monitor.domain.interval import Interval, common, length, merged, without
from monitor.domain.outages import outages
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import AVAILABLE, UNAVAILABLE, Hours, standing
from monitor.domain.window import Window, declared

_ONE_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """Hours of certain days of the week (0 is Monday), local; `starts` and `ends` are counted from midnight."""

    weekdays: frozenset[int]
    starts: timedelta
    ends: timedelta


@dataclass(frozen=True, slots=True)
class OwnHours:
    """The weekly hours that a contract names itself; `holidays`: whether public holidays count too."""

    slots: tuple[Slot, ...]
    holidays: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """How much of which hours a service must be available: `share` is 0..1."""

    hours: Hours | OwnHours
    share: Fraction


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What a contract leaves out of its figure.

    Attributes:
        declared_a_month: how much declared maintenance of each month is left out, the earliest first; None: all.
        notice: a window declared later than so long before it begins excuses nothing.
        shortest_outage: an outage that counts for less is borne with.
        coverage: share (0..1) of the time that counts which must be known before anything is concluded.
    """

    declared_a_month: timedelta | None = None
    notice: timedelta = timedelta()
    shortest_outage: timedelta = timedelta()
    coverage: Fraction = Fraction()


@dataclass(frozen=True, slots=True)
class Contract:
    """Who promised whom what.

    Attributes:
        territory: code of the territory whose services are held against the targets together; None where `services`
            are, each by itself.
    """

    title: str
    buyer: str
    vendor: str
    territory: str | None
    services: tuple[str, ...]
    targets: tuple[Target, ...]
    exclusions: Exclusions = Exclusions()


class Outcome(StrEnum):
    """What can be said of a target."""

    MET = "met"
    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one service in the hours of a target. The five durations add up to these hours.

    Attributes:
        available: up or slow. unavailable: what counts against the target.
        borne: unavailable, in outages too short to count; counted as available.
        excused: declared maintenance that the contract leaves out.
        unknown: nothing is known of it.
    """

    available: timedelta
    unavailable: timedelta
    borne: timedelta
    excused: timedelta
    unknown: timedelta

    @property
    def known(self) -> timedelta:
        """What the figure rests on."""
        return self.available + self.borne + self.unavailable


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A target and what was measured of it, of one service or of several together.

    Attributes:
        availability: share (0..1) of the known time; None where nothing is known.
        coverage: share (0..1) of the time that counts which is known; 0 where no time counts.
        margin: `availability` minus the target; negative where it is missed, None without a figure.
        spare: how much longer it could have been unavailable; negative: by how much it was too long. None without a
            figure, and for several services, whose times are weighed.
    """

    target: Target
    outcome: Outcome
    availability: Fraction | None
    coverage: Fraction
    margin: Fraction | None
    spare: timedelta | None


def own_hours(
    own: OwnHours, timezone: tzinfo, holidays: Collection[date], since: datetime, until: datetime
) -> tuple[Interval, ...]:
    """The instants of [since, until) that these hours hold, on the clock of a place; disjoint, oldest first, in UTC.

    An hour that a change of time skips is in none, one that it repeats is in it both times.
    """
    day, last = (edge.astimezone(timezone).date() for edge in (since, until))
    found: list[Interval] = []
    while day <= last:
        if own.holidays or day not in holidays:
            found += [
                (_at(day, slot.starts, timezone), _at(day, slot.ends, timezone))
                for slot in own.slots
                if day.weekday() in slot.weekdays
            ]
        day += _ONE_DAY
    return tuple(common(merged(found), ((since, until),)))


def excused(
    windows: Iterable[Window], exclusions: Exclusions, hours: Sequence[Interval], timezone: tzinfo
) -> tuple[Interval, ...]:
    """The instants of `hours` that a contract leaves out; `windows` are those about the service.

    `hours` are disjoint and oldest first, and months are those of `timezone`. Of what is declared only what lies in
    `hours` uses up the allowance.
    """
    # From the declaration on: what began before the period keeps its own notice.
    announced = [
        stretch
        for window in windows
        for stretch in (declared(window, window.declared_at, hours[-1][1]) if hours else ())
        if stretch[0] - window.declared_at >= exclusions.notice
    ]
    inside = tuple(common(merged(announced), hours))
    if exclusions.declared_a_month is None:
        return inside
    return tuple(_allowed(inside, exclusions.declared_a_month, timezone))


def tally(
    spans: Collection[Span],
    left_out: Sequence[Interval],
    hours: Sequence[Interval],
    exclusions: Exclusions,
    period: Interval,
) -> Tally:
    """What is counted of one service in the hours of a period.

    `spans` as `uptime` takes them; `left_out` as `excused` gives it for `hours`. An outage is as long as it is in the
    whole period, whatever hours it lies in.
    """
    counting = tuple(without(hours, left_out))
    found = outages(spans, left_out, *period)
    borne = sum((one.during(counting) for one in found if one.counted < exclusions.shortest_outage), timedelta())
    pieces = [(when, span.health) for when, span in standing(spans, *period)]
    good, bad = (
        length(common(merged(when for when, health in pieces if health in healths), counting))
        for healths in (AVAILABLE, UNAVAILABLE)
    )
    out, whole = length(left_out), length(hours)
    return Tally(good, bad - borne, borne, out, whole - out - good - bad)


def conclude(target: Target, exclusions: Exclusions, tallies: Iterable[tuple[float, Tally]]) -> Conclusion:
    """Whether a target was met over these services, each with its weight (users, or 1)."""
    parts = [(Fraction(weight), one) for weight, one in tallies if weight > 0]
    unavailable = _weighed(parts, lambda one: one.unavailable)
    known = _weighed(parts, lambda one: one.known)
    counting = known + _weighed(parts, lambda one: one.unknown)
    coverage = known / counting if counting else Fraction()
    if not known:
        return Conclusion(target, Outcome.INCONCLUSIVE, None, coverage, None, None)
    availability = 1 - unavailable / known
    outcome = Outcome.MET if availability >= target.share else Outcome.NOT_MET
    if coverage < exclusions.coverage:
        outcome = Outcome.INCONCLUSIVE
    spare = None
    if len(parts) == 1:
        spare = int((1 - target.share) * (parts[0][1].known // _MICROSECOND)) * _MICROSECOND - parts[0][1].unavailable
    return Conclusion(target, outcome, availability, coverage, availability - target.share, spare)


def _allowed(stretches: Iterable[Interval], most: timedelta, timezone: tzinfo) -> Iterator[Interval]:
    """The first of these stretches of each month until they last `most`."""
    month, left = None, most
    for since, until in _by_day(stretches, timezone):
        local = since.astimezone(timezone)
        if (local.year, local.month) != month:
            month, left = (local.year, local.month), most
        lasts = min(until - since, left)
        left -= lasts
        if lasts:
            yield since, since + lasts


def _by_day(stretches: Iterable[Interval], timezone: tzinfo) -> Iterator[Interval]:
    """The same, cut at the midnights of a place: so none lies in two months."""
    for since, until in stretches:
        begin = since
        while begin < until:
            tomorrow = _at(begin.astimezone(timezone).date(), _ONE_DAY, timezone)
            yield begin, min(tomorrow, until)
            begin = tomorrow


def _at(day: date, since_midnight: timedelta, timezone: tzinfo) -> datetime:
    """The instant (UTC) at which the clock of a place shows that time of that day."""
    return (datetime.combine(day, time()) + since_midnight).replace(tzinfo=timezone).astimezone(UTC)


def _weighed(parts: Iterable[tuple[Fraction, Tally]], of: Callable[[Tally], timedelta]) -> Fraction:
    return sum((weight * (of(one) // _MICROSECOND) for weight, one in parts), Fraction())
