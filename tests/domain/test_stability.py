"""Flapping: the numbers of docs/method.md, "Confirmation", and that one integer forgets nothing of the last 21 answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.stability import (
    KEPT,
    NOTHING_HEARD,
    bad_ones,
    changes,
    good_in_a_row,
    is_unstable,
    remembered,
)


def heard(answers: str, *, before: bool = False) -> tuple[int, bool]:
    """The history after these answers, oldest first (x: bad), and whether it is unstable by then."""
    history, unstable = NOTHING_HEARD, before
    for one in answers:
        history = remembered(history, bad=one == "x")
        unstable = is_unstable(history, before=unstable)
    return history, unstable


@given(st.lists(st.booleans(), max_size=60))
def test_the_last_21_answers_are_remembered_and_counted(answers: list[bool]) -> None:
    history = NOTHING_HEARD
    for bad in answers:
        history = remembered(history, bad=bad)
    kept = answers[-KEPT:]
    assert [bit == "1" for bit in f"{history:b}"[1:]] == kept
    assert bad_ones(history) == sum(kept)
    assert good_in_a_row(history) == next((n for n, bad in enumerate(reversed(kept)) if bad), len(kept))
    assert 0 <= changes(history) <= 1


def test_nothing_heard_and_one_answer_are_no_change() -> None:
    assert changes(NOTHING_HEARD) == changes(heard("x")[0]) == changes(heard("x" * 30)[0]) == 0


def test_newer_changes_weigh_more() -> None:
    assert changes(heard("." * 20 + "x")[0]) == pytest.approx(1.2 / 20)
    assert changes(heard("x" + "." * 20)[0]) == pytest.approx(0.8 / 20)
    assert changes(heard("x." * 11)[0]) == pytest.approx(1)


def test_one_answer_in_three_that_fails_is_unstable_at_its_fifth_failure() -> None:
    assert not heard("..x" * 4 + "..")[1]
    assert heard("..x" * 5)[1]


def test_outages_are_no_flapping() -> None:
    assert not heard("." * 10 + "x" * 8 + "." * 20)[1]
    assert not heard("....xxxx" * 8)[1], "as long up as down, a change at every fourth answer: 25 %"


def test_four_blips_are_not_enough_however_close() -> None:
    assert not heard("." * 13 + "x." * 4)[1]
    assert heard("." * 11 + "x." * 5)[1]


def test_it_is_stable_again_below_ten_percent_only() -> None:
    history, unstable = heard("..x" * 7)
    assert unstable
    good = 0
    while unstable:
        history = remembered(history, bad=False)
        unstable = is_unstable(history, before=True)
        good += 1
    assert changes(history) < 0.10
    assert good == 18
    assert not is_unstable(history, before=False)
