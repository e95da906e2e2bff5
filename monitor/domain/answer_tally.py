"""What is kept for ever of the answers of a probe: how many of each kind, how long they took, and in which phases.

Tallies are merged exactly: that of a day is that of its hours, that of an hour the one of its slots of five minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from operator import itemgetter

from monitor.domain.observation import Failure
from monitor.domain.sketch import BUCKETS, Sketch
from monitor.domain.usual import TIMED
from monitor.domain.varint import numbers, written

PHASES = ("resolve", "connect", "tls", "first_byte", "transfer")
SLOTS_AN_HOUR = 12
_FORMAT = 1
_GOOD = 0  # the code of an answer without a failure; those of failures begin at 10
_TIMED = frozenset(_GOOD if failure is None else failure.code for failure in TIMED)
_FAILURE = 0  # where it stands in an `Answer`
_NOTHING = ((0, 0),) * len(PHASES)

# Code of the failure or None, then µs: the whole answer, and each of `PHASES`, None where it had none.
Answer = Sequence[int | None]
Kinds = tuple[tuple[Failure | None, int], ...]
Phase = tuple[int, int]


class Grain(StrEnum):
    """How finely the past is kept: by five minutes and hours of UTC, and by days of Paris."""

    FIVE_MINUTES = "5min"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class AnswerTally:
    """Answers of one probe within some time.

    Attributes:
        kinds: how many of each failure, good ones under None; by code, each at least once.
        phases: of each of `PHASES`, how many of the good and the merely slow answers had it, and their sum in µs.
        sketch: how long the good and the merely slow answers took.
    """

    kinds: Kinds = ()
    phases: tuple[Phase, ...] = _NOTHING
    sketch: Sketch = field(default_factory=Sketch)

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "AnswerTally":
        """The tally of these answers, in whatever order. Raises KeyError for the code of an unknown failure."""
        given = [(answer[_FAILURE] or _GOOD, answer) for answer in answers]
        timed = [answer for code, answer in given if code in _TIMED]
        _, took, *phases = zip(*timed, strict=True) if timed else ((), ())
        return cls(
            _kinds(Counter(code for code, _ in given)),
            tuple(map(_phase, phases)) or _NOTHING,
            Sketch.of_us(us for us in took if us is not None),
        )

    @classmethod
    def merged(cls, tallies: Iterable["AnswerTally"]) -> "AnswerTally":
        """The tally of everything that these are tallies of."""
        given = list(tallies)
        if len(given) == 1:
            return given[0]
        kinds = defaultdict[int, int](int)
        for failure, times in chain.from_iterable(one.kinds for one in given):
            kinds[_code(failure)] += times
        columns = zip(*(one.phases for one in given), strict=True)
        phases = tuple((sum(map(itemgetter(0), one)), sum(map(itemgetter(1), one))) for one in columns)
        return cls(_kinds(kinds), phases or _NOTHING, Sketch.merged(one.sketch for one in given))

    @property
    def answers(self) -> int:
        """How many answers it holds."""
        return sum(times for _, times in self.kinds)

    def encode(self) -> bytes:
        """All but the sketch, as bytes."""
        return written((_FORMAT, *_said(self)))

    @classmethod
    def decode(cls, encoded: bytes, sketch: Sketch) -> "AnswerTally":
        """The tally of `encode`, with its sketch.

        Raises ValueError for bytes that are not one, or do not go with the sketch; KeyError for an unknown failure.
        """
        said = _opened(encoded)
        kinds, phases, timed = _heard(said)
        if timed != sketch.answers or next(said, None) is not None:
            raise ValueError("a tally that does not go with its durations")
        return cls(kinds, phases, sketch)


@dataclass(frozen=True, slots=True)
class Slot:
    """Five minutes of an hour: the `number`th of twelve, from 0 on, in school hours or outside."""

    number: int
    in_school: bool
    tally: AnswerTally


def encode_slots(slots: Iterable[Slot]) -> bytes:
    """The slots of one hour as bytes: some 25 for one of five answers."""
    said = [_FORMAT]
    for slot in slots:
        said += (2 * slot.number + slot.in_school, *_said(slot.tally))
        before = 0
        for bucket, times in slot.tally.sketch.counts:
            # Each answer by its bucket, from the one before it: few answers, so shorter than buckets and counts.
            said += (bucket - before, *([0] * (times - 1)))
            before = bucket
    return written(said)


def decode_slots(encoded: bytes) -> Iterator[Slot]:
    """The slots of `encode_slots`. Raises ValueError for bytes that are none, KeyError for an unknown failure."""
    said = _opened(encoded)
    for head in said:
        number, in_school = divmod(head, 2)
        kinds, phases, timed = _heard(said)
        buckets, bucket = list[int](), 0
        for _ in range(timed):
            bucket += _next(said)
            buckets.append(bucket)
        if number >= SLOTS_AN_HOUR or bucket >= BUCKETS:
            raise ValueError("a slot that no hour has")
        sketch = Sketch(tuple(sorted(Counter(buckets).items())))
        yield Slot(number, bool(in_school), AnswerTally(kinds, phases, sketch))


def _said(tally: AnswerTally) -> Iterator[int]:
    """Kinds, then phases: those that every timed answer had by their sum, each other by its count and sum."""
    yield len(tally.kinds)
    for failure, times in tally.kinds:
        yield from (_code(failure), times)
    timed = tally.sketch.answers
    if timed:
        yield sum(1 << place for place, (times, _) in enumerate(tally.phases) if times == timed)
        for times, total_us in tally.phases:
            if times != timed:
                yield times
            if times:
                yield total_us


def _heard(said: Iterator[int]) -> tuple[Kinds, tuple[Phase, ...], int]:
    """The kinds and phases of `_said`, and how many answers are timed."""
    found = {_next(said): _next(said) for _ in range(_next(said))}
    timed = sum(times for code, times in found.items() if code in _TIMED)
    if not timed:
        return _kinds(found), _NOTHING, 0
    whole, phases = _next(said), list[Phase]()
    for place in range(len(PHASES)):
        times = timed if whole >> place & 1 else _next(said)
        phases.append((times, _next(said) if times else 0))
    return _kinds(found), tuple(phases), timed


def _opened(encoded: bytes) -> Iterator[int]:
    if encoded[:1] != bytes([_FORMAT]):
        raise ValueError("not a tally, or one of another format")
    return iter(numbers(encoded[1:]))


def _next(said: Iterator[int]) -> int:
    found = next(said, None)
    if found is None:
        raise ValueError("a tally that was cut off")
    return found


def _phase(durations: Sequence[int | None]) -> Phase:
    had = [us for us in durations if us is not None]
    return len(had), sum(had)


def _kinds(times: Mapping[int, int]) -> Kinds:
    return tuple((_failure(code), times[code]) for code in sorted(times))


def _failure(code: int) -> Failure | None:
    return None if code == _GOOD else Failure.from_code(code)


def _code(failure: Failure | None) -> int:
    return _GOOD if failure is None else failure.code
