from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.catalog import Audience
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.rollup import (
    AFFECTED_FROM,
    KNOWN_FROM,
    Ground,
    TerritoryHealth,
    roll_up,
    share_of,
    survey,
)
from monitor.domain.weights import Pupils, Weighting, audiences_of
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


def at_place(ground: Ground, code: str, **healths: Health) -> TerritoryHealth:
    return next(one for one in roll_up(ground, healths) if one.code == code)


def known(*names: str) -> dict[str, Health]:
    return dict.fromkeys(names, Health.UP)


def test_less_than_half_known_takes_no_colour_but_prints_its_share() -> None:
    ground = survey(catalog(*(service(name) for name in "abcde")))
    found = at_place(ground, "D:01", a=Health.DOWN, b=Health.UP)
    (only,) = found.audiences
    assert (found.health, found.share_affected, found.coverage) == (Health.UNKNOWN, 0.5, pytest.approx(0.4))
    assert (only.health, only.share, only.coverage) == (Health.UNKNOWN, 0.5, pytest.approx(0.4))
    assert at_place(ground, "D:01", a=Health.DOWN, b=Health.UP, c=Health.UP).health is Health.DOWN


def test_half_known_is_enough() -> None:
    ground = survey(catalog(*(service(name) for name in "abcd")))
    assert KNOWN_FROM == 0.5
    assert at_place(ground, "D:01", a=Health.DOWN, b=Health.UP).health is Health.DOWN


def test_the_sample_is_each_audiences_own() -> None:
    lycees = [service(f"l{n}", audience=(Audience.LYCEE,)) for n in range(3)]
    found = at_place(survey(catalog(service("c"), *lycees)), "D:01", c=Health.UP, l0=Health.DOWN)
    assert [(one.audience, one.health) for one in found.audiences] == [
        (Audience.COLLEGE, Health.UP),
        (Audience.LYCEE, Health.UNKNOWN),
    ]
    assert found.health is Health.UP


PUPILS: Pupils = {("D:01", Audience.COLLEGE): 100, ("D:69", Audience.COLLEGE): 900}


def test_pupils_weigh_once_a_directory_knows_them_all() -> None:
    ground = survey(catalog(service("a"), service("b", territories=("D:69",))), PUPILS)
    assert ground.weighting is Weighting.PUPILS
    found = at_place(ground, "A:lyon", a=Health.DOWN, b=Health.UP)
    assert (found.health, found.share_affected) == (Health.UP, pytest.approx(0.1))
    assert share_of(ground, "A:lyon", ["b"]) == pytest.approx(0.9)
    assert at_place(ground, "D:01", a=Health.DOWN).share_affected == 1.0
    assert at_place(ground, "A:lyon", b=Health.UP).coverage == pytest.approx(0.9)


def test_staff_are_weighed_by_departement_beside_pupils_and_do_not_mix() -> None:
    staff = service("s", audience=(Audience.PERSONNELS,), territories=("A:lyon",))
    ground = survey(catalog(service("a"), service("b", territories=("D:69",)), staff), PUPILS)
    found = at_place(ground, "A:lyon", a=Health.UP, s=Health.DOWN)
    assert {one.audience: (one.weighting, one.share) for one in found.audiences} == {
        Audience.COLLEGE: (Weighting.PUPILS, 0.0),
        Audience.PERSONNELS: (Weighting.DEPARTEMENT, 1.0),
    }
    assert found.coverage == pytest.approx(0.1)  # of the pupils: two départements of staff are no two pupils
    alone = at_place(survey(catalog(service("a"), staff), PUPILS), "D:69", s=Health.UP)
    assert (alone.coverage, alone.health) == (1.0, Health.UP)


def test_a_place_nobody_counted_speaks_for_itself_and_weighs_nothing_above() -> None:
    far = service("y", territories=("C:975",))
    ground = survey(catalog(service("a"), far), PUPILS)
    assert at_place(ground, "C:975", y=Health.DOWN).health is Health.DOWN
    assert at_place(ground, "C:975", y=Health.DOWN).audiences[0].weighting is Weighting.DEPARTEMENT
    above = at_place(ground, "A:lyon", a=Health.UP, y=Health.DOWN)
    assert (above.share_affected, above.services) == (0.0, ("a", "y"))


def test_a_quarter_of_pupils_that_floats_cannot_write_is_a_quarter() -> None:
    pupils = {("D:01", Audience.COLLEGE): 1, ("D:69", Audience.COLLEGE): 3}
    thirds = [service(f"s{n}", territories=("D:01", "D:69")) for n in range(3)]
    ground = survey(catalog(*thirds, service("b", territories=("D:69", "D:01"))), pupils)
    assert at_place(ground, "A:lyon", **known("s0", "s1", "s2"), b=Health.DOWN).health is Health.DOWN


