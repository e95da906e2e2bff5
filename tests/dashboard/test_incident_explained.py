"""`/carte/incident`: an incident explained and drawn; nothing of whom was told, nothing of our own line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.figures.incident_strips import LEVEL, Named, Turning, height, incident_strips
from dashboard.model import View, read_view
from dashboard.pages import incident
from dashboard.pages.incident_parts import turnings
from dashboard.pages.view import Asking, Books, Unanswerable
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.reports import current
from monitor.reports.incident_course import Stretch
from monitor.store import Evaluation, open_store
from tests.neighbours import EIGHT, HOSTILE, HOUR, MINUTE, NOON, Book, written

from .test_comparison import text_of

EVIL = Named(HOSTILE, (Stretch(EIGHT, EIGHT + HOUR, Health.DOWN), Stretch(EIGHT + HOUR, NOON, Health.UP)), EIGHT)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(tmp_path_factory.mktemp("incident"))


@pytest.fixture(scope="module")
def view(book: Book) -> View:
    published = current.snapshot(book.url)
    assert published is not None
    return read_view(published.raw)


def page(book: Book, view: View | None, **asked: str) -> str:
    drawn = incident.draw(Asking(asked, view, Books(book.url, book.config), NOON))
    return "\n".join(text_of(one) for one in drawn)


def test_strips_marks_and_lines() -> None:
    turned = [Turning(EIGHT, "Premier échec"), Turning(EIGHT + MINUTE, "Confirmé"), Turning(NOON, "Clos")]
    figure = incident_strips([EVIL], turned, EIGHT - HOUR, NOON)
    up, down, marks = figure["data"]
    assert (down["base"], down["x"], down["marker"]["color"]) == (["2021-11-22T08:00:00.000"], [3_600_000.0], "--down")
    assert (down["marker"]["pattern"]["shape"], up["marker"]["pattern"]["shape"]) == ("x", "")
    assert (marks["x"], marks["marker"]["symbol"]) == (["2021-11-22T08:00:00.000"], "triangle-down")
    lines = [one["x0"] for one in figure["layout"]["shapes"]]
    assert lines == ["2021-11-22T08:00:00.000", "2021-11-22T08:01:00.000"]  # what lies outside is not drawn
    words = [(one["text"].replace("\u00a0", " "), one["yshift"]) for one in figure["layout"]["annotations"][1:]]
    assert words == [("Premier échec 8 h 00", 0), ("Confirmé 8 h 01", LEVEL)]  # they never run into each other
    assert not {"<", ">", "&"} & set(
        str([down["text"], marks["text"], figure["layout"]["annotations"]]).replace("<br>", "")
    )
    assert height(0) == height(1) < height(2)


def test_a_recovery_that_closed_it_is_one_line(book: Book) -> None:
    one = book.incident
    assert [turn.words for turn in turnings(one)] == ["Premier échec", "Confirmé", "Répond de nouveau"]
    assert [turn.words for turn in turnings(book.absorbed)] == ["Premier échec", "Confirmé", "Rattaché"]
    assert [turn.words for turn in turnings(replace(one, recovered_at=None))][-1] == "Clos"


def test_an_incident_is_explained(book: Book, view: View) -> None:
    said = page(book, view, id=book.incident.id)
    assert said.startswith(f"Incident 3 portails exploités par {HOSTILE} répondent de nouveau")
    for expected in (
        "Au pire File d’attente", "Durée 2 h 00", "Une file d’attente s’affiche à la place de la page.",
        "8 h 00 Premier échec mesuré : file d’attente, 3 services", "8 h 03 Confirmé", "10 h 00 Répond de nouveau",
        "Portail a1 [/service/a1] lundi 22 novembre à 8 h 00 tout répond dès 7 h 45 ; file d’attente dès 8 h 00",
        f"3 services sur 4 exploités par {HOSTILE} ont été touchés au même moment, 0 sur 7 ailleurs.",
        f"Exploitant {HOSTILE} 3 sur 4 0 sur 7 1 fois sur", "Hébergeur déclaré Nuage 3 sur 3 0 sur 8",
        "Avec le même point commun, 1 service : Portail a4 [/service/a4]", "Ailleurs, 7 services répondaient.",
        "réponses de 3 sondes pendant l’incident", "Échecs par étape : contenu de la page", "page d’attente",
        "Premier échec mesuré 2 1 du lundi 22 novembre 2021 à 8 h 05 au lundi 22 novembre 2021 à 9 h 05",
        "Clos 1 1 lundi 22 novembre 2021 à 10 h 05",
        f"Portail a1 [/carte/incident?id={book.absorbed.id}] , dès 8 h 00",
        "figée le lundi 22 novembre 2021 à 12 h 00 ; elle ne change plus", "Empreinte SHA-256",
        f"vigie explain {book.incident.id}", f"[/incidents/{book.incident.id}]",
    ):  # fmt: skip
        assert expected in said, expected
    assert "secret" not in said
    assert "Hugo" not in said


def test_one_that_fell_alone_and_was_absorbed(book: Book, view: View) -> None:
    said = page(book, view, id=book.absorbed.id)
    assert "rattaché à un incident plus large" in said
    assert "Rien d’autre n’est tombé avec lui" in said
    assert (
        f"Il est suivi désormais avec 3 portails exploités par {HOSTILE} [/carte/incident?id={book.incident.id}]"
        in said
    )
    assert "Aucun message n’a été écrit sur cet incident." in said
    assert "établie à l’instant" in said
    assert "Empreinte" not in said


@pytest.mark.parametrize("name", ["x", "<script>", "%", "20211122", "20211122-090000-local"])
def test_an_unknown_id_is_told_in_a_sentence(book: Book, view: View, name: str) -> None:
    with pytest.raises(Unanswerable, match=r"^Aucun incident ne porte cet identifiant\.$"):
        page(book, view, id=name)


def test_before_the_first_snapshot_nothing_is_said(book: Book) -> None:
    with pytest.raises(Unanswerable, match="rien publié"):
        page(book, None)


def test_the_last_incidents_are_listed_page_by_page(tmp_path, view: View) -> None:
    book = written(tmp_path)
    store = open_store(book.url, kind="real")
    many = [
        Incident(f"202110{day:02}-070000-b1", "service:b1", NOON - timedelta(days=day), NOON, Health.UP, Health.DOWN,
                 ("b1",), ("D:80",), closed_at=NOON)
        for day in range(1, 31)
    ]  # fmt: skip
    ours = Incident("20211122-090000-local", "vantage:local", NOON, NOON, Health.UNKNOWN, Health.UNKNOWN, (), ())
    store.save(Evaluation((), (), (), (*many, ours), None, NOON))
    store.close()
    first = page(book, view)
    assert first.startswith("Quel incident expliquer ?")
    assert first.count("/carte/incident?id=") == incident.SHOWN
    assert "local" not in first
    assert f"3 portails exploités par {HOSTILE} [/carte/incident?id={book.incident.id}]" in first
    oldest = many[30 - (incident.SHOWN - 2)].id  # two of this morning stand before them
    assert f"Plus anciens [/carte/incident?avant={oldest}]" in first
    second = page(book, view, avant=oldest)
    assert second.count("/carte/incident?id=") == 32 - incident.SHOWN
    assert "Plus anciens" not in second
    assert "Les plus récents [/carte/incident]" in second
    assert "Aucun incident plus ancien." in page(book, view, avant="0")
