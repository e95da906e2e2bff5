from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.attribution import Attribution, Count, Trouble, attribute
from monitor.domain.observation import Failure
from monitor.domain.ties import Ties, bonded
from tests.domain.small import at


def bad(name: str, seconds: float = 0, failure: Failure = Failure.EXCHANGE_TIMEOUT) -> Trouble:
    return Trouble(name, at(seconds), failure.health, failure)


def tied(*candidates: str, needs: Iterable[str] = ()) -> Ties:
    return Ties(frozenset(candidates), tuple(needs))


def many(prefix: str, number: int, *candidates: str, needs: Iterable[str] = ()) -> dict[str, Ties]:
    return {f"{prefix}{n}": tied(*candidates, needs=needs) for n in range(number)}


def judged(troubles: Iterable[Trouble], ties: dict[str, Ties], unknown: Iterable[str] = ()) -> dict[str, Attribution]:
    """By culprit; whoever is neither unwell nor unknown is well."""
    troubles = list(troubles)
    well = ties.keys() - {one.service for one in troubles} - set(unknown)
    found = attribute(troubles, well, bonded(ties))
    by_culprit = {one.culprit: one for one in found}
    assert len(by_culprit) == len(found)
    return by_culprit


def named(counts: Iterable[Count]) -> list[str]:
    return [one.candidate for one in counts]


# A country with the real one's proportions: one operator that runs a third on a platform that is its own.
EDIFICE = many("e", 38, "operator:edifice", "platform:entcore")
ELSEWHERE = many("x", 65)


def test_nothing_unwell_is_nothing_to_attribute():
    assert attribute([], {"a"}, bonded({"a": Ties()})) == ()


class TestApril2021:
    def test_five_of_38_portals_against_eight_of_65_elsewhere_explain_nothing(self):
        """6 April at 8:00: a grouping of that operator, and what the test honestly gives."""
        troubles = [bad(f"e{n}", n, Failure.CONTENT_WAITING_ROOM) for n in range(5)]
        troubles += [bad(f"x{n}", 2 * n) for n in range(8)]
        found = judged(troubles, EDIFICE | ELSEWHERE)
        group = found.pop("operator:edifice")
        assert group.services == ("e0", "e1", "e2", "e3", "e4")
        assert not group.explained
        test = group.test
        assert (test.unwell_inside, test.inside, test.unwell_outside, test.outside) == (5, 38, 8, 65)
        assert test.chance > 0.5
        assert (named(group.beaten), group.ruled_out) == (["platform:entcore"], ())  # the very same services: as likely
        assert group.undeclared == ("hoster", "network")
        assert sorted(found) == [f"service:x{n}" for n in range(8)]
        assert not any(one.explained for one in found.values())

    def test_the_cned_alone_is_by_itself(self):
        cned = many("cned", 5, "operator:cned", "platform:moodle")
        found = judged([bad("cned0")], EDIFICE | ELSEWHERE | cned)
        assert found == {"service:cned0": Attribution("service:cned0", ("cned0",), undeclared=("hoster", "network"))}

    def test_a_shared_login_that_falls_takes_its_portals_with_it(self):
        """Net O'Centre: whoever runs all of them cannot be told from the login they share."""
        recia = tied("operator:recia", "hoster:GIP RECIA")
        ties = {"cas": recia} | {f"ent{n}": Ties(recia.shared, ("cas",)) for n in range(7)} | EDIFICE | ELSEWHERE
        found = judged([bad("cas", 20), *(bad(f"ent{n}", 5 * n) for n in range(7))], ties)
        login = found["service:cas"]
        assert found.keys() == {"service:cas"}
        assert not login.explained
        assert (login.test.unwell_inside, login.test.inside) == (8, 8)
        assert named(login.beaten) == ["hoster:GIP RECIA", "operator:recia"]
        assert login.beaten[0].chance == login.test.chance < 1e-8


