"""`/carte/service?id=…&sur=…`: how long a service takes to answer, where the time goes, what failed, what it was."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.carte_address import address
from dashboard.dates import NB
from dashboard.figures.durations import durations
from dashboard.figures.failures import failures, height_px, kinds
from dashboard.figures.measured import counted, stretch, took
from dashboard.figures.phases import phases
from dashboard.pages.chosen import ends_at, one_of, service_of, services_control
from dashboard.pages.controls import choice, form
from dashboard.pages.drawn import graph
from dashboard.pages.service_twins import bands_key, durations_twin, failures_twin, phases_key, phases_twin
from dashboard.pages.view import Asking, View
from dashboard.wording import HOURS
from monitor.domain.catalog import Service
from monitor.domain.observation import Health
from monitor.domain.uptime import Hours
from monitor.reports.availability import known_until
from monitor.reports.country import Country
from monitor.reports.durations import Durations, Question, durations_of, quantiles_of
from monitor.reports.lookback import Over

PERIODS: Mapping[str, str] = {
    Over.DAY: "24 heures",
    Over.WEEK: "7 jours",
    Over.MONTH: "30 jours",
    Over.QUARTER: "90 jours",
    Over.YEAR: "Un an",
}
STEPS: Mapping[str, str] = {
    Over.DAY: "cinq minutes",
    Over.WEEK: "une heure",
    Over.MONTH: "deux heures",
    Over.QUARTER: "six heures",
    Over.YEAR: "un jour",
}
WHEN: Mapping[str, Hours] = {"toutes": Hours.ALL, "scolaires": Hours.SCHOOL}
ALL_PROBES = "toutes"
_MS = timedelta(milliseconds=1)


def draw(asked: Asking) -> Sequence[Component]:
    """The view. Raises Unanswerable for words that have no answer, and what the books and the catalogue raise."""
    here = asked.books.country()
    service = service_of(asked, here)
    over = Over(one_of(asked, "sur", PERIODS, Over.MONTH, "Période"))
    hours = WHEN[one_of(asked, "heures", dict.fromkeys(WHEN, ""), "toutes", "Sorte d’heures")]
    probes = _probes(asked, service)
    until = ends_at(asked)
    known = known_until(asked.books.measures, until)
    clock = here.timetable.clock_of(service.territories)
    found = durations_of(asked.books.measures, Question(service, probes, over, hours, clock, until, known))
    return [
        html.H1(service.name),
        html.P(summary(found, hours), className="lead"),
        _links(service),
        form("service", *_controls(asked, here, service, over, hours)),
        *sections(found, _thresholds(service, probes)),
    ]


def summary(found: Durations, hours: Hours) -> str:
    """What the period says, in one sentence."""
    period = f"Sur {_long(found.over)}" + (", aux heures scolaires" if hours is Hours.SCHOOL else "")
    said = {kind: times for kind, times in found.whole.kinds if kind is None or kind.health is not Health.UNKNOWN}
    asked, quantiles = sum(said.values()), quantiles_of(found.whole)
    if not asked:
        return f"{period}, Vigie n’a aucune mesure de ce service."
    bad = sum(times for kind, times in kinds(found.steps) if kind in said)  # our own troubles say nothing of a service
    trouble = f"{counted(bad)} sur {counted(asked)} ont échoué" if bad else f"aucune des {counted(asked)} n’a échoué"
    if quantiles is None:
        return f"{period}, aucune réponse n’a été bonne{NB}: {trouble}."
    half, _, most, _ = (one / _MS for one in quantiles)
    fast = f"la moitié des bonnes réponses arrivent en moins de {took(half)}, 95{NB}% en moins de {took(most)}"
    return f"{period}, {fast}{NB}; {trouble}."


def _long(over: Over) -> str:
    return PERIODS[over].replace(" ", NB).lower()


def _probes(asked: Asking, service: Service) -> tuple[str, ...]:
    """Ids of the probes asked about. Raises Unanswerable for one that is not of this service."""
    published = asked.view.services.get(service.id) if asked.view else None
    ids = tuple(one.id for one in service.probes) or (published.probes if published else ())
    wanted = asked.words.get("question", ALL_PROBES)
    # Another service may have been chosen while a question of the one before still stood in the form.
    chosen = tuple(one for one in ids if _short(one) == wanted)
    return chosen or ids


def _short(probe: str) -> str:
    return probe.partition("/")[2]


def _controls(asked: Asking, here: Country, service: Service, over: Over, hours: Hours) -> list[html.Div]:
    words = next(word for word, its in WHEN.items() if its is hours)
    names = [_short(one.id) for one in service.probes]
    wanted = asked.words.get("question", ALL_PROBES)
    found = [
        services_control(asked, here, service.id),
        choice("sur", "Période", list(PERIODS.items()), over),
        choice("heures", "Heures", [(word, HOURS[its].fr) for word, its in WHEN.items()], words),
    ]
    if len(names) > 1:
        options = [(ALL_PROBES, "Toutes ensemble"), *((name, name) for name in names)]
        found.append(choice("question", "Question posée", options, wanted if wanted in names else ALL_PROBES))
    return found


def _thresholds(service: Service, probes: Sequence[str]) -> list[timedelta]:
    return sorted({one.policy.slow for one in service.probes if one.id in probes})


def _links(service: Service) -> html.P:
    return html.P(
        [
            html.A("La page publique de ce service", href=f"/service/{service.id}"),
            " · ",
            html.A("Heure par heure", href=address("heures", {"id": service.id})),
            " · ",
            html.A("Comparer les services de ce genre", href=address("comparer", {"genre": service.kind.value})),
        ],
        className="beside",
    )


def sections(found: Durations, thresholds: Sequence[timedelta]) -> list[Component]:
    """The figures with their keys, rules and twins; nothing where nothing was measured."""
    steps = found.steps
    if not found.whole.kinds and not any(one.states for one in steps):
        return []
    return [_durations(found, thresholds), _phases(found), html.Section([html.H2("Échecs"), *_failures(found)])]


def _durations(found: Durations, thresholds: Sequence[timedelta]) -> html.Section:
    steps, last = found.steps, found.steps[-1]
    label = f"Quantiles des durées sur {_long(found.over)}, et état du service."
    rules = [
        f"Bonnes réponses seulement, lentes comprises{NB}; là où rien n’a répondu, rien n’est tracé.",
        f"Les quantiles sont exacts à 2{NB}% près (1{NB}ms pour les plus courtes).",
        f"Un pas du dessin vaut {STEPS[found.over]}{NB};",
        f"le dernier ({stretch(last.since, last.until)}) n’est pas terminé.",
        "La bande du bas dit l’état le plus grave de chaque pas, jour et nuit.",
    ]
    return html.Section(
        [
            html.H2("Durée des réponses"),
            graph("durees", durations(steps, thresholds), label, "430px"),
            bands_key(steps),
            html.P([" ".join(rules), " ", html.A("Comment c’est compté", href="/methode"), "."], className="how"),
            durations_twin(steps),
        ]
    )


def _phases(found: Durations) -> html.Section:
    label = f"Durée moyenne de chaque étape d’une réponse sur {_long(found.over)}."
    rule = f"Moyennes exactes des bonnes réponses{NB}: empilées, elles font la durée moyenne."
    return html.Section(
        [
            html.H2("Où passe le temps"),
            graph("phases", phases(found.steps), label, "300px"),
            phases_key(),
            html.P(rule, className="how"),
            phases_twin(found.steps),
        ]
    )


def _failures(found: Durations) -> list[Component]:
    steps = found.steps
    if not kinds(steps):
        return [html.P("Aucune réponse n’a échoué." if found.whole.kinds else "Rien n’a été mesuré.")]
    rule = f"Hauteur{NB}: part des réponses du pas qui ont échoué ainsi. Une réponse lente n’est pas un échec."
    if any(kind.health is Health.UNKNOWN for kind, _ in kinds(steps)):
        rule += " Les nôtres ne disent rien du service, et la phrase du haut ne les compte pas."
    label = f"Échecs par nature sur {_long(found.over)}."
    return [
        graph("echecs", failures(steps), label, f"{height_px(steps)}px"),
        html.P(rule, className="how"),
        failures_twin(steps),
    ]


VIEW = View(name="service", title="Durées", draw=draw, example={"sur": Over.WEEK})
