"""The courier on an injected clock: dead, deaf and slow destinations, order, second destinations, rates, restarts."""

import math
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerting.gateways import reference
from monitor.domain.delivery import DOUBTFUL, LEASE
from monitor.domain.reason import Reason
from monitor.store import Resend
from tests.office import HOUR, MINUTE, SECOND, Office
from tests.stories.hamlet import _folder as in_memory
from tests.stories.village import MORNING

HOLE = 25.0


@pytest.fixture
async def office() -> AsyncIterator[Callable[..., Any]]:
    opened: list[Office] = []
    folder = in_memory()

    async def make(**fields: Any) -> Office:
        one = Office(f"sqlite:///{folder}/{len(opened)}.db", **fields)
        opened.append(one)
        await one.start()
        return one

    yield make
    for one in opened:
        await one.close()
    shutil.rmtree(folder)


def hooks(count: int) -> dict[str, str]:
    return {f"r{number}": f"json://hook{number}/" for number in range(count)}


def mailboxes(count: int) -> dict[str, str]:
    return {f"h{number}": f"mailto://smtp.example/?to=h{number}@x.fr" for number in range(count)}


async def test_dead_for_six_hours_delivered_within_two_minutes_of_its_return(office) -> None:
    post = await office(addresses={**mailboxes(30), "other": "json://elsewhere/"})
    post.world.refuses = {"smtp.example"}
    for number in range(30):
        post.queue(f"m{number}", f"h{number}", incident=f"i{number}")
    await post.passes(6 * HOUR, MINUTE)
    assert post.accepted() == []
    tries = len(post.world.asked)
    assert tries < 6 * 60 + 30  # a probe a minute, not thirty
    post.world.refuses.clear()
    await post.passes(2 * MINUTE)
    assert len(set(post.accepted())) == len(post.accepted()) == 30


