"""Availability as cells, a row of days a month or a row of parts a service: what is well is pale, what is not is loud.

Each kind of cell has a word, a pattern and a colour, so that it reads in grey, in print, and for the colour-blind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from dashboard.figures.plain import plain, short
from monitor.domain.compared import little
from monitor.domain.uptime import Availability, Weighted

Figure = Availability | Weighted
_HAIR = 1e-9  # a share that lacks the last bit of a float is that share


class Look(NamedTuple):
    """What a kind of cell is called, and how it is drawn."""

    words: str
    colour: str
    opacity: float
    pattern: str


class Grade(Enum):
    """The kinds of cell, from well to unknown."""

    WELL = Look("99,9\u00a0% ou plus", "--up", 1.0, "")
    DENTED = Look("de 99 à 99,9\u00a0%", "--down", 0.3, "")
    HURT = Look("de 95 à 99\u00a0%", "--down", 0.6, "/")
    BAD = Look("moins de 95\u00a0%", "--down", 1.0, "x")
    LITTLE = Look("couverture trop faible", "--unknown", 1.0, ".")
    NOTHING = Look("rien de compté", "--unknown", 0.45, "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the column that it stands in, its figure, and what is said of it."""

    column: str
    figure: Figure
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells and its name, which may be anybody's text."""

    name: str
    cells: Sequence[Cell]


def grade_of(one: Figure) -> Grade:
    """The kind of cell that a figure is."""
    share = one.availability
    if share is None:
        return Grade.NOTHING
    if little(one.coverage):
        return Grade.LITTLE
    steps = ((0.999, Grade.WELL), (0.99, Grade.DENTED), (0.95, Grade.HURT))
    return next((grade for least, grade in steps if share >= least - _HAIR), Grade.BAD)


def cells(rows: Sequence[Row], columns: Sequence[str], ticks: Mapping[str, str]) -> dict[str, Any]:
    """A figure of Plotly: the first row on top, the columns in their order; `ticks`: what some are called below."""
    names = [short(plain(row.name)) for row in rows]
    drawn = [(place, cell) for place, row in enumerate(rows) for cell in row.cells]
    looks = [grade_of(cell.figure).value for _, cell in drawn]
    data = {
        "type": "bar",
        "x": [columns.index(cell.column) for _, cell in drawn],
        "y": [0.86] * len(drawn),
        "base": [place - 0.43 for place, _ in drawn],
        "width": 0.9,
        "hovertext": [plain(cell.said) for _, cell in drawn],
        "hoverinfo": "text",
        "marker": {
            "color": [look.colour for look in looks],
            "opacity": [look.opacity for look in looks],
            "line": {"width": 0},
            "pattern": {
                "shape": [look.pattern for look in looks],
                "fgcolor": ["--paper"] * len(looks),
                "bgcolor": [look.colour for look in looks],
                "fillmode": "overlay",
                "size": 5,
                "solidity": 0.25,
            },
        },
    }
    at = [columns.index(one) for one in ticks]
    layout = {
        "showlegend": False,
        "xaxis": {
            "tickvals": at,
            "ticktext": list(ticks.values()),
            "range": [-0.5, len(columns) - 0.5],
            "showgrid": False,
        },
        "yaxis": {
            "tickvals": list(range(len(rows))),
            "ticktext": names,
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "ticks": "",
        },
    }
    return {"data": [data], "layout": layout}
