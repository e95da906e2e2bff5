"""`/carte/disponibilite` without a browser: what is drawn of a small country, and that nothing wrong is ever a dead end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dash import dcc, html

from dashboard.model import read_view
from dashboard.pages.history import VIEW
from dashboard.pages.history_facts import facts
from dashboard.pages.history_tables import of_incidents
from dashboard.pages.view import Asking, Books
from monitor.config import load
from monitor.domain.outages import responses
from monitor.domain.uptime import Hours
from monitor.reports import current, over_time
from monitor.reports.over_time import Shown
from monitor.reports.periods import Period, Question
from monitor.reports.sources import close_all
from monitor.settings import Settings

from .history_book import HOSTILE, HOUR, NOW, START, Book, an_incident, new_book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    yield new_book(tmp_path_factory.mktemp("history"))
    close_all()


@pytest.fixture
def drawn(book: Book, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VIGIE_CALENDAR", str(book.config.parent / "calendar.csv"))
    monkeypatch.setenv("VIGIE_DIRECTORY", str(book.config.parent / "directory.csv"))
    assert Settings().calendar.parent == book.config.parent

    def draw(at: datetime = NOW, **words: str) -> html.Div:
        return html.Div(list(VIEW.draw(Asking(words, None, Books(book.url, book.config), at))))

    return draw


def text(node: Any) -> str:
    """All that is read, a line an element."""
    if node is None or isinstance(node, dcc.Graph):
        return ""
    if isinstance(node, (str, int)):
        return str(node)
    if isinstance(node, (list, tuple)):
        return "".join(map(text, node))
    return text(getattr(node, "children", None)) + "\n"


def every(node: Any, kind: type) -> list[Any]:
    return [one for one in node._traverse() if isinstance(one, kind)]


def table(page: html.Div, caption: str) -> list[list[str]]:
    """The rows of a table, its head first."""
    [found] = [one for one in every(page, html.Table) if text(every(one, html.Caption)).startswith(caption)]
    rows = [[text(cell).strip() for cell in row.children] for row in every(found, html.Tr)]
    [body] = every(found, html.Tbody)
    # Rows of texts alone are made by the browser.
    return rows + [list(row) for row in json.loads(getattr(body, "data-rows", "[]"))]


def test_a_territory_is_told_as_a_whole_and_service_by_service(drawn) -> None:
    page = drawn(territoire="D:59", de="2026-09-01", a="2026-11-23", contre="1")
    told = text(page)
    assert "Disponibilité\u00a0: Nord (département)du mardi 1er septembre 2026 au lundi 23 novembre 2026" in told
    assert "Ensemble des usagers de 2\u00a0services, pondération par département" in told
    assert "Comparaison à ne pas citer" in told  # nothing is known of the three months before
    assert [one.id for one in every(page, dcc.Graph)] == ["jours", "perdu", "services-perdus"]
    assert len(every(page, html.Details)) == 5
    head, first, second = table(page, "Disponibilité de chaque service")
    assert head[0] == "Service"
    assert (first[0], first[5], first[6]) == ("ENT A", "4\u00a0h", "2")
    assert second[0] == HOSTILE
    months = table(page, "Disponibilité et couverture")
    assert [row[0] for row in months[1:]] == ["septembre 2026", "octobre 2026", "novembre 2026"]
    assert months[1][5] == "couverture trop faible"  # the books begin on the 20th
    days = table(page, "Disponibilité de chaque jour")
    assert (days[0][1], days[0][31], len(days)) == ("1", "31", 4)
    assert days[3][3] == "95,83\u00a0%"  # 3 November: two hours of one of two
    assert len(table(page, "Interruptions")) == 3
    incidents = table(page, "Incidents")
    assert [row[0] for row in incidents[1:]] == ["ENT A", "ENT A"]
    links = [one.href for one in every(page, html.A)]
    assert "/incidents/20261103-070000-ent-a" in links
    assert "/carte/incident?id=20261103-070000-ent-a" in links


def test_one_service_has_no_ranking_and_the_hours_asked_about_come_first(drawn) -> None:
    page = drawn(service="ent-a", heures="scolaires", par="heure", de="2026-11-01")
    assert [one.id for one in every(page, dcc.Graph)] == ["perdu"]
    assert text(every(page, html.Dt)[0]).strip() == "Aux heures scolaires"
    assert [row[0] for row in table(page, "Disponibilité et couverture")[1:3]] == ["0\u00a0h", "1\u00a0h"]


def test_several_that_nothing_weighs_together_stand_in_a_row_each(drawn) -> None:
    page = drawn(exploitant="edifice", de="2026-10-01")
    assert [one.id for one in every(page, dcc.Graph)] == ["parties", "services-perdus"]
    figure = next(one.figure for one in every(page, dcc.Graph) if one.id == "parties")
    assert "<" not in str(figure["layout"]["yaxis"]["ticktext"])
    assert [row[0] for row in table(page, "Disponibilité de chaque service, jour et nuit")[1:]] == ["ENT A", HOSTILE]


def test_hostile_names_are_text(drawn) -> None:
    page = drawn(territoire="D:59")
    assert HOSTILE in text(page)
    for graph in every(page, dcc.Graph):
        assert "<img" not in str(graph.figure)


@pytest.mark.parametrize("words", [{"de": "2020-01-01"}, {"service": "nobody"}, {"par": "siècle"}])
def test_a_question_without_an_answer_keeps_its_filters(drawn, words: dict[str, str]) -> None:
    page = drawn(**words)
    [alert] = [one for one in every(page, html.P) if getattr(one, "role", None) == "alert"]
    assert text(alert).strip()
    assert len(every(page, html.Select)) == 8
    assert every(page, dcc.Graph) == []


def test_nobody_and_too_much_are_said(drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "retirez un filtre" in text(drawn(territoire="D:59", type="visio"))
    monkeypatch.setattr(over_time, "MOST_DAYS", 10)
    assert "trop à lire" in text(drawn(territoire="D:59"))


def test_nothing_is_known_after_the_last_snapshot(drawn) -> None:
    assert "Rien n’est connu après le 23/11/2026 à 13\u00a0h\u00a000" in text(
        drawn(NOW + timedelta(days=3), territoire="D:59")
    )


def test_an_incident_that_was_closed_without_a_recovery_does_not_go_on(book: Book) -> None:
    began = replace(an_incident(NOW - 9 * HOUR), recovered_at=None)
    closed, going_on = began, replace(began, id="20261123-040000-ent-a", closed_at=None)
    period = Period(Question((), START, NOW), (), None, (), responses([closed, going_on], START, NOW), (closed, going_on))  # fmt: skip
    assert "Incidents\n2\ndont 1 en cours" in text(facts(Shown(period, None, None, NOW), Hours.ALL))
    rows = of_incidents(period.incidents, load(book.config).catalog)[1]
    assert [row[2] for row in rows] == ["en cours", "clos sans retour constaté"]


def test_hours_and_weekdays_say_whose_clock_they_follow(drawn, book: Book) -> None:
    assert "jours de la semaine sont ceux de Paris" in text(drawn(territoire="D:59", par="heure"))
    far = book.config.with_name("far.yaml")
    far.write_text(book.config.read_text(encoding="utf-8").replace("D:59", "A:la-reunion"), encoding="utf-8")
    page = html.Div(
        list(VIEW.draw(Asking({"par": "semaine", "exploitant": "edifice"}, None, Books(book.url, far), NOW)))
    )
    assert "l’heure locale (Reunion)" in text(page)


def test_a_monitor_that_died_days_ago_lowers_the_coverage_of_days_that_are_asked_for(drawn, book: Book) -> None:
    published = current.snapshot(book.url)
    assert published is not None
    view, later = read_view(published.raw), NOW + timedelta(days=3)
    asked = Asking(
        {"service": "ent-b", "de": "2026-11-23", "a": "2026-11-26"}, view, Books(book.url, book.config), later
    )
    said = text(html.Div(list(VIEW.draw(asked)))).replace("\u00a0", " ")
    assert "couverture 15,2 %" in said  # 13 hours of 85
    assert "Rien n’est connu après le 23/11/2026 à 13 h 00" in said
