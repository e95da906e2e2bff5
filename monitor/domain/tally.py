"""From the answers of one probe to its account."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from monitor.domain.account import Account, FailureCount, Latency, Mark, Marks, Period, Question, Side, Where
from monitor.domain.observation import Failure, Health, Observation, Stage

MEDIAN, HIGH = 50, 95  # percent

Stretch = tuple[datetime, datetime]
Chosen = Callable[[Observation], bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """An account, and what is counted over all probes together: durations, and (what, name, answers, bad ones)."""

    account: Account
    before: tuple[timedelta, ...]
    during: tuple[timedelta, ...]
    seen: tuple[tuple[Where, str, int, int], ...]


def tally(
    question: Question,
    answers: Iterable[Observation],
    period: Period,
    *,
    unread: Stretch | None = None,
    never_seen: bool = False,
) -> Tally:
    """Count the answers of one probe, given in any order; those outside the period count nowhere."""
    heard = sorted((one for one in answers if period.since <= one.at < period.until), key=lambda one: one.at)
    before = [one for one in heard if one.at < period.opened]
    since = [one for one in heard if one.at >= period.opened]
    during = [one for one in since if one.at <= period.ended]
    against = _of_our_line if question.service is None else _of_the_target
    account = Account(
        question,
        _side(before, against, None),
        _side(during, against, unread),
        _marks(before, since, against),
        unread_since=unread[0] if unread else None,
        unread_until=unread[1] if unread else None,
        never_seen=never_seen,
    )
    return Tally(account, _durations(before), _durations(during), _seen(during, against))


def failure_counts(failures: Iterable[Failure | None]) -> tuple[FailureCount, ...]:
    """The failures, the most frequent first."""
    counted = Counter(one for one in failures if one is not None)
    return tuple(FailureCount(one, n) for one, n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].code)))


def latency(durations: Iterable[timedelta]) -> Latency | None:
    """Median and 95th percentile by nearest rank, None of nothing."""
    took = sorted(durations)
    return Latency(len(took), _ranked(took, MEDIAN), _ranked(took, HIGH)) if took else None


def _ranked(sizes: Sequence[timedelta], percent: int) -> timedelta:
    return sizes[max(ceil(percent * len(sizes) / 100) - 1, 0)]


def _of_our_line(one: Observation) -> bool:
    """Whether a canary's answer speaks against our line, which may be cut on our own side."""
    return one.failure is not None and one.about_our_line


def _of_the_target(one: Observation) -> bool:
    """Whether an answer speaks against the target: a failure of ours is no evidence about anybody."""
    return one.failure is not None and one.failure.stage is not Stage.OURS


def _good(one: Observation) -> bool:
    return one.failure is None


def _side(heard: Sequence[Observation], against: Chosen, unread: Stretch | None) -> Side:
    good, bad = sum(map(_good, heard)), sum(map(against, heard))
    return Side(
        asked=len(heard),
        good=good,
        bad=bad,
        ours=len(heard) - good - bad,
        failures=failure_counts(one.failure for one in heard),
        latency=latency(_durations(heard)),
        cadence=_cadence(heard, unread),
    )


def _cadence(heard: Sequence[Observation], unread: Stretch | None) -> timedelta | None:
    """The median time between two questions; two between which some were not read say nothing of it."""
    apart = [other.at - one.at for one, other in pairwise(heard) if unread is None or not _over(one, other, unread)]
    return _ranked(sorted(apart), MEDIAN) if apart else None


def _over(one: Observation, other: Observation, unread: Stretch) -> bool:
    return one.at <= unread[0] and unread[1] <= other.at


def _marks(before: Sequence[Observation], since: Sequence[Observation], against: Chosen) -> Marks:
    last_bad = _first(reversed(since), against)
    after = (one for one in since if last_bad is not None and one.at > last_bad.at)
    return Marks(
        good_before=_first(reversed(before), _good),
        first_bad=_first(since, against),
        last_bad=last_bad,
        first_good=_first(since, _good),
        last_good=_first(reversed(since), _good),
        good_after=_first(after, _good),
    )


def _first(heard: Iterable[Observation], chosen: Chosen) -> Mark | None:
    one = next(filter(chosen, heard), None)
    return None if one is None else Mark(one.at, one.health, one.took, one.failure, one.http_status)


def _durations(heard: Iterable[Observation]) -> tuple[timedelta, ...]:
    return tuple(one.took for one in heard if one.health in (Health.UP, Health.SLOW))


def _seen(heard: Iterable[Observation], against: Chosen) -> tuple[tuple[Where, str, int, int], ...]:
    answers, bad = Counter[tuple[Where, str]](), Counter[tuple[Where, str]]()
    for one in heard:
        keys = list(_met(one))
        answers.update(keys)
        if against(one):
            bad.update(keys)
    return tuple((*key, answers[key], bad[key]) for key in sorted(answers))


def _met(one: Observation) -> Iterator[tuple[Where, str]]:
    yield Where.VANTAGE, one.vantage
    yield Where.CATALOGUE, one.catalogue
    if one.address is not None:
        yield Where.ADDRESS, one.address
    if one.final_host is not None:
        yield Where.FINAL_HOST, one.final_host
    if one.http_status is not None:
        yield Where.STATUS, str(one.http_status)
