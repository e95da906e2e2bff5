"""Hour by hour: a heat map of a week or of every day, school hours framed, what was not measured hatched."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from dashboard.dates import DAYS, NB, capital
from dashboard.figures.scale import TINTS, Scale, colour_bar, missing, said
from monitor.domain.calendar import Closed
from monitor.reports.hours import REST_ROW, Cell, Hourly, Measure

REST = "Vacances, fériés"
ROWS = (*map(capital, DAYS), REST)
ONE_DAY = timedelta(days=1)
_STRIPES: Mapping[Closed, tuple[str, str]] = {
    Closed.WEEKEND: ("", "Week-end"),
    Closed.PUBLIC: ("x", "Jour férié"),
    Closed.HOLIDAYS: ("/", "Vacances"),
}
_TICKS = list(range(0, 25, 6))  # few enough for the width of a phone
_STILL: Mapping[str, Any] = {"fixedrange": True, "showgrid": False}
_HOURS: Mapping[str, Any] = {**_STILL, "tickvals": _TICKS, "ticktext": [f"{hour}{NB}h" for hour in _TICKS]}

Trace = dict[str, Any]


def week(found: Hourly) -> dict[str, Any]:
    """Hours across, weekdays down, then the days of holidays."""
    measure, cells = found.question.measure, found.week()
    rows = [row for row in range(len(ROWS)) if any((row, hour) in cells for hour in range(24))]
    grid = {(rows.index(row), hour): cell for (row, hour), cell in cells.items()}
    frames = {rows.index(row): hours for row, hours in _weekly_school(found) if row in rows}
    xs, ys = [hour + 0.5 for hour in range(24)], list(range(len(rows)))
    values = [[_value(grid.get((y, hour)), measure) for hour in range(24)] for y in ys]
    text = [[_words(ROWS[rows[y]], hour, said(measure, values[y][hour])) for hour in range(24)] for y in ys]
    holes = [(hour, y - 0.5, 1) for y in ys for hour in range(24) if values[y][hour] is None]
    lines = [_outline(frames, run) for run in _in_a_row(sorted(frames))]
    layout = {
        "xaxis": {**_HOURS, "range": [0, 24], "tickangle": 0, "side": "top"},
        "yaxis": {**_STILL, "range": [len(rows) - 0.5, -0.5], "tickvals": ys, "ticktext": [ROWS[row] for row in rows]},
    }
    return _figure((xs, ys, values, text), measure, [_hatch(holes, 1, measure), _frame(lines)], layout)


def days(found: Hourly) -> dict[str, Any]:
    """Days across, hours down; above them why a day has no class."""
    measure, every = found.question.measure, list(found.closed)
    values = [[_value(found.cells.get((day, hour)), measure) for day in every] for hour in range(24)]
    text = [
        [_words(_named(day), hour, said(measure, values[hour][n])) for n, day in enumerate(every)] for hour in range(24)
    ]
    holes = [(f"{day}", *stretch) for n, day in enumerate(every) for stretch in _holes([row[n] for row in values])]
    noons = [f"{day}T12:00:00" for day in every]
    lines = [
        _rectangle((f"{first}", opens), (f"{last + ONE_DAY}", closes))
        for first, last, opens, closes in _daily_school(found)
    ]
    layout = {
        "xaxis": {
            **_STILL,
            "type": "date",
            "range": [f"{every[0]}", f"{every[-1] + ONE_DAY}"],
            "nticks": 9,
            "tickformat": f"%-d{NB}%b\n%Y",
        },
        "yaxis": {**_HOURS, "range": [24, -2.2]},
    }
    extra = [_hatch(holes, 86_400_000, measure), *_closed(found.closed), _frame(lines)]
    return _figure((noons, [hour + 0.5 for hour in range(24)], values, text), measure, extra, layout)


def _figure(grid: tuple[Any, ...], measure: Measure, extra: Sequence[Trace], layout: dict[str, Any]) -> dict[str, Any]:
    xs, ys, values, text = grid
    scale = Scale.of(measure, [value for row in values for value in row if value is not None])
    low, high = TINTS[measure]
    heat = {
        "type": "heatmap",
        "x": xs,
        "y": ys,
        "z": [[scale.tint(value) for value in row] for row in values],
        "zmin": scale.low,
        "zmax": scale.high,
        "colorscale": [[0, low], [1, high]],
        "xgap": 1 if len(xs) < 60 else 0,
        "ygap": 1,
        "hoverongaps": False,
        "hoverinfo": "text",
        "text": text,
        "colorbar": colour_bar(scale),
    }
    return {"data": [heat, *extra], "layout": {"barmode": "overlay", "bargap": 0, **layout}}


def _value(cell: Cell | None, measure: Measure) -> float | None:
    return None if cell is None else cell.value(measure)


def _hatch(holes: Sequence[tuple[Any, float, float]], width: float, measure: Measure) -> Trace:
    """What was not measured enough: stripes on paper, so that no tint of the scale is taken for it."""
    pattern = {"shape": "/", "size": 6, "solidity": 0.12, "fgcolor": "--soft", "fillmode": "overlay"}
    return {
        "type": "bar",
        "x": [x for x, *_ in holes],
        "base": [base for _, base, _ in holes],
        "y": [height for *_, height in holes],
        "width": [width] * len(holes),
        "offset": 0,
        "name": missing(measure),
        "hoverinfo": "name",
        "marker": {"color": "--paper", "line": {"width": 0}, "pattern": pattern},
    }


def _holes(column: Sequence[float | None]) -> Iterator[tuple[float, float]]:
    """Hours of a day that were not measured, those in a row as one: from, how many."""
    for empty, some in groupby(range(len(column)), lambda hour: column[hour] is None):
        if empty:
            hours = list(some)
            yield hours[0], len(hours)


def _closed(closed: Mapping[date, Closed | None]) -> Iterator[Trace]:
    """A band above the days: the texture of each reason to have no class."""
    for why, (shape, name) in _STRIPES.items():
        tint = "--rule" if why is Closed.WEEKEND else "--soft"
        those = [day for day, its in closed.items() if its is why]
        pattern = {"shape": shape, "size": 5, "solidity": 0.35, "fgcolor": "--paper", "fillmode": "overlay"}
        yield {
            "type": "bar",
            "x": [f"{day}" for day in those],
            "base": [-1.8] * len(those),
            "y": [1.3] * len(those),
            "width": [86_400_000] * len(those),
            "offset": 0,
            "name": name,
            "hoverinfo": "text",
            "hovertext": [f"{_named(day)}<br>{name}" for day in those],
            "marker": {"color": tint, "line": {"width": 0}, "pattern": pattern},
        }


def _frame(lines: Sequence[list[tuple[Any, Any]]]) -> Trace:
    points = [point for line in lines for point in (*line, (None, None))]
    line = {"color": "--ink", "width": 1.8}
    xs, ys = [x for x, _ in points], [y for _, y in points]
    about = {"name": "heures scolaires", "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, **about}


def _rectangle(one: tuple[Any, Any], other: tuple[Any, Any]) -> list[tuple[Any, Any]]:
    (left, top), (right, bottom) = one, other
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _outline(frames: Mapping[int, tuple[float, float]], run: Sequence[int]) -> list[tuple[Any, Any]]:
    """Around the hours of rows that follow each other: down on the right in stairs, up again on the left."""
    right = [(frames[y][1], edge) for y in run for edge in (y - 0.5, y + 0.5)]
    left = [(frames[y][0], edge) for y in reversed(run) for edge in (y + 0.5, y - 0.5)]
    return [*right, *left, right[0]]


def _in_a_row(numbers: Sequence[int]) -> Iterator[list[int]]:
    for _, some in groupby(enumerate(numbers), lambda one: one[1] - one[0]):
        yield [number for _, number in some]


def _weekly_school(found: Hourly) -> Iterator[tuple[int, tuple[float, float]]]:
    """The school hours of each weekday, of the days that have class."""
    by_row: dict[int, set[tuple[float, float]]] = {}
    for day, hours in found.school.items():
        if found.row(day) != REST_ROW:
            by_row.setdefault(found.row(day), set()).update(hours)
    for row, every in sorted(by_row.items()):
        yield row, (min(opens for opens, _ in every), max(closes for _, closes in every))


def _daily_school(found: Hourly) -> Iterator[tuple[date, date, float, float]]:
    """Days in a row with the same school hours: first and last day, from and to."""
    numbered = [(day.toordinal(), hours) for day, some in sorted(found.school.items()) for hours in some]
    for (_, hours), some in groupby(enumerate(numbered), lambda one: (one[1][0] - one[0], one[1][1])):
        run = [day for _, (day, _) in some]
        yield date.fromordinal(run[0]), date.fromordinal(run[-1]), *hours


def _words(when: str, hour: int, value: str) -> str:
    return f"{when}, de {hour} à {hour + 1}{NB}h<br>{value}"


def _named(day: date) -> str:
    return f"{capital(DAYS[day.weekday()])} {day:%d/%m/%Y}"
