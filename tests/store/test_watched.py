"""What the watch over Vigie reads of the tellings, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.vitals import Drill
from monitor.store import Mark, Store, Telling

MINUTE = timedelta(minutes=1)
DRILLS = ("drill/2026-11-23", "drill/2026-11-22")


@pytest.fixture
def telling(now: datetime) -> Telling:
    return Telling("t1", "lille", "i1", Reason.OPENED, Health.DOWN, "titre", "texte", now, next_try_at=now)


def test_what_is_due_for_longest_says_since_when(store: Store, telling: Telling, now: datetime) -> None:
    assert store.due_since(now) is None
    never_dated = replace(telling, id="t2", incident="i2", created_at=now + MINUTE, next_try_at=None)
    store.queue([never_dated, replace(telling, created_at=now - 10 * MINUTE)])
    assert store.due_since(now - MINUTE) is None
    assert store.due_since(now + 2 * MINUTE) == now
    store.mark_tellings([Mark("t1", "queued", now + MINUTE, "délai dépassé", now + 5 * MINUTE)])
    assert store.due_since(now + 2 * MINUTE) == now + MINUTE  # the other one
    store.mark_tellings([Mark("t2", "sent", now + MINUTE, "remis")])
    assert store.due_since(now + 2 * MINUTE) is None
    assert store.due_since(now + 6 * MINUTE) == now + 5 * MINUTE


def test_while_letters_leave_nothing_stands_still(store: Store, telling: Telling, now: datetime) -> None:
    store.queue([telling, replace(telling, id="t2", incident="i2")])
    assert store.due_since(now + 30 * MINUTE) == now
    store.mark_tellings([Mark("t2", "sent", now + 20 * MINUTE, "remis")])
    assert store.due_since(now + 30 * MINUTE) == now + 20 * MINUTE
    assert store.due_since(now + 10 * MINUTE) == now + 10 * MINUTE  # a clock that was set back


def test_what_waits_for_an_older_one_is_not_due(store: Store, telling: Telling, now: datetime) -> None:
    store.queue([telling, replace(telling, id="t2", created_at=now + MINUTE, next_try_at=now + MINUTE)])
    store.mark_tellings([Mark("t1", "queued", now, "délai dépassé", now + 60 * MINUTE)])
    assert store.due_since(now + 30 * MINUTE) is None


def test_a_drill_has_arrived_once_each_of_its_messages_has(store: Store, telling: Telling, now: datetime) -> None:
    assert store.last_drill(DRILLS) is None
    store.queue([replace(telling, id=f"d{n}", incident=DRILLS[0], subscription=f"s{n}") for n in range(2)])
    store.queue([replace(telling, id="old", incident=DRILLS[1])])
    assert store.last_drill(DRILLS) == Drill("2026-11-23", now)
    store.mark_tellings([Mark("d0", "sent", now + MINUTE, "remis")])
    store.mark_tellings([Mark("d1", "dead", now + MINUTE, "abandonné")])
    assert store.last_drill(DRILLS) == Drill("2026-11-23", now)
    assert store.last_drill(DRILLS[1:]) == Drill("2026-11-22", now)
    store.mark_tellings([Mark("old", "sent", now + 2 * MINUTE, "remis")])
    assert store.last_drill(DRILLS[1:]) == Drill("2026-11-22", now, now + 2 * MINUTE)


def test_a_drill_is_news_of_no_incident(store: Store, telling: Telling) -> None:
    store.queue([replace(telling, incident=DRILLS[0])])
    assert store.told() == []
