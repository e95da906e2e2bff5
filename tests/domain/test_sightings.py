"""What a good answer showed ties its service to others; nothing else does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.networks import Networks
from monitor.domain.observation import Certificate, Failure, Observation
from monitor.domain.sightings import Sighting, Sightings, unseen
from monitor.domain.ties import Ties, bonded, bonds_of
from monitor.domain.verdict import Verdict, first_verdict
from tests.domain.small import T0, at, catalog, said, service

NETWORKS = Networks(
    [
        (ip_network("192.0.2.0/24"), "OVH"),
        (ip_network("192.0.2.128/25"), "Renater"),
        (ip_network("2001:db8::/32"), "OVH"),
    ]
)
A = service("a")
BOTH = replace(A, probes=(*A.probes, replace(A.probes[0], id="a/context")))
FRANCE = catalog(BOTH, service("b", operator=None, platform=None))
NOW = at(3600)


def good(
    seconds: float,
    address: str | None = None,
    issuer: str | None = None,
    probe: str = "a/login",
    vantage: str = "local",
) -> Observation:
    shown = None if issuer is None else Certificate("f", T0, issuer)
    return replace(said(probe, seconds), address=address, certificate=shown, vantage=vantage)


def heard(known: Sightings, *answers: Observation, verdicts: Iterable[Verdict] = ()) -> Sightings:
    fresh: dict[str, list[Observation]] = {}
    for one in answers:
        fresh.setdefault(one.probe, []).append(one)
    return known.learned(fresh, {one.probe: one for one in verdicts}, NOW)


def observed(known: Sightings, name: str = "a") -> set[str]:
    return set(known.bonds.ties[name].shared - bonds_of(FRANCE).ties[name].shared)


@pytest.fixture
def nothing() -> Sightings:
    return unseen(FRANCE, "local", NETWORKS)


def test_before_any_answer_services_share_what_the_catalogue_says(nothing: Sightings) -> None:
    assert nothing.bonds == bonds_of(FRANCE)
    assert heard(nothing) is nothing


def test_a_good_answer_ties_beside_what_is_declared(nothing: Sightings) -> None:
    known = heard(nothing, good(0, "192.0.2.1", "Let’s Encrypt"), good(0, "192.0.2.200", probe="b/login"))
    assert known.bonds.ties["a"] == Ties(
        frozenset({"operator:edifice", "platform:entcore", "network:OVH", "issuer:Let’s Encrypt"})
    )
    assert known.bonds.ties["b"].shared == {"network:Renater"}
    assert known.by_probe["a/login"] == Sighting("Let’s Encrypt", "192.0.2.1", "OVH")


def test_the_same_again_changes_nothing_at_all(nothing: Sightings) -> None:
    known = heard(nothing, good(0, "192.0.2.1", "Certigna"))
    assert heard(known, good(60, "192.0.2.1", "Certigna")) is known


def test_another_address_of_the_same_network_makes_no_new_ties(nothing: Sightings) -> None:
    known = heard(nothing, good(0, "192.0.2.1"))
    moved = heard(known, good(60, "2001:db8::1"))
    assert moved is not known
    assert moved.bonds is known.bonds
    away = heard(moved, good(120, "192.0.2.129"))
    assert observed(away) == {"network:Renater"}
    assert away.bonds.ties["b"] is known.bonds.ties["b"]


def test_a_service_shares_what_any_of_its_probes_showed(nothing: Sightings) -> None:
    known = heard(nothing, good(0, "192.0.2.1", "Certigna"), good(0, "192.0.2.129", "Sectigo", "a/context"))
    assert observed(known) == {"network:OVH", "network:Renater", "issuer:Certigna", "issuer:Sectigo"}
    assert observed(heard(known, good(60, "198.51.100.1", probe="a/context"))) == {"network:OVH", "issuer:Certigna"}


@pytest.mark.parametrize(
    "answer",
    [
        replace(good(0, "192.0.2.1", "X"), failure=Failure.TLS_EXPIRED),  # another server's, before a redirect
        replace(good(0, "192.0.2.1", "X"), failure=Failure.OURS_BLOCKED),
        good(0, "192.0.2.1", "X", vantage="elsewhere"),
        good(0, "192.0.2.1", "X", probe="canary/0"),
        good(0, "192.0.2.1", "X", probe="gone/login"),
        good(0),
    ],
    ids=["failed", "ours", "another vantage", "canary", "gone", "shows nothing"],
)
def test_what_ties_nobody(nothing: Sightings, answer: Observation) -> None:
    assert heard(nothing, answer) is nothing


def test_a_late_answer_is_no_news(nothing: Sightings) -> None:
    judged = replace(first_verdict(FRANCE.services["a"].probes[0], "local", T0), last_at=at(60))
    known = heard(nothing, good(59, "192.0.2.1"), good(60, "192.0.2.1"), verdicts=[judged])
    assert known is nothing
    assert observed(heard(nothing, good(61, "192.0.2.1"), verdicts=[judged])) == {"network:OVH"}
    ahead = replace(judged, last_at=NOW + timedelta(hours=1))  # from before the clock was set back: vouches for nothing
    assert observed(heard(nothing, good(61, "192.0.2.1"), verdicts=[ahead])) == {"network:OVH"}


def test_without_a_table_addresses_say_nothing() -> None:
    known = heard(unseen(FRANCE, "local"), good(0, "192.0.2.1", "Certigna"))
    assert observed(known) == {"issuer:Certigna"}
    assert heard(known, good(60, "192.0.2.2", "Certigna")) is known


answers = st.lists(
    st.builds(
        good,
        st.integers(0, 20),
        st.sampled_from([None, "192.0.2.1", "192.0.2.129", "2001:db8::1", "198.51.100.1"]),
        st.sampled_from([None, "Certigna", "Sectigo"]),
        st.sampled_from(["a/login", "a/context", "b/login"]),
    ),
    unique_by=lambda one: (one.probe, one.at),
    max_size=12,
)


@given(answers, st.randoms(use_true_random=False))
def test_it_is_what_the_newest_answer_of_each_probe_shows_in_whatever_order(several: list[Observation], dice) -> None:
    nothing = unseen(FRANCE, "local", NETWORKS)
    newest = {one.probe: one for one in sorted(several, key=lambda one: one.at)}
    shuffled = list(several)
    dice.shuffle(shuffled)
    once, by_one = heard(nothing, *shuffled), nothing
    for one in sorted(several, key=lambda one: one.at):
        by_one = heard(by_one, one)
    # The last two: as a restart learns it, and as it is worked out anew.
    learned_anew = heard(nothing, *newest.values()).bonds
    assert once.bonds == by_one.bonds == learned_anew == bonded(by_one.bonds.ties)
    for name in FRANCE.services:
        expected = set()
        for probe, one in newest.items():
            if probe.startswith(f"{name}/"):
                expected |= {f"issuer:{one.certificate.issuer}"} if one.certificate else set()
                network = NETWORKS.of(one.address or "")
                expected |= {f"network:{network}"} if network else set()
        assert observed(once, name) == expected
