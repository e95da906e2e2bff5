"""The share of time that was lost, as bars from zero: their heights are honest, and a good period is nearly empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.cells import Figure
from dashboard.figures.plain import plain, short
from monitor.domain.compared import little

LEAST_TOP = 1.0  # per cent: what is lost in a good month is not made to look like a catastrophe by its own scale


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name below, its figure, and what is said of it."""

    name: str
    figure: Figure
    said: str


def lost(bars: Sequence[Bar]) -> dict[str, Any]:
    """Upright bars, in their order. One that rests on too little is pale and dotted, what is not counted is missing."""
    return {
        "data": [_trace(bars) | {"x": list(range(len(bars))), "y": _heights(bars)}],
        "layout": {
            "showlegend": False,
            "bargap": 0.18,
            "xaxis": _named(bars) | {"tickangle": "auto", "range": [-0.6, len(bars) - 0.4], "showgrid": False},
            "yaxis": _scale(bars),
        },
    }


def ranked(bars: Sequence[Bar]) -> dict[str, Any]:
    """Lying bars, the first on top: a service each."""
    return {
        "data": [_trace(bars) | {"x": _heights(bars), "y": list(range(len(bars))), "orientation": "h"}],
        "layout": {
            "showlegend": False,
            "bargap": 0.3,
            "xaxis": _scale(bars) | {"side": "top"},
            "yaxis": {
                "ticklen": 8,
                "tickcolor": "rgba(0,0,0,0)",
                "tickvals": list(range(len(bars))),
                "ticktext": [short(plain(one.name)) for one in bars],
                "range": [len(bars) - 0.5, -0.5],
                "showgrid": False,
                "ticks": "outside",
            },
        },
    }


def _trace(bars: Sequence[Bar]) -> dict[str, Any]:
    doubted = [little(one.figure.coverage) for one in bars]
    colours = ["--unknown" if one else "--down" for one in doubted]
    pattern = {
        "shape": ["." if one else "" for one in doubted],
        "fgcolor": ["--unknown-ink"] * len(bars),
        "bgcolor": colours,  # Plotly takes the list of the bars for one colour where none is given
        "size": 6,
        "solidity": 0.2,
        "fillmode": "overlay",
    }
    return {
        "type": "bar",
        "hovertext": [plain(one.said) for one in bars],
        "hoverinfo": "text",
        "marker": {
            "color": colours,
            "line": {"width": 0},
            "pattern": pattern,
        },
    }


def _heights(bars: Sequence[Bar]) -> list[float | None]:
    return [None if (share := one.figure.availability) is None else 100 * (1 - share) for one in bars]


def _scale(bars: Sequence[Bar]) -> dict[str, Any]:
    top = max((one for one in _heights(bars) if one is not None), default=0.0)
    return {"range": [0, max(top * 1.06, LEAST_TOP)], "ticksuffix": "\u00a0%", "nticks": 5, "rangemode": "tozero"}


def _named(bars: Sequence[Bar]) -> dict[str, Any]:
    """Some dozen names at most: those of many days would lie over each other."""
    step = -(-len(bars) // 12) or 1
    at = list(range(0, len(bars), step))
    return {"tickvals": at, "ticktext": [plain(bars[place].name) for place in at]}