class TestExplanation:
    def test_a_hoster_across_operators(self):
        hosted = (
            many("e", 3, "operator:edifice", "hoster:X")
            | many("k", 2, "operator:kosmos", "hoster:X")
            | many("i", 2, "operator:itop", "hoster:X")
        )
        others = many("f", 25, "operator:edifice") | many("l", 15, "operator:kosmos") | many("y", 20)
        found = judged([bad(name, 7 * n) for n, name in enumerate(hosted)], hosted | others)
        hoster = found["hoster:X"]
        assert found.keys() == {"hoster:X"}
        assert hoster.explained
        assert hoster.services == tuple(sorted(hosted))
        test = hoster.test
        assert (test.unwell_inside, test.inside, test.unwell_outside, test.outside) == (7, 7, 0, 60)
        assert test.chance < 1e-7
        assert named(hoster.ruled_out) == ["operator:edifice", "operator:kosmos"]
        assert named(hoster.beaten) == ["operator:itop"]
        assert hoster.undeclared == ("platform", "network")

    def test_a_login_with_portals_of_many_operators(self):
        portals = {f"p{n}": tied(f"operator:o{n}", needs=["login"]) for n in range(6)}
        ties = portals | {"login": Ties()} | ELSEWHERE
        found = judged([bad("login"), *(bad(name) for name in list(portals)[:5])], ties)
        login = found["service:login"]
        assert login.explained
        assert (login.test.unwell_inside, login.test.inside) == (6, 7)

    def test_a_login_that_is_not_measured_may_be_what_explains(self):
        ties = many("p", 6, needs=["login"]) | {"login": Ties()} | ELSEWHERE
        found = judged([bad(f"p{n}") for n in range(6)], ties, unknown=["login"])
        assert found["service:login"].explained
        assert found["service:login"].services == ("p0", "p1", "p2", "p3", "p4", "p5")

    def test_a_login_that_works_is_ruled_out(self):
        ties = many("p", 6, needs=["login"]) | {"login": Ties()} | ELSEWHERE
        found = judged([bad(f"p{n}") for n in range(6)], ties)
        assert sorted(found) == [f"service:p{n}" for n in range(6)]
        assert named(found["service:p0"].ruled_out) == ["service:login"]

    def test_two_independent_failures_at_once_are_two_explanations(self):
        first, second = many("a", 6, "operator:a"), many("b", 7, "hoster:b")
        troubles = [bad(name, n) for n, name in enumerate([*first, *second])]
        found = judged(troubles, first | second | ELSEWHERE)
        assert {one.culprit: one.services for one in found.values() if one.explained} == {
            "operator:a": tuple(first),
            "hoster:b": tuple(second),
        }

    def test_chance_alone_is_not_explained(self):
        """Two in a big set: any two would do."""
        found = judged([bad("e0"), bad("e1", 9)], EDIFICE | ELSEWHERE)
        assert sorted(found) == ["service:e0", "service:e1"]
        assert named(found["service:e0"].ruled_out) == ["operator:edifice", "platform:entcore"]

    def test_few_controls_leave_it_at_chance_level(self):
        found = judged([bad("a0"), bad("a1")], many("a", 2, "hoster:a") | many("x", 3))
        assert sorted(found) == ["service:a0", "service:a1"]
        assert named(found["service:a0"].beaten) == ["hoster:a"]

    def test_half_of_a_set_that_works_rules_it_out(self):
        ties = many("a", 8, "hoster:a") | ELSEWHERE
        found = judged([bad(f"a{n}") for n in range(4)], ties)
        assert not any(one.explained for one in found.values())
        assert named(found["service:a0"].ruled_out) == ["hoster:a"]

    def test_what_failed_otherwise_counts_nowhere(self):
        ties = many("a", 8, "hoster:a") | ELSEWHERE
        troubles = [bad(f"a{n}") for n in range(6)]
        otherwise = [bad("a6", 0, Failure.RESOLVE_NXDOMAIN), bad("a7", -7200), bad("x0", -7200)]
        test = judged([*troubles, *otherwise], ties)["hoster:a"].test
        assert (test.unwell_inside, test.inside, test.unwell_outside, test.outside) == (6, 6, 0, 64)

    def test_a_late_one_inside_joins_and_a_much_later_one_does_not(self):
        ties = many("a", 9, "hoster:a") | ELSEWHERE
        late = [bad("a6", 1700), bad("a7", 3700), bad("a8", 0, Failure.RESOLVE_NXDOMAIN)]
        found = judged([*(bad(f"a{n}") for n in range(6)), *late], ties)
        assert found["hoster:a"].services == ("a0", "a1", "a2", "a3", "a4", "a5", "a6")
        assert found["hoster:a"].test.unwell_inside == 6
        assert sorted(found) == ["hoster:a", "service:a7", "service:a8"]

    def test_who_depends_on_a_victim_follows_it(self):
        ties = many("a", 6, "hoster:a") | {"ent": tied("operator:o", needs=["a0"])} | ELSEWHERE
        found = judged([*(bad(f"a{n}") for n in range(6)), bad("ent", 9000, Failure.CONTENT_UNEXPECTED)], ties)
        assert found.keys() == {"hoster:a"}
        assert "ent" in found["hoster:a"].services

    def test_the_same_cause_twice_is_one_attribution_with_its_best_figures(self):
        ties = many("a", 12, "hoster:a") | ELSEWHERE
        troubles = [*(bad(f"a{n}") for n in range(5)), *(bad(f"a{n}", 7200) for n in range(5, 12))]
        found = judged(troubles, ties)
        assert found.keys() == {"hoster:a"}
        assert found["hoster:a"].test.unwell_inside == 7

    def test_what_was_not_observed_is_listed_where_it_may_be_behind_it(self):
        declared = ("operator:o", "platform:p", "hoster:h")
        ties = {"a": tied(*declared, "network:n", "issuer:i"), "b": tied(*declared)}

        def undeclared(*names: str, failure: Failure) -> tuple[str, ...]:
            (one,) = judged([bad(name, failure=failure) for name in names], ties).values()
            return one.undeclared

        assert undeclared("a", failure=Failure.TLS_EXPIRED) == ()
        assert undeclared("a", "b", failure=Failure.TLS_EXPIRED) == ("network", "issuer")
        assert undeclared("a", "b", failure=Failure.EXCHANGE_TIMEOUT) == ("network",)

    def test_an_issuer_explains_certificates_and_nothing_else(self):
        ties = many("a", 6, "issuer:i") | ELSEWHERE
        expired = judged([bad(f"a{n}", 0, Failure.TLS_UNTRUSTED) for n in range(6)], ties)
        assert expired["issuer:i"].explained
        silent = judged([bad(f"a{n}") for n in range(6)], ties)
        assert not any(one.explained or one.beaten for one in silent.values())


