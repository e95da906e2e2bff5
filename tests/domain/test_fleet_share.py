"""The share affected and its interval: true about 95 times in 100, silent where it knows too little."""

import math
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.fleet import WINDOW, Memory, School
from monitor.domain.fleet_share import FEWEST, SAMPLE, estimate, interval
from monitor.domain.observation import Failure
from tests.domain.small import T0, at
from tests.domain.test_fleet import DOWN, OURS, memory, school, told
from tests.domain.test_fleet_rotation import strata, walk

TRIALS = 2000
END = T0 + WINDOW


def asked(held: Memory, code: str, number: int, bad: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    for place in range(number):
        one = held.strata[code].next
        told(held, one, place, DOWN if one.uai in bad else None)


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_the_interval_holds_the_truth_about_95_times_in_100() -> None:
    chance = random.Random(20210406)
    held_it = 0
    for _ in range(TRIALS):
        size = chance.randint(10, 300)
        schools = [school(number) for number in range(size)]
        troubled = {one.uai for one in chance.sample(schools, chance.randint(0, size))}
        held = memory(*schools)
        asked(held, "A:lille", chance.randint(FEWEST, min(size, SAMPLE)), troubled)
        _, share = estimate(held, END)
        assert share.low is not None
        assert share.high is not None
        assert share.share is not None
        assert share.low <= share.share <= share.high
        held_it += share.low <= len(troubled) / size <= share.high
    assert held_it / TRIALS >= 0.93


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_rare_trouble_is_held_as_well() -> None:
    chance = random.Random(8)
    held_it = 0
    for _ in range(TRIALS):
        size = chance.randint(30, 300)
        schools = [school(number) for number in range(size)]
        troubled = {one.uai for one in chance.sample(schools, chance.randint(0, size // 10))}
        held = memory(*schools)
        asked(held, "A:lille", chance.randint(20, min(size, SAMPLE)), troubled)
        share = estimate(held, END)[1]
        held_it += (share.low or 0) <= len(troubled) / size <= (share.high or 0)
    assert held_it / TRIALS >= 0.93


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_the_whole_is_held_too_though_its_strata_are_asked_unevenly() -> None:
    chance = random.Random(9)
    held_it = trials = 0
    for _ in range(600):
        sizes = {f"s{place}": chance.randint(20, 200) for place in range(5)}
        schools = strata(**sizes)
        shares = {f"A:{name}": chance.choice([0.0, 0.02, 0.1, 0.4, 0.8]) for name in sizes}
        troubled = {one.uai for one in schools if chance.random() < shares[one.stratum]}
        held = memory(*schools)
        for code in held.strata:
            asked(held, code, chance.randint(8, 20) * (3 if shares[code] >= 0.1 else 1), troubled)
        whole = estimate(held, END)[0]
        assert whole.territory == "N"
        trials += 1
        held_it += (whole.low or 0) <= len(troubled) / len(schools) <= (whole.high or 0)
    assert held_it / trials >= 0.93


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_asking_densely_where_trouble_is_does_not_bias_the_share() -> None:
    """Through the rotation itself: the mean of the estimates is the truth, though trouble decides how many there are."""
    chance = random.Random(10)
    errors, held_it, trials = [], 0, 200
    for _ in range(trials):
        schools = strata(ill=150, well=150)
        troubled = {one.uai for one in chance.sample([one for one in schools if one.stratum == "A:ill"], 45)}
        held = memory(*schools, budget=0.1)

        def fate(one: School, bad: set[str] = troubled) -> Failure | None:
            return DOWN if one.uai in bad else None

        walk(held, 900, fate)
        _, ill, _ = estimate(held, END)
        assert ill.share is not None
        errors.append(ill.share - 0.3)
        held_it += (ill.low or 0) <= 0.3 <= (ill.high or 0)
    assert abs(sum(errors) / trials) < 0.02
    assert held_it / trials >= 0.93


def test_a_stratum_heard_too_little_has_no_share() -> None:
    held = memory(*(school(number, pupils=100) for number in range(50)))
    asked(held, "A:lille", FEWEST - 1)
    whole, share = estimate(held, END)
    assert (share.share, share.low, share.high, share.pupils) == (None, None, None, None)
    assert (share.sample, share.population, share.since, share.as_of) == (FEWEST - 1, 50, at(0), at(FEWEST - 2))
    assert whole.share is None
    told(held, held.strata["A:lille"].next, 4)
    assert estimate(held, END)[1].share == 0.0


def test_without_anybody_who_agreed_there_is_nothing_to_say() -> None:
    assert estimate(memory(school(1, agreed=False)), END) == ()
    whole, share = estimate(memory(school(1)), END)
    assert (whole.sample, whole.since, whole.as_of, whole.share) == (0, None, None, None)
    assert (share.sample, share.population) == (0, 1)


def test_answers_older_than_the_window_or_newer_than_our_line_do_not_count() -> None:
    held = memory(*(school(number) for number in range(100)))
    asked(held, "A:lille", 30)
    assert estimate(held, END)[1].sample == 30
    assert estimate(held, END + timedelta(seconds=10))[1].sample == 20
    assert estimate(held, at(9))[1].sample == 10


def test_our_own_failures_are_no_evidence() -> None:
    held = memory(*(school(number) for number in range(100)))
    for second in range(20):
        told(held, held.strata["A:lille"].next, second, OURS if second % 2 else None)
    share = estimate(held, END)[1]
    assert (share.sample, share.share) == (10, 0.0)


def test_slow_is_no_trouble_and_waiting_is() -> None:
    held = memory(*(school(number) for number in range(100)))
    fates = [Failure.CONTENT_SLOW, Failure.CONTENT_WAITING_ROOM, None, None, None]
    for second, failure in enumerate(fates):
        told(held, held.strata["A:lille"].next, second, failure)
    assert estimate(held, END)[1].share == pytest.approx(0.2)


def test_pupils_are_counted_apart_and_schools_weigh_alike() -> None:
    held = memory(*(school(number, pupils=1000 if number == 3 else 100 if number else None) for number in range(10)))
    asked(held, "A:lille", 10, {school(3).uai})
    whole, share = estimate(held, END)
    assert share.share == pytest.approx(0.1)
    assert share.pupils == whole.pupils == pytest.approx(1000 / 1800)
    assert (share.low, share.high) == (0.1, 0.1)  # everybody was asked: nothing is left to chance


def test_the_whole_weighs_its_strata_by_their_schools() -> None:
    schools = strata(big=900, small=100)
    held = memory(*schools)
    asked(held, "A:big", 20)
    asked(held, "A:small", 60, {one.uai for one in schools if one.stratum == "A:small"})
    whole, big, small = estimate(held, END)
    assert (big.share, small.share) == (0.0, 1.0)
    assert whole.share == pytest.approx(0.1)
    assert (whole.sample, whole.population) == (80, 1000)


def test_the_whole_is_silent_while_too_much_of_it_was_not_heard() -> None:
    held = memory(*strata(big=850, small=150))
    asked(held, "A:big", 30)
    assert estimate(held, END)[0].share is None
    nearly = memory(*strata(big=950, small=50))
    asked(nearly, "A:big", 30)
    assert estimate(nearly, END)[0].share == 0.0


@given(
    population=st.integers(2, 400),
    part=st.floats(0, 1),
    worse=st.floats(0, 1),
)
def test_bounds_are_whole_schools_around_the_share_and_within_what_was_seen(
    population: int, part: float, worse: float
) -> None:
    sample = max(1, min(population - 1, round(part * population)))
    bad = round(worse * sample)
    worth = sample * (population - 1) / (population - sample)
    low, high = interval(bad / sample, worth, bad=bad, sample=sample, population=population)
    assert bad / population <= low <= bad / sample + 1e-9
    assert bad / sample - 1e-9 <= high <= (population - sample + bad) / population
    for bound in (low, high):
        assert abs(bound * population - round(bound * population)) < 1e-6
    certain = interval(bad / sample, math.inf, bad=bad, sample=sample, population=sample)
    assert certain == (bad / sample, bad / sample)
