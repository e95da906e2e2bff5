from math import comb, exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.exact_test import log_chance


def plainly(unwell_inside: int, inside: int, unwell_outside: int, outside: int) -> float:
    """The same tail in whole numbers."""
    unwell = unwell_inside + unwell_outside
    tail = sum(comb(inside, n) * comb(outside, unwell - n) for n in range(unwell_inside, min(inside, unwell) + 1))
    return tail / comb(inside + outside, unwell)


def figures() -> st.SearchStrategy[tuple[int, int, int, int]]:
    def unwell(sizes: tuple[int, int]) -> st.SearchStrategy[tuple[int, int, int, int]]:
        inside, outside = sizes
        return st.tuples(st.integers(0, inside), st.just(inside), st.integers(0, outside), st.just(outside))

    return st.tuples(st.integers(0, 120), st.integers(0, 120)).flatmap(unwell)


@given(figures())
def test_it_is_the_sum_of_the_upper_tail(given_figures):
    assert exp(log_chance(*given_figures)) == pytest.approx(plainly(*given_figures), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("counted", "chance"),
    [
        ((3, 4, 1, 4), 17 / 70),  # the lady tasting tea, one cup of four taken for another
        ((7, 7, 0, 60), 1 / comb(67, 7)),
        ((5, 38, 8, 65), plainly(5, 38, 8, 65)),
        ((0, 5, 3, 5), 1.0),
        ((5, 5, 5, 5), 1.0),
        ((2, 2, 0, 0), 1.0),
    ],
)
def test_known_figures(counted, chance):
    assert exp(log_chance(*counted)) == pytest.approx(chance)


def test_what_is_less_likely_than_the_smallest_float_is_still_ordered():
    some, more = log_chance(5_000, 5_000, 0, 5_000), log_chance(5_000, 5_000, 1, 5_000)
    assert exp(some) == 0.0
    assert -inf < some < more < log(1e-308)


@given(figures())
def test_one_more_that_works_inside_is_never_stronger_evidence(given_figures):
    unwell_inside, inside, unwell_outside, outside = given_figures
    more = log_chance(unwell_inside, inside + 1, unwell_outside, outside)
    assert more >= log_chance(*given_figures) - 1e-9


def test_far_below_what_chance_expects_it_is_certain():
    assert log_chance(1, 5_000, 4_999, 5_000) == pytest.approx(0.0, abs=1e-12)
