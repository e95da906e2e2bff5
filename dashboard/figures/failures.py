"""What failed, and when: a row for each kind of failure, a bar for the share of the answers of each step."""

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from dashboard.dates import NB
from dashboard.figures.durations import MARGIN, time_axis
from dashboard.figures.measured import HIDDEN, counted, lasting_ms, share, stretch, texture, wall
from dashboard.wording import FAILURES
from monitor.domain.observation import Failure
from monitor.reports.durations import Step, failures_in

ROWS_MOST = 6
ROW_PX = 84
_BAR = 0.5  # of a row's height; the words stand above, in two lines at most
_LINE = 38  # letters: what a telephone is wide enough for
_SEEN = 0.15  # of a bar: one failure in a thousand answers must still be seen


def kinds(steps: Sequence[Step]) -> list[tuple[Failure, int]]:
    """How many answers of each failure, the most frequent first."""
    found = Counter[Failure]()
    for one in steps:
        found.update(failures_in(one.tally))
    return sorted(found.items(), key=lambda kind: (-kind[1], kind[0].code))


def height_px(steps: Sequence[Step]) -> int:
    """How high the figure is drawn."""
    return ROW_PX * min(len(kinds(steps)), ROWS_MOST) + 60


def failures(steps: Sequence[Step]) -> dict[str, Any]:
    """A figure of Plotly of the most frequent kinds; one at least must have happened."""
    rows = kinds(steps)[:ROWS_MOST]
    places = {kind: len(rows) - 1 - place for place, (kind, _) in enumerate(rows)}
    layout = {
        "barmode": "overlay",
        "bargap": 0,
        "xaxis": time_axis(steps),
        "yaxis": {**HIDDEN, "range": [0, len(rows)]},
        "margin": MARGIN,
        "shapes": [_ground(place) for place in places.values()],
        "annotations": [_words(kind, times, places[kind]) for kind, times in rows],
    }
    return {"data": [_row(steps, kind, place) for kind, place in places.items()], "layout": layout}


def _row(steps: Sequence[Step], kind: Failure, place: int) -> dict[str, Any]:
    had = [(one, failures_in(one.tally).get(kind, 0), sum(n for _, n in one.tally.kinds)) for one in steps]
    had = [one for one in had if one[1]]
    said = [
        f"{stretch(one.since, one.until)}<br>{share(times / of)} des réponses ({counted(times)})"
        for one, times, of in had
    ]
    return {
        "type": "bar",
        "x": [wall(one.since) for one, *_ in had],
        "y": [_BAR * max(times / of, _SEEN) for _, times, of in had],
        "base": [place] * len(had),
        "width": [lasting_ms(one.since, one.until) for one, *_ in had],
        "offset": 0,
        "name": kind.value,
        "marker": {"color": f"--{kind.health.value}", "line": {"width": 0}, "pattern": texture(kind.health)},
        "hoverinfo": "text",
        "hovertext": said,
    }


def _ground(place: int) -> dict[str, Any]:
    line = {"color": "--rule", "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place, "y1": place, "layer": "below", "line": line}


def _words(kind: Failure, times: int, place: int) -> dict[str, Any]:
    said = f"{FAILURES[kind].fr.rstrip('.')}{NB}: {counted(times)}"
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -MARGIN["l"],
        "y": place + _BAR + 0.06,
        "yanchor": "bottom",
        "text": "<br>".join(wrap(said, _LINE)),
        "showarrow": False,
        "font": {"color": "--ink"},
        "align": "left",
    }
