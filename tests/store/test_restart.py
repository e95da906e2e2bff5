"""What a monitor finds when it starts again."""

from dataclasses import replace
from datetime import timedelta

from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.verdict import Verdict
from monitor.store import Store, Telling, open_store


def again(store: Store, url: str) -> Store:
    store.close()
    return open_store(url, kind="real")


def test_only_what_no_verdict_knows_is_judged_again(store: Store, database_url: str, answer, evaluation, now) -> None:
    store.append([answer(n, probe) for n in range(3) for probe in ("a/x", "b/x")] + [answer(0, "a/x", "lyon")])
    known = Verdict("a/x", "local", Health.UP, now, last_at=now + timedelta(seconds=1))
    never_asked = Verdict("b/x", "local", Health.UNKNOWN, now)
    store.save(evaluation(verdicts=(known, never_asked)))
    store = again(store, database_url)
    assert store.unjudged() == [
        answer(0, "b/x"), answer(0, "a/x", "lyon"), answer(1, "b/x"), answer(2, "a/x"), answer(2, "b/x")
    ]  # fmt: skip
    store.close()


def test_what_is_older_than_a_day_is_not_judged_again(store: Store, answer) -> None:
    day = 24 * 3600
    store.append([answer(-day - 1), answer(-day), answer(-1), answer(0)])
    assert store.unjudged() == [answer(-day), answer(-1), answer(0)]


def test_the_state_comes_back(store: Store, database_url: str, answer, evaluation, now) -> None:
    store.append([answer()])
    times = {"opened_at": now - timedelta(days=3), "confirmed_at": now - timedelta(days=3)}
    words = {"health": Health.DOWN, "worst": Health.DOWN, "services": ("ent-x",), "territories": ("A:lille",)}
    opened = Incident("i1", "service:ent-x", **times, **words)
    fresh = replace(opened, id="i2", closed_at=now - timedelta(hours=23))
    old = replace(opened, id="i3", closed_at=now - timedelta(hours=25))
    store.save(evaluation(incidents=(opened, fresh, old)))
    store = again(store, database_url)
    assert store.state().incidents == (opened, fresh)
    store.close()


def test_the_last_thing_told_counts_whatever_became_of_it(store: Store, evaluation, now) -> None:
    incident = Incident("i1", "service:x", now, now, Health.DOWN, Health.DOWN, ("x",), ())
    store.save(evaluation(incidents=(incident,)))
    first = Telling("t1", "lille", "i1", Reason.OPENED, Health.WAITING, "titre", "texte", now)
    second = replace(first, id="t2", reason=Reason.WORSENED, health=Health.DOWN, created_at=now + timedelta(seconds=1))
    elsewhere = replace(first, id="t3", subscription="paris", state="dead")
    of_an_unknown_incident = replace(first, id="t4", incident="i9")
    store.queue([second, first, elsewhere, of_an_unknown_incident])
    assert store.told() == [
        Told("lille", "i1", Reason.WORSENED, Health.DOWN, now + timedelta(seconds=1)),
        Told("paris", "i1", Reason.OPENED, Health.WAITING, now),
    ]
