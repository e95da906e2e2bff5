"""The address says the language; below it sentences, dates and figures are said in it, in what is started there too."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from dashboard import dates, tongue
from dashboard.components.availability import exact_percent
from dashboard.components.headline import age_words, headline
from dashboard.components.phrases import percent, took
from dashboard.model import read_view
from dashboard.numerals import grouped
from dashboard.public.donnees import size_words
from dashboard.tenses import TENSES
from dashboard.tongue import ENGLISH, FRENCH, _, address, elsewhere, language_of, ngettext, speaking
from monitor.domain.observation import Health

from .conftest import a_document, as_bytes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("french", "english"),
    [("/", "/en/"), ("/methode", "/en/methode"), ("/service/en", "/en/service/en"), ("/energie", "/en/energie")],
)
def test_an_address_and_its_twin(french: str, english: str) -> None:
    assert (language_of(french), language_of(english)) == (FRENCH, ENGLISH)
    assert (address(french, ENGLISH), address(french, FRENCH)) == (english, french)
    assert (elsewhere(french), elsewhere(english)) == (english, french)


def test_the_bare_name_of_the_language_is_english() -> None:
    assert (language_of("/en"), elsewhere("/en")) == (ENGLISH, "/")


async def test_what_is_started_within_speaks_the_same_and_others_do_not() -> None:
    async def said() -> str:
        await asyncio.sleep(0)
        return _("lundi")

    with speaking(ENGLISH):
        started = asyncio.create_task(said())
    assert (await said(), await started) == ("lundi", "Monday")


def test_a_sentence_that_nobody_translated_stays_itself() -> None:
    with speaking(ENGLISH):
        assert _("Rien de tel.") == "Rien de tel."


def test_none_is_singular_in_french_and_plural_in_english() -> None:
    pair = ("{count}\u00a0service", "{count}\u00a0services")
    assert [ngettext(*pair, count) == pair[0] for count in (0, 1, 2)] == [True, True, False]
    with speaking(ENGLISH):
        assert [ngettext(*pair, count).endswith("s") for count in (0, 1, 2)] == [True, False, True]


def test_dates_in_english() -> None:
    first = datetime(2026, 12, 1, 7, 2, tzinfo=UTC)
    with speaking(ENGLISH):
        told = [
            dates.clock(first), dates.long_day(first), dates.since(NOON - DAY, NOON), dates.until(NOON + DAY, NOON),
            dates.from_to(NOON - HOUR, NOON, NOON), dates.from_to(NOON - DAY, NOON - DAY + HOUR, NOON),
            dates.from_to(NOON - 3 * DAY, NOON, NOON), dates.from_to(NOON - 3 * DAY, NOON - 3 * DAY + HOUR, NOON),
            dates.from_to(NOON - DAY, NOON, NOON), dates.from_to(NOON - 3 * DAY, NOON - DAY, NOON),
            dates.from_to(NOON - 3 * DAY, NOON - 2 * DAY, NOON), dates.since(NOON - 3 * DAY, NOON),
            dates.until(NOON + 3 * DAY, NOON), dates.moment(NOON), dates.duration(2.25 * HOUR), dates.duration(3 * DAY),
            dates.duration(HOUR / 90), dates.ago(DAY), dates.ago(3 * HOUR), dates.ago(timedelta(0)),
        ]  # fmt: skip
    assert [one.replace("\u00a0", " ") for one in told] == [
        "8:02", "Tuesday 1 December 2026", "yesterday at 13:05", "13:05 tomorrow",
        "from 12:05 to 13:05", "yesterday from 13:05 to 14:05",
        "from 13:05 on Saturday 21 November to 13:05 today", "on Saturday 21 November from 13:05 to 14:05",
        "from 13:05 yesterday to 13:05 today", "from 13:05 on Saturday 21 November to 13:05 yesterday",
        "from 13:05 on Saturday 21 November to 13:05 on Sunday 22 November", "Saturday 21 November at 13:05",
        "Friday 27 November at 13:05", "This afternoon", "2 h 15 min", "3 days",
        "<1 min", "1 day", "3 hours", "0 seconds",
    ]  # fmt: skip


def test_figures_in_english() -> None:
    with speaking(ENGLISH):
        told = [
            percent(0.974),
            percent(0.001),
            exact_percent(0.97425),
            exact_percent(1.0),
            took(6200),
            grouped(1234567),
        ]
        told += [size_words(12_340_000), size_words(1)]
    assert [one.replace("\u00a0", " ") for one in told] == [
        "97%", "<1%", "97.42%", "100%", "6.2 s", "1,234,567", "12.3 MB", "1 byte",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quiet", "stale", "told"),
    [
        (True, False, "Everything is answering. 19 of 19 portals are letting their pupils in."),
        (True, True, "On Tuesday 24 November at 10:15, everything was answering. 19 of 19 portals were letting their pupils in."),
        (False, False, "This morning, 1 portal and 1 national service are down, 3 portals are making their pupils wait, "
         "Mon ENT Occitanie is restricting access, and 3 other services are affected."),
    ],
)  # fmt: skip
def test_the_situation_in_english(quiet: bool, stale: bool, told: str) -> None:
    view = read_view(as_bytes(a_document(quiet=quiet)))
    with speaking(ENGLISH):
        words = "".join(one.text for one in headline(view, stale=stale))
        assert age_words(view, 9 * HOUR / 60) == "Measured 9\u00a0minutes ago: this page is out of date"
    assert words.replace("\u00a0", " ") == told


def test_each_language_has_a_whole_grammar() -> None:
    assert set(TENSES) == set(tongue.LANGUAGES) == set(tongue.NAMES)
    for present, past in TENSES.values():
        assert set(present.clauses) == set(past.clauses) == set(Health)
    for french, english in zip(TENSES[FRENCH], TENSES[ENGLISH], strict=True):
        assert not [name for name in french.__slots__ if getattr(french, name) == getattr(english, name)]
