"""A morning with people in it: silences, somebody on duty, a night's rest, and the letter of seven o'clock."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.daily import Daily
from monitor.desk import acknowledgements, silences, windows
from monitor.domain.observation import Failure
from monitor.domain.quiet import QuietHours
from monitor.domain.silence import DeclaredSilence, Silenced
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.hushing import PARIS, DeskWatch
from monitor.store import StoreError, open_desk_reader
from tests.stories.village import MORNING, OPERATOR, RECTORAT, Clock, Inline, Village

DOWN = Failure.EXCHANGE_SERVER_ERROR
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REMINDED = replace(RECTORAT, repeat=10 * MINUTE)
RHONE = replace(RECTORAT, id="rhone", territories=("D:69",))


async def minutes(place: Village, count: float) -> None:
    """Time passes by half minutes, the slowest pace at which the village says all that it says here."""
    until = place.clock.at + count * MINUTE
    while place.clock.at < until:
        await place.tick(30)


async def settled(url: str, *who: object, begins: datetime = MORNING) -> Village:
    clock = Clock(begins)
    place = Village(url, subscriptions=who or (REMINDED, OPERATOR), clock=clock)  # type: ignore[arg-type]
    place.declared = DeskWatch(partial(open_desk_reader, url), Inline(), clock)
    await place.start()
    await minutes(place, 1.5)
    return place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Village]:
    one = await settled(f"sqlite:///{tmp_path}/vigie.db")
    yield one
    one.crash()
    one.declared.close()  # type: ignore[attr-defined]


def keep_silent(place: Village, lasts: timedelta, what: Silenced = Silenced.SERVICE, name: str = "portail") -> str:
    now = place.clock.at
    return silences.keep_silent(
        place.url, DeclaredSilence("", what, name, now, now + lasts, "migration", "Zoé", now), now
    ).id


async def test_what_began_and_ended_in_a_silence_is_never_told(place: Village) -> None:
    keep_silent(place, 40 * MINUTE)
    place.weather.failures["portail"] = DOWN
    await minutes(place, 5)
    assert [one.culprit for one in place.pipeline.country.incidents] == ["service:portail"]  # the page goes on
    place.weather.failures.clear()
    await minutes(place, 45)
    assert place.pipeline.country.incidents[0].closed_at is not None
    assert place.reasons() == []


async def test_what_lasts_beyond_a_silence_is_told_when_it_ends_or_is_called_off(place: Village) -> None:
    name = keep_silent(place, 6 * HOUR)
    place.weather.failures = {"portail": DOWN, "autre": DOWN}
    await minutes(place, 5)
    assert [(one.id.split("/")[0][-5:], one.id.split("/")[1]) for one in place.post.handed] == [
        ("autre", "rectorat-lyon")
    ]
    silences.end(place.url, name, place.clock.at)
    await minutes(place, 1)
    assert place.reasons() == [("rectorat-lyon", "opened")] * 2
    place.weather.failures.clear()
    await minutes(place, 20)
    assert place.reasons() == [("rectorat-lyon", "opened")] * 2 + [("rectorat-lyon", "closed")] * 2


async def test_an_end_within_a_silence_is_told_when_it_is_over_however_long_that_takes(place: Village) -> None:
    place.weather.failures["portail"] = DOWN
    await minutes(place, 4)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    keep_silent(place, timedelta(days=10), Silenced.EVERYTHING, "")
    place.weather.failures.clear()
    await minutes(place, 20)
    place.clock.at += timedelta(days=9)
    await minutes(place, 1)  # the country has forgotten it by now
    assert place.pipeline.country.incidents == ()
    await place.restart()
    await minutes(place, 1)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    place.clock.at += timedelta(days=2)
    for _ in range(2):
        await minutes(place, 1)
        await place.restart()
    assert place.reasons() == [("rectorat-lyon", "opened"), ("rectorat-lyon", "closed")]


async def test_what_closed_and_was_forgotten_between_two_tellings_is_told(place: Village) -> None:
    place.weather.failures["portail"] = DOWN
    await minutes(place, 4)
    place.weather.failures.clear()
    for _ in range(40):
        await place.tick(30, tell=False)
    place.clock.at += timedelta(hours=25)
    await place.tick(30, tell=False)
    assert place.pipeline.country.incidents == ()
    await minutes(place, 1)
    assert place.reasons() == [("rectorat-lyon", "opened"), ("rectorat-lyon", "closed")]


async def test_whoever_works_on_it_is_not_reminded_until_they_give_it_back(place: Village) -> None:
    place.weather.failures["portail"] = DOWN
    await minutes(place, 14)
    assert place.reasons() == [("rectorat-lyon", "opened"), ("rectorat-lyon", "still_open")]
    (incident,) = place.pipeline.country.incidents
    acknowledgements.acknowledge(place.url, incident.id, "Paul", "", place.clock.at)
    await minutes(place, 25)
    assert place.reasons()[2:] == []
    acknowledgements.withdraw(place.url, incident.id, place.clock.at)
    await minutes(place, 1)
    assert place.reasons()[2:] == [("rectorat-lyon", "still_open")]
    acknowledgements.acknowledge(place.url, incident.id, "Paul", "", place.clock.at)
    place.weather.failures.clear()
    await minutes(place, 20)
    assert place.reasons()[3:] == [("rectorat-lyon", "closed")]


async def test_a_declared_maintenance_masks_an_opening_until_it_ends(place: Village) -> None:
    begin = place.clock.at.astimezone(PARIS).replace(tzinfo=None)
    once = Once(begin, begin + 30 * MINUTE)
    window = Window("", Scope(ScopeKind.SERVICE, "portail"), once, PARIS, place.clock.at, "mise à jour", "DSI")
    windows.declare(place.url, window, place.clock.at)
    place.weather.failures = {"portail": DOWN, "autre": DOWN}
    await minutes(place, 10)
    assert place.post.handed[0].id.split("/")[0].endswith("autre")
    assert {one.id.split("/")[0][-5:] for one in place.post.handed} == {"autre"}  # and its reminder
    before = len(place.post.handed)
    await minutes(place, 21)
    assert any(one.id.split("/")[0].endswith("portail") for one in place.post.handed[before:])


async def test_a_quiet_night_ends_with_what_is_true_then(tmp_path: Path) -> None:
    quiet = replace(RECTORAT, quiet=QuietHours(time(22), time(6, 30)))
    evening = datetime(2021, 4, 6, 19, 50, tzinfo=MORNING.tzinfo)  # 21:50 in Lyon
    place = await settled(f"sqlite:///{tmp_path}/vigie.db", quiet, RHONE, begins=evening)
    place.weather.failures["portail"] = DOWN  # told before ten
    await minutes(place, 5)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    await minutes(place, 10)
    place.weather.failures["autre"] = DOWN
    await minutes(place, 5)
    assert place.reasons()[1:] == [("rhone", "opened")]
    place.weather.failures.clear()
    await minutes(place, 20)
    assert place.reasons()[2:] == [("rhone", "closed")]
    place.clock.at = datetime(2021, 4, 7, 4, 28, tzinfo=MORNING.tzinfo)
    await place.restart()
    place.weather.failures["autre"] = DOWN
    await minutes(place, 2)
    assert place.reasons()[3:] == []
    await minutes(place, 3)
    assert sorted(place.reasons()[3:]) == [
        ("rectorat-lyon", "closed"),
        ("rectorat-lyon", "opened"),
        ("rhone", "opened"),
    ]
    place.crash()


async def test_the_desk_can_go_and_come_without_a_word_lost(place: Village) -> None:
    keep_silent(place, 10 * MINUTE)
    await place.tick()
    watch = place.declared
    assert isinstance(watch, DeskWatch)
    real = watch._opened

    def gone():  # type: ignore[no-untyped-def]
        raise StoreError("Le registre est ailleurs.")

    watch.close()
    watch._desk, watch._opened = None, gone
    place.weather.failures = {"portail": DOWN, "autre": DOWN}
    await minutes(place, 5)
    assert len(watch.warnings()) == 1
    assert place.reasons() == [("rectorat-lyon", "opened")]  # of the other; the silence is remembered
    watch._opened = real
    await minutes(place, 7)
    assert watch.warnings() == ()
    assert place.reasons().count(("rectorat-lyon", "opened")) == 2


def letters(place: Village) -> dict[str, str]:
    """Whole text by subscription, of the letters that were handed over."""
    handed = (one for one in place.post.handed if one.id.startswith("digest/"))
    return {one.id.split("/")[2]: f"{one.title}\n{one.body}".replace("\u00a0", " ") for one in handed}


async def test_seven_o_clock(database_url: str) -> None:
    asked, calm = (replace(one, digest=True) for one in (RECTORAT, replace(RHONE, id="nc", territories=("C:988",))))
    late = replace(asked, id="tard", quiet=QuietHours(time(22), time(7, 30)))
    night = datetime(2021, 4, 6, 4, 30, tzinfo=MORNING.tzinfo)
    place = await settled(database_url, asked, calm, late, RHONE, OPERATOR, begins=night)
    place.weather.failures["portail"] = DOWN
    await minutes(place, 5)
    (incident,) = place.pipeline.country.incidents
    keep_silent(place, 6 * HOUR, name="autre")
    acknowledgements.acknowledge(place.url, incident.id, "Paul", "", place.clock.at)

    async def morning(hour: int) -> None:
        place.clock.at = datetime(2021, 4, 6, hour, 0, tzinfo=MORNING.tzinfo)
        await Daily(place.wiring(), lambda: place.pipeline.country).run()
        await place.pipeline.tell()
        await place.pipeline.land(MINUTE)

    await morning(5)
    said = letters(place)
    assert set(said) == {"rectorat-lyon", "operateur"}
    assert "bilan du 6 avril : 1 incident en cours" in said["rectorat-lyon"]
    assert "pris en charge par Paul" in said["rectorat-lyon"]
    assert "Silences" not in said["rectorat-lyon"]
    assert "AUTRE, jusqu’au 6 avril" in said["operateur"]
    assert "migration (Zoé)" in said["operateur"]
    assert "Messages depuis 24 heures : 1 remis, 0 en attente, 0 sans suite." in said["operateur"]
    await place.restart()
    before = len(place.post.handed)
    await morning(6)  # after a restart too: those who were served are not served again, who slept is
    assert {one.id.split("/")[2] for one in place.post.handed[before:] if one.id.startswith("digest/")} == {"tard"}
    place.crash()


async def test_a_store_that_refuses_in_the_morning_is_asked_again_an_hour_later(place: Village) -> None:
    class Refusing:
        def sent(self, _: datetime) -> None:
            raise StoreError("Le disque est plein.")

    wiring = place.wiring()
    daily = Daily(replace(wiring, store=Refusing()), lambda: place.pipeline.country)  # type: ignore[arg-type]
    await daily.run()
    daily._w = wiring
    await daily.run()
    await daily.run()
    await place.pipeline.tell()
    await place.pipeline.land(MINUTE)
    assert set(letters(place)) == {"operateur"}
    assert "rien à signaler" in letters(place)["operateur"]


async def test_a_quiet_morning_reaches_the_operator_every_day(place: Village) -> None:
    daily = Daily(place.wiring(), lambda: place.pipeline.country)
    for _ in range(3):
        await daily.run()
        await place.pipeline.tell()
        await place.pipeline.land(MINUTE)
        place.clock.at += timedelta(days=1)
    handed = [one.id for one in place.post.handed]
    assert handed == [f"digest/2021-04-{day:02d}/operateur" for day in (6, 7, 8)]
