"""`/carte/service` and `/carte/heures` without a browser: what they say, and the sentence for words that have no answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dash.development.base_component import Component

from dashboard.model import View as Snapshot
from dashboard.model import read_view
from dashboard.pages import heures, service
from dashboard.pages.view import Asking, Books, Unanswerable
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import Hours
from monitor.reports.durations import Durations, Step
from monitor.reports.lookback import Over
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_store
from tests.prepared import prepared
from tests.rolled import every_hour, roll_up, tally

from .conftest import a_document, as_bytes

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CATALOGUE = """
vigie: 1
canaries:
  - {id: t1, kind: http, url: "https://a.example1.org", every: 10s, timeout: 3s, expect: {status: [200]}}
  - {id: t2, kind: http, url: "https://b.example2.org", every: 10s, timeout: 3s, expect: {status: [200]}}
  - {id: t3, kind: http, url: "https://c.example3.org", every: 10s, timeout: 3s, expect: {status: [200]}}
  - {id: t4, kind: http, url: "https://d.example4.org", every: 10s, timeout: 3s, expect: {status: [200]}}
services:
  - id: ent
    name: "<b>Mon</b> ENT"
    kind: ent
    territories: ["D:59"]
    formerly: [ent-2021]
    probes:
      page: {kind: http, url: "https://ent.example.fr", expect: {status: [200], contains: ["Identifiant"]}}
      login: {kind: http, url: "https://ent.example.fr/login", slow: 2s, expect: {status: [200], contains: ["Identifiant"]}}
  - id: loin
    name: "Loin"
    kind: vie-scolaire
    territories: ["A:la-reunion"]
    probes: {page: {kind: http, url: "https://loin.example.fr", expect: {status: [200], contains: ["Identifiant"]}}}
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Sixty days of a service that makes its users wait on Mondays at eight."""
    folder = tmp_path_factory.mktemp("measures")
    url = f"sqlite:///{folder}/vigie.db"
    prepared(url, "real", NOW)
    store = open_store(url, kind="real")
    roll_up(store, {f"ent/{name}": list(answers()) for name in ("page", "login")}, slots_since=NOW - DAY)
    eight = datetime(2026, 11, 23, 7, tzinfo=UTC)
    spans = (Span("ent", None, "", Health.UP, NOW - 60 * DAY, eight), Span("ent", None, "", Health.WAITING, eight, eight + HOUR))  # fmt: skip
    store.save(Evaluation((), (ServiceVerdict("ent", Health.UP, eight + HOUR),), spans, (), None, NOW))
    store.close()
    (folder / "probes.yaml").write_text(CATALOGUE)
    yield Books(url, folder / "probes.yaml")
    close_all()


def answers():
    for at in every_hour((NOW - 60 * DAY).date(), NOW.replace(minute=0)):
        monday_at_eight = (at.weekday(), at.hour) == (0, 7)
        yield at, 6 <= at.hour < 17, tally(8, 1500 if monday_at_eight else 200, {Failure.CONTENT_WAITING_ROOM: 4} if monday_at_eight else {})  # fmt: skip


def texts(part: object) -> Iterator[str]:
    """Everything that a reader meets, in order; tables too."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for one in part:
            yield from texts(one)
    elif isinstance(part, Component):
        rows = getattr(part, "data-rows", None)
        yield from texts(json.loads(rows) if rows else getattr(part, "children", None))


def drawn(view, books: Books, snapshot: Snapshot | None = None, now: datetime = NOW, **words: str) -> str:
    found = view.draw(Asking(words, snapshot, books, now))
    return "\n".join(texts(list(found))).replace("\u00a0", " ")


def figures(view, books: Books, **words: str) -> list[dict]:
    found = json.loads(json.dumps([one.to_plotly_json() for one in view.draw(Asking(words, None, books, NOW))], default=lambda one: one.to_plotly_json()))  # fmt: skip
    return list(_figures(found))


def _figures(part) -> Iterator[dict]:
    if isinstance(part, dict):
        if "figure" in part:
            yield part["figure"]
        for one in part.values():
            yield from _figures(one)
    elif isinstance(part, list):
        for one in part:
            yield from _figures(one)


def test_a_service_is_told_in_a_sentence_and_each_figure_has_its_twin(books: Books) -> None:
    said = drawn(service, books, id="ent", sur="90j")
    assert "Sur 90 jours, la moitié des bonnes réponses arrivent en moins de" in said
    assert said.count("Les mêmes valeurs en tableau") == len(figures(service, books, id="ent", sur="90j")) == 3
    assert "exacts à 2 % près" in said
    assert "n’est pas terminé" in said
    assert "Une file d’attente s’affiche à la place de la page" in said
    assert "seuil de lenteur" in json.dumps(figures(service, books, id="ent"))


def test_each_period_and_kind_of_hours_has_an_answer(books: Books) -> None:
    for period in service.PERIODS:
        for hours in service.WHEN:
            assert "% en moins de" in drawn(service, books, id="ent", sur=period, heures=hours)


def test_our_own_troubles_are_no_failures_of_the_service() -> None:
    def told(**failures: int) -> tuple[str, str]:
        one = tally(6, 200, {Failure[name]: times for name, times in failures.items()})
        found = Durations(Over.DAY, NOW - DAY, NOW, (Step(NOW - DAY, NOW, one, {}),), one)
        return service.summary(found, Hours.ALL), "\n".join(texts(service.sections(found, [])))

    summary, below = told(OURS_OFFLINE=40)
    assert summary.endswith("aucune des 6 n’a échoué.")
    assert "Notre propre connexion était coupée" in below
    assert "ne disent rien du service" in below
    summary, below = told(OURS_OFFLINE=40, CONNECT_RESET=2)
    assert summary.endswith("2 sur 8 ont échoué.")
    assert "ne disent rien du service" not in told(CONNECT_RESET=2)[1]


