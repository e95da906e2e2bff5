"""A real Chromium reads and prints a report: it asks for nothing, runs nothing, fits a phone, and every page is headed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.dossier.conftest import Vigie

pytestmark = pytest.mark.browser
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
WIDE, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 700}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def report(quick: Vigie, tmp_path: Path) -> str:
    """The hostile territory of November under its contract's absence: everything that a page can hold."""
    path = tmp_path / "rapport.html"
    assert quick("--month", "2021-11", "--territory", "A:lille", "--output", path)[0] == 0
    return path.as_uri()


def opened(browser: Browser, url: str, **wishes) -> tuple[Page, list[str], list[str]]:
    page, asked, wrong = browser.new_context(**wishes).new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("load")
    return page, asked, wrong


def test_it_asks_for_nothing_and_is_open_to_everybody(browser: Browser, report: str) -> None:
    for scheme in ("light", "dark"):
        page, asked, wrong = opened(browser, report, viewport=WIDE, color_scheme=scheme)
        assert page.evaluate(
            "document.fonts.check('16px Atkinson') && [...document.fonts].every(f => f.status !== 'error')"
        )
        assert [url for url in asked if not url.startswith("data:")] == [report]
        assert wrong == []
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.context.close()


def test_it_needs_no_script_and_fits_a_phone(browser: Browser, report: str) -> None:
    page, _, wrong = opened(browser, report, viewport=PHONE, java_script_enabled=False)
    assert page.locator("h1").inner_text() == "Académie de Lille"
    assert page.locator("table.days tbody tr").count() == 30
    page.context.close()
    page, _, wrong = opened(browser, report, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert wrong == []
    page.context.close()


def test_it_prints_on_numbered_pages(browser: Browser, report: str, tmp_path: Path) -> None:
    page, asked, _ = opened(browser, report, viewport=WIDE)
    raw = page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", raw))
    assert 5 <= pages <= 12
    boxes = {tuple(float(edge) for edge in box.split()) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", raw)}
    assert [tuple(round(edge) for edge in box) for box in boxes] == [(0, 0, 595, 842)]  # A4
    titles = raw.decode("latin-1")
    for words in ("En bref", "Jour par jour", "Interruptions les plus longues", "Annexe A. Fiches de preuve"):
        assert words in titles
    assert [url for url in asked if not url.startswith("data:")] == [report]
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    rules = page.evaluate("[...document.styleSheets[0].cssRules].filter(r => r.type === 6).map(r => r.cssText).join()")
    assert 'counter(page) " sur " counter(pages)' in rules
    page.context.close()
