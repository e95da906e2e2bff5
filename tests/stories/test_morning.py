"""A morning of outage told in ticks, on every database that Vigie supports."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure
from monitor.engine import courteous
from monitor.reports import current
from monitor.store import StoreError, check, open_reader
from tests.stories.village import MORNING, RECTORAT, Village, village

DOWN = Failure.EXCHANGE_SERVER_ERROR


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Village]:
    one = Village(database_url)
    await one.start()
    yield one
    one.crash()


def health(place: Village, name: str) -> str:
    shown = current.snapshot(place.url)
    assert shown is not None
    return str(next(one["health"] for one in shown.data["services"] if one["id"] == name))


async def test_from_the_first_bad_answer_to_the_end(place: Village) -> None:
    await place.minutes(2)
    assert health(place, "portail") == "up"
    place.weather.failures["portail"] = DOWN
    began = place.clock.at
    await place.minutes(3)
    assert health(place, "portail") == "down"
    assert place.reasons() == [("rectorat-lyon", "opened")]
    place.weather.failures.clear()
    await place.minutes(10)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    await place.minutes(8)
    assert place.reasons() == [("rectorat-lyon", "opened"), ("rectorat-lyon", "closed")]
    shown = current.snapshot(place.url)
    assert shown is not None
    (incident,) = shown.data["incidents"]
    assert incident["opened_at"] == began.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    reader = open_reader(place.url)
    spans = [one for one in reader.spans(MORNING, place.clock.at) if one.probe is None and one.service == "portail"]
    reader.close()
    assert [one.health.value for one in spans] == ["up", "down"]
    assert spans[0].until == spans[1].since == began


async def test_a_restart_at_any_tick_changes_nothing(database_url: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    straight, restarted = Village(f"sqlite:///{tmp_path}/straight.db"), Village(database_url)
    for one in (straight, restarted):
        await one.start()
    for number in range(60):
        for one in (straight, restarted):
            one.weather.failures = {"portail": DOWN} if 12 <= number < 40 else {}
            await one.tick()
        if number % 3 == 0:
            await restarted.restart()
    assert restarted.pipeline.country.services == straight.pipeline.country.services
    assert restarted.pipeline.country.incidents == straight.pipeline.country.incidents
    assert restarted.post.handed == straight.post.handed
    for one in (straight, restarted):
        one.crash()


async def test_a_crash_between_the_row_and_the_send_loses_nothing_and_hides_nothing(place: Village) -> None:
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    while not place.pipeline.country.incidents:
        await place.tick(tell=False)
    for _ in range(7):
        await place.tick(tell=False)
    await place.pipeline._teller.queue_news(place.pipeline.country, place.clock.at)
    await place.restart()  # the row is kept, nothing was sent
    assert place.post.handed == []
    for _ in range(2):
        await place.pipeline.tell()
        await place.pipeline.land(timedelta(seconds=1))
    assert place.reasons() == [("rectorat-lyon", "opened")]
    await place.restart()
    await place.minutes(1)
    assert place.reasons() == [("rectorat-lyon", "opened")]


async def test_a_dead_gateway_is_tried_again_until_it_lives(place: Village) -> None:
    place.post.dead = True
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(6)
    assert place.post.handed == []
    place.post.dead = False
    await place.minutes(6)
    assert place.reasons() == [("rectorat-lyon", "opened")]


async def test_a_gateway_dead_for_a_day_ends_in_the_dead_letters_and_the_tries_grow_apart(place: Village) -> None:
    place.post.dead = True
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(4)
    for _ in range(100):
        place.clock.at += timedelta(minutes=15)
        await place.pipeline.tell()
        await place.pipeline.land(timedelta(seconds=1))
    assert place.store.queued() == 0
    place.post.dead = False
    await place.pipeline.tell()
    await place.pipeline.land(timedelta(seconds=1))
    assert place.post.handed == []


async def test_what_was_delivered_but_could_not_be_noted_does_not_leave_twice(place: Village) -> None:
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    refusing = Refusing(place.store, {"mark_tellings"})
    object.__setattr__(place.pipeline._w, "store", refusing)
    await place.minutes(5)
    assert place.reasons() == [("rectorat-lyon", "opened")]
    refusing.refused = set()
    await place.minutes(1)
    await place.restart()
    await place.minutes(1)
    assert place.reasons() == [("rectorat-lyon", "opened")]


async def test_a_beginning_and_its_end_that_were_both_missed_arrive_as_one(place: Village) -> None:
    place.post.dead = True
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(4)
    place.weather.failures.clear()
    await place.minutes(20)
    place.post.dead = False
    await place.minutes(20)
    [one] = [message for message in place.post.handed if "/rectorat-lyon/" in message.id]
    assert one.id.endswith("/rectorat-lyon/closed-down")
    assert "Ce message n’a pas pu vous parvenir plus tôt" in one.body
    assert "de 8 h 01 à 8 h 05" in one.title
    # The operator hears of the dead gateway by way of that very gateway, hence when it is back.
    told = [message.title for message in place.post.handed if "/operateur/" in message.id]
    assert told[-1] == "VIGIE — une destination d’envoi répond de nouveau"


async def test_the_end_follows_a_beginning_that_arrived(place: Village) -> None:
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(4)
    place.weather.failures.clear()
    await place.minutes(20)
    assert place.reasons() == [("rectorat-lyon", "opened"), ("rectorat-lyon", "closed")]


async def test_a_gateway_that_hangs_holds_up_nobody_else(database_url: str) -> None:
    other = replace(RECTORAT, id="autre-rectorat")
    place = Village(database_url, subscriptions=(RECTORAT, other))
    await place.start()
    place.post.hangs_on = "/rectorat-lyon/"
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(3)
    place.weather.failures["autre"] = DOWN
    await place.minutes(4)
    assert place.reasons() == [("autre-rectorat", "opened"), ("autre-rectorat", "opened")]
    place.crash()


async def test_our_own_line_is_cut_and_nobody_but_the_operator_hears_of_it(place: Village) -> None:
    await place.minutes(2)
    place.weather.line_cut = True
    await place.minutes(1.5)
    shown = current.snapshot(place.url)
    assert shown is not None
    assert shown.data["blind"]
    assert {one["health"] for one in shown.data["services"]} == {"unknown"}
    assert shown.data["incidents"] == []
    assert place.reasons() == [("operateur", "opened")]
    await place.minutes(20)
    place.weather.line_cut = False
    await place.minutes(4)
    shown = current.snapshot(place.url)
    assert shown is not None
    assert not shown.data["blind"]
    assert {one["health"] for one in shown.data["services"]} == {"up"}
    assert place.reasons() == [("operateur", "opened"), ("operateur", "closed")]


async def test_an_answer_is_asked_for_again_soon_only_when_it_contradicts(place: Village) -> None:
    await place.tick()
    probe = place.catalog.services["portail"].probes[0]
    assert await place.pipeline.observe(probe) is None
    place.weather.failures["portail"] = DOWN
    assert await place.pipeline.observe(probe) == probe.policy.retry_every
    assert await place.pipeline.observe(place.catalog.canaries[0]) is None


async def test_our_line_is_asked_at_once_when_an_answer_may_confirm_something(place: Village) -> None:
    await place.tick()
    place.weather.failures["portail"] = DOWN
    await place.tick()
    assert place.vouched == []  # a first bad answer confirms nothing
    second = place.clock.at
    await place.tick()
    assert place.vouched == [second]
    del place.weather.failures["portail"]
    await place.tick()
    assert place.vouched == [second]


async def test_a_pause_of_any_length_is_a_gap_and_a_restart_knows_who_was_asked_when(place: Village) -> None:
    await place.tick()
    asked = place.clock.at - timedelta(seconds=10)
    place.crash()
    place.clock.at += timedelta(seconds=24)
    await place.start()
    probe = place.catalog.services["portail"].probes[0]
    assert place.pipeline.asked_at(probe) == asked
    (gap,) = place.pipeline.ledger.unwritten
    assert (gap.probe, gap.excuse, gap.since, gap.until) == ("", Excuse.STOPPED, asked, place.clock.at)
    await place.tick()
    assert place.pipeline.ledger.unwritten == ()


async def test_who_refused_us_before_a_restart_is_still_left_alone(place: Village) -> None:
    portail, autre = (place.catalog.services[name].probes[0].id for name in ("portail", "autre"))
    await place.tick()
    place.weather.failures["portail"] = place.weather.failures["autre"] = Failure.OURS_BLOCKED
    refused = place.clock.at
    await place.tick()
    del place.weather.failures["autre"]
    await place.tick()  # let in again
    await place.restart()
    assert [one for one in place.recalled if one[0] == portail] == [
        (portail, refused),
        (portail, refused + timedelta(seconds=10)),
    ]
    assert autre not in {name for name, _ in place.recalled}
    place.recalled.clear()
    place.clock.at += timedelta(hours=23)
    await place.restart()
    assert {name for name, _ in place.recalled} == {portail}  # its pause is over, its strikes still count
    place.recalled.clear()
    place.clock.at += timedelta(hours=1)
    await place.restart()
    assert place.recalled == []


class Refusing:
    """A store that refuses for a while, as one on a full disk does."""

    def __init__(self, real: object, refused: set[str]) -> None:
        self._real, self.refused = real, refused

    def __getattr__(self, name: str) -> object:
        if name in self.refused:

            def refuse(*_: object) -> None:
                raise StoreError("Le disque est plein : libérez de la place.")

            return refuse
        return getattr(self._real, name)


async def test_a_store_that_refuses_loses_no_answer_and_the_operator_sees_it(place: Village) -> None:
    await place.tick()
    real = place.store
    refusing = Refusing(real, {"append", "save", "queued"})
    object.__setattr__(place.pipeline._w, "store", refusing)
    place.weather.failures["portail"] = DOWN
    for _ in range(10):
        await place.tick()
    assert place.pipeline.warnings() == ("Le registre refuse d’écrire : les réponses attendent en mémoire.",)
    assert place.pipeline.country.services["portail"].health == "up"
    refusing.refused = set()
    await place.tick()
    assert health(place, "portail") == "down"
    reader = open_reader(place.url)
    kept = reader.observations(["portail/login"], MORNING, place.clock.at)
    reader.close()
    assert len(kept) == 12
    assert place.pipeline.warnings() == ()


async def test_an_evaluation_that_cannot_be_kept_is_not_held_to_be_true(place: Village) -> None:
    await place.tick()
    refusing = Refusing(place.store, {"save"})
    object.__setattr__(place.pipeline._w, "store", refusing)
    place.weather.failures["portail"] = DOWN
    for _ in range(10):
        await place.tick()
    assert place.pipeline.country.incidents == ()
    await place.restart()
    await place.pipeline.evaluate()
    assert [one.culprit for one in place.pipeline.country.incidents] == ["service:portail"]


async def test_what_is_published_names_what_was_never_seen_and_is_valid_json(place: Village) -> None:
    await place.tick()
    reader = open_reader(place.url)
    found = reader.snapshot()
    reader.close()
    assert found is not None
    shown = json.loads(found[0])
    assert shown["never_seen"] == []  # the village carries the day it was confirmed
    assert shown["measured_at"] == "2021-04-06T06:00:00.000Z"
    assert check(place.url) == ()


async def test_answers_accepted_while_a_commit_is_interrupted_are_not_lost(place: Village) -> None:
    await place.tick()
    interrupted = asyncio.Event()

    class Interrupting:
        async def __call__(self, call):  # type: ignore[no-untyped-def]
            interrupted.set()
            await asyncio.Event().wait()

    real = place.pipeline._w.work
    object.__setattr__(place.pipeline._w, "work", Interrupting())
    await place.ask_all()
    commit = asyncio.ensure_future(place.pipeline.remember())
    await interrupted.wait()
    commit.cancel()
    await asyncio.gather(commit, return_exceptions=True)
    object.__setattr__(place.pipeline._w, "work", real)
    place.clock.at += timedelta(seconds=5)
    await place.pipeline.evaluate()
    reader = open_reader(place.url)
    kept = reader.observations(["portail/login"], MORNING, place.clock.at)
    reader.close()
    assert len(kept) == 2


async def test_half_of_the_canaries_silent_is_said_to_the_operator(place: Village) -> None:
    await place.minutes(1)
    place.weather.deaf = {"canary/0", "canary/1"}
    await place.minutes(4)
    assert not place.pipeline.country.line.blind
    assert any("témoins" in sentence for sentence in place.pipeline.warnings())


async def test_canaries_asked_every_five_minutes_are_not_late_for_being_silent(database_url: str) -> None:
    """Without VIGIE_CONTACT nobody is asked more often: that is no fault, and nothing to warn of."""
    place = Village(database_url, catalog=courteous(village(), None))
    await place.start()
    await place.ask_all()
    for _ in range(9):
        place.clock.at += timedelta(minutes=0.5)
        await place.pipeline.evaluate()
        assert place.pipeline.warnings() == ()
    place.clock.at += timedelta(minutes=6)
    await place.pipeline.evaluate()
    assert any("témoins" in sentence for sentence in place.pipeline.warnings())
    place.crash()


async def test_what_left_the_catalogue_is_forgotten_by_the_books_too(place: Village) -> None:
    await place.minutes(1)
    place.weather.failures["portail"] = DOWN
    await place.minutes(3)
    full = place.catalog
    place.catalog = replace(full, services={"autre": full.services["autre"]})
    await place.restart()
    await place.minutes(1)
    assert {one.service for one in place.store.state().services} == {"autre"}
    assert "portail/login" not in {one.probe for one in place.store.state().verdicts}
    reader = open_reader(place.url)
    spans = [one for one in reader.spans(MORNING, place.clock.at) if one.probe is None and one.service == "portail"]
    reader.close()
    assert [one.health.value for one in spans] == ["up", "down"]
