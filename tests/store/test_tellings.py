"""Stored before it is sent, and claimed by a conditional update."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.notice import Reason
from monitor.domain.observation import Health
from monitor.store import Store, Telling, open_store


@pytest.fixture
def telling(now) -> Telling:
    return Telling("t1", "lille", "i1", Reason.OPENED, Health.DOWN, "ENT en panne", "Depuis 7 h 58.", now)


def test_the_same_id_twice_is_one_telling(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    assert store.mark_telling("t1", "sent", now, "ok", None)
    store.queue([telling, replace(telling, title="autre")])
    assert store.due_tellings(now, 10) == []


def test_only_what_is_due_is_tried_the_oldest_first(store: Store, telling: Telling, now) -> None:
    soon = replace(telling, id="t2", next_try_at=now + timedelta(seconds=30))
    older = replace(telling, id="t3", created_at=now - timedelta(hours=1))
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


def test_what_was_queued_survives_a_restart(store: Store, database_url: str, telling: Telling, now) -> None:
    store.queue([telling])
    store.close()
    after = open_store(database_url, kind="real")
    assert after.due_tellings(now, 10) == [telling]
    after.close()
