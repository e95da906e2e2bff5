"""What a saturation looks like, seen from outside: signs, listed beside the figures. Intentions are never guessed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from monitor.domain.observation import Failure

OPENING = (time(7, 30), time(9, 15))  # local: the first class of the day, wherever it starts
AFTERNOON = (time(13, 0), time(14, 15))
LUNCH = (time(11, 30), time(13, 30))
WEDNESDAY = 2  # no class in the afternoon
FRIDAY = 4
RELAPSE_WITHIN = timedelta(hours=3)  # of the relief
RAMP_OF = 3  # successive periods before the onset, each slower than the one before
RAMP_TIMES = 2.0  # the last of them that much slower than usual
ASKED_AT_LEAST = 5  # answers from which a share of good ones says something
PARTLY = (0.1, 0.9)  # share of good answers while unwell
SATURATED = frozenset({429, 503})


class Sign(StrEnum):
    """What is compatible with a saturation; none of them alone proves one."""

    LATENCY_RAMP = "latency_ramp"
    WAITING_ROOM = "waiting_room"
    TURNED_AWAY = "turned_away"
    PARTIAL_SUCCESS = "partial_success"
    START_OF_CLASS = "start_of_class"
    LUNCH_RELIEF = "lunch_relief"
    RELAPSE_AFTER = "relapse_after"


@dataclass(frozen=True, slots=True)
class Course:
    """What an incident knows that bears on a saturation; empty or None where it was not seen.

    Attributes:
        failures: the failures of its services' answers. statuses: their HTTP statuses.
        onsets, recoveries, relapses: first bad answers, times of recovery and of relapse, aware, in the local time of
            the territory.
        usual: the usual latency. before: typical latencies of successive periods before the onset, oldest first.
        good, asked: good answers, and all answers, of its unwell services from onset to end.
    """

    failures: Collection[Failure] = ()
    statuses: Collection[int] = ()
    onsets: Sequence[datetime] = ()
    recoveries: Sequence[datetime] = ()
    relapses: Sequence[datetime] = ()
    usual: timedelta | None = None
    before: Sequence[timedelta] = ()
    good: int = 0
    asked: int = 0


def signs_of_saturation(course: Course) -> tuple[Sign, ...]:
    """The signs of a saturation that an incident shows, in the order of the list; none where none was seen."""
    lunches = [at for at in course.recoveries if _in_class_week(at) and _between(at, LUNCH)]
    seen = {
        Sign.LATENCY_RAMP: _ramp(course.before, course.usual),
        Sign.WAITING_ROOM: Failure.CONTENT_WAITING_ROOM in course.failures,
        Sign.TURNED_AWAY: Failure.EXCHANGE_OVERLOADED in course.failures or not SATURATED.isdisjoint(course.statuses),
        Sign.PARTIAL_SUCCESS: course.asked >= ASKED_AT_LEAST and PARTLY[0] <= course.good / course.asked <= PARTLY[1],
        Sign.START_OF_CLASS: _most(_starts_class(at) for at in course.onsets),
        Sign.LUNCH_RELIEF: bool(lunches),
        Sign.RELAPSE_AFTER: any(at < again <= at + RELAPSE_WITHIN for at in lunches for again in course.relapses),
    }
    return tuple(sign for sign in Sign if seen[sign])


def _ramp(before: Sequence[timedelta], usual: timedelta | None) -> bool:
    """Whether it grew slower and slower before it failed."""
    last = before[-RAMP_OF:]
    if len(last) < RAMP_OF:
        return False
    base = min(before) if usual is None else usual
    return all(one < then for one, then in pairwise(last)) and last[-1] >= RAMP_TIMES * base


def _starts_class(at: datetime) -> bool:
    afternoon = at.weekday() != WEDNESDAY and _between(at, AFTERNOON)
    return _in_class_week(at) and (_between(at, OPENING) or afternoon)


def _in_class_week(at: datetime) -> bool:
    return at.weekday() <= FRIDAY


def _between(at: datetime, hours: tuple[time, time]) -> bool:
    return hours[0] <= at.time() < hours[1]


def _most(answers: Iterable[bool]) -> bool:
    """Whether more say yes than no."""
    said = list(answers)
    return 2 * sum(said) > len(said)
