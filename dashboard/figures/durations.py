"""Durations of a service over time: bands between quantiles on a logarithmic axis, and its states as a strip below."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from math import log10
from typing import Any

from dashboard.dates import NB
from dashboard.figures.measured import HIDDEN, lasting_ms, moment, stretch, texture, took, wall
from dashboard.wording import HEALTHS
from monitor.domain.observation import Health
from monitor.reports.durations import Step

# From the outer to the inner: which of `PERCENTS`, and how dark. Each lies over the one before.
_BANDS = ((2, 3, "entre 95 et 99", 0.16), (1, 2, "entre 75 et 95", 0.3), (0, 1, "entre 50 et 75", 0.5))
_TICKS_MS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
_MS = timedelta(milliseconds=1)
_STRIP, _CHART = (0.0, 0.085), (0.13, 1.0)  # of the height
MARGIN: Mapping[str, int] = {"l": 72, "r": 8, "t": 16, "b": 48}  # the same for all figures of one period
_LOW = 0.45  # a good stretch is low and pale; trouble takes the whole height

Trace = dict[str, Any]


def durations(steps: Sequence[Step], thresholds: Sequence[timedelta]) -> dict[str, Any]:
    """A figure of Plotly. Where nothing answered there is a gap: no line leads over it.

    `thresholds`: from when on an answer is late, drawn as lines.
    """
    traces = [_band(steps, *one) for one in _BANDS]
    traces += [_middle(steps), *(_threshold(steps, one) for one in thresholds), _told(steps), *_strip(steps)]
    return {"data": traces, "layout": _layout(steps, thresholds)}


def time_axis(steps: Sequence[Step]) -> dict[str, Any]:
    """The same for every figure of one period, so that they stand under each other."""
    return {
        "type": "date",
        "range": [wall(steps[0].since), wall(steps[-1].until)],
        "fixedrange": True,
        "gridcolor": "--rule",
        "showgrid": True,
        "ticklabelmode": "instant",
        "tickformatstops": [
            {"dtickrange": [None, 3_600_000 * 24 - 1], "value": f"%-H{NB}h\n%-d{NB}%b"},
            {"dtickrange": [3_600_000 * 24, None], "value": f"%-d{NB}%b\n%Y"},
        ],
        "nticks": 5,
        "tickangle": 0,
    }


def runs(steps: Sequence[Step]) -> Iterator[list[tuple[Step, tuple[float, ...]]]]:
    """Steps with durations (ms), those that follow each other without a gap together."""
    said = [(one, one.quantiles) for one in steps]
    for there, some in groupby(said, lambda one: one[1] is not None):
        if there:
            yield [
                (one, tuple(round(each / _MS, 1) for each in quantiles))
                for one, quantiles in some
                if quantiles is not None
            ]


def area(runs: Sequence[Sequence[tuple[Step, Sequence[float]]]], low: int, high: int) -> Trace:
    """Between two of the values of each step: a polygon a run, in stairs, as wide as the time that a step tells of.

    One path for all steps; a bar for each would be hundreds of elements, and a second of the browser's time.
    """
    xs, ys = list[int | None](), list[float | None]()
    for run in runs:
        sides = [(wall(one.since), wall(one.until), values) for one, values in run]
        xs += [edge for since, until, _ in sides for edge in (since, until)]
        ys += [values[high] for *_, values in sides for _ in range(2)]
        xs += [edge for since, until, _ in reversed(sides) for edge in (until, since)]
        ys += [values[low] for *_, values in reversed(sides) for _ in range(2)]
        xs.append(None)
        ys.append(None)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def pointed(said: Sequence[tuple[Step, float, str]]) -> Trace:
    """What is read under the pointer: a line that is not seen, through the middle of each step at some height."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [wall(one.since + (one.until - one.since) / 2) for one, *_ in said],
        "y": [height for _, height, _ in said],
        "line": {"width": 0},
        "hoverinfo": "text",
        "text": [words for *_, words in said],
        "name": "",
    }


def _band(steps: Sequence[Step], low: int, high: int, name: str, dark: float) -> Trace:
    drawn = {"fillcolor": "--maintenance-ink", "opacity": dark, "name": f"{name}{NB}%"}
    return {**area(list(runs(steps)), low, high), **drawn}


