"""Finding a service, a place, an operator or a school: by the rule, and as pages of the real process."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.data import BESIDE_AT_ONCE, SEARCHES_MOST, Data
from dashboard.model import read_view
from dashboard.public.search import MOST, Found, search
from monitor.config.directory_table import Imported, save_directory
from monitor.domain.catalog import Audience
from monitor.domain.directory import Directory, Listed

from .conftest import Web, a_document, as_bytes, new_country, start_web, stop_web
from .test_press import Desk

PLACES = [
    {"code": "R:32", "name": "Hauts-de-France", "level": "region_academique"},
    {"code": "D:59", "name": "Nord", "level": "departement"},
    {"code": "C:988", "name": "Nouvelle-Calédonie", "level": "collectivite"},
]
SCHOOLS = [
    Listed("0590001F", "Collège Victor Hugo", "Lille", "D:59", Audience.COLLEGE, private=False, pupils=612),
    Listed("0590002G", "Lycée <b>Colbert</b>", "Tourcoing", "D:59", Audience.LYCEE, private=False, pupils=1200),
]


def document() -> dict:
    found = a_document(published=datetime.now(UTC))
    for one in found["services"]:
        one["operator_name"], one["operator"] = one["operator"], one["operator"] and one["operator"].lower()
    blank = {"health": "up", "share_affected": 0.0, "coverage": 1.0, "services": ["ent-hdf"], "audiences": []}
    found["territories"] += [blank | one for one in PLACES]
    return found


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("search")
    save_directory(folder / "directory.csv", Imported(datetime.now(UTC), None, Directory(SCHOOLS)))
    with new_country(folder) as country, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_DIRECTORY", str(folder / "directory.csv"))
        country.publish(document())
        started = start_web(country.url)
        yield started
        stop_web(started)


def text(web: Web, path: str) -> str:
    code, _, body = web.get(path)
    assert code == 200, path
    return body.decode()


def test_every_word_must_begin_a_word_whatever_its_accents() -> None:
    view = read_view(as_bytes(document()))
    names = lambda found: [one.id for one in found.services]  # noqa: E731
    assert names(search(view, "eclat")) == ["ent-eclat-bfc"]
    assert names(search(view, "HAUTS france")) == ["ent-hdf"]
    assert names(search(view, "ranc")) == []
    assert set(names(search(view, "kosmos"))) >= {"ent-aura", "ent-elyco"}
    assert names(search(view, "kosmos"))[0] == "ent-mbn-grandest", "what is in trouble comes first"
    assert [one.code for one in search(view, "nouvelle cal").places] == ["C:988"]
    assert [one.code for one in search(view, "departement nord").places] == ["D:59"]
    assert [one.code for one in search(view, "59").places] == ["D:59"]
    assert [one.id for one in search(view, "kosm").operators] == ["kosmos"]
    assert search(view, "  ,;") == search(view, "") == Found()
    assert not search(view, "")


def test_a_page_shows_some_and_says_that_there_are_more() -> None:
    view = read_view(as_bytes(document()))
    found = search(view, "ent")
    assert (len(found.services) <= MOST, found.more) == (True, len(found.services) == MOST)


def test_a_parent_finds_the_college_and_its_services_without_a_script(web: Web) -> None:
    page = text(web, f"/recherche?q={quote('hugo lille')}")
    assert "Collège Victor Hugo" in page
    assert 'href="/departement/59"' in page
    assert 'href="/service/ent-hdf"' in page
    assert "0590001F" in page
    assert "Collège Victor Hugo" in text(web, "/recherche?q=0590001f")
    assert "Mesuré il y a" in page
    assert "%%" not in page


def test_the_form_stands_on_the_overview_and_goes_to_the_page(web: Web) -> None:
    assert '<form class="search" action="/recherche" method="get" role="search">' in text(web, "/")
    page = text(web, "/recherche")
    assert "Rien ne commence" not in page
    assert "/recherche" in text(web, "/methode")


def test_nothing_found_is_a_sentence_and_hostile_words_stay_words(web: Web) -> None:
    page = text(web, f"/recherche?q={quote('<script>alert(1)</script>')}")
    assert "<script>alert" not in page
    assert "Rien ne commence par ces mots" in page
    assert "<b>Colbert" not in text(web, "/recherche?q=colbert")
    assert "s’arrête à cent caractères" in text(web, f"/recherche?q={'x' * 5000}")
    assert web.get("/recherche?q=%ff%00&q=2")[0] == 200
    assert web.get("/recherche", method="POST")[0] == 405


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/region/32", "Région académique"),
        ("/departement/59", "Nord"),
        ("/collectivite/988", "Nouvelle-Calédonie"),
        ("/academie/lille", "Hauts-de-France"),
        ("/operateur/kosmos", "Mon Bureau Numérique"),
    ],
)
def test_every_place_and_operator_has_a_page(web: Web, path: str, shown: str) -> None:
    page = text(web, path)
    assert shown in page
    assert "/service/" in page


def test_places_lead_to_what_they_lie_in_and_to_what_lies_in_them(web: Web) -> None:
    assert 'href="/academie/lille"' in text(web, "/region/32")
    departement = text(web, "/departement/59")
    assert 'href="/academie/lille"' in departement
    assert 'href="/region/32"' in departement
    assert 'href="/departement/59"' in text(web, "/academie/lille")


async def test_a_flood_of_searches_is_bounded_and_what_is_left_out_is_said() -> None:
    """Two at a time, forty that wait; whoever comes after them gets the rest of the page at once."""
    hold, reading = threading.Event(), []

    class Slow(Desk):
        def schools(self, text: str, most: int) -> tuple:
            reading.append(text)
            hold.wait(60)
            return ()

    data = Data(Slow())
    waiting = [asyncio.create_task(data.schools(str(one), MOST)) for one in range(BESIDE_AT_ONCE + SEARCHES_MOST)]
    await asyncio.sleep(0)
    assert await data.schools("one too many", MOST) == (None, False)
    hold.set()
    assert set(await asyncio.gather(*waiting)) == {((), True)}
    assert "one too many" not in reading


@pytest.mark.parametrize("path", ["/departement/lille", "/region/rien", "/operateur/rien", "/collectivite/59"])
def test_unknown_places_are_404(web: Web, path: str) -> None:
    assert web.get(path)[0] == 404


@pytest.mark.parametrize(
    ("lines", "said"),
    [(None, "l’annuaire officiel n’est pas importé ici"), (["not,a,directory"], "ne peuvent pas être cherchées pour")],
)
def test_without_a_directory_or_with_a_spoilt_one_the_page_says_so_and_finds_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str] | None, said: str
) -> None:
    directory = tmp_path / "directory.csv"
    if lines is not None:
        directory.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("VIGIE_DIRECTORY", str(directory))
    with new_country(tmp_path) as country:
        country.publish(document())
        started = start_web(country.url)
        try:
            assert 'href="/service/ent-hdf"' in text(started, "/recherche?q=france")
            assert said in text(started, "/recherche?q=hugo")
        finally:
            stop_web(started)
