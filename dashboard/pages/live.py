"""`/carte/`: the live map. Python lays it out once; the browser alone keeps it up to date (assets/carte.js)."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.components.phrases import PLACES
from dashboard.figures.live_map import live_map
from dashboard.figures.outlines import outlines
from dashboard.model import severity
from dashboard.wording import FAILURES, HEALTHS, LEVELS
from monitor.domain.observation import Health
from monitor.reports.places import surroundings

MAP = "Carte des académies\u00a0; les mêmes états sont dans les listes qui suivent."


def live(names: Mapping[str, str]) -> html.Div:
    """What stands below the navigation while no view is asked for. `names` maps académie slugs to names."""
    return html.Div(
        id="live",
        children=[
            # No live region: it counts, and would be spoken at every tick.
            html.P(id="age-line", className="age"),
            html.Nav(html.Ol(id="crumbs"), id="way", className="crumbs", hidden=True, **_named("Où l’on est")),
            html.H1(id="sentence", children="La carte se dessine…"),
            html.P(id="state", className="state", hidden=True),
            html.Div(className="grid", children=[_map(names), _beside()]),
            _section("Services nationaux", html.Ul(id="national", className="nat")),
            _services(),
            html.Section([html.H2(id="table-title"), html.Div(id="table"), _what_a_share_is()]),
        ],
    )


def words() -> dict[str, Any]:
    """What the browser says of states and failures, in which order they are read, and how places lie in each other."""
    codes = [f"A:{slug}" for slug in outlines().academies]
    around = {code: surroundings(code) for code in codes}
    around |= {one.code: surroundings(one.code) for found in around.values() for one in found.below}
    return {
        "healths": {h.value: w.fr for h, w in HEALTHS.items()},
        "order": {h.value: severity(h) for h in Health},
        "failures": {f.value: w.fr for f, w in FAILURES.items()},
        "levels": {level.value: w.fr for level, w in LEVELS.items()},
        "folders": dict(PLACES),
        "places": {
            code: {"above": [one.code for one in found.above], "below": [one.code for one in found.below]}
            for code, found in around.items()
        },
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
    drawn = html.Div(graph, role="img", **_named(MAP))
    return _section("Sur la carte", drawn, legend)


def _what_a_share_is() -> html.P:
    """The map gives one part for each place; which one, and where the others stand."""
    return html.P(
        [
            "Part touchée\u00a0: celle du public (école, collège ou lycée) dont l’état est le plus grave. "
            "Les services nationaux ne colorent pas les territoires. ",
            html.A("Chaque public, sur la page d’accueil", href="/"),
            " · ",
            html.A("Comment c’est compté", href="/methode"),
        ],
        className="note",
    )


def _beside() -> html.Div:
    """The same places as links: what the mouse does on the map, the keyboard and the ear do here."""
    items = html.Ul(id="beside", className="services", tabIndex=0)
    parts = html.Section([html.H2(id="beside-title"), items, html.P(id="beside-none", className="empty")])
    mine = html.Ul(id="mine", className="services", tabIndex=0)
    return html.Div([html.Section([html.H2("Ses services"), mine], id="mine-section", hidden=True), parts])


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
    items = html.Ul(id="services", className="services wide", tabIndex=0)
    return html.Section([html.H2("Services"), label, search, items], id="services-section")


def _section(title: str, *children: Any) -> html.Section:
    return html.Section([html.H2(title), *children])


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}
