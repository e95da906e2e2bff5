"""Every public page for everybody: axe-core finds nothing, in light and dark; the keyboard reaches all; 320 px suffice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboard.app import PAGES
from dashboard.carte_address import address
from dashboard.pages.carte import VIEWS
from monitor.config.directory_table import Imported, save_directory
from monitor.domain.directory import Directory

from .conftest import Country, Web, new_country, start_web, stop_web, until
from .opened import with_files, with_seals
from .test_search import SCHOOLS, document

pytestmark = pytest.mark.browser
KEYS = {
    "/academie/{key}": "lille",
    "/departement/{key}": "59",
    "/region/{key}": "32",
    "/collectivite/{key}": "988",
    "/operateur/{key}": "kosmos",
    "/incidents/{key}": "20261124-ent-hdf",
    "/service/{key}": "ent-hdf",
}
SEARCHES = ["/recherche?q=lille", "/recherche?q=rien", f"/recherche?q={'x' * 101}"]
WRONG = ["/rien", "/carte/rien"]
# The same templates in other words, which are as long: one page of each make is enough.
ENGLISH = ["/en/", "/en/service/ent-hdf", "/en/academie/lille", "/en/vigie", "/en/rien"]
MAPS = ["/carte/", "/carte/?territoire=A:lille", *(address(one.name, one.example) for one in VIEWS.values())]
PATHS = [path.format(key=KEYS.get(path, "")) for path in PAGES] + SEARCHES + WRONG + ENGLISH + MAPS
VITALS = {
    "parts": [{"vital": "loop", "well_at": "2026-11-24T09:15:00Z", "patience_s": 30.0}],
    "failing": [{"vital": "loop", "since": "2026-11-24T09:15:00Z", "mute": True, "says": "La boucle est en retard."}],
    "heartbeat": None,
    "drill": None,
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Country, Web]]:
    """A morning of trouble with every kind of page in it: files to take, sealed days, schools, a name that is long."""
    folder = tmp_path_factory.mktemp("axe")
    save_directory(folder / "directory.csv", Imported(datetime.now(UTC), None, Directory(SCHOOLS)))
    with new_country(folder) as country, pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIGIE_DIRECTORY", str(folder / "directory.csv"))
        patch.setenv("VIGIE_DUMPS_DIR", str(with_files(folder / "dumps")))
        now = datetime.now(UTC)
        shown = document() | {"vitals": VITALS, "warnings": ["Un avertissement."], "never_seen": ["ent-elyco/login"]}
        next(one for one in shown["territories"] if one["code"] == "C:988")["name"] = (
            "Collectivité " + "au nom long " * 9
        )
        with_seals(country.store)
        country.remember_day(now - timedelta(minutes=1), shown)
        country.publish(shown)
        web = start_web(country.url)
        assert until(lambda: web.get("/")[0] == 200)
        yield country, web
        stop_web(web)


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


def opened(page: Page, url: str, path: str) -> None:
    """The page, and for those that are drawn by a script: what it draws."""
    page.goto(url + path)
    if path in MAPS:
        there = "#live:not([hidden]) #beside li, #drawn:not([hidden], [aria-busy]) h1"
        page.locator(there).first.wait_for(timeout=30_000)
        assert page.locator("#trouble, #drawn .refusal").filter(visible=True).all_inner_texts() == []


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(place: tuple[Country, Web], page: Page, path: str) -> None:
    opened(page, place[1].url, path)
    assert page.title().strip()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = Axe().run(page)
    told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]
    assert told == []


@pytest.mark.parametrize("path", ["/", "/vigie", "/en/", "/en/vigie"])
def test_a_figure_that_has_lost_its_column_at_320_pixels_brings_its_title(
    place: tuple[Country, Web], browser: Browser, path: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(place[1].url + path)
    told = page.evaluate(
        "[...document.querySelectorAll('.tight td.num')].filter((one) => one.textContent).map((one) => ["
        " one.closest('table').tHead.rows[0].cells[one.cellIndex].textContent,"
        " getComputedStyle(one, '::before').content.replaceAll('\"', '')])"
    )
    assert told
    assert [shown.rstrip(" :\u00a0") for _, shown in told] == [title for title, _ in told]
    page.close()


def test_axe_sees_what_is_wrong(page: Page) -> None:
    page.goto("about:blank")  # whose policy lets the styles of this text be
    page.set_content('<html><body><input><p style="color:#bbb;background:#fff">texte pâle</p></body></html>')
    assert {one["id"] for one in Axe().run(page).response["violations"]} >= {
        "label",
        "color-contrast",
        "html-has-lang",
    }


@pytest.mark.parametrize("path", PATHS)
def test_the_keyboard_reaches_every_link_in_the_order_of_the_page_and_shows_where_it_is(
    place: tuple[Country, Web], browser: Browser, path: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 700})
    opened(page, place[1].url, path)
    if path != "/donnees/api":  # its answers are as many details, walked past closed
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    reach = "a[href]:not([tabindex='-1']),button,input,select,summary,[tabindex='0']"
    expected = page.evaluate(f'[...document.querySelectorAll("{reach}")].filter(e => e.checkVisibility()).length')
    # The browser's own field for a date is walked through part by part: day, month, year, and its calendar.
    inside = 3 * page.locator("input[type=date]:visible").count()
    seen, outlines = 0, 0
    for _ in range(expected + inside):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " if (e === document.body || e.dataset.walked) return null; e.dataset.walked = '1';"
            " return s.outlineStyle !== 'none' || !!e.querySelector('.t') || s.boxShadow !== 'none'; })()"
        )
        seen += told is not None
        outlines += bool(told)
    assert (seen, outlines) == (expected, expected)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()
