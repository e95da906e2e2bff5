"""The public's subscribers as a source of subscriptions, and when a Vigie writes to the public at all."""

import asyncio
import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor import whom
from monitor.addresses import secret
from monitor.domain.catalog import Catalog
from monitor.domain.notice import Subscription
from monitor.domain.scope import SchoolScope
from monitor.domain.subscriber import UNCONFIRMED_KEPT, Wish, public_id
from monitor.domain.window import Scope, ScopeKind
from monitor.settings import Settings
from monitor.signups import Signups
from monitor.store import StoreError, open_desk
from monitor.subscribing import public_address, signups, tidied
from tests.domain.small import catalog, service
from tests.prepared import prepared

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GATEWAY, PUBLIC = "mailto://smtp.example.org/?from=vigie@example.org", "https://vigie.example"


@pytest.fixture
def url(tmp_path: Path) -> str:
    prepared(f"sqlite:///{tmp_path}/vigie.db", "real", NOW)
    return f"sqlite:///{tmp_path}/vigie.db"


def signed(url: str, *scopes: Scope) -> list[str]:
    """Ids of subscriptions, one for each scope, all confirmed."""
    with closing(open_desk(url)) as desk:
        for number, scope in enumerate(scopes):
            desk.sign_up(Wish(f"a{number}@b.fr", scope, "fr"), NOW + number * timedelta(seconds=1))
        people = desk.subscribers()
        for one in people:
            desk.confirm(one.id, NOW)
    return [public_id(one.id) for one in people]


def source(url: str) -> Signups:
    places = {"069": "D:69", "988": "C:999"}
    return Signups(url, GATEWAY, PUBLIC, catalog(service("ent-x")), lambda uai: SchoolScope(uai, places[uai[:3]]))


def heard(one: Signups) -> list[Subscription]:
    """Who asks for something, once the desk was read."""
    one.look()
    return [each for each, _ in one.read() if each.places or each.services]


def test_read_gives_who_confirmed_with_places_that_the_catalogue_has(url: str) -> None:
    names = ("A:lyon", "U:0690001A", "A:gone", "U:9880001A", "U:9990001A")
    places = [Scope(ScopeKind.TERRITORY, name) for name in names]
    ids = signed(url, *places, Scope(ScopeKind.SERVICE, "ent-x"))
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("waiting@b.fr", places[0], "fr"), NOW)
    one = source(url)
    assert [(each.id, each.territories, each.schools, each.services) for each in heard(one)] == [
        (ids[0], ("A:lyon",), (), ()),
        (ids[1], (), (SchoolScope("0690001A", "D:69"),), ()),
        (ids[5], (), (), ("ent-x",)),
    ]
    assert len(one.read()) == 7  # who has not confirmed, or asks for what is gone, can be written to
    address = one.read()[0][1]
    assert "to=a0%40b.fr&" in address
    assert "%2BList-Unsubscribe=%3Chttps%3A%2F%2Fvigie.example%2Fabonnement%2Fdesabonner%2F" in address


def test_the_revision_is_another_after_every_change(url: str) -> None:
    one = source(url)
    one.look()
    before = one.revision
    one.look()
    assert one.revision == before
    signed(url, Scope(ScopeKind.SERVICE, "ent-x"))
    assert (one.revision, one.read()) == (before, [])
    assert len(heard(one)) == 1
    assert one.revision != before


def test_an_older_copy_of_the_desk_is_read_whole(url: str, tmp_path: Path) -> None:
    desk = tmp_path / "vigie-desk.db"
    [first] = signed(url, Scope(ScopeKind.SERVICE, "ent-x"))
    copy = desk.read_bytes()
    with closing(open_desk(url)) as opened:
        opened.change_subscriber(
            first.partition(":")[2], Scope(ScopeKind.TERRITORY, "A:lyon"), "fr", school_hours=False
        )
    one = source(url)
    assert heard(one)[0].territories == ("A:lyon",)
    desk.write_bytes(copy)
    assert [(each.id, each.services) for each in heard(one)] == [(first, ("ent-x",))]


