"""Open data in a real Chromium: 0 violations of axe-core in light and dark, 320 px, a fragment in another site's frame."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import Web, a_document, until

pytestmark = pytest.mark.browser
PAGES = [
    "/donnees",
    "/donnees/api",
    "/methode",
    "/integrer/service/ent-hdf",
    "/integrer/academie/lille",
    "/service/ent-hdf",
]


@pytest.fixture
def web(open_web: Web, open_country) -> Web:
    open_country.publish(a_document(published=datetime.now(UTC)))
    assert until(lambda: open_web.get("/api/v1/status")[2] == open_country.published[-1])
    return open_web


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The site of somebody else: its address, and its pages."""
    pages: dict[str, bytes] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "scheme"),
    [(path, scheme) for path in PAGES for scheme in ("light", "dark") if (path, scheme) != ("/donnees/api", "light")],
)  # fmt: skip
def test_axe_finds_nothing_and_320_pixels_suffice(browser, web, path, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 640})
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(web.url + path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.wait_for_load_state("load")
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1200, "height": 800})
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert [url for url in asked if not url.startswith(web.url)] == []
    context.close()


def test_another_site_may_show_the_fragment_and_the_badge_and_nothing_else(browser, web, elsewhere):
    url, pages = elsewhere
    pages["/"] = (
        f'<!doctype html><html lang="fr"><title>Collège</title><iframe title="a" src="{web.url}/integrer/service/ent-hdf"></iframe>'
        f'<iframe title="b" src="{web.url}/service/ent-hdf"></iframe><img alt="c" src="{web.url}/badge/ent-hdf.svg"></html>'
    ).encode()
    context = browser.new_context()
    page = context.new_page()
    page.goto(url + "/")
    expect(page.frame_locator("[title=a]").locator("h1")).to_have_text("ENT Hauts-de-France")
    expect(page.frame_locator("[title=a]").locator(".chip")).to_have_text("File d’attente")
    assert page.evaluate("document.querySelector('img').naturalWidth") > 100
    assert [one.url for one in page.frames if one.url.startswith(f"{web.url}/service")] == []
    read = page.evaluate("async (there) => (await (await fetch(there)).json()).total", f"{web.url}/api/v1/services")
    assert read == 25
    context.close()
