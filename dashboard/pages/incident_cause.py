"""The sections of `/carte/incident` about its cause: what was weighed against what, and what went on answering."""

from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.common_ground import common_ground, odds
from dashboard.components.culprits import point
from dashboard.dates import NB
from dashboard.figures.dumbbell import Pair, dumbbell, height
from dashboard.incident_view import Counted, IncidentView
from dashboard.model import View as Snapshot
from dashboard.pages.drawn import graph
from dashboard.pages.incident_parts import in_a_row
from monitor.reports.incident_course import Answering, Course
from monitor.reports.incidents import Explained

NAMED = 24  # services of a sentence
WEIGHED = 12  # hypotheses drawn
HEAD = ("Point commun", "Touchés à l’intérieur", "Touchés ailleurs", "Par le seul hasard", "Ce qu’on peut en dire")


def ground(found: Explained, shown: IncidentView, view: Snapshot) -> Sequence[Component]:
    """The hypotheses that were weighed: in words, drawn, then with their numbers."""
    known = common_ground(shown, view)
    if known is None:
        alone = found.sheet.extent.services_in_all <= 1
        words = (
            "Rien d’autre n’est tombé avec lui\u00a0: aucune hypothèse n’a été pesée."
            if alone
            else "Cause non établie."
        )
        return [html.Section([html.H2("Ce qu’on sait de la cause"), html.P(words, className="measure")])]
    pairs = [_pair(one, view) for one in _weighed(shown)][:WEIGHED]
    label = (
        "Part des services touchés, dans chaque point commun et ailleurs. Les comptes sont dans le tableau qui suit."
    )
    head = html.Thead(html.Tr([html.Th(title, scope="col") for title in HEAD]))
    rows = [
        html.Tr(
            [
                html.Th(row.point, scope="row"),
                *(
                    html.Td(one, className="none" if one == "–" else "")
                    for one in (row.inside, row.outside, row.chance)
                ),
                html.Td(row.told, className="list"),
            ]
        )
        for row in known.rows
    ]
    drawn = [
        _dots(),
        graph("hypotheses", dumbbell(pairs, more_is_worse=True), label, f"{height(len(pairs))}px"),
    ]
    return [
        html.Section(
            [
                html.H2(known.title),
                html.P(f"{known.sentence} Vigie dit ce qui est touché ensemble, jamais pourquoi.", className="measure"),
                *(drawn if pairs else []),
                html.Table([head, html.Tbody(rows)], className="rows ground"),
                html.P(
                    "Comptés\u00a0: les services touchés de la même façon au même moment, parmi ceux dont l’état est "
                    "connu.",
                    className="note",
                ),
            ]
        )
    ]


def answering(course: Course, culprit: str, names: Mapping[str, str]) -> Sequence[Component]:
    """What went on answering when it was confirmed: the controls."""
    known: Answering = course.answering
    inside = sorted((names.get(one, one), one) for one in known.inside)
    said: list[Component] = []
    if inside and not culprit.startswith("service:"):
        links: list[str | Component] = [html.A(name, href=f"/service/{one}") for name, one in inside[:NAMED]]
        more = f" et {len(inside) - NAMED}{NB}autres" if len(inside) > NAMED else ""
        said.append(
            html.P([f"Avec le même point commun, {_services(len(inside))}\u00a0: ", *in_a_row(links), f"{more}."])
        )
    said.append(html.P(f"Ailleurs, {_services(known.elsewhere)} répondai{'en' if known.elsewhere > 1 else ''}t."))
    return [html.Section([html.H2("Ce qui répondait encore quand il a été confirmé"), *said], className="narrow")]


def _dots() -> Component:
    marks = (("dot-full", "avec ce point commun"), ("dot-hollow", "ailleurs"))
    return html.Ul([html.Li([html.I(className=mark), words]) for mark, words in marks], className="key dots")


def _weighed(shown: IncidentView) -> Iterable[Counted]:
    cause = shown.cause
    if cause is not None:
        yield from (one for one in (cause.test, *cause.beaten, *cause.ruled_out) if one is not None and one.inside)


def _pair(one: Counted, view: Snapshot) -> Pair:
    elsewhere = one.unwell_outside / one.outside if one.outside else 0.0
    told = (
        f"Touchés\u00a0: {one.unwell_inside} sur {one.inside}, ailleurs {one.unwell_outside} sur {one.outside}"
        f"<br>Par le seul hasard\u00a0: {odds(one.chance)}"
    )
    return Pair(point(one.candidate, view), one.unwell_inside / one.inside, elsewhere, told)


def _services(number: int) -> str:
    return f"{number}{NB}service{'s' if number > 1 else ''}"
