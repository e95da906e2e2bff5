"""The sections of `/carte/incident` that say who, how it went, and what its services have in common."""

from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.carte_address import address
from dashboard.components.phrases import incident_health, incident_length, incident_name, places
from dashboard.components.timeline import timeline
from dashboard.dates import NB
from dashboard.figures.incident_strips import Named, Turning, height, incident_strips
from dashboard.incident_view import IncidentView
from dashboard.model import View as Snapshot
from dashboard.pages.drawn import graph, twin
from dashboard.wording import FAILURES, HEALTHS
from monitor.domain.incident import Incident
from monitor.domain.observation import SEVERITY, Health
from monitor.reports.incident_course import Course, Strip
from monitor.reports.incidents import Explained


def chip(health: Health) -> Component:
    """Shape, colour and word of a state."""
    return html.Span(
        [html.I(className=f"dmark s-{health.value}"), HEALTHS[health].fr], className=f"chip s-{health.value}"
    )


def facts(found: Explained, shown: IncidentView, view: Snapshot) -> Component:
    """What is known at a glance: how it stands, the worst, how long, for whom, what was seen."""
    where: list[str | Component] = [
        html.A(name, href=url) if url else name for name, url in places(view, shown.territories)
    ]
    told: list[tuple[str, str | Component]] = [
        ("État", chip(incident_health(shown))),
        ("Au pire", chip(shown.worst)),
        ("Durée", incident_length(shown, found.at)),
        ("Territoires", html.Span(in_a_row(where))),
        *([("Constat", FAILURES[shown.failure].fr)] if shown.failure is not None else []),
    ]
    return html.Dl([html.Div([html.Dt(title), html.Dd(said)]) for title, said in told], className="facts")


def thread(found: Explained, shown: IncidentView, course: Course, names: Mapping[str, str]) -> Sequence[Component]:
    """The time line: drawn, as a table, and moment by moment."""
    strips = [Named(names.get(one.service, one.service), one.stretches, one.first_bad) for one in course.strips]
    figure = incident_strips(strips, turnings(found.incident), course.since, course.until)
    label = (
        f"États de {len(strips)} service{'s' if len(strips) > 1 else ''} autour de l’incident, premiers échecs, et "
        "moments où il a été ouvert, confirmé, rétabli et clos. Les mêmes valeurs sont dans le tableau qui suit."
    )
    rows = [_row(one, names) for one in course.strips]
    return [
        html.Section(
            [
                html.H2("Le fil de l’incident"),
                _key({stretch.health for one in course.strips for stretch in one.stretches}),
                graph("fil", figure, label, f"{height(len(strips))}px"),
                twin("Service par service", ("Service", "Premier échec mesuré", "États successifs (Paris)"), rows),
                *_left_out(course),
                html.Ol([*_moments(shown)], className="turns"),
                html.P(
                    "Heures de Paris. L’état est daté de la première mesure en échec\u00a0; il n’est dit que confirmé.",
                    className="note",
                ),
            ]
        )
    ]


def turnings(incident: Incident) -> list[Turning]:
    """The four moments that are drawn as lines, as far as they have come."""
    known = (
        (incident.opened_at, "Premier échec"),
        (incident.confirmed_at, "Confirmé"),
        (incident.recovered_at, "Répond de nouveau"),
        (incident.closed_at, "Rattaché" if incident.absorbed_into is not None else "Clos"),
    )
    moments = [Turning(at, words) for at, words in known if at is not None]
    same = incident.recovered_at is not None and incident.recovered_at == incident.closed_at
    return moments[:-1] if same else moments  # closed after the watch, it is dated to the recovery


def joined(absorbed: Sequence[IncidentView], survivor: IncidentView | None, view: Snapshot) -> Sequence[Component]:
    """What was absorbed, and what absorbed it."""
    parts: list[Component] = []
    if survivor is not None:
        parts.append(html.P(["Il est suivi désormais avec ", _link(survivor, view), "."]))
    if absorbed:
        items = [html.Li([_link(one, view), f", dès {dates.since(one.opened_at, view.at)}"]) for one in absorbed]
        parts.append(html.Ul(items, className="plain"))
    return [html.Section([html.H2("Incidents réunis"), *parts], className="narrow")] if parts else []


def listed(shown: Iterable[IncidentView], view: Snapshot) -> Component:
    """Incidents to choose from, the newest first."""
    items = [
        html.Li(
            [
                html.Span(
                    [html.A(_named(one, view), href=address("incident", {"id": one.id})), html.Small(_when(one, view))]
                ),
                chip(one.worst),
            ]
        )
        for one in shown
    ]
    return html.Ul(items, className="services all")


def _named(one: IncidentView, view: Snapshot) -> str:
    name = incident_name(one, view)
    return f"{name}{NB}: rattaché à un incident plus large" if one.absorbed_into is not None else name


def _when(one: IncidentView, view: Snapshot) -> str:
    return f"{dates.long_day(one.opened_at)} à {dates.clock(one.opened_at)}, {incident_length(one, view.at)}"


def _moments(shown: IncidentView) -> Iterable[Component]:
    for one in timeline(shown):
        day = [html.B(dates.capital(one.day))] if one.day else []
        yield html.Li([*day, html.Time(one.clock, dateTime=f"{one.at:%Y-%m-%dT%H:%M:%SZ}"), html.Span(one.words)])


def _row(one: Strip, names: Mapping[str, str]) -> Sequence[str | Component]:
    first = "–" if one.first_bad is None else f"{dates.day(one.first_bad)} à {dates.clock(one.first_bad)}"
    states = f"{NB}; ".join(
        f"{HEALTHS[stretch.health].fr.lower()} dès {dates.clock(stretch.since)}" for stretch in one.stretches
    )
    return html.A(names.get(one.service, one.service), href=f"/service/{one.service}"), first, states


def _left_out(course: Course) -> Iterable[Component]:
    left = course.services - len(course.strips)
    if left:
        yield html.P(f"{left}{NB}services de plus ne sont pas dessinés.", className="note")
    if course.cut:
        yield html.P("Le dessin s’arrête après 7 jours\u00a0; l’incident a duré plus longtemps.", className="note")


def _key(healths: Iterable[Health]) -> Component:
    order = sorted(healths, key=lambda one: SEVERITY[one])
    return html.Ul(
        [*(html.Li(chip(one)) for one in order), html.Li([html.I(className="dot-mark"), "premier échec"])],
        className="key dots",
    )


def _link(one: IncidentView, view: Snapshot) -> Component:
    return html.A(incident_name(one, view), href=address("incident", {"id": one.id}))


def in_a_row(parts: Sequence[str | Component]) -> list[str | Component]:
    """Parts with commas between them."""
    return [part for rank, one in enumerate(parts) for part in ((", ", one) if rank else (one,))]
