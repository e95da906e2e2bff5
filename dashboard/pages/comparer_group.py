"""The sections of `/carte/comparer` about one group's services, and about all groups at one instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.carte_address import address
from dashboard.components.availability import exact_percent
from dashboard.components.groups import BY, instant_row, tested, unwell
from dashboard.components.groups import counted as services_counted
from dashboard.dates import NB
from monitor.domain.catalog import Service
from monitor.domain.uptime import Availability
from monitor.reports.at_once import Moment
from monitor.reports.groups import Groups, Line, Weighed
from monitor.reports.sharing import Shared

LISTED = 200  # services of a group
SHOWN = 40  # groups of an instant, those that were affected first
OF_A_SERVICE = ("Disponibilité", "Couverture", "Indisponible")


def members(line: Line, found: Groups) -> Sequence[Component]:
    """One group: each of its services with its own figure."""
    hours = found.wish.hours
    rows = [_member(one, found.figures[one.id].of(hours)) for one in line.group.inside[:LISTED]]
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
    rows = [html.Tr(_cells(instant_row(one.group.name, counts[one.group.candidate], by))) for one in shown[:SHOWN]]
    return [
        html.Section(
            [
                title,
                html.P(
                    "Comptés parmi ceux dont l’état est connu\u00a0: les services touchés de la même façon au même "
                    "moment, ou tous ceux qui sont touchés là où aucun test n’est fait. Ailleurs\u00a0: tous les "
                    "autres services, de tout genre.",
                    className="measure",
                ),
                html.Table(
                    [html.Thead(html.Tr([html.Th(one, scope="col") for one in head])), html.Tbody(rows)],
                    className="rows ground",
                ),
            ]
        )
    ]


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
