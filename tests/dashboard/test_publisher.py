"""The site as files: whole, changed ones only, nothing of others touched, and a disk that is full costs nothing."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.app import PAGES, create_app
from dashboard.data import Data
from dashboard.model import read_view
from dashboard.public.assets import Assets
from dashboard.public.embed import FRAGMENTS
from dashboard.public.kept import KeptBeside
from dashboard.public.press import KEPT_WORDS, Press, Sheet, Visit
from dashboard.public.publisher import WHOLE_EVERY, Publisher, addresses
from dashboard.reading import Patience

from .conftest import MORNING, a_document, as_bytes, iso
from .test_press import Desk
from .test_search import document


class Moving(Desk):
    """A reader whose snapshot a test changes."""

    def __init__(self) -> None:
        super().__init__()
        self.document = a_document()

    def snapshot(self):
        body = as_bytes(self.document)
        return body, str(hash(body))

    def said(self, at, *, incident=None, service=None):
        return ()

    def windows(self, services, at):
        return ()

    def month(self, service, at):
        raise OSError("Base injoignable.")

    def seals(self):
        return ()


class Clock:
    now = MORNING

    def __call__(self):
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk() -> Moving:
    return Moving()


@pytest.fixture
def publisher(tmp_path: Path, desk: Moving, clock: Clock) -> Publisher:
    data, assets = Data(desk, Patience(snapshot_fresh=0.0)), Assets()
    return made(tmp_path, data, assets, clock)


def made(tmp_path: Path, data: Data, assets: Assets, clock: Clock) -> Publisher:
    beside = KeptBeside(data, assets, clock, "https://vigie.example")
    return Publisher(tmp_path / "site", Press(data, assets, clock), data, {**PAGES, **FRAGMENTS}, beside)


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


async def test_every_page_that_there_is_stands_there_whole_and_compressed(publisher: Publisher, tmp_path: Path) -> None:
    await publisher.turn()
    site = tmp_path / "site"
    found = names(site)
    assert {"index.html", "incidents.html", "methode.html", "vie-privee.html", "hors-service.html"} <= found
    assert {"service/ent-hdf.html", "academie/lille.html", "incidents/20261124-ent-hdf.html"} <= found
    assert {f"en/{name}" for name in found if name.endswith(".html") and not name.startswith("en/")} <= found
    assert "Tuesday 24 November" in (site / "en/index.html").read_text()
    assert "Unavailable for the moment" in (site / "en/hors-service.html").read_text()
    assert not [name for name in found if name.endswith(".part")]
    for name in found:
        if not name.endswith(".gz"):
            assert gzip.decompress((site / f"{name}.gz").read_bytes()) == (site / name).read_bytes()
    page = (site / "index.html").read_text()
    for url in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        assert (site / url.lstrip("/")).is_file()
    assert json.loads((site / "api/v1/status.json").read_bytes())["services"]


async def test_what_other_sites_and_programs_read_stands_there_too_and_says_of_which_hour_it_is(
    publisher: Publisher, desk: Moving, tmp_path: Path
) -> None:
    desk.document = document() | {"published_at": iso(MORNING)}
    await publisher.turn()
    site = tmp_path / "site"
    fixed = {"robots.txt", "favicon.ico", "favicon.svg", "donnees.html", "donnees/api.html", "donnees/verifier.py"}
    assert fixed | {"flux.atom", "flux/sceaux.atom", "flux/operateur/edifice.atom"} <= names(site)
    for place in ("service/ent-hdf", "academie/lille", "departement/59", "region/32", "collectivite/988"):
        badge = f"badge/{place.removeprefix('service/')}.svg"
        assert {f"flux/{place}.atom", f"integrer/{place}.html", badge} <= names(site)
        assert "à 10\u00a0h\u00a015" in (site / badge).read_text()
        assert "10\u00a0h\u00a016</time>" in (site / f"integrer/{place}.html").read_text()
    assert 'href="https://vigie.example/flux/region/32.atom"' in (site / "flux/region/32.atom").read_text()
    assert json.loads((site / "donnees/sceaux.json").read_bytes()) == {"version": 1, "seals": []}


async def test_a_page_that_says_nothing_takes_the_place_of_none(
    publisher: Publisher, desk: Moving, clock: Clock, tmp_path: Path
) -> None:
    """The database is lost, then the process starts anew: what stands there is the last that anybody knows."""
    await publisher.turn()
    site = tmp_path / "site"
    before = {name: (site / name).read_bytes() for name in names(site) if name.endswith(".html")}

    def lost(*_: object, **__: object) -> None:
        raise OSError("Base injoignable.")

    desk.snapshot = lost
    await made(tmp_path, Data(desk, Patience(snapshot_fresh=0.0)), Assets(), clock).turn()
    assert {name: (site / name).read_bytes() for name in names(site) if name.endswith(".html")} == before


async def test_a_whole_page_is_not_given_up_for_one_that_lacks_what_cannot_be_read(
    desk: Moving, clock: Clock, tmp_path: Path
) -> None:
    sentence, assets, data = "Tout est lu.", Assets(), Data(desk, Patience(snapshot_fresh=0.0))

    async def page(_visit: Visit, _key: str) -> Sheet:
        return Sheet("message.html", "Page", {"sentence": sentence}, partial=sentence != "Tout est lu.")

    beside = KeptBeside(data, assets, clock, None)
    publisher = Publisher(tmp_path / "site", Press(data, assets, clock), data, {"/": page}, beside)
    file = tmp_path / "site/index.html"
    await publisher.turn()
    sentence = "Rien ne peut être lu."
    clock.now += timedelta(minutes=1)
    await publisher.turn()
    assert "Tout est lu." in file.read_text()
    desk.document = a_document(clock.now)  # of newer states even a part is better
    await publisher.turn()
    assert sentence in file.read_text()


async def test_what_an_earlier_process_left_goes(publisher: Publisher, tmp_path: Path) -> None:
    left = [
        tmp_path / "site" / name
        for name in ("incidents/old.html", "incidents/old.html.gz", "badge/old.svg", "en/service/old.html")
    ]
    for one in left:
        one.parent.mkdir(parents=True, exist_ok=True)
        one.write_text("of an incident that is over")
    await publisher.turn()
    assert [one for one in left if one.exists()] == []


async def test_a_file_says_since_when_it_ages_and_pretends_no_age(publisher: Publisher, tmp_path: Path) -> None:
    await publisher.turn()
    page = (tmp_path / "site/index.html").read_text()
    measured = MORNING - timedelta(seconds=4)
    assert f'data-since="{measured:%Y-%m-%dT%H:%M:%SZ}"' in page
    assert KEPT_WORDS in page
    assert "%%" not in page
    assert "il y a 4" not in page


async def test_only_what_changed_is_written_and_the_whole_site_once_a_minute(
    publisher: Publisher, desk: Moving, clock: Clock, tmp_path: Path
) -> None:
    assert await publisher.turn() > 50
    assert await publisher.turn() == 0
    desk.document = a_document(MORNING + timedelta(seconds=5), quiet=True)
    clock.now += timedelta(seconds=10)
    assert await publisher.turn() in range(1, 6)
    assert "Tout répond" in (tmp_path / "site/index.html").read_text()
    assert "Tout répond" not in (tmp_path / "site/academie/lille.html").read_text()
    for _ in range(WHOLE_EVERY - 3):
        await publisher.turn()
    assert await publisher.turn() > 20
    assert "ne répond" not in (tmp_path / "site/academie/lille.html").read_text()


async def test_pages_that_are_no_more_go_and_what_is_not_ours_stays(
    publisher: Publisher, desk: Moving, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "google123.html").write_text("ours not")
    await publisher.turn()
    desk.document = a_document(MORNING, quiet=True)
    for _ in range(WHOLE_EVERY):
        await publisher.turn()
    found = names(site)
    assert "google123.html" in found
    assert not [name for name in found if name.startswith("incidents/")]
    assert "service/ent-hdf.html" in found
    assert "hors-service.html" in found


async def test_a_disk_that_refuses_is_said_once_and_tried_again(
    publisher: Publisher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site = tmp_path / "site"
    site.write_text("a file where the folder should be")
    assert await publisher.turn() == await publisher.turn() == 0
    [said] = caplog.messages
    assert said.startswith(f"Le site ne peut pas être écrit dans {site} :")
    site.unlink()
    assert await publisher.turn() > 50


def test_an_id_never_leads_out_of_its_folder() -> None:
    document = a_document()
    document["services"][0]["id"] = "../../etc/cron"
    paths = [one.path for one in addresses(PAGES, read_view(as_bytes(document)))]
    assert "/service/ent-hdf" in paths
    assert not [path for path in paths if ".." in path]
    steady = [path for path in PAGES if "{" not in path]
    assert [one.path for one in addresses(PAGES, None)] == steady + [f"/en{path}" for path in steady]


def test_nothing_is_kept_where_no_folder_is_named(tmp_path: Path) -> None:
    assert create_app(Desk(), lambda: MORNING).publisher is None
    assert create_app(Desk(), lambda: MORNING, publish_dir=tmp_path).publisher is not None
