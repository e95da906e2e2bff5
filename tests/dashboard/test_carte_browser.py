"""`/carte/` in a real browser: down into an académie and back, by mouse and by keys; a view, its form and its colours."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ports import free_port

from .conftest import Web, a_document, a_territory, answers, new_country, stop_web
from .near import HOSTILE

pytestmark = pytest.mark.browser
SLOW_MS = 30_000  # a busy machine reads Dash and Plotly for the first time


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A morning of trouble with two départements, and a view that has everything."""
    with new_country(tmp_path_factory.mktemp("carte")) as country:
        shown = a_document(published=datetime.now(UTC))
        for code, name, health in (("D:59", "Nord", "waiting"), ("D:62", "Pas-de-Calais", "up")):
            place = a_territory(code, name, []) | {"level": "departement", "health": health, "services": ["ent-hdf"]}
            shown["territories"].append(place)
        country.publish(shown)
        port = free_port()
        command = [sys.executable, "-m", "tests.dashboard.near", str(port), country.url]
        served = Web(f"http://127.0.0.1:{port}", subprocess.Popen(command, cwd=Path(__file__).parents[2]))
        assert answers(served)
        yield served
        stop_web(served)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Nothing may go wrong in it, and nothing may be asked of anybody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened, wrong = context.new_page(), []
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield opened
    assert wrong == []
    context.close()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.tagName + '#' + document.activeElement.id")


def test_down_into_an_academie_and_back(web: Web, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{web.url}/carte/")
    expect(page.locator("#beside a")).to_have_count(30, timeout=SLOW_MS)
    expect(page).to_have_title("Carte · Vigie")
    page.locator("#beside").get_by_role("link", name="Lille", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title("Académie Lille · Vigie")
    expect(page).to_have_url(f"{web.url}/carte/?territoire=A:lille")
    expect(page.locator("#mine a")).to_have_text(["ENT Hauts-de-France"])
    expect(page.locator("#beside a")).to_have_text(["Nord", "Pas-de-Calais"])
    expect(page.locator("#state .chip")).to_have_text("File d’attente")
    expect(page.locator("#table tbody tr")).to_have_count(2)
    assert focused(page) == "H1#sentence"
    page.locator("#beside").get_by_role("link", name="Nord").click()
    expect(page.locator("#crumbs li")).to_have_text(["France", "Lille", "Nord"])
    page.go_back()
    expect(page.locator("#crumbs li")).to_have_text(["France", "Lille"])
    page.locator("#crumbs").get_by_role("link", name="France").click()
    expect(page).to_have_title("Carte · Vigie")
    expect(page.locator("#way")).to_be_hidden()
    expect(page.locator("#beside a")).to_have_count(30)
    assert not [url for url in asked if "_dash-update-component" in url]
    assert [url for url in asked if not url.startswith((web.url, "data:", "blob:"))] == []


def test_the_map_is_clicked_and_drawn_close(web: Web, page: Page) -> None:
    page.goto(f"{web.url}/carte/")
    expect(page.locator("#beside a")).to_have_count(30, timeout=SLOW_MS)
    pane = page.locator("#map .nsewdrag")
    box = pane.bounding_box()
    assert box is not None
    range_of = "document.querySelector('#map .js-plotly-plot')?.layout?.xaxis.range"
    width = f"() => {{ const r = {range_of}; return r ? r[1] - r[0] : Infinity }}"
    page.wait_for_function(f"() => ({width})() < Infinity")
    whole = page.evaluate(width)
    pane.click(position={"x": box["width"] * 0.56, "y": box["height"] * 0.08})  # the north
    expect(page).to_have_url(f"{web.url}/carte/?territoire=A:lille")
    page.wait_for_function(f"() => ({width})() < {whole} / 2")
    # Half: to keep its proportions Plotly shows more or less around a place, by the size that it first finds.
    page.goto(f"{web.url}/carte/?territoire=A:reims")  # a deep link
    expect(page.get_by_role("heading", level=1)).to_have_text("Académie Reims", timeout=SLOW_MS)
    page.wait_for_function(f"() => ({width})() < {whole} / 2")
    page.goto(f"{web.url}/carte/?territoire=A:%3Cb%3E")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Ce territoire n’est pas suivi par Vigie.", timeout=SLOW_MS
    )
    expect(page.locator("#beside a")).to_have_count(30)


def test_a_view_is_its_address(web: Web, page: Page) -> None:
    page.goto(f"{web.url}/carte/")
    expect(page.locator("#beside a")).to_have_count(30, timeout=SLOW_MS)
    page.locator("#views").get_by_role("link", name="Essai").click()
    expect(page).to_have_title("Essai · Vigie")
    expect(page.locator("#live")).to_be_hidden()
    expect(page.locator("#views [aria-current]")).to_have_text("Essai")
    assert focused(page) == "H1#"
    page.locator(".twin summary").click()
    page.locator("#c-sur").focus()
    page.locator("#c-sur").select_option("20")
    expect(page.locator(".twin tbody tr")).to_have_count(20)
    expect(page).to_have_url(re.compile(r"/carte/essai\?sur=20&date="))
    expect(page.locator(".twin details, details.twin")).to_have_attribute("open", "")
    assert focused(page) == "SELECT#c-sur"
    page.locator("#c-quoi").fill("<b>é & co")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("quoi=%3Cb%3E%C3%A9\\+%26\\+co"))
    expect(page.locator("#drawn:not([aria-busy])")).to_be_visible()
    expect(page.locator("#c-quoi")).to_have_value("<b>é & co")
    page.go_back()
    expect(page.locator("#c-quoi")).to_have_value("")
    page.go_back()
    expect(page.locator("#c-sur")).to_have_value("7")
    page.go_back()
    expect(page).to_have_title("Carte · Vigie")
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("h1:visible")).to_have_count(1)


def test_a_figure_takes_the_colours_of_the_scheme_and_hostile_words_stay_words(web: Web, page: Page) -> None:
    page.goto(f"{web.url}/carte/essai?sur=3")
    colour = "() => document.querySelector('#bars .js-plotly-plot, #bars.js-plotly-plot')?.data[0].marker.color[0]"
    page.wait_for_function(f"() => ({colour})() === '#c0303b'", timeout=SLOW_MS)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => ({colour})() === '#d6404b'")
    expect(page.locator("#hostile")).to_have_text(HOSTILE)
    assert page.locator("#hostile img").count() == 0
    expect(page.get_by_role("img", name="Des barres")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => document.documentElement.scrollWidth <= 320")  # Plotly draws anew a moment later
    page.goto(f"{web.url}/carte/essai?sur=abc")
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "Cette durée n’est pas proposée.", timeout=SLOW_MS
    )


def test_a_view_that_cannot_be_had_says_so(web: Web, browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/_dash-update-component*", lambda route: route.fulfill(status=503, body="non"))
    page.goto(f"{web.url}/carte/essai")
    expect(page.locator("#trouble")).to_contain_text("réessayez dans un moment", timeout=SLOW_MS)
    page.unroute("**/_dash-update-component*")
    page.locator("#views").get_by_role("link", name="Carte").click()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page).to_have_title("Carte · Vigie")
    page.close()
