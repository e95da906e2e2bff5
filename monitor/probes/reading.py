"""What an HTTP answer means: markers first, whatever the status; then the status; then what the page must hold."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure
from monitor.probes.base import Finding
from monitor.probes.content import Page, lacks, matches, missing

PATIENCE = timedelta(seconds=600)  # a 503 that asks to come back within this time is a queue (docs/method.md)


def read(probe: Probe, page: Page, now: Callable[[], datetime]) -> Finding:
    """Judge one final answer. Raises Failed (ours/policy) where an expression of the catalogue cannot be compiled."""
    for finding in (_marked(probe, page), _by_status(probe, page, now), _by_expectation(probe, page)):
        if finding is not None:
            return finding
    return Finding()


def _marked(probe: Probe, page: Page) -> Finding | None:
    for marker, failure, words in (
        (probe.blocked, Failure.OURS_BLOCKED, "marqueur de blocage"),
        (probe.waiting_room, Failure.CONTENT_WAITING_ROOM, "marqueur de file d’attente"),
        (probe.maintenance, Failure.CONTENT_MAINTENANCE, "marqueur de maintenance"),
        (probe.restricted, Failure.CONTENT_RESTRICTED, "marqueur d’accès restreint"),
    ):
        if (place := matches(marker, page)) is not None:
            return Finding(failure, f"{words} {place}")
    return None


def _by_status(probe: Probe, page: Page, now: Callable[[], datetime]) -> Finding | None:
    status = page.status
    if status in probe.expect.status or status < 400:
        return None
    words = f"HTTP\u00a0{status}"
    if status == 403:
        return Finding(Failure.OURS_BLOCKED, words)
    if status == 429:
        return Finding(Failure.EXCHANGE_OVERLOADED if probe.queue_on_429 else Failure.OURS_BLOCKED, words)
    if status == 503 and (wait := retry_after(page.headers.get("Retry-After"), now)) is not None and wait <= PATIENCE:
        return Finding(Failure.EXCHANGE_OVERLOADED, f"{words}, revenir dans {wait.total_seconds():.0f}\u00a0s")
    if status >= 500:
        return Finding(Failure.EXCHANGE_SERVER_ERROR, words)
    return Finding(Failure.EXCHANGE_CLIENT_ERROR, words)


def _by_expectation(probe: Probe, page: Page) -> Finding | None:
    expected = page.status in probe.expect.status if probe.expect.status else 200 <= page.status < 300
    if not expected:
        return Finding(Failure.CONTENT_UNEXPECTED, f"HTTP\u00a0{page.status} inattendu")
    if (words := missing(probe.expect, page)) is None:
        return None
    # Only what might stand beyond the cap makes the size the culprit; a wrong host or a forbidden text is plain to see.
    if not page.whole and lacks(probe.expect, page):
        return Finding(Failure.CONTENT_TOO_LARGE, f"réponse coupée à 256\u00a0Kio\u00a0: {words}")
    return Finding(Failure.CONTENT_UNEXPECTED, words)


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
