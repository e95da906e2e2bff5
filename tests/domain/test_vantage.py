"""Several vantages: who is believed when they disagree."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.observation import SEVERITY, Failure, Health
from monitor.domain.service_verdict import ServiceVerdict
from monitor.domain.vantage import agreed
from tests.domain.small import at

UP, SLOW, DOWN, UNKNOWN = Health.UP, Health.SLOW, Health.DOWN, Health.UNKNOWN


def views(*said: tuple[Health, float]) -> dict[str, ServiceVerdict]:
    failure = {DOWN: Failure.CONNECT_REFUSED}
    return {f"v{n}": ServiceVerdict("a", health, at(s), failure.get(health)) for n, (health, s) in enumerate(said)}


@pytest.mark.parametrize(
    ("said", "health", "since", "disputed"),
    [
        ([(DOWN, 5)], DOWN, 5, ()),
        ([(DOWN, 5), (UNKNOWN, 1)], DOWN, 5, ()),
        ([(UNKNOWN, 5), (UNKNOWN, 9)], UNKNOWN, 9, ()),
        ([(DOWN, 10), (UP, 0)], UP, 0, ("v0",)),
        ([(UP, 0), (DOWN, 10)], UP, 0, ("v1",)),
        ([(DOWN, 10), (SLOW, 4)], SLOW, 10, ("v0",)),
        ([(DOWN, 10), (DOWN, 30)], DOWN, 30, ()),
        ([(UP, 0), (DOWN, 10), (DOWN, 20)], DOWN, 20, ()),
        ([(DOWN, 10), (UP, 0), (UP, 30)], UP, 30, ("v0",)),
        ([(DOWN, 10), (UP, 0), (UP, 3), (DOWN, 12)], UP, 3, ("v0", "v3")),
        ([(DOWN, 10), (UP, 0), (UNKNOWN, 3), (DOWN, 12)], DOWN, 12, ()),
    ],
)
def test_the_worst_that_a_majority_says(
    said: Sequence[tuple[Health, float]], health: Health, since: float, disputed: tuple[str, ...]
) -> None:
    found = agreed(views(*said))
    assert (found.verdict.health, found.verdict.since, found.disputed) == (health, at(since), disputed)


def test_the_failure_is_one_of_those_who_say_so() -> None:
    assert agreed(views((DOWN, 1), (DOWN, 2), (UP, 0))).verdict.failure is Failure.CONNECT_REFUSED
    assert agreed(views((DOWN, 1), (UP, 0))).verdict.failure is None


def test_one_shaky_path_does_not_make_a_service_unstable() -> None:
    here, there = views((UP, 0), (UP, 0)).values()
    assert not agreed({"here": replace(here, unstable=True), "there": there}).verdict.unstable
    assert agreed({"here": replace(here, unstable=True)}).verdict.unstable


def test_nobody_has_no_opinion() -> None:
    with pytest.raises(ValueError, match="vantage"):
        agreed({})


@given(st.lists(st.tuples(st.sampled_from(Health), st.integers(0, 50)), min_size=1, max_size=7), st.data())
def test_the_order_of_vantages_does_not_matter_and_a_minority_accuses_nobody(
    said: list[tuple[Health, float]], data: st.DataObject
) -> None:
    found = agreed(views(*said))
    shuffled = agreed(views(*data.draw(st.permutations(said))))
    assert (found.verdict.health, found.verdict.since) == (shuffled.verdict.health, shuffled.verdict.since)
    known = [health for health, _ in said if health is not UNKNOWN]
    as_bad = [health for health in known if SEVERITY[health] >= SEVERITY[found.verdict.health]]
    assert not known or 2 * len(as_bad) > len(known)
