"""Whose turn it is: fair between strata, denser in trouble, never too soon, never those who did not agree."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.fleet import WINDOW, Fleet, Memory, School
from monitor.domain.fleet_rotation import DENSER, FEWEST, next_school, take, weight
from monitor.domain.observation import Failure, Observation
from tests.domain.small import T0, at
from tests.domain.test_fleet import DOWN, memory, school

Fate = Callable[[School], Failure | None]


def fine(_: School) -> Failure | None:
    return None


def walk(held: Memory, seconds: int, fate: Fate = fine, start: int = 0) -> list[tuple[datetime, School]]:
    """Who is asked, at the budget's pace, each answering at once."""
    asked: list[tuple[datetime, School]] = []
    step = 1 / held.fleet.budget
    for number in range(int(seconds * held.fleet.budget)):
        now = T0 + timedelta(seconds=start + number * step)
        if (one := next_school(held, now)) is not None:
            take(held, one, now)
            held.heard(one, Observation("x", "local", now, timedelta(), fate(one)))
            asked.append((now, one))
    return asked


def strata(**sizes: int) -> list[School]:
    """Schools of several strata, named by their keyword."""
    return [
        school(number + 10_000 * place, f"A:{name}")
        for place, (name, size) in enumerate(sizes.items())
        for number in range(size)
    ]


def test_each_stratum_is_asked_in_proportion_and_the_small_one_enough() -> None:
    held = memory(*strata(big=2000, middle=1000, tiny=40))
    asked = Counter(one.stratum for _, one in walk(held, 900))
    assert sum(asked.values()) == 900
    assert abs(asked["A:big"] - 2 * asked["A:middle"]) <= 3
    assert 11 <= asked["A:tiny"] <= 13  # 40 of 3,040 schools; the floor is lower


def test_a_stratum_too_small_for_its_proportion_gets_the_fewest() -> None:
    held = memory(*strata(big=3000, tiny=10))
    assert FEWEST - 1 <= Counter(one.stratum for _, one in walk(held, 900))["A:tiny"] <= FEWEST + 1


def test_trouble_makes_its_stratum_denser_and_no_school_sooner() -> None:
    held = memory(*strata(ill=1000, well=1000, other=1000))

    def ill(one: School) -> Failure | None:
        return DOWN if one.stratum == "A:ill" and int(one.uai[:7]) % 5 < 2 else None

    walk(held, 60, ill)
    assert held.strata["A:ill"].suspected
    before = held.strata["A:ill"].next_at
    asked = walk(held, 300, ill, start=60)
    counts = Counter(one.stratum for _, one in asked)
    assert abs(counts["A:well"] - counts["A:other"]) <= 1
    # Not the whole factor: now and then ten answers of which four in ten are bad hold fewer than two bad ones.
    assert 0.85 * DENSER * counts["A:well"] <= counts["A:ill"] <= DENSER * counts["A:well"] + 2
    theirs = [one for _, one in asked if one.stratum == "A:ill"]
    assert theirs == list(held.strata["A:ill"].schools[before : before + len(theirs)])


def test_a_stratum_that_had_nobody_to_ask_does_not_catch_up() -> None:
    held = memory(*strata(few=20, many=3000))
    for one in held.strata["A:few"].schools:
        held.asked(one, at(0))
        held.unheard(one)
    assert {one.stratum for _, one in walk(held, 290)} == {"A:many"}
    late = Counter(one.stratum for _, one in walk(held, 60, start=300))
    assert late["A:few"] <= 2


def test_nobody_is_asked_while_everybody_rests_or_nobody_agreed() -> None:
    held = memory(*strata(few=3))
    assert len(walk(held, 299)) == 3
    assert next_school(held, at(299)) is None
    assert next_school(held, at(300)) is not None
    assert next_school(memory(school(1, agreed=False)), T0) is None


def test_a_school_still_being_asked_is_not_asked_again() -> None:
    held = memory(school(1))
    take(held, school(1), at(0))
    assert next_school(held, at(3600)) is None
    held.unheard(school(1))
    assert next_school(held, at(3600)) == school(1)


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 120), min_size=1, max_size=6),
    refused=st.integers(0, 7),
    budget=st.sampled_from([0.1, 0.5, 1.0, 2.0]),
    bad=st.integers(0, 10),
)
def test_never_twice_within_the_rest_never_unasked_and_always_the_same(
    sizes: list[int], refused: int, budget: float, bad: int
) -> None:
    schools = [
        school(number + 1000 * place, f"A:{place}", agreed=refused == 0 or number % 8 != refused)
        for place, size in enumerate(sizes)
        for number in range(size)
    ]

    def fate(one: School) -> Failure | None:
        return DOWN if int(one.uai[:7]) % 10 < bad else None

    fleet = Fleet("f", "Flotte", "editeur", tuple(schools), budget)
    asked = walk(Memory(fleet), 1200, fate)
    last: dict[str, datetime] = {}
    for now, one in asked:
        assert one.agreed
        assert now - last.get(one.uai, now - fleet.every) >= fleet.every
        last[one.uai] = now
    assert asked == walk(Memory(fleet), 1200, fate)


@pytest.mark.no_cover  # the same lines very often: the others here trace them
@given(sizes=st.lists(st.integers(1, 500), min_size=1, max_size=20), budget=st.floats(0.05, 2))
def test_the_weights_share_out_the_whole_and_nobody_has_nothing(sizes: list[int], budget: float) -> None:
    held = memory(*strata(**{f"s{place}": size for place, size in enumerate(sizes)}), budget=budget)
    weights = [weight(stratum, held) for stratum in held.strata.values()]
    shares = [one / sum(weights) for one in weights]
    assert abs(sum(shares) - 1) < 1e-9
    questions = budget * WINDOW.total_seconds()
    # What a stratum gets in a window: its floor, or what is left of it where the floors ask for more than there is.
    assert min(shares) * questions >= FEWEST * held.agreed / sum(weights) - 1e-9
    assert all(weight(one, held) >= len(one.schools) for one in held.strata.values())
