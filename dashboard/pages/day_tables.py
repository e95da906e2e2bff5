"""The table twins of a played day: its incidents with their hours, and the académies at the chosen instant."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.phrases import percent
from dashboard.components.replayed import Titled
from dashboard.dates import capital
from dashboard.pages.day_chart import between
from dashboard.pages.drawn import twin
from dashboard.wording import HEALTHS
from monitor.reports.day import CountryDay

HEAD = ("Incident", "De quand à quand", "Confirmé", "Au pire", "Services", "Part touchée", "Où")


def incident_twin(incidents: Sequence[Titled], told: CountryDay, label: str, *, linked: bool) -> html.Div:
    """Every incident of the day; `linked`: with the address of its page, where the books hold it."""
    rows = [_row(one, told, linked) for one in incidents]
    made = twin(f"Incidents de la journée{label}", HEAD, rows or [["Aucun incident", *[""] * (len(HEAD) - 1)]])
    return _named("Incidents de la journée", made)


def state_twin(label: str) -> html.Div:
    """The académies at the chosen instant, the gravest first; the browser fills it."""
    made = twin(f"Académies à l’heure choisie{label}", ("Académie", "État", "Part touchée"), [["…", "", ""]])
    return html.Div(_named("Académies à l’heure choisie", made), id="day-table")


def _row(one: Titled, told: CountryDay, linked: bool) -> list[str | Component]:
    incident = one.incident
    name: str | Component = html.A(one.name, href=f"/incidents/{incident.id}") if linked else one.name
    when = between(incident.opened, incident.ended, told)
    return [
        name,
        capital(when) if incident.absorbed_into is None else "Rattaché à un incident plus large",
        between(incident.confirmed, None, told).removeprefix("depuis "),
        HEALTHS[incident.worst].fr,
        str(len(incident.services)),
        "" if incident.share is None else percent(incident.share),
        one.where,
    ]


def _named(title: str, table: Any) -> html.Div:
    return html.Div([html.H2(title), table])
