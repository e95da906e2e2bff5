"""The sentence, the rules and the tables beside the heat map of `/carte/heures`."""

from collections.abc import Mapping
from datetime import date

from dash import html

from dashboard.dates import DAYS, NB, capital
from dashboard.figures.hours import REST, ROWS
from dashboard.figures.scale import missing, said
from dashboard.pages.drawn import twin
from monitor.domain.calendar import Closed
from monitor.reports.hours import REST_ROW, Cell, Hourly, Measure, Question

EVERY_HOUR_MOST = 31  # days of which each hour stands in the table; of longer periods each day's worst one
_WHY: Mapping[Closed | None, str] = {
    None: "classe",
    Closed.WEEKEND: "week-end",
    Closed.PUBLIC: "jour férié",
    Closed.HOLIDAYS: "vacances",
}
_TOLD: Mapping[Measure, str] = {
    Measure.AVAILABILITY: "le service n’a été disponible que {} du temps mesuré{}: c’est l’heure la moins bonne",
    Measure.WAITING: "une file d’attente a pris {} du temps mesuré{}: c’est l’heure où l’on patiente le plus",
    Measure.FAILURES: "{} des réponses ont échoué{}: c’est l’heure où elles échouent le plus",
    Measure.DURATION: "95\u00a0% des réponses arrivent en moins de {}{}: c’est l’heure la plus lente",
}
_CALM: Mapping[Measure, str] = {
    Measure.AVAILABILITY: "À toutes les heures mesurées, le service était disponible.",
    Measure.WAITING: "Aucune file d’attente à aucune des heures mesurées.",
    Measure.FAILURES: "Aucune réponse n’a échoué à aucune des heures mesurées.",
    Measure.DURATION: "",
}
_RULES: Mapping[Measure, str] = {
    Measure.AVAILABILITY: "Part du temps compté où le service était disponible, maintenances déclarées à part.",
    Measure.WAITING: "Part du temps compté où une file d’attente tenait lieu de page.",
    Measure.FAILURES: (
        "Moyenne, heure par heure, de la part des réponses qui ont échoué, file d’attente et maintenance comprises, "
        "nos propres ennuis non compris."
    ),
    Measure.DURATION: "Durée que 95\u00a0% des bonnes réponses ne dépassent pas, à 2\u00a0% près.",
}


def sentence(found: Hourly) -> str:
    """The worst hour of the week in one plain sentence, or that there was none."""
    measure = found.question.measure
    values = {at: value for at, cell in found.week().items() if (value := cell.value(measure)) is not None}
    if not values:
        return "Sur cette période, aucune heure n’a été assez mesurée."
    best = min if measure is Measure.AVAILABILITY else max
    at = best(values, key=lambda one: values[one])
    if _CALM[measure] and values[at] == (1.0 if measure is Measure.AVAILABILITY else 0.0):
        return _CALM[measure]
    if measure is Measure.AVAILABILITY and len(found.question.services) > 1:
        whole = f"les services n’ont été disponibles que {said(measure, values[at])} du temps mesuré de leurs usagers"
        return f"{_when(*at)}, {whole}{NB}: c’est l’heure la moins bonne."
    return f"{_when(*at)}, {_TOLD[measure].format(said(measure, values[at]), NB)}."


def _when(row: int, hour: int) -> str:
    name = "Pendant les vacances et les jours fériés" if row == REST_ROW else f"Le {DAYS[row]}"
    return f"{name} entre {hour}{NB}h et {hour + 1}{NB}h"


def rule_of(asked: Question, *, together: bool) -> str:
    """How the figures are made, in plain words."""
    people = ""
    if together and asked.measure is not Measure.DURATION:
        people = " Les services du territoire comptent selon leurs usagers."
    silent = ", ou dont aucune réponse n’a été bonne" if asked.measure is Measure.DURATION else ""
    whose = "de Paris" if asked.zone == "Europe/Paris" else f"locale ({asked.zone.partition('/')[2].replace('_', ' ')})"
    return (
        f"{_RULES[asked.measure]}{people} Heure {whose}, du {asked.first:%d/%m/%Y} au {asked.last:%d/%m/%Y}, "
        f"heures terminées seulement. Le trait entoure les heures scolaires{NB}; est hachurée une heure dont "
        f"moins de la moitié a été mesurée{silent}."
    )


def hours_key(found: Hourly, *, each_day: bool) -> html.Ul:
    """What the frame, the hatching and the band above the days mean."""
    items = [("k-school", "Heures scolaires"), ("k-missing", capital(missing(found.question.measure)))]
    if each_day:
        there = set(found.closed.values())
        kinds = [("k-weekend", Closed.WEEKEND), ("k-holidays", Closed.HOLIDAYS), ("k-public", Closed.PUBLIC)]
        items += [(name, capital(_WHY[why])) for name, why in kinds if why in there]
    return html.Ul([html.Li([html.I(className=f"swatch {name}"), words]) for name, words in items], className="key")


def week_twin(found: Hourly) -> html.Details:
    """Hours down, weekdays across."""
    cells, measure = found.week(), found.question.measure
    rows = [row for row in range(len(ROWS)) if any((row, hour) in cells for hour in range(24))]
    lines = [[_hour(hour), *(_value(cells.get((row, hour)), measure) for row in rows)] for hour in range(24)]
    return twin(f"Semaine type ({REST.lower()} à part)", ["Heure", *(ROWS[row] for row in rows)], lines)


def days_twin(found: Hourly) -> html.Details:
    """A row a day: each of its hours where the days are few, else the worst of them."""
    if len(found.closed) <= EVERY_HOUR_MOST:
        head = ["Jour", "Classe", *map(_hour, range(24))]
        return twin("Chaque heure de chaque jour", head, [_every_hour(found, one) for one in found.closed])
    caption = f"L’heure la moins bonne de chaque jour ({EVERY_HOUR_MOST} jours au plus les montrent toutes)"
    return twin(caption, ["Jour", "Classe", "Heure", "Mesure"], [_worst(found, one) for one in found.closed])


def _every_hour(found: Hourly, day: date) -> list[str]:
    measure = found.question.measure
    values = [_value(found.cells.get((day, hour)), measure) for hour in range(24)]
    return [_day(day), _WHY[found.closed[day]], *values]


def _value(cell: Cell | None, measure: Measure) -> str:
    return said(measure, None if cell is None else cell.value(measure))


def _worst(found: Hourly, day: date) -> list[str]:
    measure = found.question.measure
    cells = {hour: found.cells[day, hour].value(measure) for hour in range(24) if (day, hour) in found.cells}
    values = {hour: value for hour, value in cells.items() if value is not None}
    if not values:
        return [_day(day), _WHY[found.closed[day]], "–", said(measure, None)]
    best = min if measure is Measure.AVAILABILITY else max
    hour = best(values, key=lambda one: values[one])
    return [_day(day), _WHY[found.closed[day]], _hour(hour), said(measure, values[hour])]


def _day(day: date) -> str:
    return f"{capital(DAYS[day.weekday()])} {day:%d/%m/%Y}"


def _hour(hour: int) -> str:
    return f"{hour}{NB}h à {hour + 1}{NB}h"
