"""How periods, hours and places are said."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from monitor.domain.catalog import Level, Territory
from monitor.domain.contract import Exclusions, OwnHours, Slot, Target
from monitor.domain.uptime import Hours
from monitor.dossier import words
from tests.dossier.month import paris

HOUR = timedelta(hours=1)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("since", "until", "months", "said", "opens"),
    [
        ("2021-11-01", "2021-12-01", True, "novembre 2021", "En novembre 2021"),
        ("2021-11-01", "2021-11-02", False, "1er novembre 2021", "Le 1er novembre 2021"),
        ("2021-11-06", "2021-11-13", False, "du 6 au 12 novembre 2021", "Du 6 au 12 novembre 2021"),
        ("2021-11-29", "2021-12-03", False, "du 29 novembre au 2 décembre 2021", "Du 29 novembre au 2 décembre 2021"),
        (
            "2021-12-30",
            "2022-01-02",
            False,
            "du 30 décembre 2021 au 1er janvier 2022",
            "Du 30 décembre 2021 au 1er janvier 2022",
        ),
    ],
)
def test_periods(since: str, until: str, months: bool, said: str, opens: str) -> None:
    edges = paris(since), paris(until)
    assert plain(words.period(*edges, months=months)) == said
    assert plain(words.opening(*edges, months=months)) == opens


def test_ends_and_stretches() -> None:
    assert plain(words.end(paris("2021-12-01"))) == "30 novembre 2021 à minuit"
    assert plain(words.end(datetime(2021, 11, 30, 7, 5, tzinfo=UTC))) == "30 novembre 2021 à 8 h 05"
    one, other = paris("2021-11-08T23:50"), paris("2021-11-09T00:10")
    assert plain(words.stretch(one, other)) == "du lundi 8 novembre à 23 h 50 au mardi 9 novembre à 0 h 10"


@pytest.mark.parametrize(
    ("place", "title", "of"),
    [
        (Territory("A:lille", "Lille", Level.ACADEMIE, None), "Académie de Lille", "de l’académie de Lille"),
        (Territory("A:amiens", "Amiens", Level.ACADEMIE, None), "Académie d’Amiens", "de l’académie d’Amiens"),
        (
            Territory("R:44", "Grand Est", Level.REGION, None),
            "Région académique Grand Est",
            "de la région académique Grand Est",
        ),
        (Territory("N", "France", Level.PAYS, None), "France", "de France"),
        (Territory("D:01", "Ain", Level.DEPARTEMENT, None), "Ain (département)", "d’Ain (département)"),
    ],
)
def test_places(place: Territory, title: str, of: str) -> None:
    assert (words.place_title(place), words.of_place(place)) == (title, of)


def test_hours_and_exclusions() -> None:
    week = Slot(frozenset(range(5)), 7 * HOUR, 19 * HOUR)
    two = Slot(frozenset({2, 5}), 8.5 * HOUR, 24 * HOUR)
    own = Target(OwnHours((week, two), holidays=False), Fraction(1))
    assert plain(words.hours(own)) == "lun.-ven. 7 h-19 h ; mer., sam. 8 h 30-24 h, hors jours fériés"
    assert words.hours(Target(Hours.SCHOOL, Fraction(1))) == "Heures scolaires"
    said = plain(" ".join(words.exclusions(Exclusions(8 * HOUR, timedelta(days=1), 5 * HOUR / 60, Fraction(9, 10)))))
    assert said == (
        "Laissé de côté : au plus 8 h par mois de maintenance déclarée à l’avance, les premières du mois, si elle l’a été au "
        "moins 1 jour avant. Une interruption de moins de 5 min ne compte pas. "
        "Rien n’est conclu si moins de 90 % du temps est connu."
    )
    assert "toute la maintenance" in next(iter(words.exclusions(Exclusions())))
    assert "aucune maintenance" in next(iter(words.exclusions(Exclusions(declared_a_month=timedelta()))))


@pytest.mark.parametrize(
    ("value", "said"), [(0.3, "0,30 point"), (-1.994, "1,99 point"), (2, "2,00 points"), (-12.5, "12,50 points")]
)
def test_points(value: float, said: str) -> None:
    assert plain(words.points(value)) == said


def test_promised_shares_are_said_as_they_were_written() -> None:
    assert [plain(words.percent(Fraction(text) / 100)) for text in ("99.5", "99", "99.999", "100")] == [
        "99,5 %", "99 %", "99,999 %", "100 %",
    ]  # fmt: skip
