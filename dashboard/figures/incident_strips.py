"""The time line of an incident: a strip of states a service, first failures as marks, its turning points as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.dates import PARIS
from dashboard.figures.dumbbell import plain
from dashboard.figures.measured import lasting_ms
from dashboard.wording import HEALTHS
from monitor.domain.observation import Health
from monitor.reports.incident_course import Stretch

ROW, FRAME = 44, 118  # pixels: a name above its strip; the scale, and the words of the lines
LEVEL = 17  # pixels between the words of two lines that stand close
LEVELS = 4
CLOSE = 0.3  # of the width: nearer than that, words would run into each other
THICK = 0.42
# As on the live map: a state is told by its pattern too.
PATTERNS = {
    Health.SLOW: ".", Health.WAITING: "/", Health.RESTRICTED: "-", Health.DOWN: "x", Health.MAINTENANCE: "+",
    Health.UNKNOWN: "\\",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """One service as it is drawn; `name` is hostile text."""

    name: str
    stretches: tuple[Stretch, ...]
    first_bad: datetime | None


@dataclass(frozen=True, slots=True)
class Turning:
    """One labelled line: an instant, and what happened then."""

    at: datetime
    words: str


def incident_strips(
    strips: Sequence[Named], turnings: Sequence[Turning], since: datetime, until: datetime
) -> dict[str, Any]:
    """A figure over [since, until) in the time of Paris, whose colours are names of custom properties."""
    told = [one for one in turnings if since <= one.at < until]
    bars = [_bars(strips, health) for health in Health]
    return {
        "data": [*(one for one in bars if one["x"]), _marks(strips)],
        "layout": _layout(strips, told, since, until),
    }


def height(rows: int) -> int:
    """Pixels that so many strips take."""
    return FRAME + ROW * max(rows, 1)


def _bars(strips: Sequence[Named], health: Health) -> dict[str, Any]:
    drawn = [(row, one, s) for row, one in enumerate(strips) for s in one.stretches if s.health is health]
    ink = f"--{health.value}-ink" if health in {Health.UNKNOWN, Health.SLOW} else "--paper"
    pattern = {"shape": PATTERNS.get(health, ""), "size": 7, "solidity": 0.2, "fgcolor": ink}
    return {
        "type": "bar",
        "orientation": "h",
        "name": HEALTHS[health].fr,
        "y": [row for row, _, _ in drawn],
        "x": [lasting_ms(s.since, s.until) for _, _, s in drawn],
        "base": [_local(s.since) for _, _, s in drawn],
        "width": THICK,
        "text": [_said(one, s, health) for _, one, s in drawn],
        "textposition": "none",
        "hoverinfo": "text",
        "marker": {
            "color": f"--{health.value}",
            "line": {"width": 0},
            "pattern": pattern | {"bgcolor": f"--{health.value}"},
        },
    }


def _marks(strips: Sequence[Named]) -> dict[str, Any]:
    failed = [(row, one, one.first_bad) for row, one in enumerate(strips) if one.first_bad is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Premier échec mesuré",
        "x": [_local(at) for _, _, at in failed],
        "y": [row for row, _, _ in failed],
        "text": [f"{plain(one.name)}<br>Premier échec mesuré\u00a0: {_clock(at)}" for _, one, at in failed],
        "hoverinfo": "text",
        "marker": {"symbol": "triangle-down", "size": 13, "color": "--ink", "line": {"width": 1.5, "color": "--paper"}},
        "cliponaxis": False,
    }


def _layout(strips: Sequence[Named], told: Sequence[Turning], since: datetime, until: datetime) -> dict[str, Any]:
    name = {"xref": "paper", "x": 0, "xanchor": "left", "yshift": 17, "showarrow": False, "align": "left"}
    name |= {"bgcolor": "--paper", "borderpad": 1}  # the lines of the turning points do not cross it
    names = [
        name | {"y": row, "text": plain(one.name), "font": {"color": "--ink", "size": 15}}
        for row, one in enumerate(strips)
    ]
    return {
        "barmode": "overlay",
        "xaxis": {
            "type": "date",
            "range": [_local(since), _local(until)],
            "tickformat": "%-H h %M" if until - since <= timedelta(hours=36) else "%-d/%m %-H h",
            "nticks": 7,
            "tickfont": {"size": 14},
        },
        "yaxis": {"range": [len(strips) - 0.5, -0.8], "visible": False},
        "shapes": [_line(one) for one in told],
        "annotations": [*names, *_words(told, since, until)],
        "margin": {"l": 4, "r": 14, "t": FRAME - 40, "b": 34},
    }


def _line(one: Turning) -> dict[str, Any]:
    at = _local(one.at)
    place = {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "layer": "below"}
    return place | {"line": {"width": 1.5, "dash": "dot", "color": "--soft"}}


def _words(told: Sequence[Turning], since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The words of the lines above the strips, each a level higher than one that stands close before it."""
    found: list[dict[str, Any]] = []
    last, level = -1.0, 0
    for one in sorted(told, key=lambda turning: turning.at):
        place = (one.at - since) / (until - since)
        level = (level + 1) % LEVELS if found and place - last < CLOSE else 0
        last = place
        found.append(
            {
                "x": _local(one.at),
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "yshift": level * LEVEL,
                "xanchor": "left" if place < 0.6 else "right",
                "text": f"{one.words} {_clock(one.at)}",
                "showarrow": False,
                "font": {"color": "--soft", "size": 14},
            }
        )
    return found


def _said(one: Named, stretch: Stretch, health: Health) -> str:
    return f"{plain(one.name)}<br>{HEALTHS[health].fr}\u00a0: {_clock(stretch.since)} – {_clock(stretch.until)}"


def _local(at: datetime) -> str:
    return at.astimezone(PARIS).replace(tzinfo=None).isoformat(timespec="milliseconds")


def _clock(at: datetime) -> str:
    local = at.astimezone(PARIS)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02d}"
