"""How far one looks back, and in which steps: a few hundred, whatever the period."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from monitor.domain.answer_tally import Grain
from monitor.store.days import PARIS

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Over(StrEnum):
    """The periods one can ask about, that end now."""

    DAY = "24h"
    WEEK = "7j"
    MONTH = "30j"
    QUARTER = "90j"
    YEAR = "1an"


# How long, from which roll-up, in steps of what. Steps of several hours and days follow the clock of Paris.
_STEPS: Mapping[Over, tuple[timedelta, Grain, timedelta]] = {
    Over.DAY: (_DAY, Grain.FIVE_MINUTES, timedelta(minutes=5)),
    Over.WEEK: (7 * _DAY, Grain.HOUR, _HOUR),
    Over.MONTH: (30 * _DAY, Grain.HOUR, 2 * _HOUR),
    Over.QUARTER: (90 * _DAY, Grain.HOUR, 6 * _HOUR),
    Over.YEAR: (365 * _DAY, Grain.DAY, _DAY),
}


def grain_of(over: Over) -> Grain:
    """Which roll-ups its steps are made from."""
    return _STEPS[over][1]


def width_of(over: Over) -> timedelta:
    """How long a step lasts, but on days on which clocks change."""
    return _STEPS[over][2]


def edges_of(over: Over, until: datetime) -> list[datetime]:
    """Where the steps of the period that ends at `until` (aware) begin, and the end of the last, in UTC.

    The first begins no later than a whole period before `until`; the last holds it, and may not be over.
    """
    whole, _, width = _STEPS[over]
    edges = [_floor(until - whole, width)]
    while edges[-1] < until:
        edges.append(_following(edges[-1], width))
    return edges


def _floor(at: datetime, width: timedelta) -> datetime:
    if width <= _HOUR:
        since = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return since + (at - since) // width * width
    return _on_the_wall(at, width).replace(tzinfo=PARIS).astimezone(UTC)


def _following(edge: datetime, width: timedelta) -> datetime:
    if width <= _HOUR:
        return edge + width
    # Added on the wall of Paris, not in UTC: a day that has 23 or 25 hours is a day.
    return (_on_the_wall(edge, width) + width).replace(tzinfo=PARIS).astimezone(UTC)


def _on_the_wall(at: datetime, width: timedelta) -> datetime:
    """What the clock of Paris showed, naive, when the step that holds an instant began."""
    local = at.astimezone(PARIS).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    hours = width // _HOUR
    return local.replace(hour=local.hour // hours * hours, fold=0)
