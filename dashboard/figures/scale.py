"""The scale of a heat map: how shares and durations become tints, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from dashboard.figures.measured import share, took
from monitor.reports.hours import Measure

# From what is best to what is worst, and how the worst that is coloured at least is: calm stays pale.
TINTS: Mapping[Measure, tuple[str, str]] = {
    Measure.AVAILABILITY: ("--down", "--up"),
    Measure.WAITING: ("--up", "--waiting"),
    Measure.FAILURES: ("--up", "--down"),
    Measure.DURATION: ("--up", "--slow-ink"),
}
_AT_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become tints: `log` for durations."""

    measure: Measure
    low: float
    high: float

    @classmethod
    def of(cls, measure: Measure, values: Sequence[float]) -> "Scale":
        """From the values that are shown."""
        if measure is Measure.DURATION:
            least, most = min(values, default=100.0), max(values, default=1000.0)
            return cls(measure, log10(least), log10(max(most, 4 * least)))
        if measure is Measure.AVAILABILITY:
            return cls(measure, min([*values, 1 - _AT_LEAST]), 1.0)
        return cls(measure, 0.0, max([*values, _AT_LEAST]))

    def tint(self, value: float | None) -> float | None:
        """Where a value stands on the scale."""
        return log10(value) if value is not None and self.measure is Measure.DURATION else value

    def words(self, value: float) -> str:
        """A value of the scale in words."""
        return said(self.measure, 10**value if self.measure is Measure.DURATION else value)


def missing(measure: Measure) -> str:
    """Why an hour has no value. One in which everything failed was measured, and has no duration."""
    return "pas assez de bonnes réponses" if measure is Measure.DURATION else "pas assez mesuré"


def said(measure: Measure, value: float | None) -> str:
    """A value in words; that there is none too."""
    if value is None:
        return missing(measure)
    return took(value) if measure is Measure.DURATION else share(value)


def colour_bar(scale: Scale) -> dict[str, Any]:
    """The key of a scale: its two ends in words."""
    ends = [scale.low, scale.high]
    return {
        "orientation": "h",
        "thickness": 10,
        "len": 0.6,
        "x": 0,
        "xanchor": "left",
        "y": -0.14,
        "yanchor": "top",
        "outlinewidth": 0,
        "tickvals": ends,
        "ticktext": [scale.words(one) for one in ends],
        "tickangle": 0,
        "tickfont": {"color": "--soft"},
    }
