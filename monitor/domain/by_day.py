"""A day of a service, or of the users of a place, as a bar tells it: how its hours were, its longest outage.

The rules stand in docs/method.md, "Availability" and "Day by day". Durations are whole microseconds, shares of them
floats.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from monitor.domain.calendar import Closed
from monitor.domain.daybook import Course, Run, Sums, Totals
from monitor.domain.interval import Interval, merged
from monitor.domain.observation import Health
from monitor.domain.uptime import UNAVAILABLE, Hours

_US = timedelta(microseconds=1)
_LOST = (  # the worst first, as a bar stands on its ground
    (Health.DOWN, Sums._fields.index("down_us")),
    (Health.WAITING, Sums._fields.index("waiting_us")),
    (Health.RESTRICTED, Sums._fields.index("restricted_us")),
    (Health.MAINTENANCE, Sums._fields.index("maintenance_us")),
)
_AVAILABLE = tuple(Sums._fields.index(name) for name in ("up_us", "slow_us"))
_DECLARED, _ASKED = Sums._fields.index("declared_us"), Sums._fields.index("asked_us")


class Lived(NamedTuple):
    """A day of one service: whose it is, what it weighs among the others, its course and the totals of that."""

    service: str
    weight: float
    course: Course
    totals: Totals


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of Paris, of some hours. Shares are 0..1 of the time of those hours (of users' time, of several services).

    Attributes:
        asked: whether the day has any of these hours (so far); if not, all shares are 0 and `closed` may say why.
        available: up or slow.
        lost: what was not, by health, the worst first; maintenance among it is one that nobody had declared.
        declared: covered by a window. What is missing to 1 is unknown.
        longest: the longest outage of any service within these hours, as far as it counts; `whose`: that service.
    """

    day: date
    asked: bool
    closed: Closed | None
    available: float
    lost: tuple[tuple[Health, float], ...]
    declared: float
    longest: timedelta
    whose: str | None

    @property
    def unavailable(self) -> float:
        """All that was lost."""
        return math.fsum(share for _, share in self.lost)

    @property
    def coverage(self) -> float:
        """What the figure of the day rests on."""
        return self.available + self.unavailable

    @property
    def availability(self) -> float | None:
        """Share (0..1) of what is counted; None where nothing is."""
        return self.available / self.coverage if self.coverage else None

    @property
    def unknown(self) -> float:
        """What nobody could measure."""
        return max(0.0, 1 - self.coverage - self.declared) if self.asked else 0.0

    @property
    def worst(self) -> Health | None:
        """The worst that was lost; None where nothing was."""
        return self.lost[0][0] if self.lost else None


def bar_of(day: date, lived: Sequence[Lived], hours: Hours, closed: Closed | None = None) -> Bar:
    """The day of these services together, by weight; one that weighs nothing says nothing."""
    weighing = [one for one in lived if one.weight > 0]
    every = [(one.weight, one.totals.all if hours is Hours.ALL else one.totals.school) for one in weighing]
    # fsum: the same bar whatever the order of the services.
    sums = [math.fsum(weight * counted[place] for weight, counted in every) for place in range(len(Sums._fields))]
    asked = sums[_ASKED]
    if not asked:
        return Bar(day, False, closed, 0.0, (), 0.0, timedelta(), None)
    lost = tuple((health, sums[place] / asked) for health, place in _LOST if sums[place])
    worst = max(((longest_outage(one.course, hours), one.service) for one in weighing), key=lambda pair: pair[0])
    return Bar(
        day,
        True,
        None,
        math.fsum(sums[place] for place in _AVAILABLE) / asked,
        lost,
        sums[_DECLARED] / asked,
        worst[0],
        worst[1] if worst[0] else None,
    )


def longest_outage(course: Iterable[Run], hours: Hours) -> timedelta:
    """How much counts of the unbroken outage that counts most: within these hours, and outside declared windows."""
    most = 0
    for out, runs in groupby(course, lambda one: one.health in UNAVAILABLE):
        if out:
            counted = (one for one in runs if not one.declared and (one.school or hours is Hours.ALL))
            most = max(most, sum(one.lasts_us for one in counted))
    return most * _US


def until(course: Iterable[Run], lasts: timedelta) -> Course:
    """The beginning of a course: what came after so long is left out."""
    found, left = list[Run](), lasts // _US
    for run in course:
        if left <= 0:
            break
        found.append(run._replace(lasts_us=min(run.lasts_us, left)))
        left -= run.lasts_us
    return tuple(found)


def with_school(course: Iterable[Run], school: Iterable[Interval], since: datetime) -> Course:
    """The same course, which begins at `since`, in the school hours of another place."""
    found = list[Run]()
    begin = 0
    dense = [((one - since) // _US, (other - since) // _US) for one, other in merged(school)]
    for run in course:
        for lasts, inside in _cut(begin, begin + run.lasts_us, dense):
            last = found[-1] if found else None
            cut = run._replace(lasts_us=lasts, school=inside)
            if last is not None and last[1:] == cut[1:]:
                found[-1] = last._replace(lasts_us=last.lasts_us + lasts)
            else:
                found.append(cut)
        begin += run.lasts_us
    return tuple(found)


def _cut(begin: int, end: int, dense: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bool]]:
    """A run in pieces: how long each lasts, and whether it lies within school hours."""
    for since, until in dense:
        if until <= begin or since >= end:
            continue
        if since > begin:
            yield since - begin, False
            begin = since
        yield min(until, end) - begin, True
        begin = min(until, end)
    if begin < end:
        yield end - begin, False
