"""A sketch of durations: how many fell into each of a fixed row of buckets. Any order and grouping gives the same one.

After DDSketch (Masson, Rim and Lee, VLDB 2019): buckets grow by a constant factor, so that a percentile read from them
is relatively exact. The bounds are whole microseconds, computed with whole numbers: every machine has the same.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from monitor.domain.varint import numbers, written

_US = timedelta(microseconds=1)
_SHORTEST_US, _LONGEST_US = 1_000, 2**31 - 1  # below a millisecond nothing is told apart; four bytes hold the longest
_WIDER = (26, 25)  # each bucket ends 4 % after the one before it: half of that, on either side, is the error
_FORMAT = 1


def _bounds() -> Iterator[int]:
    bound = _SHORTEST_US
    while bound < _LONGEST_US:
        yield bound
        bound = bound * _WIDER[0] // _WIDER[1]
    yield _LONGEST_US


# Bucket n holds what is longer than bound n - 1 and at most bound n (µs); the first, whatever is shorter too.
_BOUNDS = tuple(_bounds())
BUCKETS = len(_BOUNDS)


@dataclass(frozen=True, slots=True)
class Sketch:
    """How many durations fell into each bucket.

    `counts`: (bucket, how many), the lowest bucket first, each at least once. Two sketches of the same durations are
    equal; at most 374 buckets exist, and an encoded sketch of an hour of answers takes some tens of bytes.
    """

    counts: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, durations: Iterable[timedelta]) -> "Sketch":
        """The sketch of these durations, in whatever order. More than 35 min 47 s counts as that."""
        return cls.of_us(took // _US for took in durations)

    @classmethod
    def of_us(cls, durations: Iterable[int]) -> "Sketch":
        """As `of`, of durations in whole microseconds."""
        return cls(tuple(sorted(Counter(map(_bucket, durations)).items())))

    @classmethod
    def merged(cls, sketches: Iterable["Sketch"]) -> "Sketch":
        """The sketch of everything that these are sketches of."""
        total = defaultdict[int, int](int)
        for sketch in sketches:
            for bucket, times in sketch.counts:
                total[bucket] += times
        return cls(tuple(sorted(total.items())))

    @property
    def answers(self) -> int:
        """How many durations it holds."""
        return sum(times for _, times in self.counts)

    def percentile(self, percent: int) -> timedelta:
        """The duration that `percent` (1..100) of all do not exceed: the one of rank ⌈percent · n / 100⌉.

        Within 2 % of it (1 ms for what is shorter than that). Raises ValueError where there is none.
        """
        rank = -(-percent * self.answers // 100)
        passed = 0
        for bucket, times in self.counts:
            passed += times
            if passed >= rank:
                return _middle(bucket)
        raise ValueError("no duration")

    def encode(self) -> bytes:
        """The sketch as bytes: a number of the format, then bucket (from the one before) and count in turn."""
        said, before = [_FORMAT], 0
        for bucket, times in self.counts:
            said += (bucket - before, times)
            before = bucket
        return written(said)

    @classmethod
    def decode(cls, encoded: bytes) -> "Sketch":
        """The sketch of `encode`. Raises ValueError for bytes that are not one, or of a format not known here."""
        if encoded[:1] != bytes([_FORMAT]):
            raise ValueError("not a sketch, or one of another format")
        said = numbers(encoded[1:])
        steps, times = said[::2], said[1::2]
        if len(steps) != len(times):
            raise ValueError("a sketch that was cut off")
        if not all(times) or not all(steps[1:]) or sum(steps) >= BUCKETS:
            raise ValueError("a sketch whose buckets make no sense")
        return cls(tuple(zip(accumulate(steps), times, strict=True)))


def _bucket(took_us: int) -> int:
    return min(bisect_left(_BOUNDS, took_us), BUCKETS - 1)


def _middle(bucket: int) -> timedelta:
    """The duration that is relatively as far from one end of a bucket as from the other, rounded up."""
    low, high = _BOUNDS[bucket - 1] if bucket else _SHORTEST_US, _BOUNDS[bucket]
    return -(-2 * low * high // (low + high)) * _US
