import pytest

from monitor.domain.ties import Ties, declared, ties_of, upstream
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
    known = ties_of(
        catalog(
            service("a", hoster="AWS", zones=("a.fr", "b.fr"), depends_on=("b",)),
            service("b", operator=None, platform=None, hoster="inconnu"),
        )
    )
    assert known["a"] == Ties(
        frozenset({"operator:edifice", "platform:entcore", "hoster:AWS", "zone:a.fr", "zone:b.fr"}), ("b",)
    )
    assert known["b"] == Ties()


def test_what_a_service_needs_is_followed_through_and_a_circle_ends():
    ties = {"a": Ties(depends_on=("b", "c")), "b": Ties(depends_on=("c",)), "c": Ties(depends_on=("a", "gone"))}
    assert sorted(upstream("a", ties)) == ["b", "c", "gone"]
