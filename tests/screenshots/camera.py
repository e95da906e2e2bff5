"""Four pictures of a page from one reading of it: in light, in dark, 320 pixels wide, and as it is printed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.screenshots.addresses import Shot

WIDE, NARROW, PAPER = 1280, 320, 794  # pixels; the last is A4 at 96 dots an inch
HEIGHT = 900
WITHIN_MS = 60_000
# The page stands still: nothing has changed in it for a quarter of a second, nor longer than five have gone.
STILL = """() => new Promise((done) => {
  const end = performance.now() + 5000;
  let last = setTimeout(done, 250);
  const seen = new MutationObserver(() => {
    clearTimeout(last);
    last = setTimeout(() => { seen.disconnect(); done(); }, performance.now() > end ? 0 : 250);
  });
  seen.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
})"""


class Wrong(Exception):  # noqa: N818 : said of a page, not of the program
    """A page is not what its address promises."""


def dress(page: Page, width: int, scheme: str = "light", media: str = "screen") -> None:
    """The page as somebody else sees it."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme, media=media)  # type: ignore[arg-type]  # of the words that Playwright lists
    page.evaluate(STILL)


LOOKS: dict[str, Callable[[Page], None]] = {
    "light": lambda page: dress(page, WIDE),
    "dark": lambda page: dress(page, WIDE, "dark"),
    "320": lambda page: dress(page, NARROW),
    "print": lambda page: dress(page, PAPER, media="print"),
}


def taken(browser: Browser, url: str, shot: Shot, folder: Path) -> Iterator[Path]:
    """The files of a page. Raises Wrong where it does not answer as it should, Playwright's TimeoutError where late."""
    page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT})
    broad = ""
    try:
        # A first reading after a start may find that not all could be read in time, and say so; the second shows it.
        for _ in range(1 if shot.drawn else 2):
            answer = page.goto(url + shot.path, timeout=WITHIN_MS)
        if answer is None or answer.status != shot.code:
            raise Wrong(f"answers {answer.status if answer else 'nothing'} instead of {shot.code}")
        if shot.drawn:
            page.wait_for_selector(".carte h1:visible", timeout=WITHIN_MS)
            page.locator("#drawn[aria-busy]").wait_for(state="detached", timeout=WITHIN_MS)
            if page.locator("#drawn .refusal:visible, #trouble:visible").count():
                raise Wrong(page.locator("#drawn .refusal:visible, #trouble:visible").first.inner_text())
        for name, look in LOOKS.items():
            look(page)
            if name == "320" and (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                broad = f"needs {wide} pixels where there are {NARROW}"  # said once it has been pictured
            path = folder / f"{shot.name}-{name}.png"
            page.screenshot(path=path, full_page=True, timeout=WITHIN_MS)
            yield path
        if broad:
            raise Wrong(broad)
    finally:
        page.close()
