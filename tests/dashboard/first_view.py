"""A first visit on a bad line, measured in a real Chromium: what it fetches, when something stands there, what moves.

The line is Lighthouse's "Slow 3G" as the DevTools protocol plays it: 400 ms before each answer begins, 400 kbit/s both
ways, a processor four times slower. Nothing is in the cache.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

LATENCY_MS, BYTES_A_SECOND, SLOWER = 400, 400_000 // 8, 4
SETTLES_MS = 1500  # after the last byte: what still moves then is the reader's own doing
WATCH = """
window.moved = [];
new PerformanceObserver((found) => {
  for (const one of found.getEntries()) {
    const what = one.sources.map((source) => source.node && (source.node.className || source.node.nodeName)).join(' ');
    if (!one.hadRecentInput) window.moved.push([one.value, String(what)]);
  }
}).observe({ type: 'layout-shift', buffered: true });
"""
TOLD = """() => ({
  painted: performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime),
  blocking: performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus === 'blocking').map((one) => one.name),
  fonts: [...document.fonts].map((one) => one.status),
  moved: window.moved,
})"""


@dataclass(frozen=True)
class FirstView:
    """What a first visit was.

    Attributes:
        fetched: address → bytes that came over the line for it, heads and all, in the order of asking.
        blocking: what the first paint waited for beside the page itself.
        painted_ms: first contentful paint, from the asking on.
        shifted: cumulative layout shift; `moved`: what moved.
    """

    fetched: dict[str, int]
    blocking: list[str]
    painted_ms: float
    shifted: float
    moved: list[str]

    @property
    def whole(self) -> int:
        """All bytes."""
        return sum(self.fetched.values())

    def outside(self, url: str) -> list[str]:
        """What was asked of anybody else."""
        return [one for one in self.fetched if not one.startswith((url, "data:"))]


def first_view(browser: Browser, url: str, *, slower: float = SLOWER, width: int = 390) -> FirstView:
    """The first visit of a phone to an address, on the bad line; `slower`: than this processor."""
    context = browser.new_context(viewport={"width": width, "height": 780}, device_scale_factor=2)
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        fetched = _watched(page, slower)
        page.goto(url, wait_until="load", timeout=60_000)
        page.wait_for_function("() => document.fonts.status === 'loaded'")
        page.wait_for_timeout(SETTLES_MS)
        told = page.evaluate(TOLD)
        moved = [what for value, what in told["moved"] if value]
        shifted = sum(value for value, _ in told["moved"])
        return FirstView(dict(fetched.values()), told["blocking"], told["painted"][0], shifted, moved)
    finally:
        context.close()


def _watched(page: Page, slower: float) -> dict[str, list[Any]]:
    """By the browser's own number of a request: its address and its bytes, filled while the page loads."""
    found: dict[str, list[Any]] = {}
    line = page.context.new_cdp_session(page)
    line.on("Network.requestWillBeSent", lambda told: found.setdefault(told["requestId"], [told["request"]["url"], 0]))
    line.on("Network.loadingFinished", lambda told: found[told["requestId"]].__setitem__(1, told["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    rates = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **rates})
    line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return found
