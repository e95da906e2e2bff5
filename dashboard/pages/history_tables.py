"""The tables of `/carte/disponibilite`: services, parts of the period, days of its months, outages, incidents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.carte_address import address
from dashboard.dates import NB, PARIS
from dashboard.figures.cells import Figure
from dashboard.pages.drawn import Cell
from dashboard.pages.history_words import part_name
from dashboard.wording import HEALTHS
from monitor.domain.catalog import Catalog
from monitor.domain.compared import little
from monitor.domain.incident import Incident
from monitor.domain.outages import Outage
from monitor.domain.parts import By, Part
from monitor.domain.uptime import Hours
from monitor.reports import comparisons
from monitor.reports.counted_words import PARTS, TOO_LITTLE, points
from monitor.reports.over_time import Shown
from monitor.reports.periods import Counted
from monitor.reports.said import lasts, share

INCIDENTS_SHOWN = 30
Parts = Mapping[Hours, Mapping[Part, Figure]]
Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]  # titles and rows, as `drawn.twin` takes them
TWICE = ("Jour et nuit", "Couverture", "Heures scolaires", "Couverture scolaire")
RESERVED = "Réserve"


def of_services(shown: Shown, order: Sequence[Counted]) -> Table:
    """Each service with both figures, in an order that is given; the change where an earlier period is asked for."""
    change = () if shown.before is None else ("Jour et nuit, en points", "Scolaires, en points")
    head = ("Service", *TWICE, "Indisponible", "Incidents", *change, RESERVED)
    return head, [[_link(one), *_figures(one), *_more(shown, one)] for one in order]


def of_parts(by: By, parts: Parts) -> Table:
    """Each part of the period with both figures."""
    named = sorted({part for found in parts.values() for part in found})
    rows: list[Sequence[Cell]] = []
    for part in named:
        both = [found.get(part) for found in (parts[Hours.ALL], parts[Hours.SCHOOL])]
        rows.append([part_name(by, part), *(cell for one in both for cell in _two(one)), _doubt(both)])
    return (PARTS[by], *TWICE, RESERVED), rows


def of_grid(corner: str, columns: Sequence[str], rows: Sequence[tuple[str, Mapping[str, Figure]]]) -> Table:
    """The cells of a strip: availability, with a star where its coverage is too little, a dash where nothing counts."""
    body: list[Sequence[Cell]] = [[name, *(_cell(found.get(column)) for column in columns)] for name, found in rows]
    return (corner, *columns), body


def of_outages(found: Sequence[Outage], catalog: Catalog) -> Table:
    """The longest outages, the longest first."""
    rows: list[Sequence[Cell]] = []
    for one in found:
        service = catalog.services.get(one.service)
        name = html.A(service.name if service else one.service, href=f"/service/{quote(one.service, safe='')}")
        rows.append([name, _when(one.since), lasts(one.counted), HEALTHS[one.worst].fr])
    return ("Service", "À partir de", "Durée comptée", "Au pire"), rows


def of_incidents(found: Sequence[Incident], catalog: Catalog) -> Table:
    """The newest incidents that began in the period, with the pages that tell of them."""
    rows: list[Sequence[Cell]] = []
    for one in reversed(found[-INCIDENTS_SHOWN:]):
        links: list[Cell] = [
            html.A("page publique", href=f"/incidents/{quote(one.id, safe='')}"),
            ", ",
            html.A("explication", href=address("incident", {"id": one.id})),
        ]
        cells = (_when(one.opened_at), _lasted(one), HEALTHS[one.worst].fr, str(len(one.services)))
        rows.append([culprit(one, catalog), *cells, html.Span(links)])
    return ("Incident", "Premier échec", "Durée", "Au pire", "Services", "Pages"), rows


def _lasted(one: Incident) -> str:
    """How long nobody was well again; one may be closed without anybody having seen that."""
    if one.recovered_at is not None:
        return lasts(one.recovered_at - one.opened_at)
    return "en cours" if one.closed_at is None else "clos sans retour constaté"


def culprit(one: Incident, catalog: Catalog) -> str:
    """What people call what an incident is about; its identifier where the catalogue has no name for it."""
    kind, _, identity = one.culprit.partition(":")
    if kind == "service" and identity in catalog.services:
        return catalog.services[identity].name
    if kind == "operator" and identity in catalog.operators:
        return f"Exploitant {catalog.operators[identity].name}"
    return identity or kind


def _link(one: Counted) -> Component:
    return html.A(one.service.name, href=f"/service/{quote(one.service.id, safe='')}")


def _figures(one: Counted) -> Iterator[str]:
    for hours in Hours:
        yield from _two(one.said.of(hours))


def _more(shown: Shown, one: Counted) -> Iterator[str]:
    yield lasts(one.said.all.unavailable)
    yield str(one.responses.incidents)
    doubts = [one.said.all, one.said.school]
    if shown.before is not None:
        against = comparisons.of_service(shown.now, shown.before, one)
        for hours in Hours:
            yield points(None if against is None else against[hours].points)
        if against is not None and any(against[hours].doubts for hours in Hours):
            yield "; ".join(filter(None, (_doubt(doubts), "comparaison à ne pas citer")))
            return
    yield _doubt(doubts)


def _two(one: Figure | None) -> tuple[str, str]:
    return ("", "") if one is None else (share(one.availability), share(one.coverage, 1))


def _doubt(found: Sequence[Figure | None]) -> str:
    """What keeps a row from being quoted; of hours without any figure nothing is said."""
    doubted = [one for one in found if one is not None and one.availability is not None and little(one.coverage)]
    if not doubted:
        return ""
    return TOO_LITTLE if len(doubted) == len(found) else f"{TOO_LITTLE} ({_HOURS[doubted[0].hours]})"


def _cell(one: Figure | None) -> str:
    if one is None:
        return ""
    return share(one.availability, 2) + (f"{NB}*" if one.availability is not None and little(one.coverage) else "")


def _when(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M}"


_HOURS = {Hours.ALL: "jour et nuit", Hours.SCHOOL: "heures scolaires"}
