from datetime import UTC, datetime, timedelta

import pytest

from dashboard import dates

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_instants_are_said_on_the_clock_of_paris():
    assert plain(dates.clock(datetime(2021, 4, 6, 6, 7, tzinfo=UTC))) == "8 h 07"  # summer
    assert plain(dates.clock(datetime(2021, 1, 6, 6, 7, tzinfo=UTC))) == "7 h 07"  # winter
    assert dates.long_day(datetime(2021, 3, 31, 22, 30, tzinfo=UTC)) == "jeudi 1er avril 2021"


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(hours=2), "10 h 00"),
        (timedelta(hours=14), "hier à 22 h 00"),
        (timedelta(days=5), "jeudi 19 novembre à 12 h 00"),
    ],
)
def test_since_says_the_day_when_it_is_not_today(back, said):
    assert plain(dates.since(NOON - back, NOON)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconde"),
        (1, "1 seconde"),
        (12, "12 secondes"),
        (60, "1 minute"),
        (360, "6 minutes"),
        (7300, "2 heures"),
        (180000, "2 jours"),
    ],
)
def test_ages_take_the_largest_unit(seconds, said):
    assert plain(dates.ago(timedelta(seconds=seconds))) == said


@pytest.mark.parametrize(("minutes", "said"), [(0.5, "< 1 min"), (46, "46 min"), (134, "2 h 14"), (60 * 72, "3 j")])
def test_durations_are_short(minutes, said):
    assert plain(dates.duration(timedelta(minutes=minutes))) == said


@pytest.mark.parametrize(
    ("hour", "said"), [(2, "Cette nuit"), (8, "Ce matin"), (14, "Cet après-midi"), (19, "Ce soir"), (23, "Cette nuit")]
)
def test_the_sentence_opens_with_the_part_of_the_day(hour, said):
    assert dates.moment(datetime(2026, 11, 24, hour, 5, tzinfo=dates.PARIS)) == said


def test_midnight_is_that_of_paris_on_the_day_the_clock_changes():
    assert dates.midnight(datetime(2026, 3, 29, 12, tzinfo=UTC)).astimezone(UTC) == datetime(
        2026, 3, 28, 23, tzinfo=UTC
    )


YESTERDAY = NOON - timedelta(days=1)
DAYS_AGO = NOON - timedelta(days=2)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (NOON - timedelta(hours=4), NOON, "de 8 h 00 à 12 h 00"),
        (YESTERDAY, YESTERDAY + timedelta(hours=3), "d’hier 12 h 00 à 15 h 00"),
        (YESTERDAY, NOON, "d’hier 12 h 00 à aujourd’hui 12 h 00"),
        (DAYS_AGO, DAYS_AGO + timedelta(hours=3), "le dimanche 22 novembre de 12 h 00 à 15 h 00"),
        (DAYS_AGO, YESTERDAY, "du dimanche 22 novembre à 12 h 00 à hier 12 h 00"),
        (DAYS_AGO, NOON, "du dimanche 22 novembre à 12 h 00 à aujourd’hui 12 h 00"),
        (
            DAYS_AGO - timedelta(days=3),
            DAYS_AGO,
            "du jeudi 19 novembre à 12 h 00 au dimanche 22 novembre à 12 h 00",
        ),
    ],
)
def test_from_when_to_when_contracts_its_articles(start, end, said):
    assert plain(dates.from_to(start, end, NOON)) == said