def test_confirmations_that_the_store_refuses_are_offered_again_and_the_others_are_not(url: str) -> None:
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("a@b.fr", Scope(ScopeKind.SERVICE, "ent-x"), "fr"), NOW)
    one, asked = source(url), list[str]()

    def refuse(_: object) -> None:
        raise StoreError("plein")

    one.look()
    for _ in range(2):
        with pytest.raises(StoreError):
            one.ask(refuse, NOW)
    for _ in range(2):
        one.ask(lambda new: asked.extend(each.id for each in new), NOW)
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("c@d.fr", Scope(ScopeKind.SERVICE, "ent-x"), "fr"), NOW)
        first, second = desk.subscribers()
    one.look()
    one.ask(lambda new: asked.extend(each.id for each in new), NOW)
    assert sorted(name.split("/")[1] for name in asked) == sorted(public_id(each.id) for each in (first, second))
    late = source(url)
    late.look()
    late.ask(lambda new: pytest.fail("too late"), NOW + UNCONFIRMED_KEPT)


def test_many_confirmations_are_kept_beat_by_beat(url: str, monkeypatch) -> None:
    monkeypatch.setattr("monitor.signups.AT_ONCE", 2)
    one, sizes = source(url), list[int]()
    with closing(open_desk(url)) as desk:
        for number in range(3):
            desk.sign_up(Wish(f"a{number}@b.fr", Scope(ScopeKind.SERVICE, "ent-x"), "fr"), NOW)
    one.look()
    for _ in range(3):
        one.ask(lambda new: sizes.append(len(new)), NOW)
    assert sizes == [2, 1]


def test_the_night_erases_who_did_not_confirm_and_survives_a_desk_that_is_gone(url: str, tmp_path, caplog) -> None:
    long_ago = datetime.now(UTC) - UNCONFIRMED_KEPT
    with closing(open_desk(url)) as desk:
        desk.sign_up(Wish("a@b.fr", Scope(ScopeKind.SERVICE, "ent-x"), "fr"), long_ago)
        asyncio.run(tidied(url, datetime.now(UTC)))
        assert desk.subscribers() == []
    asyncio.run(tidied(f"sqlite:///{tmp_path}/none/vigie.db", NOW))
    assert "abonnements non confirmés" in caplog.text


@pytest.mark.parametrize(
    "bad", ["vigie.example", "ftp://x.fr", "https://", "https://é.fr", "https://x.fr/?a", "https://x y", "https://x/>"]
)
def test_a_public_address_that_no_link_may_begin_with_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="VIGIE_PUBLIC_URL"):
        public_address(bad)
    assert public_address("https://vigie.example/sous/") == "https://vigie.example/sous"


def offered(empty: Catalog) -> Signups | None:
    """As `app` does."""
    return signups(Settings(), secret("VIGIE_MAIL_URL", os.environ), empty)


def test_vigie_writes_to_the_public_with_a_gateway_and_an_address_alone(monkeypatch, tmp_path) -> None:
    empty = catalog()
    for name in ("VIGIE_MAIL_URL", "VIGIE_MAIL_URL_FILE", "VIGIE_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    assert offered(empty) is None
    monkeypatch.setenv("VIGIE_MAIL_URL", GATEWAY)
    assert (offered(empty), Settings().writes_to_the_public({})) == (None, False)
    monkeypatch.setenv("VIGIE_PUBLIC_URL", PUBLIC)
    assert Settings().writes_to_the_public({})
    assert GATEWAY not in repr(Settings())
    assert offered(empty) is not None
    monkeypatch.delenv("VIGIE_MAIL_URL")
    (tmp_path / "secret").write_text("json://not-mail/", encoding="utf-8")
    monkeypatch.setenv("VIGIE_MAIL_URL_FILE", str(tmp_path / "secret"))
    assert Settings().writes_to_the_public({"VIGIE_MAIL_URL_FILE": str(tmp_path / "secret")})
    assert offered(empty) is not None
    with pytest.raises(ValueError, match="passerelle"):
        whom.gateways(partial(secret, environment=os.environ))
