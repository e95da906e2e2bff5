"""Tallies of answers: merged in any grouping they are the tally of everything, and what is encoded comes back."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.answer_tally import (
    PHASES,
    AnswerTally,
    Slot,
    decode_slots,
    encode_slots,
)
from monitor.domain.observation import Failure, Phases
from monitor.domain.sketch import Sketch
from monitor.domain.varint import numbers, written

US = timedelta(microseconds=1)
SLOW = Failure.CONTENT_SLOW.code
lengths = st.integers(0, 2**31 - 1)
answers = st.tuples(
    st.sampled_from([None, None, None, *(one.code for one in Failure)]),
    lengths,
    *[st.one_of(st.none(), lengths)] * len(PHASES),
)
many = st.lists(answers, max_size=12)


def test_phases_are_those_of_an_answer() -> None:
    assert tuple(Phases.__slots__) == PHASES


@given(many)
def test_a_tally_says_what_a_count_by_hand_says(given_answers) -> None:
    tally = AnswerTally.of(given_answers)
    kinds = Counter(code for code, *_ in given_answers)
    assert {None if one is None else one.code: times for one, times in tally.kinds} == kinds
    assert tally.answers == len(given_answers)
    timed = [answer for answer in given_answers if answer[0] in {None, SLOW}]
    assert tally.sketch == Sketch.of(answer[1] * US for answer in timed)
    for place, phase in enumerate(tally.phases):
        had = [answer[2 + place] for answer in timed if answer[2 + place] is not None]
        assert phase == (len(had), sum(had))


@given(st.lists(many, max_size=5))
def test_any_grouping_gives_the_same_tally(parts) -> None:
    whole = AnswerTally.of([answer for part in parts for answer in part])
    tallies = [AnswerTally.of(part) for part in parts]
    assert AnswerTally.merged(tallies) == whole == AnswerTally.merged(reversed(tallies))
    assert AnswerTally.merged([AnswerTally.merged(tallies[:2]), *tallies[2:]]) == whole


@given(many)
def test_what_is_encoded_comes_back(given_answers) -> None:
    tally = AnswerTally.of(given_answers)
    assert AnswerTally.decode(tally.encode(), tally.sketch) == tally


@given(st.lists(st.tuples(st.integers(0, 11), st.booleans(), many), max_size=12))
def test_slots_come_back(slots) -> None:
    said = [Slot(number, kind, AnswerTally.of(part)) for number, kind, part in slots]
    assert list(decode_slots(encode_slots(said))) == said


def test_an_ordinary_hour_takes_few_bytes() -> None:
    slot = [(None, 180_000 + n * 7_000, 3_000, 9_000, 21_000, 80_000, None) for n in range(5)]
    said = encode_slots(Slot(number, True, AnswerTally.of(slot)) for number in range(12))
    assert len(said) <= 12 * 25 + 1


@pytest.mark.parametrize(
    "encoded", [b"", b"\x02", b"\x01", b"\x01\x02\x00", b"\x01\x01\x00\x02\x1f", b"\x01\x01\x00\x80"]
)
def test_bytes_that_are_none_are_refused(encoded: bytes) -> None:
    with pytest.raises(ValueError):
        AnswerTally.decode(encoded, Sketch())


def test_a_tally_goes_with_its_durations_alone() -> None:
    tally = AnswerTally.of([(None, 5000, 1, 2, 3, 4, 5)])
    with pytest.raises(ValueError):
        AnswerTally.decode(tally.encode(), Sketch())
    with pytest.raises(ValueError):
        AnswerTally.decode(tally.encode() + b"\x00", tally.sketch)


@pytest.mark.parametrize("said", [(1, 24, 0), (1, 0, 1, 0, 1, 31, 0, 0, 0, 0, 0, 9999), (1, 0, 1, 0)])
def test_slots_that_no_hour_has_are_refused(said) -> None:
    with pytest.raises(ValueError):
        list(decode_slots(written(said)))


def test_the_code_of_a_newer_program_is_named() -> None:
    for call in (
        lambda: AnswerTally.of([(99, 1, None, None, None, None, None)]),
        lambda: AnswerTally.decode(written((1, 1, 99, 1)), Sketch()),
        lambda: list(decode_slots(written((1, 0, 1, 99, 1)))),
    ):
        with pytest.raises(KeyError, match="99"):
            call()


@given(st.lists(st.integers(0, 2**70)))
def test_numbers_come_back(said) -> None:
    assert list(numbers(written(said))) == said


def test_a_number_that_was_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="cut off"):
        numbers(b"\x81")
