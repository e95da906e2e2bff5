import pytest

from monitor.domain.grouping import deepest, groups
from monitor.domain.observation import Failure, Health
from monitor.domain.ties import Ties, bonded
from monitor.domain.trouble import Trouble
from tests.domain.small import at

EDIFICE = Ties(frozenset({"operator:edifice", "platform:entcore"}))
KOSMOS = Ties(frozenset({"operator:kosmos", "platform:skolengo"}))


def bad(name: str, minutes: float = 0, failure: Failure = Failure.EXCHANGE_TIMEOUT) -> Trouble:
    return Trouble(name, at(60 * minutes), failure.health, failure)


def ill(*troubles: Trouble) -> dict[str, Trouble]:
    return {one.service: one for one in troubles}


def needs(**those: str) -> dict[str, Ties]:
    return {name: Ties(depends_on=tuple(needed.split())) for name, needed in those.items()}


class TestDeepest:
    def test_it_is_the_service_itself_where_nothing_it_needs_is_unwell(self):
        assert deepest(ill(bad("a"), bad("z")), {"b"}, needs(a="b")) == {"a": "a", "z": "z"}

    def test_a_chain_is_followed_to_its_end(self):
        found = deepest(ill(bad("a", 1), bad("b"), bad("c", 2)), set(), needs(a="b", b="c"))
        assert found == {"a": "c", "b": "c", "c": "c"}

    def test_a_dependency_that_works_passes_nothing_on_and_one_not_measured_may(self):
        troubles, ties = ill(bad("a"), bad("c")), needs(a="b", b="c")
        assert deepest(troubles, {"b"}, ties)["a"] == "a"
        assert deepest(troubles, set(), ties)["a"] == "c"

    @pytest.mark.parametrize(("minutes", "culprit"), [(30, "login"), (30.1, "a"), (-600, "login")])
    def test_who_began_long_before_is_no_victim(self, minutes, culprit):
        assert deepest(ill(bad("a"), bad("login", minutes)), set(), needs(a="login"))["a"] == culprit

    def test_of_two_that_it_needs_the_first_to_begin(self):
        assert deepest(ill(bad("a", 2), bad("b", 1), bad("c")), set(), needs(a="b c"))["a"] == "c"

    def test_circles_end_at_the_first_to_begin(self):
        ties = needs(a="b", b="c", c="b", d="d")
        found = deepest(ill(bad("a"), bad("b", 2), bad("c", 1), bad("d")), set(), ties)
        assert found == {"a": "c", "b": "c", "c": "c", "d": "d"}

    def test_a_circle_of_what_is_not_measured_ends_too(self):
        assert deepest(ill(bad("a")), set(), needs(a="b", b="c", c="b"))["a"] == "a"


class TestGroups:
    def test_three_of_one_operator_within_half_an_hour(self):
        ties = dict.fromkeys("abcd", EDIFICE)
        assert groups([bad("c", 30), bad("a"), bad("b", 12)], bonded(ties)) == [("operator:edifice", ("a", "b", "c"))]

    @pytest.mark.parametrize(
        "troubles",
        [
            [bad("a"), bad("b")],
            [bad("a"), bad("b"), bad("c", failure=Failure.RESOLVE_NXDOMAIN)],
            [bad("a"), bad("b", 20), bad("c", 40), bad("d", 60)],
            [bad("a"), bad("b"), bad("c", 31)],
        ],
        ids=["two", "another family", "all of them, but never three within 30 min", "one later"],
    )
    def test_what_is_no_group(self, troubles):
        assert groups(troubles, bonded(dict.fromkeys("abcd", EDIFICE))) == []

    def test_who_begins_within_half_an_hour_of_any_joins(self):
        ties = dict.fromkeys("abcde", EDIFICE)
        troubles = [bad("e", -29), bad("a"), bad("b"), bad("c"), bad("d", 25)]
        assert groups(troubles, bonded(ties)) == [("operator:edifice", ("e", "a", "b", "c", "d"))]

    def test_both_of_an_operator_that_has_two(self):
        ties = {"a": EDIFICE, "b": EDIFICE, "c": KOSMOS}
        assert groups([bad("a"), bad("b")], bonded(ties)) == [("operator:edifice", ("a", "b"))]
        assert groups([bad("c")], bonded(ties)) == []

    def test_the_platform_where_several_operators_run_it_and_it_holds_more(self):
        other = Ties(frozenset({"operator:ville", "platform:entcore"}))
        ties = dict.fromkeys("abc", EDIFICE) | {"d": other}
        troubles = [bad(name) for name in "abcd"]
        assert groups(troubles, bonded(ties)) == [("platform:entcore", ("a", "b", "c", "d"))]

    def test_an_operator_before_a_platform_that_holds_no_more(self):
        ties = {
            "a": EDIFICE, "b": EDIFICE,
            "c": Ties(frozenset({"operator:ville", "platform:entcore"})),
            "d": Ties(frozenset({"operator:edifice"})),
        }  # fmt: skip
        assert groups([bad(name) for name in "abcd"], bonded(ties)) == [("operator:edifice", ("a", "b", "d"))]

    def test_what_a_bigger_group_leaves_is_looked_at_again(self):
        both = Ties(frozenset({"operator:kosmos", "platform:entcore"}))
        ties = dict.fromkeys("abcde", EDIFICE) | {"f": both} | dict.fromkeys("ghi", KOSMOS)
        found = groups([bad(name) for name in "abcdefghi"], bonded(ties))
        assert found == [("platform:entcore", tuple("abcdef")), ("operator:kosmos", tuple("ghi"))]
        assert groups([bad(name) for name in "abcdefgh"], bonded(ties)) == [("platform:entcore", tuple("abcdef"))]

    def test_two_families_of_one_operator_are_two_groups(self):
        ties = dict.fromkeys("abcdef", EDIFICE)
        names = [bad(name, failure=Failure.RESOLVE_NXDOMAIN) for name in "abc"]
        found = groups([*names, *(bad(name) for name in "def")], bonded(ties))
        assert sorted(found) == [("operator:edifice", tuple("abc")), ("operator:edifice", tuple("def"))]

    def test_an_unwell_service_of_no_catalogue_is_in_no_group(self):
        assert groups([Trouble("gone", at(0), Health.DOWN)], bonded({})) == []
