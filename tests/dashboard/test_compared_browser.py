"""`/carte/comparer` and `/carte/incident` in a real Chromium: light, dark and small; by keyboard and by pointer."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.neighbours import Book, written

from .conftest import Web, start_web, stop_web, until

pytestmark = pytest.mark.browser
PATIENCE = 60_000  # ms: the first drawing reads the catalogue
COMPARED = "/carte/comparer?par=exploitant&periode=libre&de=2021-11-22&a=2021-11-22"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def web(book: Book) -> Iterator[Web]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_CONFIG", str(book.config))
        started = start_web(book.url)
    yield started
    stop_web(started)


def opened(browser: Browser, **given: object) -> tuple[Page, list[str]]:
    """A page of a context of its own, and what went wrong in it."""
    page, wrong = browser.new_context(**given).new_page(), []  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def drawn(page: Page, address: str, heading: str) -> None:
    page.goto(address)
    expect(page.locator("#drawn h1")).to_contain_text(heading, timeout=PATIENCE)


def pointed_at(page: Page, dot: Locator) -> bool:
    """Whether the figure knows what is under the mouse, once that was led to where the dot now stands."""
    box = dot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] - 40, box["y"] + 6)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    told = "document.querySelector('#ecarts .js-plotly-plot')?._hoverdata?.[0]?.customdata"
    return bool(page.evaluate(f"{told} ?? null"))


def faults(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_names_are_inert(browser: Browser, web: Web, book: Book, scheme: str) -> None:
    page, wrong = opened(browser, color_scheme=scheme)
    drawn(page, f"{web.url}{COMPARED}&groupe=operator:alpha", "<b>Alpha</b>")
    expect(page.locator("#ecarts .point")).to_have_count(4)
    assert page.locator("#ecarts .annotation-text").first.text_content() == "bAlpha/b  ifils/i"
    assert faults(page) == []
    drawn(page, f"{web.url}/carte/incident?id={book.incident.id}", "<b>Alpha</b>")
    expect(page.locator("#fil .bars .point")).to_have_count(9)
    assert page.locator("svg [style*='bold'], #drawn script").count() == 0
    assert faults(page) == []
    down = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--waiting').trim()")
    assert page.evaluate("document.querySelector('#fil .js-plotly-plot')._fullData[1].marker.color") == down
    drawn(page, f"{web.url}/carte/incident", "Quel incident expliquer")
    assert faults(page) == []
    assert wrong == []
    page.context.close()


def test_keyboard_pointer_and_the_way_back(browser: Browser, web: Web) -> None:
    page, wrong = opened(browser)
    drawn(page, web.url + COMPARED, "<b>Alpha</b>")
    dot = page.locator("#ecarts .scatterlayer .trace").nth(3).locator(".point").first
    dot.scroll_into_view_if_needed()
    assert until(lambda: pointed_at(page, dot), 60)
    expect(page.locator("#ecarts .hovertext")).to_have_count(1)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#groupe")).to_contain_text("Exploitant", timeout=PATIENCE)
    assert "groupe=operator:alpha" in page.url
    page.go_back()
    expect(page.locator("#groupe")).to_have_count(0, timeout=PATIENCE)
    page.locator("#c-par").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#drawn h2").first).to_contain_text("hébergeur", timeout=PATIENCE)
    assert "par=hebergeur" in page.url
    assert "de=2021-11-22" in page.url
    page.get_by_text("Les mêmes valeurs en tableau").first.click()
    expect(page.get_by_role("rowheader", name="Nuage")).to_be_visible()
    assert wrong == []
    page.context.close()


def test_a_small_screen_and_a_wrong_address(browser: Browser, web: Web, book: Book) -> None:
    page, _ = opened(browser, viewport={"width": 320, "height": 640})
    for address in (f"{COMPARED}&groupe=operator:alpha", f"/carte/incident?id={book.incident.id}", "/carte/incident"):
        drawn(page, web.url + address, "")
        expect(page.locator("#drawn [data-drawing]")).to_have_count(1, timeout=PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    for address in ("/carte/incident?id=<script>", "/carte/comparer?par=<script>", "/carte/comparer?jour=9999-99-99"):
        page.goto(web.url + address)
        expect(page.locator("#drawn [role=alert]")).to_contain_text(".", timeout=PATIENCE)
        assert "script" not in page.locator("#drawn").inner_text()
    page.context.close()
