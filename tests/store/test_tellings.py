"""Stored before it is sent, and claimed by a conditional update."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.delivery import LEASE
from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store import Mark, Resend, Store, Telling, check, open_reader, open_store


@pytest.fixture
def telling(now) -> Telling:
    return Telling("t1", "lille", "i1", Reason.OPENED, Health.DOWN, "ENT en panne", "Depuis 7 h 58.", now)


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def ids(found: list[Telling]) -> list[str]:
    return [one.id for one in found]


def waiting(store: Store) -> list[str]:
    return [one.id for one in store.waiting() if not one.lost]


def whole(store: Store, name: str) -> Telling:
    return store.tellings([name])[name]


def test_the_same_id_twice_is_one_telling(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    assert store.mark_tellings([Mark("t1", "sent", now, "ok")]) == ["t1"]
    store.queue([telling, replace(telling, title="autre")])
    assert (store.waiting(), store.queued()) == ([], 0)


def test_what_waits_the_first_queued_first(store: Store, telling: Telling, now) -> None:
    soon = replace(telling, id="t2", incident="i2", next_try_at=now + MINUTE)
    older = replace(telling, id="t3", incident="i3", created_at=now - MINUTE)
    store.queue([telling, soon, older])
    assert waiting(store) == ["t3", "t1", "t2"]
    assert store.queued() == 3
    assert store.waiting()[2].next_try_at == now + MINUTE
    assert [one.since for one in store.waiting()] == [one.created_at for one in store.waiting()]


def test_claimed_once_until_the_lease_ends(store: Store, telling: Telling, now) -> None:
    store.queue([telling, replace(telling, id="t2")])
    assert ids(store.claim(["t2", "t1", "nobody"], now)) == ["t2", "t1"]
    assert whole(store, "t1").claimed_until == now + LEASE
    assert store.claim(["t1"], now) == []
    assert store.claim(["t1"], now + LEASE - SECOND) == []
    assert waiting(store) == ["t1", "t2"]  # it is queued still
    assert ids(store.claim(["t1"], now + LEASE)) == ["t1"]
    assert ids(store.claim(["t1"], now - 24 * 60 * MINUTE)) == ["t1"]  # the clock was set back: whose lease is that?


def test_a_new_life_ends_the_leases_of_the_one_before(store: Store, database_url: str, telling: Telling, now) -> None:
    store.queue([telling])
    store.claim(["t1"], now)
    store.close()
    after = open_store(database_url, kind="real")
    assert after.claim(["t1"], now) == []
    after.release_claims()
    assert ids(after.claim(["t1"], now)) == ["t1"]
    after.close()


def test_marking_counts_once_it_is_no_longer_queued_it_changes_nothing(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    store.claim(["t1"], now)
    later = now + MINUTE
    store.mark_tellings([Mark("t1", "queued", now, "délai dépassé", later, "first")])
    tried = replace(telling, attempts=1, outcome="délai dépassé", next_try_at=later, tried_at=now, via="first")
    assert whole(store, "t1") == tried  # its lease has ended
    assert store.mark_tellings([Mark("t1", "sent", later, "remis", None, "second")]) == ["t1"]
    assert store.mark_tellings([Mark("t1", "dead", later, "abandonné"), Mark("nobody", "sent", later, "")]) == []
    assert whole(store, "t1").state == "sent"
    assert whole(store, "t1").via == "second"
    assert store.claim(["t1"], later + LEASE) == []


def test_what_was_given_up_waits_for_what_follows_it(store: Store, telling: Telling, now) -> None:
    store.queue([telling, replace(telling, id="t2", subscription="paris")])
    store.mark_tellings([Mark(name, "dead", now, "abandonné") for name in ("t1", "t2")])
    assert store.waiting() == []
    store.queue([replace(telling, id="c1", reason=Reason.CLOSED, created_at=now + SECOND)])
    assert [(one.id, one.lost) for one in store.waiting()] == [("t1", True), ("c1", False)]


def test_told_together_once_and_never_while_on_its_way(store: Store, telling: Telling, now) -> None:
    closed = replace(telling, id="c1", reason=Reason.CLOSED, created_at=now + SECOND)
    store.queue([telling, closed])
    store.claim(["c1"], now)
    assert not store.merge_tellings(["t1"], "c1", ("A", "B"), now)
    assert waiting(store) == ["t1", "c1"]
    assert store.merge_tellings(["t1"], "c1", ("A", "B\0"), now + LEASE)
    assert waiting(store) == ["c1"]
    assert (whole(store, "c1").title, whole(store, "c1").body) == ("A", "B")
    assert whole(store, "t1").state == "merged"
    store.mark_tellings([Mark("c1", "sent", now, "remis")])
    assert not store.merge_tellings(["t1"], "c1", ("C", "D"), now + 2 * LEASE)


def test_a_wish_is_granted_once(store: Store, telling: Telling, now) -> None:
    store.queue([telling, replace(telling, id="t2")])
    store.mark_tellings([Mark("t1", "dead", now, "abandonné")])
    wishes = [Resend("t1", now + MINUTE), Resend("t2", now + MINUTE), Resend("nobody", now)]
    assert store.requeue(wishes) == ["t1"]
    assert store.requeue(wishes) == []
    again = next(one for one in store.waiting() if one.id == "t1")
    assert (again.since, again.attempts, again.created_at) == (now + MINUTE, 0, now)
    store.mark_tellings([Mark("t1", "dead", now + MINUTE, "abandonné")])
    assert store.requeue(wishes) == []
    assert store.requeue([Resend("t1", now + 2 * MINUTE)]) == ["t1"]


def test_of_one_instant_the_first_queued_goes_first_whatever_its_id(store: Store, telling: Telling, now) -> None:
    store.queue([telling])
    store.queue([replace(telling, id="b"), replace(telling, id="a"), replace(telling, id="0", subscription="paris")])
    store.queue([replace(telling, id="b"), replace(telling, id="00")])
    microsecond = timedelta(microseconds=1)
    lille = [(one.id, one.created_at - now) for one in store.waiting() if one.subscription == "lille"]
    assert lille == [(name, n * microsecond) for n, name in enumerate(["t1", "b", "a", "00"])]


def test_of_one_instant_the_last_queued_is_the_last_told(store: Store, telling: Telling, evaluation, now) -> None:
    store.save(evaluation(incidents=(Incident("i1", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ()),)))
    store.queue([telling, replace(telling, id="closed", reason=Reason.CLOSED)])
    assert [told.reason for told in store.told()] == [Reason.CLOSED]


def test_what_was_last_told_of_things_whose_id_begins_so(store: Store, telling: Telling, now) -> None:
    about = replace(telling, incident="vigie/envoi-1")
    store.queue(
        [telling, replace(about, id="v1"), replace(about, id="v2", reason=Reason.CLOSED, created_at=now + SECOND)]
    )
    assert [(told.incident, told.reason) for told in store.told_of("vigie/")] == [("vigie/envoi-1", Reason.CLOSED)]
    assert store.told_of("vigie_") == []


def test_what_was_queued_survives_a_restart(store: Store, database_url: str, telling: Telling, now) -> None:
    store.queue([telling])
    store.close()
    after = open_store(database_url, kind="real")
    assert after.claim(["t1"], now) == [replace(telling, claimed_until=now + LEASE)]
    after.close()


def test_the_list_is_read_by_state_the_newest_first(store: Store, database_url: str, telling: Telling, now) -> None:
    store.queue([replace(telling, id=f"t{n}", created_at=now + n * SECOND) for n in range(4)])
    store.mark_tellings([Mark("t1", "dead", now, "abandonné"), Mark("t2", "sent", now, "remis")])
    with closing(open_reader(database_url)) as reader:
        assert ids(reader.tellings()) == ["t3", "t2", "t1", "t0"]
        assert ids(reader.tellings(most=2)) == ["t3", "t2"]
        assert ids(reader.tellings("dead")) == ["t1"]
        assert set(reader.tellings_named(["t0", "t9"])) == {"t0"}


def test_what_it_said_of_an_extent_comes_back_to_the_last_bit(
    store: Store, database_url: str, telling: Telling, evaluation, now
) -> None:
    store.save(evaluation(incidents=(Incident("i1", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ()),)))
    said = replace(telling, share=0.1 + 0.2, reach=3, explained=False)
    store.queue([said, replace(telling, id="t2", subscription="paris")])
    store.close()
    after = open_store(database_url, kind="real")
    assert after.told() == [said.told, Told("paris", "i1", Reason.OPENED, Health.DOWN, now)]
    assert whole(after, "t1") == said
    after.close()


def test_a_letter_says_of_which_other_incidents_it_tells(
    store: Store, database_url: str, telling: Telling, now
) -> None:
    folded = replace(telling, id="t2", incident="i2", state="folded", folded_into="t1", next_try_at=None)
    closed = replace(telling, id="c2", incident="i2", reason=Reason.CLOSED, created_at=now + SECOND)
    store.queue([telling, folded, closed])
    assert [(one.id, one.also, one.lost) for one in store.waiting()] == [
        ("t1", {"i2"}, False),
        ("c2", set(), False),
    ]
    assert store.claim(["t2"], now) == []  # by itself it never leaves
    store.mark_tellings([Mark("t1", "dead", now, "abandonné")])
    # Its letter is lost: what lay in it can only be told with its end.
    assert [(one.id, one.also, one.lost) for one in store.waiting()] == [("t2", set(), True), ("c2", set(), False)]
    assert store.merge_tellings(["t2"], "c2", ("A", "B"), now)
    assert waiting(store) == ["c2"]
    store.close()
    assert check(database_url) == ()


def test_a_row_that_lies_in_no_letter_is_found(store: Store, database_url: str, telling: Telling) -> None:
    store.queue([replace(telling, state="folded", folded_into="nothing")])
    store.close()
    assert any("lettre qui n’existe pas" in one for one in check(database_url))
