"""`/carte/service` and `/carte/heures` in a real Chromium: a year of a service, both schemes, axe, the keys, 320 px."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from monitor.domain.answer_tally import AnswerTally
from monitor.domain.observation import Failure
from tests.rolled import every_hour, roll_up, tally

from .conftest import Web, a_document, new_country, start_web, stop_web, until

pytestmark = pytest.mark.browser
DRAWN_WITHIN_MS = 60_000  # a busy machine's first drawing: Dash and Plotly are loaded and compiled too
SERVICE = "/carte/service?id=ent-hdf&sur=1an"
HOURS = "/carte/heures?id=ent-hdf&mesure=echecs"


def year(now: datetime) -> Iterator[tuple[datetime, bool, AnswerTally]]:
    quiet, queue = tally(4, 200), tally(4, 900, {Failure.CONTENT_WAITING_ROOM: 2})
    for at in every_hour((now - timedelta(days=366)).date(), now.replace(minute=0, second=0, microsecond=0)):
        yield at, 6 <= at.hour < 16, queue if (at.weekday(), at.hour) == (0, 7) else quiet


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    now = datetime.now(UTC)
    with new_country(tmp_path_factory.mktemp("year")) as country:
        roll_up(country.store, {"ent-hdf/login": year(now)}, slots_since=now - timedelta(days=2))
        country.publish(a_document(at=now, published=now))
        started = start_web(country.url)
        assert until(lambda: started.get("/")[0] == 200)
        yield started
        stop_web(started)


def drawn(page: Page, figures: int) -> None:
    expect(page.locator("#drawn .figure .main-svg").first).to_be_visible(timeout=DRAWN_WITHIN_MS)
    expect(page.locator("#drawn .js-plotly-plot")).to_have_count(figures, timeout=DRAWN_WITHIN_MS)


def axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_views_in_one_page(web: Web, browser: Browser, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page, wrong, asked = context.new_page(), list[str](), list[str]()
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(web.url + SERVICE)
    drawn(page, 3)
    expect(page.get_by_role("heading", level=1)).to_have_text("ENT Hauts-de-France (NEO)")
    expect(page.get_by_label("Service", exact=True)).to_have_value("ent-hdf")
    axe_finds_nothing(page)
    # Each figure has its twin: opened, it has a row for each day of the year.
    twins = page.locator("#drawn details.twin")
    expect(twins).to_have_count(3)
    twins.first.locator("summary").press("Enter")
    expect(twins.first.locator("tbody tr")).to_have_count(366)
    expect(twins.first.locator("tbody th[scope=row]").first).to_be_visible()
    # A change of a control, by the keys alone, is another address, and the way back is that of the browser.
    page.get_by_label("Période").focus()
    page.get_by_label("Période").select_option("7j")
    expect(page.locator("#drawn .lead")).to_contain_text("Sur 7 jours", timeout=DRAWN_WITHIN_MS)
    assert "sur=7j" in page.url
    page.go_back()
    expect(page.locator("#drawn .lead")).to_contain_text("Sur un an", timeout=DRAWN_WITHIN_MS)
    page.get_by_role("link", name="Heure par heure").last.click()
    drawn(page, 1)
    page.get_by_label("Mesure").select_option("echecs")
    expect(page.locator("#drawn .lead")).to_contain_text("Le lundi entre 8", timeout=DRAWN_WITHIN_MS)
    page.get_by_label("Forme").select_option("jours")
    expect(page.locator("#drawn .key")).to_contain_text("Week-end", timeout=DRAWN_WITHIN_MS)
    axe_finds_nothing(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert until(lambda: page.evaluate("document.documentElement.scrollWidth") <= 320, within_s=30)
    page.goto(f"{web.url}/carte/service?id=nul")
    expect(page.get_by_role("alert")).to_contain_text("Vigie ne connaît pas ce service", timeout=DRAWN_WITHIN_MS)
    assert wrong == []
    assert [url for url in asked if not url.startswith((web.url, "data:", "blob:"))] == []
    context.close()
