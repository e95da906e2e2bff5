"""`/vigie`: what fails, what was not measured, what was never seen working; the legal pages say what settings say."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.data import Data
from dashboard.model import read_view
from dashboard.public import legal, ourselves
from dashboard.public.press import Visit
from dashboard.wording import EXCUSES, VITALS
from monitor.domain.gap import Excuse, Gap
from monitor.domain.vitals import Vital
from monitor.reports.gaps import Excused, excused
from monitor.store import open_store
from tests.prepared import prepared

from .conftest import MORNING, a_document, as_bytes
from .test_press import Desk

AT = "2026-11-24T09:15:00Z"


class Reader(Desk):
    lost_gaps = False

    def excused(self, since, until):
        if self.lost_gaps:
            raise OSError("Base injoignable.")
        return (Excused(Excuse.STOPPED, 0, 0, timedelta(hours=2)),)


async def values(**changes):
    view = read_view(as_bytes(a_document(**changes)))
    sheet = await ourselves.page(Visit(view, Data(Reader()), MORNING, stale=False), "")
    assert sheet is not None
    return sheet.values


def test_every_part_and_every_excuse_has_its_words() -> None:
    assert set(VITALS) == set(Vital)
    assert set(EXCUSES) == set(Excuse)


async def test_what_fails_is_said_and_marked() -> None:
    vitals = {
        "parts": [
            {"vital": "loop", "well_at": AT, "patience_s": 30.0},
            {"vital": "telling", "well_at": AT, "patience_s": 45.0},
            {"vital": "tomorrow", "well_at": AT, "patience_s": 1.0},
        ],
        "failing": [{"vital": "loop", "since": AT, "mute": True, "says": "La boucle est en retard."}],
        "heartbeat": {"every_s": 60.0, "accepted_at": AT, "trouble": "refusé"},
        "drill": {"day": "2026-11-24", "queued_at": AT, "arrived_at": None},
    }
    found = await values(vitals=vitals)
    assert found["faults"] == ["La boucle est en retard."]
    assert [(one.words, one.well, one.patience) for one in found["parts_known"]] == [
        (VITALS[Vital.LOOP].fr, False, "30\u00a0secondes"),
        (VITALS[Vital.TELLING].fr, True, "45\u00a0secondes"),
    ]
    assert "n’a pas été accepté" in found["heartbeat"]
    assert "pas encore arrivé" in found["drill"]
    assert found["excused"] == (Excused(Excuse.STOPPED, 0, 0, timedelta(hours=2)),)


async def test_a_monitor_of_before_names_no_parts() -> None:
    found = await values(vitals={"failing": [], "heartbeat": None, "drill": None})
    assert found["parts_known"] == []
    assert "Personne n’attend" in found["heartbeat"]


async def test_services_never_seen_working_are_named_once() -> None:
    found = await values(never_seen=["ent-hdf/login", "ent-hdf/context", "gone/login"])
    assert found["never_seen"] == [("ENT Hauts-de-France", "/service/ent-hdf")]


async def test_gaps_that_cannot_be_read_are_said_and_the_page_is_not_kept() -> None:
    reader = Reader()
    reader.lost_gaps = True
    view = read_view(as_bytes(a_document()))
    sheet = await ourselves.page(Visit(view, Data(reader), MORNING, stale=False), "")
    assert (sheet.partial, sheet.values["excused"]) == (True, None)


def test_gaps_are_put_together_by_reason(tmp_path) -> None:
    url, hour = f"sqlite:///{tmp_path}/v.db", timedelta(hours=1)
    assert excused(url, MORNING - hour, MORNING) == ()
    prepared(url, "real", MORNING)
    store = open_store(url, kind="real")
    store.note(
        [
            Gap("a/login", "local", MORNING - hour, MORNING, 3, Excuse.COURTESY),
            Gap("b/login", "local", MORNING - hour, MORNING, 4, Excuse.COURTESY),
            Gap("", "local", MORNING - 3 * hour, MORNING - hour, 0, Excuse.STOPPED),
            Gap("a/login", "local", MORNING - 9 * hour, MORNING - 8 * hour, 7, Excuse.BUSY),
        ]
    )
    assert excused(url, MORNING - 2 * hour, MORNING) == (
        Excused(Excuse.COURTESY, 7, 2, timedelta()),
        Excused(Excuse.STOPPED, 0, 0, hour),
    )
    store.close()


@pytest.mark.parametrize("given", [True, False])
def test_the_legal_pages_say_what_the_settings_say(country, serve, monkeypatch, given: bool) -> None:
    if given:
        monkeypatch.setenv("VIGIE_PUBLISHER", "Association <Vigie>, 1 rue du Phare, 29200 Brest")
        monkeypatch.setenv("VIGIE_HOSTED_BY", "Hébergeur, Roubaix")
        monkeypatch.setenv("VIGIE_CONTACT", "mailto:vigie@example.org")
    country.publish(a_document(published=datetime.now(UTC)))
    web = serve(country.url)
    page = web.get("/mentions-legales")[2].decode()
    assert ("Association &lt;Vigie&gt;" in page) is given
    assert ("n’a pas donné son nom" in page) is not given
    assert ("vigie@example.org" in web.get("/accessibilite")[2].decode()) is given
    assert legal.legal is not legal.accessibility
