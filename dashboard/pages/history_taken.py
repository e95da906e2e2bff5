"""What can be taken away from `/carte/disponibilite`: the same question to the API, at the terminal, as open data."""

import shlex
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.pages.history_asked import ONE_DAY, Asked
from monitor.domain.parts import By
from monitor.domain.uptime import Hours
from monitor.reports.selected import Selection

API_INCIDENTS_DAYS = 366  # `/api/v1/incidents` reads no longer period
REPORT_DAYS = timedelta(days=366)
NAMED_MOST = 12  # services that a command to copy names one by one
_NO_API = "L’API répond par service ou par territoire\u00a0: choisissez l’un des deux, sans autre filtre."
_OPEN = (
    "Observations, états et incidents",
    "\u00a0: un fichier par jour ou par mois, sous licence ouverte, avec leurs sceaux.",
)
_NO_COMMAND = (
    "Aucune commande ne dit exactement la même chose\u00a0: choisissez un territoire, un service ou un exploitant."
)


def api_links(asked: Asked) -> list[tuple[str, str]]:
    """What the API answers to the same question: words and addresses; none where it has no such question."""
    if asked.operator is not None or asked.kind is not None or asked.audience is not None:
        return []
    if bool(asked.services) == (asked.place is not None):
        return []
    whose = {"service": asked.services[0]} if asked.services else {"territory": asked.place or ""}
    period = {"from": asked.first.isoformat(), "to": (asked.last + ONE_DAY).isoformat()}
    hours = {"hours": asked.hours.value}
    found = [("Disponibilité", f"/api/v1/availability?{_query({**whose, **period, **hours})}")]
    if asked.days <= API_INCIDENTS_DAYS:
        of = {"service": asked.services[0]} if asked.services else {}
        title = "Incidents de la période" if asked.services else "Incidents de la période, tous territoires"
        found.append((title, f"/api/v1/incidents?{_query({**period, **of})}"))
    return found


def commands(asked: Asked, chosen: Selection) -> list[str]:
    """The commands that give the same figures, ready to be copied; none where there is no such command."""
    whose = _whose(asked, chosen)
    if whose is None:
        return []
    period = ["--from", asked.first.isoformat(), "--to", (asked.last + ONE_DAY).isoformat()]
    audience = [] if asked.audience is None else ["--audience", asked.audience.value]
    against = [] if asked.earlier is None else ["--against", "..".join(day.isoformat() for day in asked.earlier)]
    found = [["vigie", "availability", *period, *whose, *audience, "--by", asked.by.value, *against]]
    if asked.audience is None:
        found += [["vigie", *words] for words in _files(asked, [*period, *whose])]
    return [shlex.join(words) for words in found]


def section(asked: Asked, chosen: Selection) -> html.Section:
    """All of it, below the figures."""
    links, lines = api_links(asked), commands(asked, chosen)
    shown: list[Component] = [html.H2("Emporter ces chiffres")]
    shown += [html.H3("L’API, en JSON"), _links(links) if links else html.P(_NO_API, className="note")]
    shown += [html.H3("Au terminal"), *(map(_line, lines) if lines else [html.P(_NO_COMMAND, className="note")])]
    shown += [html.H3("Les données ouvertes"), html.P([html.A(_OPEN[0], href="/donnees"), _OPEN[1]])]
    return html.Section(shown, className="taken")


def _files(asked: Asked, which: list[str]) -> Iterator[list[str]]:
    hours = ["--hours", "school"] if asked.hours is Hours.SCHOOL else []
    by = {By.DAY: "day", By.MONTH: "month"}.get(asked.by, "period")
    yield ["export", "availability", *which, *hours, "--by", by, "--format", "csv", "--output", "disponibilite.csv"]
    if asked.operator is None and asked.days * ONE_DAY <= REPORT_DAYS:
        yield ["report", *which, "--output", "rapport.html"]


def _whose(asked: Asked, chosen: Selection) -> list[str] | None:
    """The options of the command line that mean these services and no others; None where there are none."""
    given = [bool(asked.services), asked.place is not None, asked.operator is not None]
    if asked.kind is not None:
        if any(given) or len(chosen.services) > NAMED_MOST:
            return None
        return [word for one in chosen.services for word in ("--service", one.id)]
    if sum(given) != 1:
        return None
    if asked.services:
        return ["--service", asked.services[0]]
    return ["--territory", asked.place] if asked.place is not None else ["--operator", asked.operator or ""]


def _query(words: dict[str, str]) -> str:
    return urlencode(words, safe=":")


def _links(links: list[tuple[str, str]]) -> html.Ul:
    return html.Ul([html.Li(html.A(title, href=to)) for title, to in links], className="plain")


def _line(command: str) -> html.Pre:
    return html.Pre(html.Code(command), className="command")
