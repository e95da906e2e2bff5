"""The sections of `/carte/comparer`: the figure with its twin, the small groups, one group's services, one instant."""

from collections.abc import Callable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.groups import BY, coverage, doubts, figure, signed, tested, told, unwell
from dashboard.components.groups import counted as services_counted
from dashboard.dates import NB
from dashboard.figures.dumbbell import Pair, dumbbell, height
from dashboard.pages.drawn import graph, twin
from monitor.reports.groups import Groups, Line

Leads = Callable[[Line], str]

DRAWN = 40  # groups; the twin has them all
HEAD = (
    "Groupe", "Services", "Disponibilité", "Couverture", "Indisponibles un moment", "Témoins",
    "Disponibilité des témoins", "Couverture des témoins", "Témoins indisponibles un moment", "Écart", "Réserve",
    "Test exact des incidents",
)  # fmt: skip
NOTE = (
    "Un écart n’est pas une cause. Aucun test ne lui est appliqué\u00a0: les pannes d’un service ne sont pas des "
    "tirages indépendants, et un petit groupe s’écarte plus facilement qu’un grand. Le seul test de Vigie est celui de "
    "chaque incident, sur ce qui tombe au même moment. Chaque service pèse autant, quel que soit son nombre d’usagers. "
)


def gaps(found: Groups, leads: Leads) -> Sequence[Component]:
    """The figure of the ranked groups and its twin; nothing where none is ranked."""
    if not found.ranked:
        return []
    drawn, words = found.ranked[:DRAWN], BY[found.wish.by]
    pairs = [
        Pair(
            one.group.name,
            one.inside.together.availability or 0.0,
            one.control.together.availability or 0.0,
            told(one),
            bool(one.doubts),
            leads(one),
        )
        for one in drawn
    ]
    label = (
        f"Disponibilité de {len(drawn)} {words.several} et de leurs témoins, du plus en dessous au plus au-dessus. "
        "Les mêmes valeurs sont dans le tableau qui suit."
    )
    return [
        html.Section(
            [
                html.H2(f"Disponibilité sur la période, par {words.one.lower()}"),
                legend(),
                graph("ecarts", dumbbell(pairs), label, f"{height(len(drawn))}px"),
                twin(_caption(found), HEAD, [_row(one, leads) for one in found.ranked]),
            ]
        )
    ]


def legend() -> Component:
    """What the marks of the figure mean: shapes first, colours beside."""
    return html.Ul(
        [
            html.Li([html.I(className="dot-full"), "le groupe"]),
            html.Li([html.I(className="dot-hollow"), "ses témoins\u00a0: les services du même genre, hors du groupe"]),
            html.Li([html.I(className="dot-doubt"), "à ne pas citer"]),
        ],
        className="key dots",
    )


def small(found: Groups, leads: Leads) -> Sequence[Component]:
    """Groups that are not ranked: under three services, or without a figure."""
    if not found.apart:
        return []
    items = [
        html.Li(
            [
                html.A(one.group.name, href=leads(one)),
                html.Small(
                    f"{services_counted(one.inside.services)}{NB}: {figure(one.inside)}, "
                    f"couverture {coverage(one.inside)}"
                ),
            ]
        )
        for one in found.apart
    ]
    return [
        html.Section(
            [
                html.H2("Hors classement"),
                html.P(
                    "Moins de trois services, et leur chiffre dépend d’un ou deux\u00a0; ou aucun témoin du même "
                    "genre à qui les comparer.",
                    className="note",
                ),
                html.Ul(items, className="services small-groups", tabIndex=0),
            ]
        )
    ]


def note(found: Groups) -> Component:
    """What the figures do not prove."""
    words, silent = BY[found.wish.by], found.undeclared
    silence = f"{services_counted(silent)} {words.undeclared}. " if silent else ""
    return html.P([NOTE, silence, html.A("Comment Vigie compare", href="/methode"), "."], className="note")


def _row(one: Line, leads: Leads) -> Sequence[str | Component]:
    inside, control = one.inside, one.control
    return (
        html.A(one.group.name, href=leads(one)),
        str(inside.services),
        figure(inside),
        coverage(inside),
        unwell(inside),
        str(control.services),
        figure(control),
        coverage(control),
        unwell(control),
        signed(one.points),
        doubts(one),
        tested(one),
    )


def _caption(found: Groups) -> str:
    return f"Chaque {BY[found.wish.by].one.lower()} et ses témoins, du plus en dessous au plus au-dessus"
