"""The first visit on a bad line: few bytes, nothing of anybody else, one thing to wait for, nothing that moves.

How soon something stands there depends on the machine: `tests/bench/bench_first_view.py` prints it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, sync_playwright

from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict
from monitor.store import Evaluation

from .conftest import Country, Web, a_document, until
from .first_view import FirstView, first_view

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
PATHS = ("/", "/service/ent-hdf", "/academie/lille")


@pytest.fixture(scope="module")
def web(town: Country, town_web: Web) -> Web:
    """Ready to be visited: ninety days of the service are known, and read already."""
    now = datetime.now(UTC)
    verdict = ServiceVerdict("ent-hdf", Health.UP, datetime(2026, 8, 1, tzinfo=UTC))
    town.store.save(Evaluation((), (verdict,), (), (), None, now))
    town.publish(a_document(published=now))
    for path in PATHS[1:]:
        assert until(lambda path=path: b'class="bars"' in town_web.get(path)[2], 20)
    return town_web


@pytest.fixture(scope="module")
def views(chromium: str, web: Web) -> Iterator[dict[str, FirstView]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield {path: _view(browser, web, path) for path in PATHS}
        browser.close()


def _view(browser: Browser, web: Web, path: str) -> FirstView:
    return first_view(browser, web.url + path, slower=1)


@pytest.mark.parametrize("path", PATHS)
def test_the_first_view_is_within_its_budget(views: dict[str, FirstView], web: Web, path: str) -> None:
    view = views[path]
    assert 20_000 < view.whole <= MOST_BYTES  # compressed, heads included: the page, its style, script and fonts
    assert view.outside(web.url) == []
    assert {name.rpartition(".")[2] for name in view.fetched} - {web.url.rpartition(".")[2] + path} <= {
        "css",
        "js",
        "woff2",
        "svg",
    }
    assert len(view.fetched) == 6  # the page, the style, the script, two fonts, the mark


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_and_the_first_paint_waits_for_two_answers(views: dict[str, FirstView], path: str) -> None:
    view = views[path]
    assert (view.shifted, view.moved) == (0, [])
    # The page and then its style: one after the other, as the policy lets no style stand in the page.
    assert [one.rpartition(".")[2] for one in view.blocking] == ["css"]
    assert view.painted_ms >= 800  # the bad line was one: two answers of 400 ms each
