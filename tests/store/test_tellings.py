"""Stored before it is sent, and claimed by a conditional update."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store import Store, Telling, TellingState, check, open_store


@pytest.fixture
def telling(now) -> Telling:
    return Telling("t1", "lille", "i1", Reason.OPENED, Health.DOWN, "ENT en panne", "Depuis 7 h 58.", now)


def test_the_same_id_twice_is_one_telling(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    assert store.mark_telling("t1", "sent", now, "ok", None)
    store.queue([telling, replace(telling, title="autre")])
    assert store.due_tellings(now, 10) == []


def test_only_what_is_due_is_tried_the_oldest_first(store: Store, telling: Telling, now) -> None:
    soon = replace(telling, id="t2", incident="i2", next_try_at=now + timedelta(seconds=30))
    older = replace(telling, id="t3", incident="i3", created_at=now - timedelta(hours=1))
    store.queue([telling, soon, older])
    assert [one.id for one in store.due_tellings(now, 10)] == ["t3", "t1"]
    assert [one.id for one in store.due_tellings(now, 1)] == ["t3"]
    assert [one.id for one in store.due_tellings(soon.next_try_at, 10)] == ["t3", "t1", "t2"]


def test_marking_counts_once_it_is_no_longer_queued_it_changes_nothing(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    later = now + timedelta(minutes=1)
    assert store.mark_telling("t1", "queued", now, "délai dépassé", later)
    (waiting,) = store.due_tellings(later, 10)
    assert waiting == replace(telling, attempts=1, outcome="délai dépassé", next_try_at=later, tried_at=now)
    assert store.mark_telling("t1", "sent", later, "remis", None)
    assert not store.mark_telling("t1", "dead", later, "abandonné", None)
    assert not store.mark_telling("nobody", "sent", later, "remis", None)
    assert store.due_tellings(later + timedelta(days=1), 10) == []


def due(store: Store, at: datetime) -> list[str]:
    return [one.id for one in store.due_tellings(at, 10)]


@pytest.mark.parametrize("end", ["sent", "dead"])
def test_an_end_waits_for_its_beginning(store: Store, telling: Telling, now, end: TellingState) -> None:
    opened, second = telling, timedelta(seconds=1)
    closed = replace(telling, id="c1", reason=Reason.CLOSED, created_at=now + second)
    store.queue([opened, closed])
    assert due(store, now + second) == ["t1"]
    # Not due yet, hence not to be sent; but its end still waits for it.
    later = now + timedelta(minutes=1)
    store.mark_telling("t1", "queued", now, "délai dépassé", later)
    assert due(store, later - second) == []
    assert due(store, later) == ["t1"]
    store.mark_telling("t1", end, later, "", None)
    assert due(store, later) == ["c1"]


def test_only_the_same_subscription_and_incident_wait(store: Store, telling: Telling, now) -> None:
    second = timedelta(seconds=1)
    store.queue([
        telling,
        replace(telling, id="t2", subscription="paris", created_at=now + second),
        replace(telling, id="t3", incident="i2", created_at=now + 2 * second),
        replace(telling, id="t4", created_at=now + 3 * second),
    ])  # fmt: skip
    assert due(store, now + timedelta(minutes=1)) == ["t1", "t2", "t3"]
    # What waits takes no place from what is due.
    assert [one.id for one in store.due_tellings(now + timedelta(minutes=1), 3)] == ["t1", "t2", "t3"]


def test_of_one_instant_the_first_queued_goes_first_whatever_its_id(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    store.queue([replace(telling, id="b"), replace(telling, id="a"), replace(telling, id="0", subscription="paris")])
    store.queue([replace(telling, id="b"), replace(telling, id="00")])
    gone = []
    while waiting := [one for one in store.due_tellings(now + timedelta(seconds=1), 10) if one.subscription == "lille"]:
        (one,) = waiting
        gone.append((one.id, one.created_at - now))
        store.mark_telling(one.id, "sent", now, "", None)
    microsecond = timedelta(microseconds=1)
    assert gone == [(name, n * microsecond) for n, name in enumerate(["t1", "b", "a", "00"])]


def test_of_one_instant_the_last_queued_is_the_last_told(store: Store, telling: Telling, evaluation, now) -> None:
    store.save(evaluation(incidents=(Incident("i1", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ()),)))
    store.queue([telling, replace(telling, id="closed", reason=Reason.CLOSED)])
    assert [told.reason for told in store.told()] == [Reason.CLOSED]


def test_what_was_queued_survives_a_restart(store: Store, database_url: str, telling: Telling, now) -> None:
    store.queue([telling])
    store.close()
    after = open_store(database_url, kind="real")
    assert after.due_tellings(now, 10) == [telling]
    after.close()


def test_what_it_said_of_an_extent_comes_back_to_the_last_bit(
    store: Store, database_url: str, telling: Telling, evaluation, now
) -> None:
    store.save(evaluation(incidents=(Incident("i1", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ()),)))
    said = replace(telling, share=0.1 + 0.2, reach=3, explained=False)
    store.queue([said, replace(telling, id="t2", subscription="paris")])
    store.close()
    after = open_store(database_url, kind="real")
    assert after.told() == [said.told, Told("paris", "i1", Reason.OPENED, Health.DOWN, now)]
    assert after.due_tellings(now, 1) == [said]
    after.close()


@pytest.mark.parametrize("end", ["sent", "dead"])
def test_an_end_waits_for_the_letter_that_its_beginning_lies_in(
    store: Store, database_url: str, telling: Telling, now, end: TellingState
) -> None:
    folded = replace(telling, id="t2", incident="i2", state="folded", folded_into="t1", next_try_at=None)
    closed = replace(telling, id="c2", incident="i2", reason=Reason.CLOSED, created_at=now + timedelta(seconds=1))
    store.queue([telling, folded, closed])
    later = now + timedelta(minutes=1)
    assert due(store, later) == ["t1"]
    store.mark_telling("t1", "queued", now, "délai dépassé", later)
    assert due(store, later - timedelta(seconds=1)) == []
    assert not store.mark_telling("t2", "sent", now, "", None)  # by itself it never leaves
    store.mark_telling("t1", end, later, "", None)
    assert due(store, later) == ["c2"]
    store.close()
    assert check(database_url) == ()


def test_a_row_that_lies_in_no_letter_is_found(store: Store, database_url: str, telling: Telling) -> None:
    store.queue([replace(telling, state="folded", folded_into="nothing")])
    store.close()
    assert any("lettre qui n’existe pas" in one for one in check(database_url))
