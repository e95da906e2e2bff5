"""What a view shows: a figure with a name that can be heard, and the same as a table."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.dates import DAYS, MONTHS

Cell = str | Component
_AXIS: Mapping[str, Any] = {
    "gridcolor": "--rule",
    "linecolor": "--soft",
    "tickcolor": "--soft",
    "zeroline": False,
    "fixedrange": True,
    "automargin": True,
}
# What every figure starts from; a name with two dashes is a colour of the style sheet, put in by the browser.
TEMPLATE: Mapping[str, Any] = {
    "layout": {
        "font": {"family": 'Atkinson, "Segoe UI", system-ui, sans-serif', "size": 15, "color": "--soft"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": "--ink", "bordercolor": "--ink", "font": {"color": "--paper", "size": 15}},
    }
}
_FRENCH: Mapping[str, Any] = {
    "dictionary": {},
    "format": {
        "days": [DAYS[-1], *DAYS[:-1]],
        "shortDays": [f"{one[:3]}." for one in (DAYS[-1], *DAYS[:-1])],
        "months": list(MONTHS),
        "shortMonths": [
            "janv.",
            "févr.",
            "mars",
            "avr.",
            "mai",
            "juin",
            "juil.",
            "août",
            "sept.",
            "oct.",
            "nov.",
            "déc.",
        ],
        "date": "%d/%m/%Y",
        "decimal": ",",
        "thousands": "\u00a0",
    },
}
CONFIG: Any = {
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "locale": "fr",
    "locales": {"fr": _FRENCH},
}


def graph(id: str, figure: Mapping[str, Any], label: str, height: str) -> html.Div:  # noqa: A002 : Dash's own word
    """A figure of Plotly; `label` says what it shows, `height` is a CSS length. Its twin must follow."""
    layout = {"template": TEMPLATE, **figure.get("layout", {})}
    shown = dcc.Graph(
        id=id, figure={**figure, "layout": layout}, config=CONFIG, style={"height": height}, className="figure"
    )
    return html.Div(shown, role="img", className="drawn", **_named(label))


def twin(caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> html.Details:
    """The table twin of a figure: the first cell of a row is its heading. Closed until asked for."""
    titles = html.Tr([html.Th(title, scope="col") for title in head])
    table = html.Table([html.Caption(caption), html.Thead(titles), _body(rows)])
    # Focusable, so that a long or wide table can be scrolled with the keys alone.
    region = html.Div(table, role="region", tabIndex=0, className="region", **_named(caption))
    return html.Details([html.Summary("Les mêmes valeurs en tableau"), region], className="twin")


def _body(rows: Sequence[Sequence[Cell]]) -> html.Tbody:
    """Of texts alone a body that the browser makes itself (assets/views.js).

    Each component costs Dash about a millisecond in the browser: a year of days by their columns would take seconds.
    """
    if all(isinstance(cell, str) for row in rows for cell in row):
        texts: dict[str, Any] = {"data-rows": json.dumps([list(row) for row in rows], ensure_ascii=False)}
        return html.Tbody(**texts)
    return html.Tbody([html.Tr([html.Th(first, scope="row"), *map(html.Td, rest)]) for first, *rest in rows])


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}
