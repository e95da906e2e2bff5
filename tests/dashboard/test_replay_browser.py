"""A day played again in a real Chromium: 6 April 2021, the keyboard, the address, play, both schemes, hostile names."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from monitor.domain.gap import Excuse, Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.store import Evaluation

from .conftest import MORNING, Country, Web, a_document, new_country, start_web, stop_web, until

pytestmark = pytest.mark.browser
SLOWLY = 60_000  # a busy machine starts a second process, Dash and Plotly
EVIL = '<img src=x onerror="document.title=1">\u202e'
COLOURS = (
    "() => Object.fromEntries((document.querySelector('#day-map .js-plotly-plot')?.data || [])"
    ".map((t) => [t.meta, [t.fillcolor, t.fillpattern?.shape]]))"
)


def at(hours: float) -> datetime:
    return MORNING.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=1) + timedelta(hours=hours)


def with_a_bad_night(country: Country) -> None:
    """Our line cut from 3 to 4, nobody watching from 5 to 6; an incident whose culprit a network named."""
    down = Health.DOWN
    incidents = (
        Incident("evil", f"issuer:{EVIL}", at(9), at(9.1), down, down, ("ent-hdf", "ent77"), ("A:lille",)),
        Incident("line", "vantage:local", at(3), at(3), down, down, (), (), recovered_at=at(4), closed_at=at(4)),
    )
    country.remember_day(MORNING, a_document())
    country.store.save(Evaluation((), (), (), incidents, None, MORNING))
    country.store.append([], [Gap("", "local", at(5), at(6), 0, Excuse.STOPPED)])
    country.publish(a_document(published=datetime.now(UTC)))


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with new_country(tmp_path_factory.mktemp("replay")) as country:
        with_a_bad_night(country)
        started = start_web(country.url)
        assert until(lambda: _there(started), 60)
        yield started
        stop_web(started)


def _there(web: Web) -> bool:
    """Whether the views answer: the process that draws them starts a little later than the page."""
    try:
        return web.get("/carte/jour")[0] == 200
    except OSError:
        return False


def opened(context: BrowserContext, url: str) -> tuple[Page, list[str], list[str]]:
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(url)
    expect(page.locator("#day-at")).to_be_visible(timeout=SLOWLY)
    return page, asked, wrong


def painted(page: Page, place: str, colour: str, shape: str) -> None:
    """Wait until an académie has that colour and texture."""
    page.wait_for_function(f"() => `${{({COLOURS})()['{place}']}}` === '{colour},{shape}'", timeout=SLOWLY)


def clock(page: Page) -> str:
    return page.locator("#day-clock").inner_text()


def test_the_sixth_of_april_is_played_again(browser: Browser, web: Web) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page, asked, wrong = opened(context, f"{web.url}/carte/jour?date=2021-04-06&a=08:30")
    expect(page).to_have_title("Reconstitution\u00a0: mardi 6 avril 2021 · Vigie")
    expect(page.locator(".rehearsal-note:visible")).to_contain_text(
        "d’après les faits publiés, rejouée par la répétition"
    )
    painted(page, "A:lille", "#e8873a", "/")
    painted(page, "A:reims", "#c0303b", "x")
    painted(page, "A:bordeaux", "#f2cf5b", ".")
    painted(page, "A:nice", "#cfe3d6", "")
    expect(page.locator("#day-sentence")).to_contain_text("1 service national étaient en panne, 3 portails faisaient")
    expect(page.locator("#day-states li")).to_have_count(12)
    expect(page.locator("#day-title")).to_have_text("À 8 h 30, 12 services touchés")
    slider = page.get_by_role("slider", name="Heure de la journée")
    expect(slider).to_have_attribute(
        "aria-valuetext",
        page.locator("#day-clock").inner_text() + "\u00a0: " + page.locator("#day-sentence").inner_text(),
    )

    # Nothing plays by itself, and nothing that follows asks the server anything.
    expect(page.get_by_role("button", name="Lire")).to_be_visible()
    before = len(asked)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert clock(page) == "8\u00a0h\u00a031"
    page.keyboard.press("PageUp")
    assert clock(page) == "9\u00a0h\u00a001"
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    assert clock(page) == "8\u00a0h\u00a030"
    page.keyboard.press("End")
    assert clock(page) == "19\u00a0h\u00a000"
    page.keyboard.press("Home")
    assert clock(page) == "7\u00a0h\u00a000"
    expect(page.locator("#day-states li")).to_have_count(0)
    painted(page, "A:lille", "#cfd3d8", "\\\\")

    # The half hour after: all is well; a minute later the first queue is there.
    page.get_by_role("button", name="Incident suivant").click()
    assert clock(page) == "7\u00a0h\u00a031"
    expect(page.locator("#day-sentence")).to_have_text(
        "e-primo (écoles des Pays de la Loire) faisait patienter ses élèves."
    )
    slider = page.locator("#day-at")
    slider.press("ArrowLeft")
    expect(page.locator("#day-sentence")).to_contain_text("Tout répondait.")
    painted(page, "A:nantes", "#cfe3d6", "")
    page.get_by_role("button", name="laclasse.com (Métropole de Lyon) était en panne").click()
    assert clock(page) == "8\u00a0h\u00a001"
    expect(page.get_by_role("button", name="Incident suivant")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Incident précédent").click()
    assert clock(page) == "7\u00a0h\u00a031"

    # Played on demand, and held.
    page.get_by_label("Vitesse").select_option("60")
    page.get_by_role("button", name="Lire").click()
    page.wait_for_function("() => document.getElementById('day-clock').textContent.startsWith('9')", timeout=SLOWLY)
    page.get_by_role("button", name="Pause").click()
    held = clock(page)
    expect(page.get_by_role("button", name="Lire")).to_be_visible()

    # The address followed, and leads back here.
    page.wait_for_url("**/carte/jour?date=2021-04-06&a=09:*", timeout=SLOWLY)
    assert clock(page) == held
    # What every page reads each quarter of a minute is not about this day.
    assert not [url for url in asked[before:] if "_dash-update-component" in url or "/carte/jour" in url]
    page.reload()
    expect(page.locator("#day-clock")).to_have_text(held, timeout=SLOWLY)
    assert wrong == []
    context.close()


def test_both_schemes_a_narrow_screen_and_the_tables(browser: Browser, web: Web) -> None:
    context = browser.new_context(color_scheme="light")
    page, _, wrong = opened(context, f"{web.url}/carte/jour?date=2021-04-06&a=08:30")
    painted(page, "A:lille", "#e8873a", "/")
    page.emulate_media(color_scheme="dark")
    painted(page, "A:lille", "#d0722a", "/")
    assert clock(page) == "8\u00a0h\u00a030"
    for summary in page.get_by_text("Les mêmes valeurs en tableau").all():
        summary.click()
    states, incidents = page.locator("#day-table tbody tr"), page.locator(".day-tables table").last.locator("tbody tr")
    expect(states).to_have_count(30)
    expect(states.filter(has_text="Lille")).to_contain_text("File d’attente")
    expect(states.filter(has_text="Lille")).to_contain_text("100 %")
    expect(incidents).to_have_count(9)
    expect(incidents.filter(has_text="6 portails exploités par Edifice")).to_contain_text("De 7 h 30 à 17 h 30")
    expect(incidents.filter(has_text="Rattaché à un incident plus large")).to_have_count(4)
    assert Axe().run(page).response["violations"] == []  # tables open; the page as it comes: test_accessibility
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => document.documentElement.scrollWidth <= 320", timeout=SLOWLY)
    assert wrong == []
    context.close()


def test_a_measured_day_with_its_own_troubles_and_hostile_names(browser: Browser, web: Web) -> None:
    context = browser.new_context()
    page, _, wrong = opened(context, f"{web.url}/carte/jour?date=2026-11-24&a=03:30")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mardi 24 novembre 2026")
    expect(page.locator("#day-off")).to_have_text(
        "Notre propre connexion était coupée : la carte ne dit rien de cette heure."
    )
    expect(page.locator("#day-sentence")).to_contain_text("Vigie ne voyait rien")
    expect(page.locator("#day-title")).to_have_text("À 3 h 30, rien de mesuré")
    painted(page, "A:nice", "#cfd3d8", "\\\\")  # whatever the books held to be so
    leap = page.locator(".leap")
    expect(leap).to_contain_text('<img src=x onerror="document.title=1">')
    leap.click()
    assert clock(page) == "9\u00a0h\u00a000"
    expect(page.locator("#day-off")).to_be_hidden()
    page.goto(f"{web.url}/carte/jour?date=2026-11-24&a=05:10")
    expect(page.locator("#day-off")).to_have_text(
        "Rien n’était mesuré à cette heure : la veille ne tournait pas.", timeout=SLOWLY
    )
    assert page.locator("#drawn img").count() == 0
    assert "\u202e" not in page.locator("#drawn").inner_text()
    assert page.title() == "Mardi 24 novembre 2026 · Vigie"
    page.get_by_role("link", name="6 avril 2021, reconstitution").click()
    expect(page.locator("#day-clock")).to_have_text("8 h 30", timeout=SLOWLY)
    page.go_back()
    expect(page.locator("#day-clock")).to_have_text("5 h 10", timeout=SLOWLY)
    page.get_by_label("Jour", exact=True).fill("2019-01-01")
    expect(page.get_by_role("alert").filter(has_text="Vigie ne mesurait pas encore ce jour-là")).to_be_visible(
        timeout=SLOWLY
    )
    assert wrong == []
    context.close()
