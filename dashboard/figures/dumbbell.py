"""Groups against their control groups: one row a group, a full dot for it, a hollow one for its control, joined."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

ROW, FRAME = 46, 64  # pixels: a name above its two dots; the scale
NAME_SHOWN = 44  # characters of a name; the twin has it whole
MOST_TICKS = 6
STEP = 0.02  # the scale begins at a multiple of that
_MARKUP = re.compile(r"[<>&\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: two shares (0..1), what is said of their difference, and whether it is not to be quoted.

    `name` is hostile text; `told` is ours. `leads`: the address that a click on its dots leads to.
    """

    name: str
    inside: float
    control: float
    told: str
    doubtful: bool = False
    leads: str = ""


def dumbbell(pairs: Sequence[Pair], *, more_is_worse: bool = False) -> dict[str, Any]:
    """A figure whose colours are names of custom properties; the first pair on top.

    `more_is_worse`: where shares are of what is affected, not of what answers.
    """
    under, over = ("--up-ink", "--down") if more_is_worse else ("--down", "--up-ink")
    below = [(row, one) for row, one in enumerate(pairs) if one.inside < one.control]
    above = [(row, one) for row, one in enumerate(pairs) if one.inside >= one.control]
    sure = [(row, one) for row, one in enumerate(pairs) if not one.doubtful]
    doubtful = [(row, one) for row, one in enumerate(pairs) if one.doubtful]
    shares = [share for one in pairs for share in (one.inside, one.control)]
    scale = (0.0, ceiling_of(shares)) if more_is_worse else (floor_of(shares), 1.0)
    return {
        "data": [
            _joined(below, under),
            _joined(above, over),
            _dots([(row, one.control, one) for row, one in enumerate(pairs)], "Témoin", "circle-open", "--soft"),
            _dots([(row, one.inside, one) for row, one in sure], "Groupe", "circle", "--ink"),
            _dots([(row, one.inside, one) for row, one in doubtful], "Groupe, à ne pas citer", "diamond", "--ink"),
        ],
        "layout": _layout(pairs, scale),
    }


def height(rows: int) -> int:
    """Pixels that so many rows take."""
    return FRAME + ROW * max(rows, 1)


def floor_of(shares: Iterable[float]) -> float:
    """Where the scale begins: at or below every share, never so near to 1 that a hair looks like an outage."""
    low = min(shares, default=1.0)
    return max(0.0, min(math.floor(low / STEP + 1e-9) * STEP - STEP, 0.9))


def ceiling_of(shares: Iterable[float]) -> float:
    """Where the scale of what is affected ends: at or above every share, never so low that a hair looks like a lot."""
    return min(1.0, max(math.ceil(max(shares, default=0.0) / 0.1 - 1e-9) * 0.1, 0.2))


def ticks(scale: tuple[float, float]) -> list[float]:
    """Round shares within the scale, six at most."""
    low, high = scale
    step = next(one for one in (0.02, 0.05, 0.1, 0.2) if (high - low) / one <= MOST_TICKS - 1 + 1e-9)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def plain(text: str) -> str:
    """A name as Plotly may have it: it renders some HTML in what it writes. Cut where it is long."""
    clean = _MARKUP.sub("", text).strip()
    return clean if len(clean) <= NAME_SHOWN else f"{clean[: NAME_SHOWN - 1].rstrip()}…"


def _joined(rows: Sequence[tuple[int, Pair]], colour: str) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[int | None] = []
    for row, one in rows:
        xs += [one.inside, one.control, None]
        ys += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs[:-1],
        "y": ys[:-1],
        "line": {"width": 3, "color": colour},
        "hoverinfo": "skip",
    }


def _dots(dots: Sequence[tuple[int, float, Pair]], name: str, symbol: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [share for _, share, _ in dots],
        "y": [row for row, _, _ in dots],
        "text": [f"{plain(one.name)}<br>{one.told}" for _, _, one in dots],
        "customdata": [one.leads for _, _, one in dots],
        "hoverinfo": "text",
        "marker": {"symbol": symbol, "size": 12, "color": colour, "line": {"width": 2, "color": colour}},
    }


def _layout(pairs: Sequence[Pair], scale: tuple[float, float]) -> dict[str, Any]:
    left = {"xref": "paper", "x": 0, "xanchor": "left", "yshift": 16, "showarrow": False, "align": "left"}
    edge = (scale[1] - scale[0]) * 0.02
    return {
        "xaxis": {
            "range": [scale[0] - edge, scale[1] + edge],
            "tickvals": ticks(scale),
            "ticktext": [f"{one * 100:.0f}\u00a0%" for one in ticks(scale)],
            "tickfont": {"size": 14},
        },
        "yaxis": {"range": [len(pairs) - 0.5, -0.75], "visible": False},
        "annotations": [
            left | {"y": row, "text": plain(one.name), "font": {"color": "--ink", "size": 15}}
            for row, one in enumerate(pairs)
        ],
        "margin": {"l": 4, "r": 14, "t": 6, "b": 34},
    }
