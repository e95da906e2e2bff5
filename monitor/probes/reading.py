"""What an HTTP answer means: the probe's own markers first, then what the page must hold, then all that may explain it.

The order in full: own markers whatever the status; what is expected; general markers; the status; what is missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.domain.catalog import Marker, Probe
from monitor.domain.observation import Failure
from monitor.probes.base import Finding
from monitor.probes.content import Page, matches, missing, missing_in_body

PATIENCE = timedelta(seconds=600)  # a 503 that asks to come back within this time is a queue (docs/method.md)
_ASK_US_TO_WAIT = frozenset({403, 429, 503})


def read(probe: Probe, page: Page, now: Callable[[], datetime]) -> Finding:
    """Judge one final answer. Raises Failed (ours/policy) where an expression of the catalogue cannot be compiled."""
    wait = retry_after(page.headers.get("Retry-After"), now) if page.status in _ASK_US_TO_WAIT else None
    return replace(_judged(probe, page, wait), retry_after=wait)


def _judged(probe: Probe, page: Page, wait: timedelta | None) -> Finding:
    if (marked := _marked(probe, page, always=True)) is not None:
        return marked
    lacking = _by_expectation(probe, page)
    # A page that shows what only a working one has is a working one, whatever else it carries: sites embed the widget
    # of a captcha in their form, and a waiting room's cookie stays with those whom it let in.
    if lacking is None and _tells(probe.expect):
        return Finding()
    return _marked(probe, page, always=False) or _by_status(probe, page, wait) or lacking or Finding()


def _marked(probe: Probe, page: Page, *, always: bool) -> Finding | None:
    """What the markers say that count always, or else those that count only where what is expected is not there."""
    for key, markers, failure, words in _kinds(probe):
        for place, marker in enumerate(markers, 1):
            if _counts_always(marker) is always and matches(marker, page):
                said = f"«\u00a0{marker.name}\u00a0»" if marker.name else f"n°\u00a0{place}"
                return Finding(failure, f"{words} {said}", marker=marker.name or f"{key}/{place}")
    return None


def _kinds(probe: Probe) -> Iterator[tuple[str, tuple[Marker, ...], Failure, str]]:
    yield "blocked", probe.blocked, Failure.OURS_BLOCKED, "marqueur de blocage"
    yield "waiting_room", probe.waiting_room, Failure.CONTENT_WAITING_ROOM, "marqueur de file d’attente"
    yield "maintenance", probe.maintenance, Failure.CONTENT_MAINTENANCE, "marqueur de maintenance"
    yield "restricted", probe.restricted, Failure.CONTENT_RESTRICTED, "marqueur d’accès restreint"


def _counts_always(marker: Marker) -> bool:
    """A probe's own marker is a fact about its platform; of the general ones, only where we were led is beyond doubt.

    A general marker has a plain name; an own one has none, or one below its key (``waiting_room/quota``).
    """
    return not marker.name or "/" in marker.name or marker.final_host is not None


def _tells(expect: Marker) -> bool:
    return bool(expect.contains or expect.matches or expect.json)


def _by_status(probe: Probe, page: Page, wait: timedelta | None) -> Finding | None:
    status = page.status
    if status in probe.expect.status or status < 400:
        return None
    words = f"HTTP\u00a0{status}"
    if status == 403:
        return Finding(Failure.OURS_BLOCKED, words)
    if status == 429:
        return Finding(Failure.EXCHANGE_OVERLOADED if probe.queue_on_429 else Failure.OURS_BLOCKED, words)
    if status == 503 and wait is not None and wait <= PATIENCE:
        return Finding(Failure.EXCHANGE_OVERLOADED, f"{words}, revenir dans {wait.total_seconds():.0f}\u00a0s")
    if status >= 500:
        return Finding(Failure.EXCHANGE_SERVER_ERROR, words)
    return Finding(Failure.EXCHANGE_CLIENT_ERROR, words)


def _by_expectation(probe: Probe, page: Page) -> Finding | None:
    expected = page.status in probe.expect.status if probe.expect.status else 200 <= page.status < 300
    if not expected:
        return Finding(Failure.CONTENT_UNEXPECTED, f"HTTP\u00a0{page.status} inattendu", marker="expect/status")
    if (lack := missing(probe.expect, page)) is None:
        return None
    marker = f"expect/{lack.place}"
    # Only what might stand beyond the cap makes the size the culprit; a wrong host or a forbidden text is plain to see.
    if not page.whole and missing_in_body(probe.expect, page):
        return Finding(Failure.CONTENT_TOO_LARGE, f"réponse coupée à 256\u00a0Kio\u00a0: {lack.words}", marker=marker)
    return Finding(Failure.CONTENT_UNEXPECTED, lack.words, marker=marker)


def retry_after(value: str | None, now: Callable[[], datetime]) -> timedelta | None:
    """How long a Retry-After header asks to wait, never negative; None where it is neither seconds nor a date."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        until = parsedate_to_datetime(value)
        return max(timedelta(), (until if until.tzinfo else until.replace(tzinfo=UTC)) - now())
    except (ValueError, OverflowError):
        return None
