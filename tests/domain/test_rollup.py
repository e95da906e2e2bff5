from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Audience
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.rollup import AFFECTED_FROM, TerritoryHealth, audiences_of, roll_up, share_of, survey
from tests.domain.small import catalog, service, small_france

HEALTHS = st.sampled_from(Health)


def rolled(**healths: Health) -> dict[str, TerritoryHealth]:
    return {one.code: one for one in roll_up(survey(small_france()), healths)}


def test_a_quarter_at_a_standstill_paints_the_territory() -> None:
    found = rolled(a=Health.DOWN, b=Health.UP, c=Health.UP)
    assert (found["A:lyon"].health, found["A:lyon"].share_affected) == (Health.DOWN, 0.5)
    assert found["D:69"].health is Health.UP
    assert found["D:01"].share_affected == 1.0


def test_one_failing_service_among_many_does_not_paint_a_country() -> None:
    many = catalog(*(service(f"s{n}") for n in range(9)))
    found = {
        one.code: one for one in roll_up(survey(many), {f"s{n}": Health.UP for n in range(9)} | {"s0": Health.DOWN})
    }
    assert found["N"].health is Health.UP
    assert found["N"].share_affected == pytest.approx(1 / 9)


def test_audiences_are_kept_apart() -> None:
    found = rolled(a=Health.DOWN, b=Health.DOWN, c=Health.UP)["A:lyon"]
    assert {one.audience: one.health for one in found.audiences} == {
        Audience.COLLEGE: Health.DOWN,
        Audience.LYCEE: Health.UP,
    }
    assert found.health is Health.DOWN


def test_slow_needs_its_quarter_too() -> None:
    assert rolled(a=Health.SLOW, b=Health.UP, c=Health.UP)["A:lyon"].health is Health.SLOW


def test_the_worst_of_what_stands_still_gives_its_name() -> None:
    assert rolled(a=Health.WAITING, b=Health.DOWN, c=Health.UP)["A:lyon"].health is Health.DOWN


def test_unknown_leaves_the_denominator_and_lowers_the_coverage() -> None:
    found = rolled(a=Health.DOWN, c=Health.UP)["A:lyon"]
    assert found.share_affected == 1.0
    assert found.coverage == pytest.approx(3 / 4)
    assert rolled()["A:lyon"].health is Health.UNKNOWN
    assert rolled()["A:lyon"].coverage == 0.0


def test_national_services_colour_nothing() -> None:
    assert "d" not in rolled(d=Health.DOWN)["N"].services


def test_a_place_without_services_is_unknown() -> None:
    found = rolled(a=Health.UP)["C:988"]
    assert (found.health, found.services, found.coverage) == (Health.UNKNOWN, (), 0.0)


def test_a_collectivite_counts_what_names_it_only() -> None:
    ground = survey(catalog(service("x", territories=("A:lyon",)), service("y", territories=("C:975",))))
    found = {one.code: one.services for one in roll_up(ground, {})}
    assert found["C:975"] == ("y",)
    assert found["D:01"] == ("x",)


def test_tous_stands_for_the_three_schools() -> None:
    assert audiences_of(service("x", audience=(Audience.TOUS, Audience.LYCEE))) == (
        Audience.ECOLE,
        Audience.COLLEGE,
        Audience.LYCEE,
    )


def test_the_share_of_an_incident_is_that_of_the_audience_it_matters_most_to() -> None:
    ground = survey(small_france())
    assert share_of(ground, "A:lyon", ["a"]) == 0.5
    assert share_of(ground, "A:lyon", ["c"]) == 1.0
    assert share_of(ground, "C:988", ["a"]) == 0.0
    assert share_of(ground, "nowhere", ["a"]) == 0.0


@given(st.fixed_dictionaries(dict.fromkeys("abc", HEALTHS)))
def test_shares_are_shares_and_a_territory_is_never_worse_than_its_worst_service(healths: dict[str, Health]) -> None:
    for one in roll_up(survey(small_france()), healths):
        assert 0 <= one.share_affected <= 1
        assert 0 <= one.coverage <= 1
        inside = [SEVERITY[healths[name]] for name in one.services]
        assert SEVERITY[one.health] <= max(inside, default=-1)
        if one.health in (Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.MAINTENANCE):
            assert one.share_affected >= AFFECTED_FROM


@given(st.permutations("abc"))
def test_the_order_of_services_does_not_matter(order: list[str]) -> None:
    base = small_france()
    shuffled = replace(base, services={name: base.services[name] for name in order})
    healths = {"a": Health.DOWN, "b": Health.SLOW, "c": Health.UP}
    assert roll_up(survey(shuffled), healths) == roll_up(survey(base), healths)
