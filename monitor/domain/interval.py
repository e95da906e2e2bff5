"""Intervals of time, [since, until): cut, put together, taken from each other. Exact to the microsecond."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]  # [since, until), aware


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same instants as disjoint intervals, oldest first: what overlaps or touches is one, what is empty none."""
    found: list[Interval] = []
    for since, until in sorted(one for one in intervals if one[0] < one[1]):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)


def common(ones: Iterable[Interval], others: Iterable[Interval]) -> Iterator[Interval]:
    """The instants that are in both; each side must be as `merged` gives it."""
    theirs = iter(others)
    other = next(theirs, None)
    for since, until in ones:
        while other is not None and other[1] <= since:
            other = next(theirs, None)
        while other is not None and other[0] < until:
            yield max(since, other[0]), min(until, other[1])
            if other[1] > until:
                break
            other = next(theirs, None)


def without(ones: Iterable[Interval], others: Iterable[Interval]) -> Iterator[Interval]:
    """The instants of `ones` that are not in `others`; each side must be as `merged` gives it."""
    theirs = tuple(others)
    for since, until in ones:
        begin = since
        for other in common(((since, until),), theirs):
            if begin < other[0]:
                yield begin, other[0]
            begin = other[1]
        if begin < until:
            yield begin, until


def length(intervals: Iterable[Interval]) -> timedelta:
    """How long they last together; they must not overlap."""
    return sum((until - since for since, until in intervals), timedelta())
