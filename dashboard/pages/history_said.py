"""What stands below the figures of `/carte/disponibilite`: outages, incidents, and what every figure means."""

from collections.abc import Iterator

from dash import html
from dash.development.base_component import Component

from dashboard.dates import NB, PARIS
from dashboard.pages.drawn import Cell, twin
from dashboard.pages.history_asked import Asked
from dashboard.pages.history_tables import INCIDENTS_SHOWN, of_incidents, of_outages
from dashboard.pages.history_words import place_title
from dashboard.pages.taken import downloadable
from monitor.domain.catalog import Catalog
from monitor.domain.method import METHOD
from monitor.domain.parts import By
from monitor.reports.counted_words import COMPARISON, DEFINITION, OUTAGES
from monitor.reports.over_time import Shown
from monitor.reports.periods import COUNTRY


def happened(asked: Asked, shown: Shown, catalog: Catalog) -> Iterator[Component]:
    """The longest outages, and the incidents that began in the period."""
    period = f"{asked.first.isoformat()}-{asked.last.isoformat()}"
    if shown.now.longest:
        table = twin("Interruptions les plus longues", *of_outages(shown.now.longest, catalog))
        opened = downloadable(table, f"interruptions-{period}", opened="Les plus longues d’abord")
        yield html.Section([html.H2("Interruptions les plus longues"), opened])
    found = shown.now.incidents
    if found:
        table = twin("Incidents de la période", *of_incidents(found, catalog))
        order = "Les plus récents d’abord"
        if len(found) > INCIDENTS_SHOWN:
            order = f"Les {INCIDENTS_SHOWN} plus récents"
        opened = downloadable(table, f"incidents-{period}", opened=order)
        yield html.Section([html.H2(f"Incidents de la période{NB}: {len(found)}"), opened])


def _clock(zones: frozenset[str]) -> str:
    """On whose clock hours and weekdays are told."""
    if zones == {COUNTRY}:
        return "Les heures et les jours de la semaine sont ceux de Paris."
    named = ", ".join(sorted(zone.partition("/")[2].replace("_", " ") for zone in zones))
    return f"Les heures et les jours de la semaine sont ceux de l’heure locale ({named})."


def meant(asked: Asked, shown: Shown, catalog: Catalog) -> html.Section:
    """The definitions and the version of the method."""
    said: list[str] = []
    if shown.known < shown.now.question.until:
        at = shown.known.astimezone(PARIS)
        said.append(f"Rien n’est connu après le {at:%d/%m/%Y} à {at:%H}{NB}h{NB}{at:%M} (heure de Paris).")
    place = None if asked.place is None else catalog.territories[asked.place]
    whose = "celles de chaque service" if place is None else f"celles de ce territoire ({place_title(place)})"
    said += [f"Heures scolaires\u00a0: {whose}.", DEFINITION, OUTAGES]
    if shown.before is not None:
        said.append(COMPARISON)
    if asked.by in {By.DAY, By.MONTH}:
        said.append("Les jours et les mois sont ceux de Paris.")
    else:
        said.append(_clock(frozenset(one.timezone for one in shown.now.services)))
    version: list[Cell] = [f"Méthode de calcul, version {METHOD}{NB}: ", html.A("/methode", href="/methode"), "."]
    notes = [html.P(one, className="note") for one in said]
    return html.Section([html.H2("Ce que ces chiffres veulent dire"), *notes, html.P(version, className="note")])