def test_one_question_or_all_of_them(books: Books) -> None:
    def thresholds(**words: str) -> list[str]:
        return [one["text"][0].strip().replace("\u00a0", " ") for one in figures(service, books, id="ent", **words)[0]["data"] if one.get("name") == "seuil"]  # fmt: skip

    assert thresholds() == ["seuil de lenteur : 2 s", "seuil de lenteur : 4 s"]
    assert thresholds(question="login") == ["seuil de lenteur : 2 s"]
    assert thresholds(question="celle d’un autre service") == thresholds()


def test_names_are_texts_and_never_reach_a_figure(books: Books) -> None:
    assert "<b>Mon</b> ENT" in drawn(service, books, id="ent")
    assert "Mon" not in json.dumps(figures(service, books, id="ent") + figures(heures, books, id="ent"))


def test_a_former_name_is_the_same_service_and_without_a_name_there_is_the_first(books: Books) -> None:
    assert drawn(service, books, id="ent-2021") == drawn(service, books, id="ent") == drawn(service, books)


def test_a_service_that_nobody_measured_says_so(books: Books) -> None:
    said = drawn(service, books, id="loin")
    assert "Vigie n’a aucune mesure de ce service" in said
    assert "Les mêmes valeurs" not in said


def test_a_service_of_a_scenario_is_known_by_the_snapshot_and_its_time_is_the_scenario_s(books: Books) -> None:
    snapshot = replace(read_view(as_bytes(a_document(at=NOW))), rehearsal="2021-04-06")
    assert "Vigie n’a aucune mesure" in drawn(service, books, snapshot, id="pix")
    late = NOW + 900 * DAY
    assert "la moitié des bonnes réponses" in drawn(service, books, snapshot, late, id="ent")
    assert "la moitié des bonnes réponses" not in drawn(service, books, None, late, id="ent")


@pytest.mark.parametrize(
    ("view", "words", "sentence"),
    [
        (service, {"id": "nul"}, "ne connaît pas ce service"),
        (service, {"id": "ent", "sur": "1000 ans"}, "Période inconnue"),
        (service, {"id": "ent", "heures": "<script>"}, "heures inconnue"),
        (heures, {"id": "nul"}, "ne connaît pas ce service"),
        (heures, {"territoire": "A:atlantide"}, "ne connaît pas ce territoire"),
        (heures, {"territoire": "A:la-reunion", "de": "2010-01-01"}, "La période"),
        (heures, {"territoire": "C:988"}, "Aucun service"),
        (heures, {"id": "ent", "mesure": "gaieté"}, "Mesure inconnue"),
        (heures, {"id": "ent", "forme": "rond"}, "Forme inconnue"),
        (heures, {"id": "ent", "de": "hier"}, "année-mois-jour"),
        (heures, {"id": "ent", "de": "2026-11-20", "a": "2026-11-19"}, "La période"),
        (heures, {"id": "ent", "a": "9999-12-31"}, "La période"),
        (heures, {"id": "ent", "a": "0001-01-01"}, "La période"),
        (heures, {"id": "ent", "de": "2024-01-01"}, "370 jours au plus"),
    ],
)
def test_words_without_an_answer_get_a_sentence(books: Books, view, words: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unanswerable) as refusal:
        view.draw(Asking(words, None, books, NOW))
    assert sentence in str(refusal.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("disponibilite", "Le lundi entre 8 h et 9 h, le service n’a été disponible que"),
        ("attente", "Le lundi entre 8 h et 9 h, une file d’attente a pris"),
        ("echecs", "Le lundi entre 8 h et 9 h, 33,3 % des réponses ont échoué"),
        ("duree", "Le lundi entre 8 h et 9 h, 95 % des réponses arrivent en moins de 3"),
    ],
)
def test_the_worst_hour_is_said_and_stands_in_the_table(books: Books, measure: str, expected: str) -> None:
    said = drawn(heures, books, id="ent", mesure=measure, de="2026-11-02")
    assert expected in said
    assert "Heure de Paris, du 02/11/2026 au 23/11/2026" in said
    assert "pas assez mesuré" not in said.partition("Semaine type")[2].partition("Dimanche")[0]


def test_a_calm_period_says_so(books: Books) -> None:
    said = drawn(heures, books, id="ent", mesure="attente", de="2026-11-10", a="2026-11-15")
    assert "Aucune file d’attente" in said
    assert "aucune heure n’a été assez mesurée" in drawn(heures, books, id="loin")


def test_each_hour_of_a_month_or_the_worst_of_each_day(books: Books) -> None:
    short = drawn(heures, books, id="ent", mesure="echecs", forme="jours")
    assert "Chaque heure de chaque jour" in short
    long = drawn(heures, books, id="ent", mesure="echecs", forme="jours", de="2026-10-01")
    assert "Lundi 23/11/2026\nclasse\n8 h à 9 h\n33,3 %" in long
    assert "Mercredi 11/11/2026\njour férié" in long


def test_a_territory_has_its_own_clock(books: Books) -> None:
    assert "Heure locale (Reunion)" in drawn(heures, books, territoire="A:la-reunion")
    said = drawn(heures, books, territoire="D:59", mesure="echecs", de="2026-11-02")
    assert "selon leurs usagers" in said
    assert "33,3 %" in said