class TestCannotTell:
    def test_an_operator_and_the_hoster_of_all_it_runs(self):
        ties = many("a", 6, "operator:a", "hoster:b") | ELSEWHERE
        group = judged([bad(f"a{n}") for n in range(6)], ties)["operator:a"]
        assert not group.explained
        assert named(group.beaten) == ["hoster:b"]
        assert group.beaten[0].chance == group.test.chance < 0.01

    def test_one_service_between_two_sets_is_too_little(self):
        ties = many("a", 6, "operator:a", "hoster:b") | {"c": tied("hoster:b")} | ELSEWHERE
        found = judged([bad(f"a{n}") for n in range(6)], ties)
        assert not found["operator:a"].explained

    def test_two_services_between_them_tell(self):
        ties = many("a", 6, "operator:a", "hoster:b") | many("c", 2, "hoster:b") | ELSEWHERE
        found = judged([bad(f"a{n}") for n in range(6)], ties)
        assert found["operator:a"].explained
        found = judged([bad(name) for name in ties if name[0] in "ac"], ties)
        assert found["hoster:b"].explained

    def test_a_part_of_what_cannot_be_told_apart_is_not_blamed_instead(self):
        """Ten of ten, all of them of one operator and of one hoster; five of them have a domain in common."""
        ties = many("a", 5, "operator:a", "hoster:b", "platform:p") | many("b", 5, "operator:a", "hoster:b") | ELSEWHERE
        found = judged([bad(name) for name in ties if name[0] in "ab"], ties)
        assert found.keys() == {"operator:a"}
        assert not found["operator:a"].explained

    def test_a_domain_is_a_rival_only_where_names_certificates_or_pages_fail(self):
        ties = many("a", 6, "operator:a", "zone:a.fr") | ELSEWHERE
        gone = judged([bad(f"a{n}", 0, Failure.RESOLVE_NXDOMAIN) for n in range(6)], ties)
        assert not gone["operator:a"].explained
        silent = judged([bad(f"a{n}") for n in range(6)], ties)
        assert silent["operator:a"].explained
        assert named(silent["operator:a"].beaten) == ["zone:a.fr"]

    def test_half_of_a_few_more_says_little(self):
        """Two more that work among ten of which half failed: that happens by chance."""
        ties = many("a", 11, "operator:a", "hoster:b") | many("c", 2, "hoster:b") | ELSEWHERE
        found = judged([bad(f"a{n}") for n in range(6)], ties)
        assert not any(one.explained for one in found.values())


