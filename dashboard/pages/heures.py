"""`/carte/heures?id=…` or `?territoire=…`: one measure hour by hour, against the school clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.carte_address import address
from dashboard.dates import NB, PARIS
from dashboard.figures.hours import days as day_map
from dashboard.figures.hours import week as week_map
from dashboard.pages.chosen import ends_at, groups, known, one_of, service_of
from dashboard.pages.controls import choice, day, form, grouped
from dashboard.pages.drawn import graph
from dashboard.pages.heures_words import days_twin, hours_key, rule_of, sentence, week_twin
from dashboard.pages.view import Asking, Unanswerable, View
from dashboard.wording import LEVELS
from monitor.domain.catalog import Level, Service
from monitor.reports.availability import weights_in
from monitor.reports.basis import Books, basis_of
from monitor.reports.figures import Basis
from monitor.reports.hours import MOST, Measure, Question, hourly
from monitor.settings import Settings

MEASURES: Mapping[str, str] = {
    Measure.AVAILABILITY: "Disponibilité",
    Measure.WAITING: "File d’attente",
    Measure.FAILURES: "Échecs",
    Measure.DURATION: "Durée des réponses",
}
SHAPES: Mapping[str, str] = {"semaine": "Une semaine type", "jours": "Chaque jour"}
LEVELS_ASKED = (Level.PAYS, Level.REGION, Level.ACADEMIE, Level.DEPARTEMENT, Level.COLLECTIVITE)
DAYS_MOST = 370
USUAL_DAYS = 28
EARLIEST = date(2020, 1, 1)
COUNTRY = "Europe/Paris"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Of whom: a service or a territory's, by name; `word` is the one of the address."""

    word: str
    value: str
    name: str
    places: tuple[str, ...]
    services: tuple[tuple[Service, float], ...]


def draw(asked: Asking) -> Sequence[Component]:
    """The view. Raises Unanswerable for words that have no answer, and what the books and the catalogue raise."""
    settings, until = Settings(), ends_at(asked)
    books = Books(asked.books.measures, asked.books.config or settings.config, settings.calendar, settings.directory)
    basis = basis_of(books, until)
    whose = _whose(asked, basis)
    measure = Measure(one_of(asked, "mesure", MEASURES, Measure.AVAILABILITY, "Mesure"))
    shape = one_of(asked, "forme", SHAPES, "semaine", "Forme")
    question = _question(asked, basis, whose, measure, until)
    found = hourly(basis, question)
    drawn, height = (week_map(found), "420px") if shape == "semaine" else (day_map(found), "560px")
    label = f"{MEASURES[measure]}, heure par heure{NB}: {SHAPES[shape].lower()}."
    return [
        html.H1(f"{whose.name}, heure par heure"),
        html.P(sentence(found), className="lead"),
        form("heures", *_controls(asked, basis, whose, question, shape)),
        html.Section(
            [
                html.H2(f"{MEASURES[measure]}{NB}: {SHAPES[shape].lower()}"),
                graph("heures", drawn, label, height),
                hours_key(found, each_day=shape == "jours"),
                html.P(rule_of(question, together=whose.word == "territoire"), className="how"),
                week_twin(found) if shape == "semaine" else days_twin(found),
            ]
        ),
        *_beside(whose),
    ]


def _whose(asked: Asking, basis: Basis) -> _Whose:
    code = asked.words.get("territoire")
    if code is None:
        service = service_of(asked, asked.books.country())
        return _Whose("id", service.id, service.name, service.territories, ((service, 1.0),))
    place = basis.catalog.territories.get(code)
    if place is None or place.level not in LEVELS_ASKED:
        raise Unanswerable("Vigie ne connaît pas ce territoire. Écrivez par exemple A:lille, D:59 ou R:32.")
    weights = weights_in(basis.ground, code)[1]
    services = tuple((basis.catalog.services[name], weight) for name, weight in weights.items() if weight > 0)
    if not services:
        raise Unanswerable(f"Aucun service du catalogue ne sert {place.name} en particulier.")
    return _Whose("territoire", code, place.name, (code,), services)


def _question(asked: Asking, basis: Basis, whose: _Whose, measure: Measure, until: datetime) -> Question:
    """Raises Unanswerable for a period that is none, or is too long."""
    today = until.astimezone(PARIS).date()
    last = _day(asked, "a", today)
    first = _day(asked, "de", max(last, EARLIEST) - (USUAL_DAYS - 1) * _DAY)  # the year 1 has no days before it
    if not EARLIEST <= first <= last <= today + _DAY:
        raise Unanswerable(
            f"La période va d’un jour au même ou à un autre, plus tard, depuis {EARLIEST.year} et jusqu’à aujourd’hui."
        )
    zones = {basis.catalog.territories[code].timezone for code in whose.places}
    zone = zones.pop() if len(zones) == 1 else COUNTRY
    question = Question(measure, whose.services, basis.timetable.clock_of(whose.places), zone, first, last, until)
    most = min(DAYS_MOST, MOST // max(1, question.cost_a_day))
    if (last - first).days >= most:
        raise Unanswerable(f"C’est trop long{NB}: pour {whose.name}, choisissez une période de {most} jours au plus.")
    return question


def _day(asked: Asking, word: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(asked.words[word]) if word in asked.words else otherwise
    except ValueError:
        raise Unanswerable("Une date s’écrit année-mois-jour, par exemple 2021-04-06.") from None


def _controls(asked: Asking, basis: Basis, whose: _Whose, question: Question, shape: str) -> list[html.Div]:
    today = question.until.astimezone(PARIS).date()
    names = known(asked, asked.books.country())
    if whose.word == "id":
        whom = grouped("id", "Service", groups(names), whose.value)
    else:
        whom = grouped("territoire", "Territoire", _places(basis), whose.value)
    return [
        whom,
        choice("mesure", "Mesure", list(MEASURES.items()), question.measure),
        choice("forme", "Forme", list(SHAPES.items()), shape),
        day("de", "Du", question.first, EARLIEST, today),
        day("a", "Au (compris)", question.last, EARLIEST, today),
    ]


def _places(basis: Basis) -> list[tuple[str, list[tuple[str, str]]]]:
    places = basis.catalog.territories.values()
    of = [(level, [(one.code, one.name) for one in places if one.level is level]) for level in LEVELS_ASKED]
    return [(LEVELS[level].fr, some) for level, some in of if some]


def _beside(whose: _Whose) -> list[html.P]:
    if whose.word == "id":
        links: list[str | Component] = [
            html.A("Les durées de ce service", href=address("service", {"id": whose.value})),
            " · ",
            html.A("Le même dessin pour un territoire", href=address("heures", {"territoire": whose.places[0]})),
        ]
    else:
        links = [html.A("Le même dessin pour un service", href=address("heures"))]
    return [html.P(links, className="beside")]


VIEW = View(name="heures", title="Heure par heure", draw=draw, example={"territoire": "A:lille"})
