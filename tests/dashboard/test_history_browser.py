"""`/carte/disponibilite` in a real Chromium: drawn in light and dark, filtered, taken away; nothing leaves the host."""

import csv
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.dates import PARIS, long_day

from .conftest import Web, start_web, stop_web, until
from .history_book import HOSTILE, Book, new_book

pytestmark = pytest.mark.browser
ADDRESS = "/carte/disponibilite?territoire=D:59&de=2026-09-20&a=2026-11-23"
WITHIN_MS = 60_000


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return new_book(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def web(book: Book) -> Iterator[Web]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_CONFIG", str(book.config))
        patch.setenv("VIGIE_CALENDAR", str(book.config.parent / "calendar.csv"))
        patch.setenv("VIGIE_DIRECTORY", str(book.config.parent / "directory.csv"))
        started = start_web(book.url)
    # The process of `/carte/` starts after the pages.
    assert until(lambda: started.get("/api/v1/status")[0] == started.get("/carte/")[0] == 200, 60)
    yield started
    stop_web(started)


@pytest.fixture(scope="module")
def page(browser: Browser, web: Web) -> Iterator[Page]:
    """The view, opened once; what went wrong in it and what it asked for elsewhere is looked at last."""
    context = browser.new_context(accept_downloads=True)
    shown, wrong = context.new_page(), list[str]()
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    shown.on("request", lambda one: None if one.url.startswith((web.url, "data:", "blob:")) else wrong.append(one.url))
    shown.goto(web.url + ADDRESS, timeout=WITHIN_MS)
    expect(shown.locator("#drawn .bars path").first).to_be_attached(timeout=WITHIN_MS)
    yield shown
    context.close()
    assert wrong == []


def test_it_is_drawn_for_everybody_in_light_and_dark(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Disponibilité : Nord (département)")
    expect(page.locator("#drawn .js-plotly-plot")).to_have_count(3)
    page.evaluate(OPEN)
    fills = set[str]()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # of the words that Playwright lists
        assert until(lambda: page.evaluate(BAR) not in fills, 30)  # painted again by the browser alone
        fills.add(page.evaluate(BAR))
        found = Axe().run(page)
        assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]] == []
    assert len(fills) == 2
    assert page.title() != "7"  # a hostile name ran nothing


OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
BAR = "getComputedStyle(document.querySelector('#perdu .bars path')).fill"


def test_it_fits_320_pixels(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    assert until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 320, 30)  # Plotly draws anew
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_table_is_taken_away_as_it_stands_and_no_spreadsheet_runs_it(page: Page) -> None:
    page.evaluate(OPEN)
    twin = page.locator(
        "details.twin", has=page.locator("caption", has_text=re.compile("^Disponibilité de chaque service$"))
    )
    shown = [
        [cell.strip() for cell in row.split("\t")] for row in twin.locator("table").inner_text().split("\n")[1:] if row
    ]
    asked = list[str]()
    page.on("request", lambda one: asked.append(one.url))
    with page.expect_download() as taken:
        twin.get_by_role("button", name="Télécharger ce tableau (CSV)").click()
    assert taken.value.suggested_filename == "disponibilite-services-2026-09-20-2026-11-23.csv"
    raw = Path(taken.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == twin.locator("thead th").all_inner_texts()
    assert [row[0] for row in rows[1:]] == ["ENT A", f"'{HOSTILE}"]
    assert [row[1:] for row in rows] == [row[1:] for row in shown]
    assert [one for one in asked if not one.startswith("blob:")] == []
    cells = page.evaluate("['@a', '\\t=1', '1;=2', 'a;@b', '−1', '1,5 %', 'dit « \"oui\" »'].map(window.vigie.cell)")
    played = """() => {
        const note = document.getElementById("rehearsal"), table = document.querySelector(".twin table");
        [note.hidden, note.textContent] = [false, "RÉPÉTITION ; rien n’a lieu"];
        const told = window.vigie.csv(table);
        note.hidden = true;
        return told;
    }"""
    assert page.evaluate(played).endswith('\r\n"RÉPÉTITION ; rien n’a lieu"\r\n')
    assert cells == ["'@a", "'=1", '"1;\\u{3d}2"', '"a;\\u{40}b"', "−1", "1,5 %", '"dit « ""oui"" »"']


def test_every_link_answers(page: Page, web: Web) -> None:
    links = page.locator(".taken a, .twin a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert {one.partition("?")[0] for one in links} >= {
        "/api/v1/availability",
        "/api/v1/incidents",
        "/donnees",
        "/service/ent-a",
    }
    assert {one: web.told(one)[0] for one in links if not one.startswith("/carte/incident")} == {
        one: 200 for one in links if not one.startswith("/carte/incident")
    }


def test_every_command_gives_the_same_figures(page: Page, book: Book, tmp_path: Path) -> None:
    told = page.locator(".facts .figure").first.inner_text()
    environment = os.environ | {"VIGIE_DATABASE_URL": book.url, "VIGIE_CONFIG": str(book.config), "LANG": "fr_FR.UTF-8"}
    lines = page.locator(".command").all_inner_texts()
    assert [line.split()[1] for line in lines] == ["availability", "export", "report"]
    for line in lines:
        command = [sys.executable, "-m", "monitor", *shlex.split(line)[1:]]
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, ran.stderr
        if " availability --from" in line and "export" not in line:
            assert re.sub(r"\s", " ", told) in re.sub(r"\s", " ", ran.stdout)
    assert {one.name for one in tmp_path.iterdir()} >= {"disponibilite.csv", "rapport.html"}


def test_a_filter_is_a_new_address_and_the_way_back_works(page: Page) -> None:
    page.get_by_label("Service", exact=True).select_option("ent-a")
    page.get_by_label("Territoire").select_option("")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Disponibilité : ENT A", timeout=WITHIN_MS)
    assert "service=ent-a" in page.url
    page.get_by_role("link", name="7 jours").click()
    page.wait_for_url(lambda url: "territoire" not in url and "2026-09-20" not in url, timeout=WITHIN_MS)
    asked = {
        name: date.fromisoformat(said) for name, (said,) in parse_qs(urlsplit(page.url).query).items() if len(name) < 3
    }
    assert asked["a"] - asked["de"] == timedelta(days=6)
    first = datetime.combine(asked["de"], time(), PARIS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"du {long_day(first)}", timeout=WITHIN_MS)
    page.get_by_label("Du", exact=True).fill((asked["a"] + timedelta(days=7)).isoformat())
    expect(page.get_by_role("alert").locator("visible=true")).to_contain_text("ne précède pas", timeout=WITHIN_MS)
    for _ in range(4):
        page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nord (département)", timeout=WITHIN_MS)
