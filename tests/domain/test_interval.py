"""Intervals, against the plain set of the minutes that they hold."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.interval import Interval, common, length, merged, without

START, MINUTE = datetime(2026, 11, 23, tzinfo=UTC), timedelta(minutes=1)


def at(minute: int) -> datetime:
    return START + minute * MINUTE


INTERVALS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda one: (at(one[0]), at(one[1]))), max_size=8
)


def minutes(intervals: list[Interval]) -> set[int]:
    return {m for since, until in intervals for m in range(30) if since <= at(m) < until}


def sound(intervals: tuple[Interval, ...]) -> bool:
    """Not empty, oldest first, nothing touches the next."""
    edges = [edge for one in intervals for edge in one]
    return edges == sorted(set(edges))


@given(INTERVALS)
def test_merged_holds_the_same_minutes(ones: list[Interval]) -> None:
    found = merged(ones)
    assert sound(found)
    assert minutes(list(found)) == minutes(ones)
    assert length(found) == len(minutes(ones)) * MINUTE


@given(INTERVALS, INTERVALS)
def test_common_and_without_share_out_every_minute(ones: list[Interval], others: list[Interval]) -> None:
    both, left = tuple(common(merged(ones), merged(others))), tuple(without(merged(ones), merged(others)))
    assert minutes(list(both)) == minutes(ones) & minutes(others)
    assert minutes(list(left)) == minutes(ones) - minutes(others)
    assert sound(both)
    assert sound(left)
    assert length(both) + length(left) == length(merged(ones))


def test_pieces_that_touch_may_be_shared_out() -> None:
    pieces = [(at(0), at(2)), (at(2), at(5))]
    assert list(common(pieces, [(at(1), at(4))])) == [(at(1), at(2)), (at(2), at(4))]
    assert list(common([(at(1), at(4))], pieces)) == [(at(1), at(2)), (at(2), at(4))]
