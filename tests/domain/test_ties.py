import pytest

from monitor.domain.ties import Ties, bonded, bonds_of, declared, upstream
from tests.domain.small import catalog, service


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "  ",
        "-",
        "–",
        "inconnu",
        "Inconnu",
        "INCONNUE",
        "inconnu en 2021",
        "contesté",
        "Contesté : OVH le nie",
    ],
)
def test_nobody_is_declared(words):
    assert declared(words) is None


@pytest.mark.parametrize("words", ["AWS", " GIP RECIA ", "Inconnus-Hébergement", "académie de Rennes"])
def test_somebody_is_declared(words):
    assert declared(words) == words.strip()


def test_ties_are_what_the_catalogue_declares():
    known = bonds_of(
        catalog(
            service("a", hoster="AWS", zones=("a.fr", "b.fr"), depends_on=("b",)),
            service("b", operator=None, platform=None, hoster="inconnu"),
        )
    ).ties
    assert known["a"] == Ties(
        frozenset({"operator:edifice", "platform:entcore", "hoster:AWS", "zone:a.fr", "zone:b.fr"}), ("b",)
    )
    assert known["b"] == Ties()


def test_what_a_service_needs_is_followed_through_and_a_circle_ends():
    ties = {"a": Ties(depends_on=("b", "c")), "b": Ties(depends_on=("c",)), "c": Ties(depends_on=("a", "gone"))}
    assert sorted(upstream("a", ties)) == ["b", "c", "gone"]


def test_who_belongs_to_a_candidate_is_read_off_the_ties():
    login, portal = Ties(frozenset({"operator:o"})), Ties(frozenset({"operator:o", "zone:z"}), ("login",))
    known = bonded({"login": login, "a": portal, "b": Ties(depends_on=("a", "gone")), "c": Ties()})
    assert known.inside("operator:o") == {"login", "a"}
    assert known.inside("service:login") == {"login", "a", "b"}
    assert known.inside("service:gone") == {"gone", "b"}
    assert known.inside("service:c") == {"c"}
    assert known.inside("hoster:nobody") == frozenset()
