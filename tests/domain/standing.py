"""The rule of which span counts at an instant, a second time and the slow way."""

from collections.abc import Iterable
from datetime import datetime

from monitor.domain.observation import SEVERITY, Health
from monitor.domain.service_verdict import Span


def health_at(spans: Iterable[Span], at: datetime) -> Health | None:
    """What began later counts, of two that began together the worse one; None where nothing is said."""
    there = [one for one in spans if one.since <= at < one.until]
    last = max((one.since for one in there), default=None)
    return max((one.health for one in there if one.since == last), key=SEVERITY.__getitem__, default=None)
