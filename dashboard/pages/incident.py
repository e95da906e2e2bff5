"""`/carte/incident?id=…`: why an incident is what it is, as `vigie explain` says it, drawn; without an id, the last."""

from collections.abc import Iterable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.carte_address import address
from dashboard.components.phrases import incident_title
from dashboard.incident_view import IncidentView, read_incident
from dashboard.model import View as Snapshot
from dashboard.pages import incident_cause as cause
from dashboard.pages import incident_evidence as evidence
from dashboard.pages import incident_parts as parts
from dashboard.pages.view import Asking, Unanswerable, View
from monitor.domain.incident import Incident
from monitor.domain.snapshot import incident_document
from monitor.reports.incident_story import newest, story_of
from monitor.settings import Settings

NAME = "incident"
SHOWN = 25  # incidents of a list


def draw(asked: Asking) -> Sequence[Component]:
    """The incident of an id, or the last ones. Raises Unanswerable, StoreError, CatalogInvalid."""
    view = asked.view
    if view is None:
        raise Unanswerable("Vigie n’a encore rien publié.")
    if "id" not in asked.words:
        return _list(asked.books.measures, view, asked.words.get("avant"))
    catalog = asked.books.country().catalog
    story = story_of(asked.books.measures, asked.words["id"], catalog, Settings().vantage, asked.now)
    if story is None:  # our own line's are told to whoever runs this Vigie, and to nobody else
        raise Unanswerable("Aucun incident ne porte cet identifiant.")
    found, course, names = story.explained, story.course, story.names
    shown = _plain(found.incident, found.sheet.extent.share or None)
    return [
        html.H1([html.Span("Incident ", className="kicker"), incident_title(shown, view)]),
        parts.facts(found, shown, view),
        *parts.thread(found, shown, course, names),
        *cause.ground(found, shown, view),
        *cause.answering(course, found.incident.culprit, names),
        *evidence.heard(found.sheet),
        *evidence.told(course.told),
        *parts.joined(
            [_plain(one) for one in course.absorbed],
            None if found.survivor is None else _plain(found.survivor),
            view,
        ),
        *evidence.sheet(found),
    ]


def _list(url: str, view: Snapshot, before: str | None) -> Sequence[Component]:
    found = newest(url, SHOWN + 1, before)
    shown = [_plain(one) for one in found[:SHOWN]]
    older = address(NAME, {"avant": shown[-1].id}) if len(found) > SHOWN else None
    return [
        html.H1("Quel incident expliquer\u00a0?"),
        *_introduced(shown, before),
        parts.listed(shown, view),
        _paged(before, older),
    ]


def _plain(one: Incident, share: float | None = None) -> IncidentView:
    """As the snapshot would say it, whatever its age."""
    return read_incident(incident_document(one, share))


def _introduced(shown: Sequence[IncidentView], before: str | None) -> Iterable[Component]:
    if not shown:
        none = "Aucun incident plus ancien." if before else "Aucun incident n’a encore été mesuré."
        yield html.P(none, className="empty")


def _paged(before: str | None, older: str | None) -> Component:
    links = [html.A("Les plus récents", href=address(NAME))] if before else []
    links += [html.A("Plus anciens", href=older)] if older else []
    return html.P(links, className="pages")


VIEW = View(NAME, "Incidents", draw)