def test_national_services_stay_national_with_a_directory_too() -> None:
    ground = survey(catalog(service("a"), service("d", territories=("N",))), PUPILS)
    assert all("d" not in one.services for one in roll_up(ground, {}))
    assert at_place(ground, "N", a=Health.UP, d=Health.DOWN).health is Health.UP
    assert share_of(ground, "N", ["d"]) == 0.0


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


NUMBERS = st.one_of(st.none(), st.integers(1, 10**6))


@given(st.fixed_dictionaries(dict.fromkeys("abc", HEALTHS)), st.lists(NUMBERS, min_size=4, max_size=4))
def test_shares_are_shares_in_either_unit(healths: dict[str, Health], numbers: list[int | None]) -> None:
    cells = [(place, audience) for place in ("D:01", "D:69") for audience in (Audience.COLLEGE, Audience.LYCEE)]
    pupils = {cell: number for cell, number in zip(cells, numbers, strict=True) if number}
    ground = survey(small_france(), pupils)
    assert ground.weighting is (Weighting.PUPILS if None not in numbers else Weighting.DEPARTEMENT)
    for one in roll_up(ground, healths):
        parts = [
            one.share_affected,
            one.coverage,
            *(part for each in one.audiences for part in (each.share, each.coverage)),
        ]
        assert all(0 <= part <= 1 for part in parts)
    assert all(0 <= share_of(ground, code, ["a", "c"]) <= 1 for code in ground.figures)


@given(HEALTHS, HEALTHS, st.integers(1, 10**6), st.booleans(), st.integers(1, 10**6))
def test_splitting_a_service_in_two_halves_changes_no_territory(
    one: Health, other: Health, near: int, counted: bool, users: int
) -> None:
    """Halves by place, by audience, or of its users at the same place."""
    pupils = {
        (place, audience): near if place == "D:01" else 500
        for place in ("D:01", "D:69")
        for audience in (Audience.COLLEGE, Audience.LYCEE)
    }
    numbers = pupils if counted else None
    both, places = (Audience.COLLEGE, Audience.LYCEE), ("D:01", "D:69")
    beside = service("z", territories=places, audience=both, users=700)
    whole = service("w", territories=places, audience=both, users=2 * users)
    halves = {
        "users": [replace(whole, id=name, users=users) for name in ("w1", "w2")],
    }
    if counted:  # without a directory, users lie evenly over places: half of the places is half of the users
        bare = replace(whole, users=None)
        halves["places"] = [replace(bare, id=f"w{place}", territories=(place,)) for place in places]
        halves["audiences"] = [replace(bare, id=f"w{each}", audience=(each,)) for each in both]
    for name, split in halves.items():
        kept = whole if name == "users" else replace(whole, users=None)
        before = roll_up(survey(catalog(beside, kept), numbers), {"z": other, "w": one})
        after = roll_up(survey(catalog(beside, *split), numbers), {"z": other} | {half.id: one for half in split})
        for old, new in zip(before, after, strict=True):
            assert (old.code, old.health) == (new.code, new.health)
            assert [each.share for each in old.audiences] == pytest.approx([each.share for each in new.audiences])
            assert old.coverage == pytest.approx(new.coverage)


@given(st.fixed_dictionaries(dict.fromkeys("abc", HEALTHS)), HEALTHS, st.booleans())
def test_what_happens_to_lycees_is_nothing_to_colleges(
    healths: dict[str, Health], lycees: Health, counted: bool
) -> None:
    pupils = {(place, audience): 7 for place in ("D:01", "D:69") for audience in (Audience.COLLEGE, Audience.LYCEE)}
    ground = survey(small_france(), pupils if counted else None)
    for old, new in zip(roll_up(ground, healths), roll_up(ground, {**healths, "c": lycees}), strict=True):
        colleges = [[one for one in each.audiences if one.audience is Audience.COLLEGE] for each in (old, new)]
        assert colleges[0] == colleges[1]


@given(st.permutations("abc"))
def test_the_order_of_services_does_not_matter(order: list[str]) -> None:
    base = small_france()
    shuffled = replace(base, services={name: base.services[name] for name in order})
    healths = {"a": Health.DOWN, "b": Health.SLOW, "c": Health.UP}
    assert roll_up(survey(shuffled), healths) == roll_up(survey(base), healths)
