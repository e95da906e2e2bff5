"""Who signed up: what they are told, and which links are theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.catalog import Role
from monitor.domain.observation import Health
from monitor.domain.subscriber import (
    Purpose,
    Subscriber,
    about,
    address_key,
    links,
    named_by,
    public_id,
    subscription_of,
    token_of,
)
from monitor.domain.window import Scope, ScopeKind
from tests.domain.small import T0

SECRET = "s" * 64
ONE = Subscriber("s1", "a@b.fr", Scope(ScopeKind.TERRITORY, "A:lyon"), "en", school_hours=False, asked_at=T0)
TWO = replace(ONE, id="s2", email="c@d.fr", scope=Scope(ScopeKind.SERVICE, "ent-x"), language="fr")


def test_a_subscriber_hears_what_keeps_people_from_working_once_it_lasts():
    heard = subscription_of(ONE)
    assert (heard.territories, heard.services, heard.language) == (("A:lyon",), (), "en")
    assert (heard.role, heard.from_health, heard.settle) == (Role.PUBLIC, Health.WAITING, timedelta(minutes=5))
    of_service = subscription_of(TWO)
    assert (of_service.territories, of_service.services) == ((), ("ent-x",))
    assert heard.id == public_id("s1") != of_service.id


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_names_its_subscriber_for_its_purpose_alone(purpose):
    token = token_of(SECRET, purpose, "s1")
    assert named_by(SECRET, purpose, token) == "s1"
    for other in set(Purpose) - {purpose}:
        assert named_by(SECRET, other, token) is None
    assert named_by("t" * 64, purpose, token) is None
    name, _, proof = token.partition(".")
    for changed in (f"s2.{proof}", f"{name}.{proof[:-1]}", f"{name}.{proof}0", name, "", ".", f"{name}.é", "\udcff.x"):
        assert named_by(SECRET, purpose, changed) is None


def test_links_stand_below_the_public_address():
    found = links(SECRET, "https://vigie.example/", "s1")
    assert set(found) == set(Purpose)
    assert found[Purpose.UNSUBSCRIBE] == (
        f"https://vigie.example/abonnement/desabonner/{token_of(SECRET, Purpose.UNSUBSCRIBE, 's1')}"
    )
    assert found == links(SECRET, "https://vigie.example", "s1")


def test_what_is_kept_of_an_address_does_not_show_it_and_needs_the_secret():
    key = address_key(SECRET, "a@b.fr")
    assert key == address_key(SECRET, "a@b.fr")
    assert len({key, address_key(SECRET, "a@b.fs"), address_key("t", "a@b.fr")}) == 3
    assert "a@b" not in key


def test_they_are_found_by_id_and_by_address():
    both = [ONE, TWO]
    assert about(both, " A@b.fr ") == (ONE,)
    assert about(both, "s2") == (TWO,)
    assert about(both, "s3") == about(both, "a@b") == about(both, "") == ()