def _middle(steps: Sequence[Step]) -> Trace:
    xs, ys = list[int | None](), list[float | None]()
    for run in runs(steps):
        for one, values in run:
            xs += (wall(one.since), wall(one.until))
            ys += (values[0], values[0])
        xs.append(None)
        ys.append(None)
    line = {"color": "--ink", "width": 1.6, "shape": "linear"}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": line,
        "name": "la moitié",
        "hoverinfo": "skip",
    }


def _threshold(steps: Sequence[Step], late: timedelta) -> Trace:
    ms = late / _MS
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [wall(steps[0].since), wall(steps[-1].until)],
        "y": [ms, ms],
        "line": {"color": "--slow-ink", "width": 1.4, "dash": "6px,4px"},
        "text": [f"  seuil de lenteur{NB}: {took(ms)}", ""],
        "textposition": "top right",
        "textfont": {"color": "--slow-ink"},
        "name": "seuil",
        "hoverinfo": "skip",
    }


def _told(steps: Sequence[Step]) -> Trace:
    return pointed([(one, values[0], _words(one, values)) for run in runs(steps) for one, values in run])


def _words(one: Step, values: Sequence[float]) -> str:
    halves = f"la moitié en moins de {took(values[0])}, 95{NB}% en moins de {took(values[2])}"
    return f"{stretch(one.since, one.until)}<br>{halves},<br>99{NB}% en moins de {took(values[3])}"


def _strip(steps: Sequence[Step]) -> list[Trace]:
    """One trace a state: the gravest of each step, since a short trouble must not vanish in a long step."""
    found: dict[Health, list[tuple[Step, Step]]] = {}
    for health, some in groupby(steps, lambda one: one.worst):
        if health is not None:
            run = list(some)
            found.setdefault(health, []).append((run[0], run[-1]))
    return [_bars(health, found[health]) for health in Health if health in found]


def _bars(health: Health, some: Sequence[tuple[Step, Step]]) -> Trace:
    """Steps in a row are one bar."""
    quiet = health in {Health.UP, Health.UNKNOWN}
    return {
        "type": "bar",
        "x": [wall(first.since) for first, _ in some],
        "y": [_LOW if quiet else 1] * len(some),
        "width": [lasting_ms(first.since, last.until) for first, last in some],
        "offset": 0,
        "yaxis": "y2",
        "name": HEALTHS[health].fr,
        "marker": {"color": f"--{health.value}", "line": {"width": 0}, "pattern": texture(health)},
        "hoverinfo": "text",
        "hovertext": [_from_to(health, *one) for one in some],
    }


def _from_to(health: Health, first: Step, last: Step) -> str:
    when = stretch(first.since, first.until) if first is last else f"{moment(first.since)} – {moment(last.until)}"
    return f"{when}<br>{HEALTHS[health].fr}"


def _layout(steps: Sequence[Step], thresholds: Sequence[timedelta]) -> dict[str, Any]:
    low, high = _range(steps, thresholds)
    ticks = [ms for ms in _TICKS_MS if low <= ms <= high]
    y: Mapping[str, Any] = {
        "type": "log",
        "domain": _CHART,
        "range": [log10(low), log10(high)],
        "tickvals": ticks,
        "ticktext": [took(ms) for ms in ticks],
        "fixedrange": True,
        "gridcolor": "--rule",
        "automargin": False,
    }
    strip = {**HIDDEN, "domain": _STRIP, "range": [0, 1]}
    return {
        "xaxis": {**time_axis(steps), "anchor": "y2"},
        "yaxis": y,
        "yaxis2": strip,
        "barmode": "overlay",
        "bargap": 0,
        "hoverdistance": 40,
        "margin": MARGIN,
    }


def _range(steps: Sequence[Step], thresholds: Sequence[timedelta]) -> tuple[float, float]:
    """From below the fastest half to above the slowest hundredth, and the thresholds within."""
    said = [values for run in runs(steps) for _, values in run]
    lowest = min((values[0] for values in said), default=100.0)
    highest = max([*(values[3] for values in said), *(late / _MS for late in thresholds), 10 * lowest])
    return lowest / 1.6, highest * 1.6
