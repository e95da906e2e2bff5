"""The filters of `/carte/disponibilite`, each a native control, and the shortcuts to usual periods, each a link."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from dash import html

from dashboard.carte_address import address
from dashboard.pages.controls import choice, day, form, grouped
from dashboard.pages.history_asked import FIRST_YEAR, PARTS, Against, Asked, words_of
from dashboard.wording import AUDIENCES, KINDS
from monitor.domain.catalog import Catalog, Level, ServiceKind
from monitor.domain.parts import By
from monitor.domain.spelling import plain

NAME = "disponibilite"
_PLURALS = {
    Level.REGION: "Régions académiques",
    Level.ACADEMIE: "Académies",
    Level.DEPARTEMENT: "Départements",
    Level.COLLECTIVITE: "Collectivités d’outre-mer",
}
_DIVIDED = {By.DAY: "Jour", By.MONTH: "Mois", By.WEEKDAY: "Jour de la semaine", By.HOUR: "Heure du jour"}

Choices = list[tuple[str, str]]


def controls(asked: Asked, catalog: Catalog, today: date) -> html.Form:
    """What may be asked, with what is asked chosen."""
    said = words_of(asked)
    operators = _sorted((one.id, one.name) for one in catalog.operators.values())
    kinds = [(one.value, KINDS[one].fr) for one in ServiceKind]
    audiences = [(one.value, words.fr.capitalize()) for one, words in AUDIENCES.items()]
    return form(
        NAME,
        grouped(
            "territoire", "Territoire", list(_places(catalog)), said.get("territoire", ""), ("", "Toute la France")
        ),
        grouped("service", "Service", list(_services(catalog)), said.get("service", ""), ("", "Tous les services")),
        grouped("exploitant", "Exploitant", [("Exploitants", operators)], said.get("exploitant", ""), ("", "Tous")),
        choice("type", "Type de service", [("", "Tous"), *kinds], said.get("type", "")),
        choice("public", "Public", [("", "Tous"), *audiences], said.get("public", "")),
        choice("heures", "Heures", [("", "Jour et nuit"), ("scolaires", "Heures scolaires")], said.get("heures", "")),
        day("de", "Du", asked.first, date(FIRST_YEAR, 1, 1), today),
        day("a", "Au (compris)", asked.last, date(FIRST_YEAR, 1, 1), today),
        choice("par", "Découper par", [(word, _DIVIDED[by]) for word, by in PARTS.items()], said["par"]),
        choice("contre", "Comparer à", _against(), said.get("contre", "")),
    )


def shortcuts(asked: Asked, today: date) -> html.Nav:
    """Usual periods, with all else as it is asked."""
    links = []
    for title, first, last in _usual(today):
        words = words_of(asked) | {"de": first.isoformat(), "a": last.isoformat(), "par": ""}
        # How it is divided follows from its length, unless somebody chose weekdays or hours.
        if asked.by in {By.WEEKDAY, By.HOUR}:
            words["par"] = words_of(asked)["par"]
        chosen: dict[str, Any] = {"aria-current": "true"} if (first, last) == (asked.first, asked.last) else {}
        links.append(html.Li(html.A(title, href=address(NAME, words), **chosen)))
    named: dict[str, Any] = {"aria-label": "Périodes"}
    return html.Nav(html.Ul(links), className="shortcuts", **named)


def _usual(today: date) -> Iterator[tuple[str, date, date]]:
    for title, days in (("7\u00a0jours", 7), ("30\u00a0jours", 30), ("90\u00a0jours", 90), ("12\u00a0mois", 365)):
        yield title, today - timedelta(days=days - 1), today
    this = today.replace(day=1)
    last = this - timedelta(days=1)
    yield "ce mois-ci", this, today
    yield "le mois dernier", last.replace(day=1), last
    year = today.year if today.month >= 9 else today.year - 1
    yield "cette année scolaire", date(year, 9, 1), today


def _against() -> Choices:
    return [
        (Against.NOTHING.value, "Rien"),
        (Against.BEFORE.value, "La période d’avant"),
        (Against.YEAR.value, "L’année d’avant"),
    ]


def _places(catalog: Catalog) -> Iterator[tuple[str, Choices]]:
    for level, title in _PLURALS.items():
        yield title, _sorted((one.code, one.name) for one in catalog.territories.values() if one.level is level)


def _services(catalog: Catalog) -> Iterator[tuple[str, Choices]]:
    for kind in ServiceKind:
        yield KINDS[kind].fr, _sorted((one.id, one.name) for one in catalog.services.values() if one.kind is kind)


def _sorted(named: Iterable[tuple[str, str]]) -> Choices:
    return sorted(named, key=lambda pair: plain(pair[1]))
