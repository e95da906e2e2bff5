"""The sections of `/carte/incident` that say what was heard, who was told, and where the evidence stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.components.phrases import took
from dashboard.dates import NB
from dashboard.pages.comparer_group import headed
from dashboard.wording import EXCUSES, FAILURES, REASONS
from monitor.domain.account import Latency
from monitor.domain.sheet import EvidenceSheet
from monitor.reports.evidence_words import SIGNS, STAGES
from monitor.reports.incident_course import ToldOf
from monitor.reports.incidents import Explained

FAILURES_SHOWN = 12
_MS = 1000.0


def heard(sheet: EvidenceSheet) -> Sequence[Component]:
    """What the probes heard: numbers in sentences, then each way of failing."""
    during, before = sheet.during, sheet.before
    said = [
        f"{_counted(during.asked, 'réponse')} de {_counted(len(sheet.probes), 'sonde')} pendant l’incident\u00a0: "
        f"{_counted(during.good, 'bonne')}, {_counted(during.bad, 'mauvaise')}, {during.ours} sans valeur (de notre "
        "fait). "
        f"Dans l’heure d’avant\u00a0: {_counted(before.asked, 'réponse')}, dont {_counted(before.bad, 'mauvaise')}."
    ]
    said += _slower(before.latency, during.latency)
    if sheet.stages:
        steps = ", ".join(f"{STAGES[one.stage]} {one.answers}" for one in sheet.stages)
        said.append(f"Échecs par étape\u00a0: {steps}.")
    signs = ", ".join(SIGNS[sign] for sign in sheet.signs)
    if signs:
        said.append(f"Signes compatibles avec une saturation, dont aucun ne la prouve à lui seul\u00a0: {signs}.")
    rows = [
        html.Tr([html.Th(FAILURES[one.failure].fr, scope="row"), html.Td(str(one.answers), className="num")])
        for one in during.failures[:FAILURES_SHOWN]
    ]
    head = html.Thead(html.Tr([html.Th("Échec", scope="col"), html.Th("Réponses", scope="col", className="num")]))
    table = [html.Table([head, html.Tbody(rows)], className="tight failures")] if rows else []
    paragraphs = [html.P(one, className="measure") for one in said]
    return [html.Section([html.H2("Ce que les sondes ont entendu"), *paragraphs, *table], className="narrow")]


def told(messages: Sequence[ToldOf]) -> Sequence[Component]:
    """Who was told, by reason: how many and when, never to whom."""
    title = html.H2("Qui a été prévenu, et quand")
    if not messages:
        return [html.Section([title, html.P("Aucun message n’a été écrit sur cet incident.")], className="narrow")]
    titles = (("Raison", ""), ("Messages", "num"), ("Remis", "num"), ("Écrits (Paris)", ""))
    head = html.Thead(html.Tr([html.Th(words, scope="col", className=name) for words, name in titles]))
    rows = [
        html.Tr(
            [
                html.Th(REASONS[one.reason].fr, scope="row"),
                headed(str(one.messages), "Messages"),
                headed(str(one.sent), "Remis"),
                html.Td(_between(one), className="list"),
            ]
        )
        for one in messages
    ]
    return [
        html.Section(
            [
                title,
                html.Table([head, html.Tbody(rows)], className="rows tight"),
                html.P("Des nombres seulement\u00a0: Vigie ne montre à personne qui elle prévient.", className="note"),
            ]
        )
    ]


def sheet(found: Explained) -> Sequence[Component]:
    """Where the evidence stands, and how to read all of it."""
    known, name = found.sheet, found.incident.id
    frozen = (
        "établie à l’instant\u00a0; elle sera figée à la clôture de l’incident"
        if found.frozen_at is None
        else f"figée le {_instant(found.frozen_at)}\u00a0; elle ne change plus"
    )
    told_: list[tuple[str, str | Component]] = [
        ("Fiche", frozen),
        *([("Empreinte SHA-256", html.Code(found.digest))] if found.digest is not None else []),
        ("Méthode", f"version {known.method}"),
        ("Réponses lues", f"du {_instant(known.period.since)} au {_instant(known.period.until)}"),
        *([("Non mesuré", f"{NB}; ".join(_unseen(known)))] if known.unseen or known.blind else []),
        ("La même chose au terminal", html.Code(f"vigie explain {name}")),
        ("Page publique", html.A("celle que lisent les familles", href=f"/incidents/{name}")),
    ]
    rows = [html.Div([html.Dt(title), html.Dd(said)]) for title, said in told_]
    return [html.Section([html.H2("La fiche de preuve"), html.Dl(rows, className="facts kept sheet")])]


def _slower(before: Latency | None, during: Latency | None) -> Iterable[str]:
    if before is not None and during is not None:
        usual, then = (took(one.median.total_seconds() * _MS) for one in (before, during))
        said = f"{usual} dans l’heure d’avant, {then} pendant l’incident"
        yield f"Durée médiane des réponses bonnes ou lentes\u00a0: {said}."


def _unseen(known: EvidenceSheet) -> Iterable[str]:
    for one in known.unseen:
        who = "toutes les sondes" if one.every_probe else _counted(one.probes, "sonde")
        yield f"{who}, {dates.duration(one.lasted)}{NB}: {EXCUSES[one.excuse].fr}"
    for stretch in known.blind:
        yield f"notre ligne coupée du {_instant(stretch.since)} au {_instant(stretch.until)}"


def _between(one: ToldOf) -> str:
    first, last = _instant(one.first_at), _instant(one.last_at)
    return first if first == last else f"du {first} au {last}"


def _instant(at: datetime) -> str:
    return f"{dates.long_day(at)} à {dates.clock(at)}"


def _counted(number: int, one: str) -> str:
    return f"{number:,}{NB}{one}{'s' if number > 1 else ''}".replace(",", NB)
