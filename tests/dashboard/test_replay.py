"""A day played again, without a browser: its words minute by minute, what its view is made of, plain sentences for bad words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.components.replayed import clean, first_minute, sentences, titled, worst_minute
from dashboard.pages.carte import VIEWS
from dashboard.pages.day import VIEW
from dashboard.pages.day_chart import ROWS_MOST, axis_of, chart
from dashboard.pages.day_values import play_values
from dashboard.pages.view import Asking, Books, Unanswerable
from monitor.domain.gap import Excuse
from monitor.domain.observation import Health
from monitor.reports import sources
from monitor.reports.day import Change, CountryDay, Pause, ServiceDay
from monitor.reports.reconstruction import NOTE, SIXTH_OF_APRIL, reconstruction

from .conftest import MORNING, Country, a_document

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def april() -> CountryDay:
    told = reconstruction(SIXTH_OF_APRIL)
    assert told is not None
    return told


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    sources.close_all()


def text(drawn: object) -> str:
    """What a component of Dash holds."""
    return str(drawn).replace("\\xa0", "\u00a0")


def minute(hour: int, past: int = 0) -> int:
    return hour * 60 + past


def said(told: CountryDay) -> dict[int, str]:
    return {one.minute: "".join(part.text for part in one.segments) for one in sentences(told)}


def test_the_sentences_of_the_sixth_of_april(april: CountryDay) -> None:
    words = said(april)
    assert words[0].startswith("Vigie n’avait encore vu aucun service")
    assert words[minute(7, 1)] == "Tout répondait. 72\u00a0portails sur\u00a072 laissaient entrer leurs élèves."
    # 7:30:48 began what 7:31 is the first minute of; a name keeps its own first letter.
    assert words[minute(7, 31)] == "e-primo (écoles des Pays de la Loire) faisait patienter ses élèves."
    assert words[minute(8, 1)] == (
        "4\u00a0portails et 1\u00a0service national étaient en panne, 3\u00a0portails faisaient patienter leurs élèves, "
        "et 4\u00a0portails répondaient lentement."
    )
    assert words[minute(18, 1)].startswith("Tout répondait.")
    assert worst_minute(april) == minute(8, 1)
    assert len(words) < 20


def test_our_own_line_is_told_before_anybody_else(april: CountryDay) -> None:
    since = april.since
    pause = Pause(since + timedelta(hours=9), since + timedelta(hours=9, minutes=30), Excuse.STOPPED)
    told = replace(
        april, blind=((since + timedelta(hours=10), since + timedelta(hours=10, minutes=5)),), pauses=(pause,)
    )
    words = said(told)
    assert words[minute(9)] == "Vigie ne mesurait rien\u00a0: la veille ne tournait pas."
    assert words[minute(10)].startswith(
        "Vigie ne voyait rien\u00a0: notre propre connexion était coupée. Ce n’était pas"
    )
    assert words[minute(9, 30)] == words[minute(10, 5)] == words[minute(8, 1)]
    values = play_values(told, titled(told), axis_of(told), None)
    assert (values["blind"], values["pauses"]) == ([[600, 605]], [[540, 570, "la veille ne tournait pas"]])
    shown = text(chart(told, titled(told), axis_of(told)))
    assert "Notre propre connexion était coupée" in shown
    assert "Rien n’était mesuré" in shown


def test_the_incidents_in_words(april: CountryDay) -> None:
    found = {one.incident.culprit: one for one in titled(april)}
    assert found["operator:edifice"].title == "6\u00a0portails exploités par Edifice étaient touchés"
    assert found["service:ent-laclasse"].title == "laclasse.com (Métropole de Lyon) était en panne"
    assert found["service:ent-laclasse"].where == "Rhône"
    assert found["service:cned-mcalm-college"].where == "Toute la France"


def test_what_the_browser_gets_is_small_and_bounded(april: CountryDay) -> None:
    axis = axis_of(april)
    assert (axis.first, axis.last) == (minute(7), minute(19))
    values = play_values(april, titled(april), axis, minute(8, 30))
    assert len(json.dumps(values)) < 20_000
    assert values["start"] == minute(8, 30)
    assert values["leaps"] == [minute(7, 31), minute(8, 1)]  # absorbed ones began no other
    assert len(values["places"]) == 30
    assert len(values["services"]) == 12
    assert play_values(april, (), axis, minute(3))["start"] == axis.first
    # Services that turn at every second say one sentence a minute at most.
    flapping = [
        replace(one, course=tuple(Change(april.since + timedelta(seconds=n), Health.DOWN if n % 2 else Health.UP) for n in range(0, 7000, 7)))
        for one in april.services[:20]
    ]  # fmt: skip
    assert len(said(replace(april, services=tuple(flapping)))) <= 7000 // 60 + 2


def test_a_country_in_trouble_is_drawn_up_to_a_number(april: CountryDay) -> None:
    down = (Change(april.since, Health.UP), Change(april.since + timedelta(hours=9), Health.DOWN))
    services = tuple(ServiceDay(f"s{n}", f"S{n}", "ent", False, False, down) for n in range(ROWS_MOST + 3))
    shown = text(chart(replace(april, services=services), (), axis_of(april)))
    assert shown.count("En panne depuis 9") == ROWS_MOST
    assert "Services touchés plus tard, et non dessinés\u00a0: 3." in shown
    assert "Aucun incident ce jour-là." in shown


def test_names_lose_what_turns_a_text_round() -> None:
    assert clean("Mon\u202eENT\x1b\u2066") == "MonENT"
    assert first_minute(datetime(2021, 4, 6, 0, 0, 1, tzinfo=UTC), datetime(2021, 4, 6, tzinfo=UTC)) == 1
    assert first_minute(datetime(2021, 4, 5, tzinfo=UTC), datetime(2021, 4, 6, tzinfo=UTC)) == 0


def asking(country: Country, **words: str) -> Asking:
    return Asking(words, None, Books(country.url), MORNING)


def test_the_view_is_listed_and_labels_the_reconstruction(country: Country) -> None:
    assert VIEWS["jour"] is VIEW
    country.publish(a_document())
    drawn = list(map(text, VIEW.draw(asking(country, **VIEW.example))))
    assert "Reconstitution\u00a0: mardi 6 avril 2021" in drawn[0]
    whole = "".join(drawn)
    assert NOTE in whole
    assert "Ce n’est pas une mesure" in whole
    assert whole.count("Académies à l’heure choisie (reconstitution)") >= 1
    assert "/incidents/2021" not in whole  # none of its incidents has a page here
    measured = "".join(map(text, VIEW.draw(asking(country))))
    assert "Mardi 24 novembre 2026" in measured
    assert NOTE not in measured


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"date": "hier"}, "Cette date n’existe pas"),
        ({"date": "2026-02-30"}, "Cette date n’existe pas"),
        ({"date": "9" * 200}, "Cette date n’existe pas"),
        ({"date": "2999-01-01"}, "n’a pas encore eu lieu"),
        ({"date": "9999-12-31"}, "n’a pas encore eu lieu"),
        (
            {"date": "0001-01-01"},
            "ne mesurait pas encore ce jour-là\u00a0: ses mesures commencent le mardi 24 novembre 2026",
        ),
        ({"date": "2021-04-06", "a": "24:61"}, "Cette heure n’existe pas"),
        ({"date": "2021-04-06", "a": EVIL}, "Cette heure n’existe pas"),
    ],
)
def test_words_without_an_answer(country: Country, words: dict[str, str], sentence: str) -> None:
    country.publish(a_document())
    with pytest.raises(Unanswerable, match=sentence):
        VIEW.draw(asking(country, **words))


def test_before_any_measure_there_is_the_reconstruction_alone(tmp_path) -> None:
    nobody = Asking({}, None, Books(f"sqlite:///{tmp_path}/none.db"), MORNING)
    assert "Reconstitution" in text(next(iter(VIEW.draw(nobody))))
    with pytest.raises(Unanswerable, match="n’a encore rien mesuré"):
        VIEW.draw(replace(nobody, words={"date": date(2026, 11, 20).isoformat()}))
