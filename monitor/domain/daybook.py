"""What is kept of each day of a service for ever: totals to subtract, and its course to roll up at any width.

Everything is exact, in whole microseconds, and pointwise: sums over days are what `uptime` finds from the spans of the
whole period.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import add, sub
from typing import NamedTuple

from monitor.domain.interval import Interval, merged
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Availability, Hours, Uptime, states
from monitor.domain.varint import numbers, written

HEALTHS = (Health.UP, Health.SLOW, Health.WAITING, Health.RESTRICTED, Health.DOWN, Health.MAINTENANCE)
_US = timedelta(microseconds=1)
_MINUTE_US = 60_000_000
_PLACES = {health: place for place, health in enumerate(HEALTHS)}
_ASKED = len(HEALTHS) + 1  # the place of `asked_us` in `Sums`; that of `declared_us` is before it
# One byte a run: health (0: nothing was known, then `HEALTHS`), and two flags. Digits of another kind are a new course.
_DECLARED, _SCHOOL, _HEALTH = 8, 16, 7


class Sums(NamedTuple):
    """How long a service was what, of some hours. Microseconds, all of them: integers, so that tables can add them.

    The healths are those outside declared windows, `declared_us` is what these cover whatever the health, and
    `asked_us` all of the hours: what it exceeds the others by is unknown.
    """

    up_us: int = 0
    slow_us: int = 0
    waiting_us: int = 0
    restricted_us: int = 0
    down_us: int = 0
    maintenance_us: int = 0
    declared_us: int = 0
    asked_us: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*map(add, self, other))

    def minus(self, other: "Sums") -> "Sums":
        """What this has more than an earlier one."""
        return Sums(*map(sub, self, other))

    @property
    def counted(self) -> tuple[int, int, int, int]:
        """Available, unavailable, declared, and all of the hours, in microseconds."""
        bad = self.waiting_us + self.restricted_us + self.down_us + self.maintenance_us
        return self.up_us + self.slow_us, bad, self.declared_us, self.asked_us

    def availability(self, hours: Hours) -> Availability:
        """The figure of these hours, as `uptime` gives it."""
        return _availability(hours, *self.counted)


class Totals(NamedTuple):
    """The sums of some days, round the clock and in school hours."""

    all: Sums = Sums()
    school: Sums = Sums()

    def plus(self, other: "Totals") -> "Totals":
        """Both together."""
        return Totals(self.all.plus(other.all), self.school.plus(other.school))

    def minus(self, other: "Totals") -> "Totals":
        """What these have more than earlier ones."""
        return Totals(self.all.minus(other.all), self.school.minus(other.school))

    @property
    def counted(self) -> tuple[int, ...]:
        """`Sums.counted` of all hours, then of school hours."""
        return (*self.all.counted, *self.school.counted)

    def uptime(self) -> Uptime:
        """The availability that they say."""
        return uptime_of(self.counted)


class Run(NamedTuple):
    """A part of a day in which nothing changed. `health` is the real one, under a declared window too."""

    lasts_us: int
    health: Health
    declared: bool
    school: bool


Course = tuple[Run, ...]


def course_of(
    spans: Iterable[Span], windows: Iterable[Interval], school: Iterable[Interval], since: datetime, until: datetime
) -> Course:
    """What a service was in [since, until), from its beginning to its end without a hole; no two neighbours are alike.

    `spans` and `windows` as for `uptime`; `school`: the school hours, as `uptime.school_hours` gives them.
    """
    healths = dict(states(spans, (since, until)))
    excused, dense = merged(windows), merged(school)
    edges = {since, until}
    for one in (*healths, *excused, *dense):
        edges |= {min(max(edge, since), until) for edge in one}
    ordered = sorted(edges)
    begun = ordered[:-1]
    kinds = zip(_following(tuple(healths), begun), _following(excused, begun), _following(dense, begun), strict=True)
    runs = list[Run]()
    for (begin, end), (when, declared, in_school) in zip(pairwise(ordered), kinds, strict=True):
        health = Health.UNKNOWN if when is None else healths[when]
        runs.append(Run((end - begin) // _US, health, declared is not None, in_school is not None))
    return tuple(_joined(runs))


def summed(course: Iterable[Run]) -> Totals:
    """How long a course was what."""
    every, school = [0] * len(Sums._fields), [0] * len(Sums._fields)
    for one in course:
        for sums in (every, school) if one.school else (every,):
            sums[_ASKED] += one.lasts_us
            if one.declared:
                sums[_ASKED - 1] += one.lasts_us
            elif one.health is not Health.UNKNOWN:
                sums[_PLACES[one.health]] += one.lasts_us
    return Totals(Sums(*every), Sums(*school))


def slots(course: Iterable[Run], width: timedelta) -> Iterator[Totals]:
    """A course rolled up: the totals of each stretch of that width from its beginning on; the last may be shorter.

    Raises ValueError for a width that is not positive.
    """
    whole = width // _US
    if whole <= 0:
        raise ValueError("a roll-up has a width")
    part, room = list[Run](), whole
    for one in course:
        left = one.lasts_us
        while left >= room:
            yield summed([*part, one._replace(lasts_us=room)])
            left -= room
            part, room = [], whole
        if left:
            part.append(one._replace(lasts_us=left))
            room -= left
    if part:
        yield summed(part)


def encode(course: Course) -> bytes:
    """A course as bytes: of each run its kind, and how long it lasts, as minutes where it is whole ones.

    An ordinary school day takes 9 bytes.
    """
    said = list[int]()
    for one in course:
        place = 0 if one.health is Health.UNKNOWN else _PLACES[one.health] + 1
        minutes, odd = divmod(one.lasts_us, _MINUTE_US)
        said += (
            place | one.declared * _DECLARED | one.school * _SCHOOL,
            one.lasts_us * 2 + 1 if odd else minutes * 2,
        )
    return written(said)


def decode(encoded: bytes) -> Course:
    """The course of `encode`. Raises ValueError for bytes that are none."""
    runs = list[Run]()
    try:
        said = numbers(encoded)
    except ValueError:
        raise ValueError("not the course of a day") from None
    if len(said) % 2:
        raise ValueError("not the course of a day")
    for kind, number in zip(said[::2], said[1::2], strict=True):
        if kind & ~(_HEALTH | _DECLARED | _SCHOOL) or kind & _HEALTH > len(HEALTHS):
            raise ValueError("not the course of a day")
        health = HEALTHS[(kind & _HEALTH) - 1] if kind & _HEALTH else Health.UNKNOWN
        lasts = number // 2 if number & 1 else number // 2 * _MINUTE_US
        runs.append(Run(lasts, health, bool(kind & _DECLARED), bool(kind & _SCHOOL)))
    return tuple(runs)


def uptime_of(counted: Sequence[int]) -> Uptime:
    """The availability that `Totals.counted` says."""
    return Uptime(_availability(Hours.ALL, *counted[:4]), _availability(Hours.SCHOOL, *counted[4:]))


def _availability(hours: Hours, good: int, bad: int, declared: int, asked: int) -> Availability:
    rest = asked - good - bad
    # Days, seconds, microseconds: by place, as this is done for all services at a time.
    return Availability(
        hours, timedelta(0, 0, good), timedelta(0, 0, bad), timedelta(0, 0, rest), timedelta(0, 0, declared)
    )


def _following(intervals: Sequence[Interval], edges: Iterable[datetime]) -> Iterator[Interval | None]:
    """For each edge, in order, the interval that it lies in; they are disjoint, oldest first."""
    coming = iter(intervals)
    current = next(coming, None)
    for edge in edges:
        while current is not None and current[1] <= edge:
            current = next(coming, None)
        yield current if current is not None and current[0] <= edge else None


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that are alike as one."""
    last: Run | None = None
    for one in runs:
        if last is not None and last[1:] == one[1:]:
            last = one._replace(lasts_us=last.lasts_us + one.lasts_us)
        else:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last
