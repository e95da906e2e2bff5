"""Sketch: whatever the order and the grouping, the same sketch; its percentiles within the error that it promises."""

import math
from datetime import timedelta
from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.sketch import BUCKETS, Sketch

MS, US = timedelta(milliseconds=1), timedelta(microseconds=1)
LONGEST = (2**31 - 1) * US
ERROR = Fraction(2, 100)
lengths = st.one_of(
    st.timedeltas(timedelta(0), timedelta(seconds=12)), st.timedeltas(timedelta(0), timedelta(minutes=50))
)
many = st.lists(lengths, max_size=60)


def merged(one: Sketch, other: Sketch) -> Sketch:
    return Sketch.merged((one, other))


@pytest.mark.no_cover
@given(st.lists(many, max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_any_grouping_of_merges_gives_the_same_sketch(parts, dice) -> None:
    everything = [took for part in parts for took in part]
    whole = Sketch.of(everything)
    dice.shuffle(everything)
    assert Sketch.of(everything) == whole
    sketches = [Sketch.of(part) for part in parts]
    dice.shuffle(sketches)
    assert Sketch.merged(sketches) == whole
    assert reduce(merged, sketches, Sketch()) == whole
    assert reduce(lambda after, one: merged(one, after), reversed(sketches), Sketch()) == whole
    assert whole.answers == len(everything)


@given(st.lists(lengths, min_size=1, max_size=200), st.integers(1, 100))
def test_a_percentile_is_within_two_per_cent_of_the_exact_one(durations, percent: int) -> None:
    exact = sorted(durations)[math.ceil(Fraction(percent * len(durations), 100)) - 1]
    exact, found = min(exact, LONGEST), Sketch.of(durations).percentile(percent)
    if exact <= MS:
        assert found == MS
    else:
        assert abs(found - exact) / US <= ERROR * (exact // US)


@given(many)
def test_what_is_encoded_comes_back(durations) -> None:
    sketch = Sketch.of(durations)
    assert Sketch.decode(sketch.encode()) == sketch


def test_every_length_has_its_bucket_and_a_sketch_its_greatest_size() -> None:
    """Every duration from nothing to the longest that is kept, 0.2 % apart, a million times each."""
    took, durations = 1, list[timedelta]()
    while took < 2**33:
        durations.append(took * US)
        took += max(took // 500, 1)
    one = Sketch.of(durations)
    assert [bucket for bucket, _ in one.counts] == list(range(BUCKETS))
    assert BUCKETS == 374
    full = Sketch(tuple((bucket, 10**6) for bucket in range(BUCKETS)))
    assert len(full.encode()) == 1 + BUCKETS * 4
    assert Sketch.decode(full.encode()) == full


def test_an_hour_of_answers_takes_some_tens_of_bytes() -> None:
    hour = Sketch.of((200 + 7 * number % 83) * MS for number in range(120))
    assert len(hour.encode()) < 40


def test_an_empty_sketch_has_no_percentile() -> None:
    assert Sketch.decode(Sketch().encode()) == Sketch()
    with pytest.raises(ValueError, match="no duration"):
        Sketch().percentile(50)


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        (b"", "format"),
        (b"\x02\x05\x01", "format"),
        (b"\x01\x05", "cut off"),
        (b"\x01\x05\x81", "cut off"),
        (b"\x01\x05\x00", "no sense"),
        (b"\x01\xf6\x02\x01", "no sense"),  # bucket 374
        (b"\x01\x05\x01\x00\x01", "no sense"),  # bucket 5 twice
    ],
)
def test_what_is_no_sketch_is_refused(encoded: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Sketch.decode(encoded)
