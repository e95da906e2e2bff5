"""What is usual for a probe, and what is slow beside it (docs/method.md, "Slow")."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.domain.observation import Failure, Observation
from monitor.domain.policy import Policy
from monitor.domain.sketch import Sketch

WINDOW = timedelta(days=28)  # the days before the current one that usual is learned from
DAYS_NEEDED = 5  # a week of school: whoever begins to watch on the first day of a crisis must not learn it as usual
ANSWERS_A_DAY = 10  # a day with fewer says nothing
REMEMBERED = timedelta(days=100)  # what was usual in class in July is still believed in September
CLEARLY_LATER = 1.5  # times the usual 95th percentile: beyond the usual range, not at its edge
FAR_LATER = 4  # times the usual 95th percentile
NOTICEABLE = timedelta(seconds=1)  # nobody minds an answer faster than this, however fast its service usually is

# The answers whose duration says how fast a service is: all others end early, or late, for reasons of their own.
TIMED = frozenset({None, Failure.CONTENT_SLOW})


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the good and the merely slow answers of one probe took within one hour (its beginning, UTC).

    An hour in which school begins or ends has one for each part of it: `in_school` says which.
    """

    probe: str
    vantage: str
    hour: datetime
    in_school: bool
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Usual:
    """How fast a probe usually is, in school hours or outside them.

    Attributes:
        day: the UTC day that it was learned for: from the 28 days before it, that day excluded.
        days, answers: how many days, and answers on them, it was learned from.
        median, p95: the medians, over the days, of each day's median and 95th percentile.
    """

    day: date
    days: int
    answers: int
    median: timedelta
    p95: timedelta


def usual_of(latencies: Iterable[Latency], day: date) -> Usual | None:
    """What is usual on `day` by the hours of one probe and one kind, in whatever order; None if too few are known.

    Each day (UTC) counts as one, however much was asked on it, and the middle one decides, the faster of two: a trouble
    is not learned as usual before it has lasted for more than half of the days.
    """
    hours = defaultdict[date, list[Sketch]](list)
    first = day - WINDOW
    for one in latencies:
        if first <= (its := one.hour.date()) < day:
            hours[its].append(one.sketch)
    days = [whole for sketches in hours.values() if (whole := Sketch.merged(sketches)).answers >= ANSWERS_A_DAY]
    if len(days) < DAYS_NEEDED:
        return None
    answers = sum(whole.answers for whole in days)
    return Usual(day, len(days), answers, _middle(days, 50), _middle(days, 95))


def renewed(before: Usual | None, found: Usual | None, day: date) -> Usual | None:
    """What is held to be usual from `day` on: what was found, else what was found before unless that is too old."""
    if found is not None:
        return found
    return before if before is not None and day - before.day <= REMEMBERED else None


def late_after(usual: Usual | None, policy: Policy) -> timedelta:
    """The duration beyond which an otherwise good answer is slow.

    Beyond its profile's threshold and clearly later than usual; or far later than usual, threshold or not. Where
    nothing is known to be usual the threshold alone decides.
    """
    if usual is None:
        return policy.slow
    late = max(policy.slow, usual.p95 * CLEARLY_LATER)
    return min(late, max(usual.p95 * FAR_LATER, NOTICEABLE))


def heard(observation: Observation, usual: Usual | None, policy: Policy) -> Observation:
    """The observation as it is judged: good or slow as `late_after` says; any other failure stays what it is."""
    if usual is None or observation.failure not in TIMED:
        return observation
    failure = Failure.CONTENT_SLOW if observation.took > late_after(usual, policy) else None
    return observation if failure is observation.failure else replace(observation, failure=failure)


def _middle(days: Iterable[Sketch], percent: int) -> timedelta:
    found = sorted(one.percentile(percent) for one in days)
    return found[(len(found) - 1) // 2]
