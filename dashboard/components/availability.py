"""The availability of the last days, as pages say it: both figures, each with what it rests on."""

import math
from dataclasses import dataclass

from dashboard import dates
from dashboard.model import Month
from dashboard.numerals import decimals
from dashboard.tongue import N_, _
from dashboard.wording import HOURS
from monitor.domain.uptime import Availability

NOTHING = N_("Non mesuré")
HAIR = 1e-9  # a share that lacks the last bit of a float is that share


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure with its coverage; `lost`: how long users could not work, `declared`: how long was left out for it."""

    hours: str
    share: str
    coverage: str
    lost: str
    declared: str


def figures(month: Month) -> list[FigureView]:
    """Round the clock, and in school hours."""
    return [_figure(part) for part in (month.uptime.all, month.uptime.school)]


def exact_percent(share: float) -> str:
    """``99,98 %``, rounded down: what was not there all the time is never 100 %."""
    hundredths = math.floor(share * 10_000 + HAIR)
    return _("{share}\u00a0%").format(share=decimals(hundredths / 100, 2) if hundredths < 10_000 else "100")


def whole_percent(share: float) -> str:
    """``98 %``, rounded down; what there was hardly any of is not nothing: ``< 1 %``."""
    if 0 < share < 0.01:
        return _("<\u00a01\u00a0%")
    return _("{share}\u00a0%").format(share=math.floor(share * 100 + HAIR))


def _figure(part: Availability) -> FigureView:
    share = part.availability
    return FigureView(
        hours=HOURS[part.hours].said,
        share=_(NOTHING) if share is None else exact_percent(share),
        coverage=whole_percent(part.coverage),
        lost=dates.duration(part.unavailable) if part.unavailable else "",
        declared=dates.duration(part.declared) if part.declared else "",
    )
