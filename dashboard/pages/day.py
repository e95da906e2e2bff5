"""`/carte/jour`: a day played again in the browser; 6 April 2021 as the rehearsal plays it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import dates
from dashboard.carte_address import address
from dashboard.components.replayed import Titled, titled
from dashboard.figures.live_map import live_map
from dashboard.pages.controls import day as day_control
from dashboard.pages.controls import form
from dashboard.pages.day_chart import Axis, axis_of, chart
from dashboard.pages.day_player import player, states
from dashboard.pages.day_tables import incident_twin, state_twin
from dashboard.pages.day_values import play_values
from dashboard.pages.drawn import graph
from dashboard.pages.view import Asking, Unanswerable, View
from dashboard.wording import HEALTHS
from monitor.domain.catalog import Level
from monitor.reports.day import CountryDay
from monitor.reports.day_read import NotHeld, country_day, held_days
from monitor.reports.open_shares import Books
from monitor.reports.reconstruction import NO_MEASURE, NOTE, SIXTH_OF_APRIL, reconstruction
from monitor.settings import Settings

NB, ONE_DAY = dates.NB, timedelta(days=1)
UNITS = {"departement": "pondération par département", "pupils": "pondération par élèves"}


def draw(asking: Asking) -> Sequence[Component]:
    """The day that the address names, else today; where nothing was measured yet, the reconstruction."""
    books = _books(asking)
    held = held_days(books, asking.now)
    day = _day(asking, held)
    told, made_up = _told(books, day, asking)
    axis, incidents = axis_of(told), titled(told)
    values = play_values(told, incidents, axis, _minute(asking.words.get("a"), told, axis, made_up))
    name = dates.long_day(told.since + timedelta(hours=12))
    return [
        html.H1(f"Reconstitution{NB}: {name}" if made_up else dates.capital(name)),
        _choosing(day, held),
        *([html.P([html.B(f"{NOTE}."), f" {NO_MEASURE}"], className="rehearsal-note")] if made_up else []),
        dcc.Store(id="day-data", data=values),
        html.Div(
            [player(told.day), _picture(told, made_up), _section("Au fil de la journée", chart(told, incidents, axis))],
            className="day",
            id="day",
        ),
        html.Div(_tables(incidents, told, made_up), className="day-tables"),
        html.P(_method(told), className="note"),
    ]


def _books(asking: Asking) -> Books:
    settings = Settings()
    return Books(asking.books.measures, asking.books.config or settings.config, settings.calendar, settings.directory)


def _day(asking: Asking, held: tuple[date, date] | None) -> date:
    word = asking.words.get("date")
    if word is None:
        return SIXTH_OF_APRIL if held is None else held[1]
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Unanswerable(f"Cette date n’existe pas{NB}: écrivez par exemple 2021-04-06.") from None


def _told(books: Books, day: date, asking: Asking) -> tuple[CountryDay, bool]:
    """The day, and whether it is a reconstruction. What was measured, or is being rehearsed, goes first."""
    try:
        return country_day(books, day, asking.now), False
    except NotHeld as error:
        shipped = reconstruction(day)
        if shipped is not None:
            return shipped, True
        raise Unanswerable(_not_held(day, error, asking.now)) from None


def _not_held(day: date, error: NotHeld, now: datetime) -> str:
    if day > now.astimezone(dates.PARIS).date():
        return "Cette journée n’a pas encore eu lieu."
    if error.first is None:
        return "Vigie n’a encore rien mesuré."
    first = dates.long_day(datetime.combine(error.first, time(12), dates.PARIS))
    if day < error.first:
        return f"Vigie ne mesurait pas encore ce jour-là{NB}: ses mesures commencent le {first}."
    return f"Vigie n’a rien mesuré ce jour-là{NB}: la veille s’est arrêtée avant."


def _minute(word: str | None, told: CountryDay, axis: Axis, made_up: bool) -> int | None:
    """The hour of the address as a minute of the day, between the ends of the axis; None: where most was in trouble.

    Without one, a day that is not over begins with what is so now.
    """
    if word is None:
        going_on = not made_up and (told.until - told.since) < timedelta(hours=23)
        return axis.last if going_on else None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", word)
    if found is None:
        raise Unanswerable(f"Cette heure n’existe pas{NB}: écrivez par exemple 08:30.")
    at = datetime.combine(told.day, time(int(found[1]), int(found[2])), dates.PARIS)
    return min(max(round((at.timestamp() - told.since.timestamp()) / 60), axis.first), axis.last)


def _choosing(day: date, held: tuple[date, date] | None) -> html.Div:
    first, last = held or (SIXTH_OF_APRIL, SIXTH_OF_APRIL)
    around = [
        html.A(words, href=address("jour", {"date": near.isoformat()}))
        for near, words in ((day - ONE_DAY, "Jour précédent"), (day + ONE_DAY, "Jour suivant"))
        if first <= near <= last or near == SIXTH_OF_APRIL
    ]
    if day != SIXTH_OF_APRIL:
        there = {"date": SIXTH_OF_APRIL.isoformat(), "a": "08:30"}
        around.append(html.A(f"6{NB}avril 2021, reconstitution", href=address("jour", there)))
    elif held is not None:
        around.append(html.A("Dernière journée mesurée", href=address("jour", {"date": last.isoformat()})))
    field = day_control("date", "Jour", day, min(first, SIXTH_OF_APRIL), max(last, day))
    named: dict[str, Any] = {"aria-label": "Autres jours"}
    return html.Div([form("jour", field), html.Nav(around, className="near", **named)], className="choosing")


def _picture(told: CountryDay, made_up: bool) -> html.Div:
    names = {one.code.partition(":")[2]: one.name for one in told.places if one.level == Level.ACADEMIE.value}
    label = "Carte des académies à l’heure choisie" + (", reconstitution" if made_up else "")
    figure = graph("day-map", live_map(names), label, "min(76vw, 430px)")
    off = html.P(id="day-off", className="off-line", hidden=True)
    return html.Div([html.Div([figure, off, _key()], id="day-place"), states()], className="grid")


def _key() -> html.Ul:
    chips = (
        html.Span([html.I(className=f"dmark s-{one.value}"), words.fr], className=f"chip s-{one.value}")
        for one, words in HEALTHS.items()
    )
    return html.Ul([html.Li(chip) for chip in chips], className="key")


def _tables(incidents: tuple[Titled, ...], told: CountryDay, made_up: bool) -> list[Component]:
    label = " (reconstitution)" if made_up else ""
    return [state_twin(label), incident_twin(incidents, told, label, linked=not made_up)]


def _method(told: CountryDay) -> list[str | Component]:
    return [
        "Un état est daté de la première mauvaise réponse, comme on le sait après coup"
        f"{NB}; la page du moment ne le disait qu’une fois confirmé. Part touchée{NB}: {UNITS[told.weighting]}. ",
        html.A("Méthode", href="/methode"),
        f", version {told.method}.",
    ]


def _section(title: str, *children: Component) -> html.Section:
    return html.Section([html.H2(title), *children])


VIEW = View("jour", "Une journée", draw, example={"date": "2021-04-06", "a": "08:30"})
