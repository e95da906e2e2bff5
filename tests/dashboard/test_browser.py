"""A real Chromium: nothing leaves the host, the map repaints itself, the page needs no JavaScript, 320 px suffice."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import a_document, until

pytestmark = pytest.mark.browser


@pytest.fixture
def web(town, town_web):
    """The shared process, its snapshot published a moment ago."""
    town.publish(a_document(published=datetime.now(UTC)))
    assert until(lambda: town_web.get("/api/v1/status")[2] == town.published[-1])
    return town_web


def opened(context: BrowserContext, url: str) -> tuple[Page, list[str], list[str]]:
    """A page, what it asked for, and what went wrong in it (a broken policy is an error in the console)."""
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    return page, asked, wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["/", "/service/ent-hdf", "/academie/lille", "/incidents", "/incidents/20261124-ent-hdf", "/methode", "/carte/"],
)
def test_no_request_leaves_the_host(browser, web, path, scheme):
    context = browser.new_context(color_scheme=scheme)
    page, asked, wrong = opened(context, web.url + path)
    if path == "/carte/":
        expect(page.locator("#services li").first).to_be_visible(timeout=20_000)
    page.wait_for_load_state("load")
    assert wrong == []
    assert [url for url in asked if not url.startswith((web.url, "data:", "blob:"))] == []
    context.close()


def test_the_live_map_is_repainted_without_a_reload(browser, web, town):
    context = browser.new_context()
    page, asked, wrong = opened(context, f"{web.url}/carte/")
    colours = "() => Object.fromEntries((document.querySelector('.js-plotly-plot')?.data || []).map((t) => [t.meta, t.fillcolor]))"
    page.wait_for_function(f"() => ({colours})()['A:lille'] === '#e8873a'", timeout=20_000)
    expect(page.locator("#sentence")).to_contain_text("9")
    loaded = len([url for url in asked if url.endswith("/carte/")])
    town.publish(a_document(published=datetime.now(UTC), quiet=True))
    assert until(lambda: web.get("/api/v1/status")[2] == town.published[-1])
    page.evaluate("() => window.dash_clientside.set_props('tick', { n_intervals: 99 })")
    page.wait_for_function(f"() => ({colours})()['A:lille'] === '#cfe3d6'", timeout=10_000)
    assert len([url for url in asked if url.endswith("/carte/")]) == loaded
    assert not [url for url in asked if "_dash-update-component" in url]
    assert wrong == []
    context.close()


def test_services_are_filtered_as_one_types(browser, web):
    context = browser.new_context()
    page, _, _ = opened(context, f"{web.url}/carte/")
    expect(page.locator("#services li")).to_have_count(25, timeout=20_000)
    page.get_by_label("Filtrer les services").fill("educonnect")
    expect(page.locator("#services li")).to_have_count(1)
    page.get_by_label("Filtrer les services").fill("lille file d’attente")
    expect(page.locator("#services a")).to_have_text(["ENT Hauts-de-France"])
    context.close()


def test_the_page_is_whole_without_javascript(browser, web):
    context = browser.new_context(java_script_enabled=False)
    page, _, _ = opened(context, f"{web.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 portail et 1 service national sont en panne")
    expect(page.locator("#age")).to_contain_text("Mesuré il y a")
    expect(page.locator("#academies tbody tr")).to_have_count(30)
    page.get_by_role("link", name="Mon Bureau Numérique est en panne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon Bureau Numérique")
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/service/ent-mbn-grandest",
        "/academie/toulouse",
        "/incidents",
        "/incidents/20261124-ent-hdf",
        "/methode",
        "/carte/",
    ],
)
def test_320_pixels_need_no_sideways_scroll(browser, web, path):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page, _, _ = opened(context, web.url + path)
    if path == "/carte/":
        expect(page.locator("#services li").first).to_be_visible(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_the_script_tells_a_page_that_grew_old(browser, web):
    context = browser.new_context()
    page, _, _ = opened(context, f"{web.url}/")
    page.evaluate("() => { document.getElementById('age').dataset.age = '400' }")
    expect(page.locator("#age")).to_have_text("Mesuré il y a 6 minutes : cette page n’est plus à jour")
    expect(page.locator("html")).to_have_class("stale")
    context.close()


def test_a_page_that_grew_old_in_the_browser_speaks_in_the_past(browser, web):
    context = browser.new_context()
    page, _, _ = opened(context, f"{web.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 portail et 1 service national sont en panne")
    page.evaluate("() => { document.getElementById('age').dataset.age = '400' }")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 portail et 1 service national étaient en panne")
    expect(page.get_by_role("link", name="Mon Bureau Numérique était en panne")).to_be_visible()
    expect(page.get_by_role("heading", name="Mardi 24 novembre à 10 h 15", exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile(r"répondaient-ils mardi 24 novembre à 10\sh\s15"))
    context.close()


def test_the_live_map_counts_who_is_proved_down_and_dates_what_is_old(browser, web, town):
    rows = a_document(quiet=True)["services"]
    rows[0] |= {"health": "unknown", "dormant": True}
    rows[1] |= {"health": "down", "dormant": True}
    context = browser.new_context()
    for minutes, sentence in (
        (0, "1 service sur 24 ne répond pas comme il faut."),
        (9, "Mardi 24 novembre à 10 h 15, 1 service sur 24 ne répondait pas comme il faut."),
    ):
        published = datetime.now(UTC) - timedelta(minutes=minutes)
        town.publish(a_document(published=published, services=rows))
        assert until(lambda: web.get("/api/v1/status")[2] == town.published[-1])
        page, _, wrong = opened(context, f"{web.url}/carte/")
        expect(page.locator("#sentence")).to_have_text(sentence, timeout=20_000)
        assert page.locator("#age-line").get_attribute("role") is None
        assert wrong == []
    context.close()


def test_polls_of_the_live_map_cost_nothing_while_nothing_is_published(browser, web):
    context = browser.new_context()
    page = context.new_page()
    codes: list[int] = []
    page.on("response", lambda answer: codes.append(answer.status) if answer.url.endswith("/status") else None)
    page.goto(f"{web.url}/carte/")
    expect(page.locator("#services li")).to_have_count(25, timeout=20_000)
    for tick in (98, 99):
        with page.expect_response("**/api/v1/status"):
            page.evaluate(f"() => window.dash_clientside.set_props('tick', {{ n_intervals: {tick} }})")
    assert codes[0] == 200
    assert set(codes[-2:]) == {304}
    expect(page.locator("#age-line")).to_contain_text("Mesuré il y a")
    expect(page.locator("#services li")).to_have_count(25)
    context.close()


def again(page: Page, url: str) -> list[str]:
    """What a page asks for in the 35 s after it was read, by a clock that the test moves."""
    asked: list[str] = []
    page.on("request", lambda one: "/assets/" in one.url or asked.append(one.url.removeprefix(url)))
    page.clock.run_for(35_000)
    page.wait_for_load_state("networkidle")
    return asked


def test_what_somebody_searched_or_opened_is_not_taken_away(browser, web):
    page = browser.new_page()
    page.clock.install()
    page.goto(f"{web.url}/recherche?q=hauts")
    page.locator("h1").click()  # the keyboard is nowhere
    assert again(page, web.url) == []
    expect(page.get_by_role("link", name="ENT Hauts-de-France")).to_be_visible()
    page.goto(f"{web.url}/service/ent-hdf")
    assert again(page, web.url) == ["/service/ent-hdf"]
    page.get_by_text("Montrer cet état sur un autre site").click()
    page.locator("h1").click()
    again(page, web.url)
    expect(page.locator("details.embed code").first).to_be_visible()
    page.close()


def test_one_goes_to_the_same_page_in_the_other_language_and_back(browser, web):
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB")
    page, asked, wrong = opened(context, f"{web.url}/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")  # whatever the browser prefers
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{web.url}/en/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 portal and 1 national service are down")
    page.evaluate("() => { document.getElementById('age').dataset.age = '400' }")
    expect(page.locator("#age")).to_have_text("Measured 6 minutes ago: this page is out of date")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 portal and 1 national service were down")
    page.get_by_role("link", name="Mon Bureau Numérique was down").click()
    expect(page).to_have_url(f"{web.url}/en/service/ent-mbn-grandest")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(f"{web.url}/service/ent-mbn-grandest")
    expect(page.locator("#age")).to_contain_text("Mesuré il y a")
    page.goto(f"{web.url}/en/recherche?q=hauts")
    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(f"{web.url}/recherche?q=hauts")
    assert wrong == []
    assert [url for url in asked if not url.startswith(web.url)] == []
    context.close()