class TestGrouped:
    def test_a_group_takes_along_who_depends_on_its_services(self):
        ties = many("a", 20, "operator:a") | {"ent": tied("operator:b", needs=["a0"])} | ELSEWHERE
        found = judged([*(bad(f"a{n}", n) for n in range(4)), bad("ent", 60, Failure.CONTENT_UNEXPECTED)], ties)
        assert found["operator:a"].services == ("a0", "a1", "a2", "a3", "ent")
        assert not found["operator:a"].explained

    def test_a_group_spread_over_time_shows_the_figures_of_where_most_began(self):
        ties = many("a", 20, "operator:a") | ELSEWHERE
        found = judged([bad("a0"), bad("a1", 1200), bad("a2", 1210), bad("a3", 1230)], ties)
        assert found["operator:a"].test.unwell_inside == 3

    def test_without_two_that_began_close_there_are_no_figures(self):
        ties = many("a", 20, "operator:a") | ELSEWHERE
        found = judged([bad(f"a{n}", 600 * n) for n in range(3)], ties)
        assert found["operator:a"].test is None

    def test_many_alternatives_are_told_up_to_a_dozen(self):
        ties = {f"a{n}": tied(*(f"hoster:h{m}" for m in range(30))) for n in range(5)} | ELSEWHERE
        found = judged([bad(f"a{n}") for n in range(5)], ties)
        assert len(found["service:a0"].beaten) == 12


CANDIDATES = [f"{kind}:{n}" for kind in ("operator", "platform", "hoster", "zone", "issuer") for n in range(3)]
FAILURES = [Failure.EXCHANGE_TIMEOUT, Failure.RESOLVE_NXDOMAIN, Failure.TLS_EXPIRED, Failure.CONTENT_UNEXPECTED]
SERVICES = [f"s{n}" for n in range(16)]


@st.composite
def scenes(draw) -> tuple[list[Trouble], set[str], dict[str, Ties]]:
    """Any ties (circles too), any troubles, any controls, some of neither."""
    ties = {
        name: Ties(
            draw(st.frozensets(st.sampled_from(CANDIDATES), max_size=4)),
            tuple(draw(st.sets(st.sampled_from(SERVICES), max_size=1))),
        )
        for name in SERVICES
    }
    states = {name: draw(st.sampled_from(["ill", "ill", "well", "well", "unknown"])) for name in SERVICES}
    troubles = [
        bad(name, draw(st.sampled_from([0, 30, 200, 900, 2500, 9000])), draw(st.sampled_from(FAILURES)))
        for name, state in states.items()
        if state == "ill"
    ]
    return troubles, {name for name, state in states.items() if state == "well"}, ties


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
@settings(max_examples=100, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_every_trouble_is_in_one_attribution_whatever_the_order(scene, dice):
    troubles, well, ties = scene
    found = attribute(troubles, well, bonded(ties))
    told = [name for one in found for name in one.services]
    assert sorted(told) == sorted(one.service for one in troubles)
    assert len({one.culprit for one in found}) == len(found)
    for one in found:
        assert one.services == tuple(sorted(one.services))
        assert not one.explained or one.test.chance <= 0.01
        assert {count.candidate for count in one.beaten}.isdisjoint(count.candidate for count in one.ruled_out)
    dice.shuffle(troubles)
    assert attribute(troubles, sorted(well, reverse=True), bonded(ties)) == found


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 8), st.integers(0, 9), st.integers(0, 9), st.integers(0, 60), st.integers(0, 2))
def test_one_more_control_inside_never_makes_a_candidate_more_explained(unwell, works, elsewhere, well, rivals):
    """A set, troubles elsewhere, and rivals that hold the same and one service more each."""
    hosters = ["hoster:a", *(f"hoster:r{n}" for n in range(rivals))]
    ties = many("a", unwell, *hosters) | many("w", works, *hosters) | many("u", elsewhere) | many("x", well)
    ties |= {f"r{n}": tied(rival) for n, rival in enumerate(hosters[1:])}
    troubles = [bad(name) for name in ties if name[0] in "au"]
    before, after = judged(troubles, ties), judged(troubles, ties | {"more": tied(*hosters)})
    if "hoster:a" in after:
        assert before["hoster:a"].explained
        assert after["hoster:a"].test.chance >= before["hoster:a"].test.chance * (1 - 1e-9)