async def test_a_lone_webhook_dead_for_six_hours_too(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.refuses = {"hook0"}
    post.queue("m", "r0")
    await post.passes(6 * HOUR, MINUTE)
    post.world.refuses.clear()
    await post.passes(2 * MINUTE)
    assert post.accepted() == ["m"]


async def test_one_black_hole_of_ten_does_not_change_the_wait_of_the_others(office) -> None:
    p95 = []
    for hole in (False, True):
        post = await office(addresses={**hooks(9), **mailboxes(20)})
        post.world.takes = dict.fromkeys(("smtp.example", *(f"hook{number}" for number in range(9))), 0.2)
        for name in post.addresses:  # all of them have delivered before
            post.queue(f"first-{name}", name, incident="0")
        await post.passes(10 * SECOND)
        post.world.takes["smtp.example"] = HOLE if hole else 0.2
        began = post.clock.at
        for name in post.addresses:
            for turn in range(20):
                post.queue(f"m-{name}-{turn}", name, incident=f"{turn}")
        await post.passes(30 * SECOND, SECOND / 5)
        waits = sorted(at - began for at, one in post.world.accepted if one.id.startswith("m-r"))
        assert len(waits) == 180
        assert not hole or not any(one.id.startswith("m-h") for _, one in post.world.accepted)
        p95.append(waits[math.ceil(0.95 * 180) - 1])
    assert p95[1] <= p95[0] * 1.1


async def test_a_deaf_gateway_with_many_mailboxes_takes_eight_places_at_most(office) -> None:
    post = await office(addresses={**mailboxes(200), **hooks(1)})
    post.queue("first", "h0", incident="0")
    await post.passes(5 * SECOND)
    post.world.takes["smtp.example"] = HOLE
    for number in range(200):
        post.queue(f"m{number}", f"h{number}")
    await post.passes(5 * SECOND)
    assert len(post.world.under_way) == 8
    post.queue("quick", "r0")
    await post.passes(5 * SECOND)
    assert "quick" in post.accepted()
    await post.passes(5 * MINUTE)
    assert len(post.world.under_way) <= 1
    post.world.takes.clear()
    await post.passes(2 * MINUTE)
    assert len(set(post.accepted())) == len(post.accepted()) == 202


async def test_black_holes_that_never_delivered_leave_room(office) -> None:
    post = await office(addresses=hooks(50))
    post.world.takes = {f"hook{number}": HOLE for number in range(49)}
    for number in range(50):
        post.queue(f"m{number}", f"r{number}")
    await post.passes(5 * SECOND)
    assert len(post.world.under_way) == DOUBTFUL
    await post.passes(2 * MINUTE)
    assert post.accepted() == ["m49"]


async def test_one_refused_mailbox_holds_up_nobody_and_is_asked_more_and_more_seldom(office) -> None:
    post = await office(addresses=mailboxes(50))
    post.world.refuses = {"h7@x.fr"}
    for number in range(50):
        post.queue(f"m{number}", f"h{number}")
    await post.passes(30 * SECOND)
    assert len(post.accepted()) == 49
    post.queue("another", "h0", incident="j")
    await post.passes(6 * HOUR, MINUTE)
    assert 20 < sum("h7@" in one.url for _, one in post.world.asked) < 40


async def test_an_end_waits_for_its_beginning_and_order_is_kept(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.takes["hook0"] = 0.4
    for number, reason in enumerate((Reason.OPENED, Reason.WORSENED, Reason.SPREAD)):
        post.queue(f"m{number}", "r0", reason)
        post.queue(f"x{number}", "r0", reason, incident="other")
    await post.passes(5 * SECOND, SECOND / 5)
    assert post.accepted() == ["m0", "x0", "m1", "x1", "m2", "x2"]
    assert {at for at, _ in post.world.asked} == {MORNING + n * SECOND * 0.4 for n in range(6)}  # one at a time


async def test_down_and_up_both_missed_are_one_message_also_where_the_first_was_given_up(office) -> None:
    post = await office(addresses=hooks(2))
    post.world.refuses = {"hook0", "hook1"}
    post.queue("down", "r0")
    await post.passes(25 * HOUR, 5 * MINUTE)
    assert [one.state for one in post.store.tellings(["down"]).values()] == ["dead"]
    post.queue("down1", "r1")
    await post.passes(MINUTE)
    for number in range(2):
        post.queue(f"up{number}", f"r{number}", Reason.CLOSED)
    post.world.refuses = set()
    await post.passes(2 * MINUTE)
    assert sorted(post.accepted()) == ["up0", "up1"]
    [zero, one] = sorted((message for _, message in post.world.accepted), key=lambda message: message.id)
    assert "« titre down »" in zero.body.replace("\u00a0", " ")
    assert "« titre down1 »" in one.body.replace("\u00a0", " ")
    assert "corps up1" in one.body
    states = {one.id: one.state for one in post.store.tellings(["down", "down1", "up0", "up1"]).values()}
    assert states == {"down": "merged", "down1": "merged", "up0": "sent", "up1": "sent"}
    assert post.store.queued() == 0


async def test_after_a_quarter_of_an_hour_the_second_destination_is_used(office) -> None:
    post = await office(addresses=hooks(1), seconds={"r0": "json://second/"})
    post.world.refuses = {"hook0"}
    post.queue("m", "r0")
    await post.passes(14 * MINUTE)
    assert post.accepted() == []
    await post.passes(3 * MINUTE)
    assert [one.url for _, one in post.world.accepted] == ["json://second/"]
    assert post.store.tellings(["m"])["m"].via == "second"
    # What comes later need not wait: the first is known to be dead, it is probed once a minute at most.
    post.queue("n", "r0", incident="j")
    await post.passes(10 * SECOND)
    assert post.accepted() == ["m", "n"]
    post.world.refuses.clear()
    await post.passes(2 * MINUTE)
    post.queue("o", "r0", incident="k")
    await post.passes(10 * SECOND)
    assert post.world.accepted[-1][1].url == "json://hook0/"


async def test_both_destinations_dead_take_turns_until_one_is_back(office) -> None:
    post = await office(addresses=hooks(1), seconds={"r0": "json://second/"})
    post.world.refuses = {"hook0", "second"}
    post.queue("m", "r0")
    await post.passes(HOUR)
    asked = [one.url for at, one in post.world.asked if at > MORNING + 20 * MINUTE]
    assert min(asked.count("json://hook0/"), asked.count("json://second/")) > 10
    post.world.refuses = {"hook0"}
    await post.passes(2 * MINUTE)
    assert [one.url for _, one in post.world.accepted] == ["json://second/"]


async def test_a_rate_is_kept_to_the_second(office) -> None:
    post = await office(addresses=mailboxes(100), rates={"smtp.example": 2.0})
    for number in range(100):
        post.queue(f"m{number}", f"h{number}")
    await post.passes(20 * SECOND)
    for start in range(20):
        since = MORNING + start * SECOND
        assert sum(since <= at < since + SECOND for at, _ in post.world.asked) <= 4
    assert 38 <= len(post.accepted()) <= 42
    assert (await post.courier.go_on()) == SECOND / 2


async def test_mail_leaves_at_twenty_a_second_unless_told_otherwise_and_webhooks_as_they_come(office) -> None:
    post = await office(addresses={**mailboxes(100), **{f"w{n}": "json://hook/" for n in range(100)}})
    for name in list(post.addresses):
        post.queue(f"m{name}", name)
    await post.passes(SECOND)
    mail = [one for _, one in post.world.accepted if one.url.startswith("mailto")]
    assert len(mail) == 20
    assert len(post.accepted()) == 120


async def test_a_copy_carries_the_same_reference_and_mail_has_it_in_a_header(office) -> None:
    post = await office(addresses={**mailboxes(1), **hooks(1)})
    post.world.refuses = {"smtp.example"}
    post.queue("m", "h0")
    post.queue("n", "r0")
    await post.passes(MINUTE)
    copies = [one for _, one in post.world.asked if one.id == "m"]
    assert len(copies) > 1
    assert len({(one.url, one.body) for one in copies}) == 1
    assert copies[0].body.endswith(f"Réf.\u00a0{reference('m')}\n")
    assert f"%2BX-Vigie-Reference={reference('m')}" in copies[0].url
    [hook] = [one for _, one in post.world.asked if one.id == "n"]
    assert hook.url == "json://hook0/"


async def test_a_broken_off_attempt_is_taken_up_when_its_lease_ends(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.takes["hook0"] = HOLE
    post.queue("m", "r0")
    await post.passes(SECOND)
    await post.courier.land(timedelta(0))  # broken off: nobody knows what came of it
    post.world.takes.clear()
    await post.passes(LEASE - 2 * SECOND)
    assert post.accepted() == []
    await post.passes(10 * SECOND)
    assert post.accepted() == ["m"]


async def test_a_restart_takes_up_at_once_what_was_on_its_way(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.takes["hook0"] = HOLE
    post.queue("m", "r0")
    await post.passes(SECOND)
    post.store.close()
    post.world.takes.clear()
    await post.start()
    await post.passes(5 * SECOND)
    assert post.accepted() == ["m"]


async def test_a_wish_is_granted_once(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.refuses = {"hook0"}
    post.queue("m", "r0")
    await post.passes(25 * HOUR, 5 * MINUTE)
    post.world.refuses.clear()
    await post.passes(2 * MINUTE)
    assert post.accepted() == []
    post.wishes.append(Resend("m", post.clock.at))
    await post.passes(2 * MINUTE)
    assert post.accepted() == ["m"]
    post.store.close()
    await post.start()
    await post.passes(2 * MINUTE)
    assert post.accepted() == ["m"]


async def test_what_another_room_queues_is_found_and_what_has_no_address_waits_for_one(office) -> None:
    post = await office(addresses=hooks(1))
    post.queue("m", "nobody")
    await post.passes(MINUTE)
    assert (post.accepted(), post.world.asked) == ([], [])
    assert post.store.tellings(["m"])["m"].outcome == "abonnement sans adresse"
    post.addresses["nobody"] = "json://late/"
    await post.passes(2 * MINUTE)
    assert post.accepted() == ["m"]


async def test_a_clock_that_was_set_back_holds_nothing_up(office) -> None:
    post = await office(addresses=hooks(1))
    post.world.refuses = {"hook0"}
    post.queue("m", "r0")
    await post.passes(10 * MINUTE)
    post.clock.at -= HOUR
    post.world.refuses.clear()
    await post.passes(MINUTE)
    assert post.accepted() == ["m"]


async def test_held_longer_than_a_day_is_given_up_without_being_tried(office) -> None:
    post = await office(addresses=mailboxes(200))
    post.world.refuses = {"smtp.example"}
    for number in range(200):
        post.queue(f"m{number}", f"h{number}")
    await post.passes(25 * HOUR, 5 * MINUTE)
    assert post.store.queued() == 0
    told = post.store.tellings([f"m{number}" for number in range(200)])
    assert {one.state for one in told.values()} == {"dead"}
