"""The Dash application: its table of views, and how an address becomes what is shown.

The live map at `/carte/` has no Python callback; a view has one, which draws it from its address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from fastapi import FastAPI

from dashboard.carte_address import ASKED, DRAWING, PREFIX, address
from dashboard.components.marks import lighthouse
from dashboard.pages import comparer, day, heures, history, incident, service
from dashboard.pages.live import live, words
from dashboard.pages.studio import Studio
from dashboard.pages.view import View

# Every view of `/carte/`, in the order of the navigation.
_ALL: tuple[View, ...] = (day.VIEW, service.VIEW, heures.VIEW, history.VIEW, comparer.VIEW, incident.VIEW)
VIEWS: Mapping[str, View] = {one.name: one for one in _ALL}

EVERY_MS = 15_000
INDEX = """<!doctype html>
<html lang="fr"><head>{%metas%}<title>{%title%}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">{%css%}</head>
<body><a class="skip" href="#contenu">Aller au contenu</a>
<header class="top"><div class="wrap"><a class="logo" href="/">LIGHTHOUSE Vigie</a>
<nav aria-label="Principal"><a href="/carte/" aria-current="page">Carte</a>
<a href="/incidents">Incidents</a><a href="/recherche">Rechercher</a><a href="/methode">Méthode</a></nav></div></header>
<noscript><p class="wrap">Cette carte a besoin de JavaScript.
<a href="/">La page d’accueil</a> dit la même chose sans lui.</p></noscript>
{%app_entry%}
<footer><div class="wrap">
<p>Mesures indépendantes. Vigie dit ce qu’elle observe, depuis un point d’internet, sans jamais prêter d’intention.
<a href="/methode">Comment ces états sont établis</a>.</p>
<p><a href="/donnees">Données ouvertes</a> · <a href="/vigie">Vigie elle-même</a> ·
<a href="/vie-privee">Vie privée</a> · <a href="/accessibilite">Accessibilité</a> ·
<a href="/mentions-legales">Mentions légales</a></p>
</div></footer>
{%config%}{%scripts%}{%renderer%}</body></html>"""

SNAPSHOT, WORDS = Input("snapshot", "data"), State("words", "data")
TICK, THEME, PLACE = Input("tick", "n_intervals"), Input("theme", "data"), Input("territory", "data")
# The function of assets/*.js, then its outputs, inputs and states.
CALLBACKS: Sequence[Sequence[Any]] = (
    (
        "where",
        Output(ASKED, "data"),
        Output("territory", "data"),
        Output("live", "hidden"),
        Output("drawn", "hidden"),
        Input("place", "pathname"),
        Input("place", "search"),
    ),
    ("draw", Output("drawn", "children"), Input(DRAWING, "data"), THEME),
    ("replay", Input(DRAWING, "data")),
    ("read", Output("snapshot", "data"), TICK),
    (
        "age",
        Output("age-line", "children"),
        Output("sentence", "children"),
        Output("sentence", "data-place"),
        SNAPSHOT,
        TICK,
        PLACE,
        WORDS,
    ),
    ("paint", Output("map", "figure"), SNAPSHOT, THEME, PLACE, State("map", "figure"), WORDS),
    (
        "crumbs",
        Output("crumbs", "children"),
        Output("way", "hidden"),
        Output("state", "children"),
        Output("state", "hidden"),
        SNAPSHOT,
        PLACE,
        WORDS,
    ),
    (
        "beside",
        Output("beside-title", "children"),
        Output("beside", "children"),
        Output("beside-none", "children"),
        Output("mine", "children"),
        Output("mine-section", "hidden"),
        SNAPSHOT,
        PLACE,
        WORDS,
    ),
    (
        "services",
        Output("services", "children"),
        Output("services-section", "hidden"),
        SNAPSHOT,
        Input("filter", "value"),
        PLACE,
        WORDS,
    ),
    (
        "bands",
        Output("national", "children"),
        Output("table-title", "children"),
        Output("table", "children"),
        Output("rehearsal", "children"),
        Output("rehearsal", "hidden"),
        SNAPSHOT,
        PLACE,
        WORDS,
    ),
)


def create_carte(
    styles: Sequence[str],
    scripts: Sequence[str],
    names: Mapping[str, str],
    studio: Studio,
    views: Mapping[str, View] = VIEWS,
) -> Dash:
    """The Dash application. `styles` and `scripts` are addresses of ours; `names` maps académie slugs to names."""
    app = Dash(
        "dashboard.pages.carte",
        server=FastAPI(openapi_url=None, docs_url=None, redoc_url=None),  # type: ignore[arg-type]  # Dash 4.4 takes one
        url_base_pathname=PREFIX,
        title="Carte · Vigie",
        update_title="",
        serve_locally=True,
        include_assets_files=False,
        external_stylesheets=list(styles),
        external_scripts=list(scripts),
        meta_tags=[
            {"name": "viewport", "content": "width=device-width,initial-scale=1"},
            {"name": "color-scheme", "content": "light dark"},
        ],
        index_string=INDEX.replace("LIGHTHOUSE", str(lighthouse())),
        add_log_handler=False,
        enable_mcp=False,
    )
    app.backend.websocket_capability = False  # or every page would try to open one
    app.layout = _layout(names, views)
    _wire(app, studio)
    return app


def _layout(names: Mapping[str, str], views: Mapping[str, View]) -> html.Main:
    return html.Main(
        id="contenu",
        className="wrap carte",
        children=[
            dcc.Location(id="place", refresh=False),
            dcc.Store(id="words", data=words()),
            dcc.Store(id="snapshot"),
            dcc.Store(id="theme", data=0),
            dcc.Store(id="territory"),
            dcc.Store(id=ASKED),
            dcc.Store(id=DRAWING),
            dcc.Interval(id="tick", interval=EVERY_MS),
            html.P(id="rehearsal", className="rehearsal-note", hidden=True),
            _navigation(views),
            html.P(id="trouble", className="refusal", role="alert", hidden=True),
            live(names),
            html.Div(id="drawn", hidden=True),
        ],
    )


def _navigation(views: Mapping[str, View]) -> html.Nav:
    links = [html.A("Carte", href=PREFIX)]
    links += [html.A(one.title, href=address(one.name)) for one in views.values() if one.listed]
    named: dict[str, Any] = {"aria-label": "Vues"}
    return html.Nav(links, id="views", className="views", **named)


def _wire(app: Dash, studio: Studio) -> None:
    """All but one callback run in the browser; that one draws a view, and is never called by the live map."""
    for name, *arguments in CALLBACKS:
        app.clientside_callback(ClientsideFunction("vigie", name), *arguments)  # type: ignore[no-untyped-call]  # Dash

    @app.callback(Output(DRAWING, "data"), Input(ASKED, "data"), prevent_initial_call=True)
    async def draw(asked: Any) -> Any:
        given = asked if isinstance(asked, dict) else {}
        return await studio.show(given.get("name"), given.get("search"))
