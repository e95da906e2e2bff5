"""The sections of `/carte/comparer`: the figure with its twin, the small groups, one group's services, one instant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.carte_address import address
from dashboard.components.availability import exact_percent
from dashboard.components.groups import BY, coverage, doubts, figure, instant_row, signed, tested, told, unwell
from dashboard.components.groups import counted as services_counted
from dashboard.dates import NB
from dashboard.figures.dumbbell import Pair, dumbbell, height
from dashboard.pages.drawn import graph, twin
from monitor.domain.catalog import Service
from monitor.domain.uptime import Availability
from monitor.reports.at_once import Moment
from monitor.reports.groups import Groups, Line, Weighed
from monitor.reports.sharing import Shared

Leads = Callable[[Line], str]

DRAWN = 40  # groups; the twin has them all
HEAD = (
    "Groupe", "Services", "Disponibilité", "Couverture", "Indisponibles un moment", "Témoins", "Disponibilité des témoins",
    "Couverture des témoins", "Témoins indisponibles un moment", "Écart", "Réserve", "Test exact des incidents",
)  # fmt: skip
NOTE = (
    "Un écart n’est pas une cause. Aucun test ne lui est appliqué\u00a0: les pannes d’un service ne sont pas des "
    "tirages indépendants, et un petit groupe s’écarte plus facilement qu’un grand. Le seul test de Vigie est celui de "
    "chaque incident, sur ce qui tombe au même moment. Chaque service pèse autant, quel que soit son nombre d’usagers. "
)
OF_A_SERVICE = ("Disponibilité", "Couverture", "Indisponible")


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


def members(line: Line, found: Groups) -> Sequence[Component]:
    """One group: each of its services with its own figure."""
    hours = found.wish.hours
    rows = [_member(one, found.figures[one.id].of(hours)) for one in line.group.inside]
    titles = (html.Th("Service", scope="col"), *(html.Th(one, scope="col", className="num") for one in OF_A_SERVICE))
    head = html.Thead(html.Tr(titles))
    touched = f"{services_counted(line.inside.services)}, {unwell(line.inside)} indisponibles à un moment de la période"
    sentence = f"{touched}{NB}; test exact{NB}: {_lower(tested(line))}."
    links = [html.A(_opened(one), href=address("incident", {"id": one.incident})) for one in line.tested[:6]]
    return [
        html.Section(
            [
                html.H2(f"{BY[found.wish.by].one} {line.group.name}", id="groupe"),
                html.P(sentence, className="measure"),
                *([html.P(["Ouverts le ", *_joined(links), "."], className="measure")] if links else []),
                html.Table([head, html.Tbody(rows)], className="rows tight"),
            ]
        )
    ]


def instant(lines: Sequence[Line], counts: Mapping[str, Moment], at: datetime, by: Shared) -> Sequence[Component]:
    """All groups at one instant, those that were affected first."""
    order = sorted(lines, key=lambda one: (-counts[one.group.candidate].unwell_inside, one.group.name.casefold()))
    shown = [one for one in order if counts[one.group.candidate].unwell_inside]
    title = html.H2(
        f"Le {dates.long_day(at)} à {dates.clock(at + timedelta.resolution)}"
    )  # now is a hair before what is known
    if not shown:
        return [
            html.Section(
                [title, html.P("À cet instant, aucun service de ces groupes n’était touché.", className="measure")]
            )
        ]
    head = (BY[by].one, "Touchés à l’intérieur", "Touchés ailleurs", "Par le seul hasard", "Ce qu’on peut en dire")
    rows = [html.Tr(_cells(instant_row(one.group.name, counts[one.group.candidate], by))) for one in shown[:DRAWN]]
    return [
        html.Section(
            [
                title,
                html.P(
                    "Comptés\u00a0: les services touchés de la même façon au même moment, parmi ceux dont l’état est "
                    "connu. Ailleurs\u00a0: tous les autres services, de tout genre.",
                    className="measure",
                ),
                html.Table(
                    [html.Thead(html.Tr([html.Th(one, scope="col") for one in head])), html.Tbody(rows)],
                    className="rows ground",
                ),
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


def _member(service: Service, said: Availability) -> Component:
    share = "Non mesuré" if said.availability is None else exact_percent(said.availability)
    lost = dates.duration(said.unavailable) if said.unavailable else ""
    percent = int(said.coverage * 100 + 1e-9)
    cells = zip((share, f"{percent}{NB}%", lost), OF_A_SERVICE, strict=True)
    phases = address("service", {"id": service.id})
    links = [
        html.A(service.name, href=f"/service/{service.id}"),
        html.Small(html.A("durées et phases", href=phases, **_aria(f"durées et phases de {service.name}"))),
    ]
    return html.Tr(
        [
            html.Th(links, scope="row"),
            *(headed(text, title) for text, title in cells),
        ]
    )


def headed(text: str, title: str) -> Component:
    """A number in a cell that carries its own heading, which narrow screens show."""
    attributes: dict[str, Any] = {"data-head": title}
    return html.Td(text, className="num", **attributes)


def _aria(label: str) -> dict[str, Any]:
    return {"aria-label": label}


def _cells(row: Sequence[str]) -> Sequence[Component]:
    first, *middle, last = row
    return [
        html.Th(first, scope="row"),
        *(html.Td(text, className="none" if text == "–" else "") for text in middle),
        html.Td(last, className="list"),
    ]


def _opened(one: Weighed) -> str:
    return f"{dates.long_day(one.opened_at)} à {dates.clock(one.opened_at)}"


def _joined(links: Sequence[Component]) -> Sequence[Component | str]:
    return [part for rank, one in enumerate(links) for part in ((", ", one) if rank else (one,))]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
