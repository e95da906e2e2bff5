# ruff: noqa: T201 - it prints
"""How soon something stands there for a visitor on a bad line (slow 3G, a processor four times slower), page by page.

Prints, of 5 first visits each in a real Chromium, the first contentful paint (goal < 2 s), the layout shift (goal 0), the
bytes (goal <= 60 kB) and the requests to anybody else (goal 0). A machine that does other things makes it slower.
"""

import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.dashboard.conftest import a_document, new_country, start_web, stop_web
from tests.dashboard.first_view import first_view

VISITS = 5
PATHS = ("/", "/service/ent-hdf", "/academie/lille")


def main() -> None:
    chromium = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as name, new_country(Path(name)) as country, sync_playwright() as playwright:
        now = datetime.now(UTC)
        country.remember_day(now, a_document(at=now))
        country.publish(a_document(at=now, published=now))
        web = start_web(country.url)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            print(f"{'':20}{'paint s, median':>16}{'worst':>8}{'shift':>8}{'kB':>7}{'requests':>10}{'outside':>9}")
            for path in PATHS:
                first_view(browser, web.url + path)  # what the page is made of is read now, once for all
                views = [first_view(browser, web.url + path) for _ in range(VISITS)]
                paints = [one.painted_ms / 1000 for one in views]
                shift, outside = max(one.shifted for one in views), sum(len(one.outside(web.url)) for one in views)
                kilobytes, requests = views[0].whole / 1000, len(views[0].fetched)
                print(
                    f"{path:20}{statistics.median(paints):16.2f}{max(paints):8.2f}{shift:8.4f}{kilobytes:7.1f}"
                    f"{requests:10}{outside:9}"
                )
        finally:
            browser.close()
            stop_web(web)


if __name__ == "__main__":
    main()
