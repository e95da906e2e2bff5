"""`/carte/`: the live map. Python lays it out once; the browser alone keeps it up to date (assets/carte.js)."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.figures.live_map import live_map
from dashboard.model import severity
from dashboard.wording import FAILURES, HEALTHS
from monitor.domain.observation import Health


def live(names: Mapping[str, str]) -> html.Div:
    """What stands below the navigation while no view is asked for. `names` maps académie slugs to names."""
    return html.Div(
        id="live",
        children=[
            # No live region: it counts, and would be spoken at every tick.
            html.P(id="age-line", className="age"),
            html.H1(id="sentence", children="La carte se dessine…"),
            html.Div(className="grid", children=[_map(names), _services()]),
            _section("Services nationaux", html.Ul(id="national", className="nat")),
            _section("Académie par académie", html.Div(id="academies")),
        ],
    )


def words() -> dict[str, Any]:
    """What the browser says of states and failures, and in which order people read them."""
    return {
        "healths": {h.value: w.fr for h, w in HEALTHS.items()},
        "order": {h.value: severity(h) for h in Health},
        "failures": {f.value: w.fr for f, w in FAILURES.items()},
    }


def _map(names: Mapping[str, str]) -> html.Section:
    graph = dcc.Graph(
        id="map",
        figure=live_map(dict(names)),
        config={"displayModeBar": False, "responsive": True, "scrollZoom": False, "showTips": False},
        className="live-map",
        style={"height": "min(72vw, 470px)"},  # Dash would write 100 % here, over any style sheet
    )
    legend = html.Ul(
        className="key",
        children=[
            html.Li(
                html.Span(className=f"chip s-{h.value}", children=[html.I(className=f"dmark s-{h.value}"), words.fr])
            )
            for h, words in HEALTHS.items()
        ],
    )
    return _section("Par académie", graph, legend)


def _services() -> html.Section:
    search = dcc.Input(
        id="filter",
        type="text",
        debounce=False,
        autoComplete="off",
        placeholder="Nom, exploitant ou académie",
        maxLength=80,
    )
    label = html.Label("Filtrer les services", htmlFor="filter", className="filter-label")
    return _section("Services", label, search, html.Ul(id="services", className="services", tabIndex=0))


def _section(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children])
