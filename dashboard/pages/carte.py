"""`/carte/`: the live map. Python lays it out once; the browser alone keeps it up to date (assets/carte.js)."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from fastapi import FastAPI

from dashboard.components.marks import lighthouse
from dashboard.figures.live_map import live_map
from dashboard.model import severity
from dashboard.wording import FAILURES, HEALTHS
from monitor.domain.observation import Health

PREFIX = "/carte/"
EVERY_MS = 15_000
INDEX = """<!doctype html>
<html lang="fr"><head>{%metas%}<title>{%title%}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">{%css%}</head>
<body><a class="skip" href="#contenu">Aller au contenu</a>
<header class="top"><div class="wrap"><a class="logo" href="/">LIGHTHOUSE Vigie</a>
<nav aria-label="Principal"><a href="/carte/" aria-current="page">Carte</a>
<a href="/incidents">Incidents</a><a href="/methode">Méthode</a></nav></div></header>
<noscript><p class="wrap">Cette carte a besoin de JavaScript.
<a href="/">La page d’accueil</a> dit la même chose sans lui.</p></noscript>
{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>"""

SNAPSHOT, WORDS = Input("snapshot", "data"), State("words", "data")
# The function of assets/carte.js, then its outputs, inputs and states.
CALLBACKS: Sequence[Sequence[Any]] = (
    ("read", Output("snapshot", "data"), Input("tick", "n_intervals")),
    ("age", Output("age-line", "children"), Output("sentence", "children"), SNAPSHOT, Input("tick", "n_intervals")),
    ("paint", Output("map", "figure"), SNAPSHOT, Input("theme", "data"), State("map", "figure"), WORDS),
    ("services", Output("services", "children"), SNAPSHOT, Input("filter", "value"), WORDS),
    (
        "bands",
        Output("national", "children"),
        Output("academies", "children"),
        Output("rehearsal", "children"),
        Output("rehearsal", "hidden"),
        SNAPSHOT,
        WORDS,
    ),
)


def create_carte(styles: Sequence[str], script: str, names: Mapping[str, str]) -> Dash:
    """The Dash application. `styles` and `script` are addresses of ours; `names` maps académie slugs to names."""
    app = Dash(
        "dashboard.pages.carte",
        server=FastAPI(openapi_url=None, docs_url=None, redoc_url=None),  # type: ignore[arg-type]  # Dash 4.4 takes one
        url_base_pathname=PREFIX,
        title="Carte · Vigie",
        update_title="",
        serve_locally=True,
        include_assets_files=False,
        external_stylesheets=list(styles),
        external_scripts=[script],
        meta_tags=[
            {"name": "viewport", "content": "width=device-width,initial-scale=1"},
            {"name": "color-scheme", "content": "light dark"},
        ],
        index_string=INDEX.replace("LIGHTHOUSE", str(lighthouse())),
        add_log_handler=False,
        enable_mcp=False,
    )
    app.layout = _layout(names)
    _wire(app)
    return app


def _layout(names: Mapping[str, str]) -> html.Main:
    return html.Main(
        id="contenu",
        className="wrap carte",
        children=[
            dcc.Store(id="words", data=_words()),
            dcc.Store(id="snapshot"),
            dcc.Store(id="theme", data=0),
            dcc.Interval(id="tick", interval=EVERY_MS),
            html.P(id="rehearsal", className="rehearsal-note", hidden=True),
            # No live region: it counts, and would be spoken at every tick.
            html.P(id="age-line", className="age"),
            html.H1(id="sentence", children="La carte se dessine…"),
            html.Div(className="grid", children=[_map(names), _services()]),
            _section("Services nationaux", html.Ul(id="national", className="nat")),
            _section("Académie par académie", html.Div(id="academies")),
        ],
    )


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


def _words() -> dict[str, Any]:
    return {
        "healths": {h.value: w.fr for h, w in HEALTHS.items()},
        "order": {h.value: severity(h) for h in Health},
        "failures": {f.value: w.fr for f, w in FAILURES.items()},
    }


def _wire(app: Dash) -> None:
    """Every callback runs in the browser; Python answers nothing after the first load."""
    for name, *arguments in CALLBACKS:
        app.clientside_callback(ClientsideFunction("vigie", name), *arguments)  # type: ignore[no-untyped-call]  # Dash
