"""The public's story: asked once to confirm, told like anybody, gone at one click."""

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.config.schools import Schools
from monitor.store import open_desk, open_desk_reader

from .public_place import DOWN, PublicVillage, ask, links_in, public_village

ME = {"courriel": "Moi@b.fr", "academie": "A:lyon", "langue": "fr"}
DAY = timedelta(days=1)


@pytest.fixture
async def place(database_url: str, tmp_path: Path, mailbox, sender) -> AsyncIterator[PublicVillage]:
    async with public_village(database_url, tmp_path, mailbox.port, sender) as one:
        yield one


@pytest.fixture
async def here(tmp_path: Path, mailbox, sender) -> AsyncIterator[PublicVillage]:
    """On SQLite alone, for what the kind of database has no part in."""
    async with public_village(f"sqlite:///{tmp_path}/vigie.db", tmp_path, mailbox.port, sender) as one:
        yield one


def people(place: PublicVillage):
    with closing(open_desk_reader(place.url)) as desk:
        return desk.subscribers()


def body_of(mail) -> str:
    return mail.get_content().replace("\r\n", "\n")


async def test_from_the_form_to_the_last_word(place: PublicVillage, mailbox, caplog) -> None:
    caplog.set_level("DEBUG")
    await place.pass_(2)
    asked = await ask(f"{place.public_url}/abonnement", ME)
    assert asked.code == 200
    assert "un message vient d’y être envoyé" in asked.text
    await place.say()
    [mail] = mailbox.mails
    assert mailbox.recipients == ["moi@b.fr"]
    assert mail["subject"] == "Vigie : confirmez votre abonnement"
    assert "académie de Lyon" in body_of(mail)
    ways = links_in(body_of(mail))
    assert set(ways) == {"confirmer", "desabonner"}

    for way in (ways["confirmer"], ways["desabonner"]):  # as a mail scanner does
        for _ in range(2):
            page = await ask(way)
            assert (page.code, page.headers["cache-control"]) == (200, "no-store")
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in page.headers["x-robots-tag"]
            assert "form-action 'self'" in page.headers["content-security-policy"]
    assert [one.confirmed_at for one in people(place)] == [None]
    place.weather.failures["portail"] = DOWN
    await place.pass_(9)
    assert len(mailbox.mails) == 1  # who has not confirmed is told nothing

    done = await ask(ways["confirmer"], {})
    assert done.code == 200
    assert people(place)[0].confirmed_at == place.clock.at
    spent, unknown = await ask(ways["confirmer"], {}), await ask(f"{place.public_url}/abonnement/confirmer/s1.0", {})
    assert (spent.code, spent.text) == (unknown.code, unknown.text)
    assert spent.code == 404
    await place.pass_(0)
    [_, told] = mailbox.mails
    assert told["list-unsubscribe"] == f"<{ways['desabonner']}>"
    assert told["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert told["auto-submitted"] == "auto-generated"
    assert told["subject"].startswith("EN PANNE — PORTAIL")
    ways = links_in(body_of(told))
    assert set(ways) == {"gerer", "desabonner"}

    left = await ask(told["list-unsubscribe"].strip("<>"), {"List-Unsubscribe": "One-Click"})
    assert left.code == 200
    assert people(place) == []
    again = await ask(ways["desabonner"], {"List-Unsubscribe": "One-Click"})
    assert (again.code, again.text) == (left.code, left.text)
    assert (await ask(ways["gerer"])).code == 404
    place.weather.failures.clear()
    await place.pass_(20)
    place.weather.failures["portail"] = DOWN
    await place.pass_(9)
    assert len(mailbox.mails) == 2
    ours = [one.getMessage() for one in caplog.records if one.name.startswith(("monitor", "dashboard"))]
    assert not [line for line in ours if "b.fr" in line or "/abonnement/" in line]


async def test_five_minutes_of_trouble_are_waited_for_and_the_end_is_told(here: PublicVillage, mailbox) -> None:
    await here.pass_(2)
    await ask(f"{here.public_url}/abonnement", {"courriel": "moi@b.fr", "uai": "0010001w"} | {"langue": "en"})
    [one] = people(here)  # a school that the catalogue lacks: it is told of its département
    with closing(open_desk(here.url)) as desk:
        desk.confirm(one.id, here.clock.at)
    here.weather.failures["portail"] = DOWN
    await here.pass_(5)
    assert mailbox.mails == []
    await here.pass_(2)
    here.weather.failures.clear()
    await here.pass_(20)
    assert [mail["subject"].split(" — ")[0] for mail in mailbox.mails] == ["DOWN", "RECOVERED"]
    assert "Unsubscribe: http" in body_of(mailbox.mails[0])


async def test_one_confirmation_a_day_whatever_happens_in_between(here: PublicVillage, mailbox) -> None:
    form = f"{here.public_url}/abonnement"
    said = {(await ask(form, ME, X_Forwarded_For=f"192.0.2.{number}")).text for number in range(3)}
    await here.say()
    await here.restart()  # the row is there: nothing is sent anew
    await here.say()
    assert len(mailbox.mails) == 1
    await ask(links_in(body_of(mailbox.mails[0]))["desabonner"], {"List-Unsubscribe": "One-Click"})
    said.add((await ask(form, ME)).text)
    await here.say()
    assert len(mailbox.mails) == 1
    here.clock.at += DAY
    said.add((await ask(form, ME)).text)
    await here.say()
    assert len(mailbox.mails) == 2
    await ask(links_in(body_of(mailbox.mails[1]))["confirmer"], {})
    here.clock.at += DAY
    said.add((await ask(form, ME)).text)
    await here.say()
    assert len(mailbox.mails) == 2
    assert len(said) == 1  # known or unknown, asked lately or confirmed: one answer


async def test_what_is_kept_holds_no_link_and_no_address(place: PublicVillage, mailbox) -> None:
    await ask(f"{place.public_url}/abonnement", ME)
    await place.say()
    [mail] = mailbox.mails
    proof = links_in(body_of(mail))["confirmer"].rpartition(".")[2]
    engine = create_engine(place.url.replace("postgresql:", "postgresql+psycopg:"))
    schema = "" if place.url.startswith("sqlite") else "measures."
    with engine.connect() as connection:
        [row] = connection.execute(text(f"SELECT * FROM {schema}tellings")).all()
    engine.dispose()
    kept = " ".join(map(str, row))
    assert row.incident.startswith("abonnement/s")
    assert row.state == "sent"
    assert proof not in kept
    assert "b.fr" not in kept


async def test_the_manage_page_shows_all_that_is_kept_and_changes_it(here: PublicVillage, mailbox) -> None:
    await ask(f"{here.public_url}/abonnement", ME)
    await here.say()
    done = await ask(links_in(body_of(mailbox.mails[0]))["confirmer"], {})
    token = done.text.partition('href="/abonnement/gerer/')[2].partition('"')[0]
    manage = f"{here.public_url}/abonnement/gerer/{token}"
    page = await ask(manage)
    [one] = people(here)
    for shown in (one.email, one.id, "Académie : Lyon", "Toutes", "Français", "6 avril"):
        assert shown in page.text.replace("\u00a0", " ")
    changed = await ask(manage, {"service": "ent-a", "langue": "en", "heures": "oui"})
    assert (changed.code, "C’est changé" in changed.text) == (200, True)
    [after] = people(here)
    assert (after.id, after.email, after.scope.name, after.language, after.school_hours) == (
        one.id, one.email, "ent-a", "en", True,
    )  # fmt: skip
    wrong = await ask(manage, {"service": "ent-z", "courriel": "autre@b.fr"})
    assert (wrong.code, "dans la liste" in wrong.text) == (422, True)
    assert people(here) == [after]


async def test_a_desk_that_cannot_be_read_stops_nobody_elses_alerts(here: PublicVillage, caplog) -> None:
    desk = here.wiring()
    assert desk.public is not None
    gone = type(desk.public)(
        "sqlite:///nowhere/vigie.db", "mailto://x@y.fr", "https://v.example", here.catalog, Schools().scope_of
    )
    for _ in range(2):
        gone.look()
        gone.ask(lambda _: pytest.fail("nothing to ask"), here.clock.at)
    assert caplog.text.count("abonnements du public") == 1
