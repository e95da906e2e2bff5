"""Silences and acknowledgements come back as they went in, on each database; and what tellings still owe."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, inspect, text

from monitor.domain.digest import Sent
from monitor.domain.incident import Incident
from monitor.domain.notice import Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window
from monitor.store import DatabaseNewer, Desk, Mark, Store, Telling, check, open_desk, open_desk_reader
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate, version_of
from tests.prepared import prepared

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def silences(now: datetime) -> list[DeclaredSilence]:
    made = [
        DeclaredSilence(what.value, what, name, now + n * HOUR, now + (n + 2) * HOUR, "r « é »", "x", now, whom)
        for n, (what, name, whom) in enumerate(
            [(Silenced.SERVICE, "a", None), (Silenced.EVERYTHING, "", "lille"), (Silenced.TERRITORY, "A:lille", None)]
        )
    ]
    return sorted(made, key=lambda one: one.id)


@contextmanager
def inside(url: str) -> Iterator[Connection]:
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_silences_come_back_and_are_called_off_once(desk: Desk, url: str, now) -> None:
    given = silences(now)
    assert [desk.keep_silent(one) for one in given] == given
    assert desk.keep_silent(given[0]).id == f"{given[0].id}-2"
    reader = open_desk_reader(url)
    assert reader.silences()[:1] == given[:1]
    assert desk.end_silence(given[1].id, now + HOUR)
    assert not desk.end_silence(given[1].id, now + 2 * HOUR)
    assert not desk.end_silence("none", now)
    assert replace(given[1], ended_at=now + HOUR) in reader.silences()
    reader.close()


def test_acknowledgements_are_withdrawn_together(desk: Desk, now) -> None:
    first = Acknowledgement("1", "i", "Paul", "", now)
    second, other = replace(first, id="2", note="n", at=now + HOUR), replace(first, id="3", incident="j")
    assert [desk.acknowledge(one) for one in (second, first, other)] == [second, first, other]
    assert desk.acknowledgements("i") == [first, second]
    assert desk.withdraw_acknowledgement("i", now)
    assert not desk.withdraw_acknowledgement("i", now)
    assert (desk.acknowledgements("i"), desk.acknowledgements("j")) == ([], [other])


def test_the_tell_clock_reads_what_may_matter_from_now_on(desk: Desk, now) -> None:
    given = silences(now)
    for one in given:
        desk.keep_silent(one)
    desk.keep_silent(replace(given[0], id="off", ended_at=now))
    recent, old = Acknowledgement("1", "i", "x", "", now), Acknowledgement("2", "i", "x", "", now - 101 * DAY)
    for one in (recent, old):
        desk.acknowledge(one)
    found = desk.declared(now)
    assert (found.silences, found.acknowledgements) == (tuple(given), (recent,))
    assert {one.what for one in desk.declared(now + 2.5 * HOUR).silences} == {Silenced.EVERYTHING, Silenced.TERRITORY}


def test_of_the_windows_those_of_about_now(desk: Desk, now) -> None:
    def window(name: str, begin: datetime, end: datetime, zone: str = "Europe/Paris") -> Window:
        once = Once(begin.replace(tzinfo=None), end.replace(tzinfo=None))
        return desk.declare(Window(name, Scope(ScopeKind.SERVICE, "a"), once, ZoneInfo(zone), now))

    week = Weekly(frozenset({0}), time(22), time(2), date(2026, 1, 1))
    ended = window("off", now, now + HOUR)
    desk.end(ended.id, now)
    window("past", now - 9 * DAY, now - 8 * DAY)
    window("later", now + 8 * DAY, now + 9 * DAY)
    near = [
        window("long", now - 9 * DAY, now + 9 * DAY),
        window("nouméa", now + DAY, now + 1.5 * DAY, "Pacific/Noumea"),
        desk.declare(Window("weekly", Scope(ScopeKind.SERVICE, "a"), week, ZoneInfo("Europe/Paris"), now)),
    ]
    desk.declare(replace(near[2], id="weekly-past", when=replace(week, last=date(2026, 10, 1))))
    assert list(desk.declared(now).windows) == near


def test_what_a_newer_vigie_wrote_is_said(desk: Desk, url: str, now) -> None:
    desk.keep_silent(silences(now)[0])
    with inside(url) as connection:
        connection.execute(text("UPDATE silences SET what = 'planet'"))
    with pytest.raises(DatabaseNewer, match="planet"):
        desk.declared(now)


def test_down_and_up_again_on_a_filled_desk(url: str, desk: Desk, now) -> None:
    desk.keep_silent(silences(now)[0])
    desk.acknowledge(Acknowledgement("1", "i", "x", "", now))
    desk.close()
    with inside(url) as connection:
        before = version_of(connection, Book.DESK)
        migrate(connection, Book.DESK, down_to="0003")
        assert {"silences", "acknowledgements"}.isdisjoint(inspect(connection).get_table_names())
    prepared(url, "real", now)
    with inside(url) as connection:
        assert version_of(connection, Book.DESK) == before
    assert check(url) == ()
    again = open_desk(url)
    assert (again.silences(), again.acknowledgements("i")) == ([], [])
    again.close()


def telling(incident: str, whom: str, reason: Reason, at: datetime, **more: object) -> Telling:
    return Telling(f"{incident}/{whom}/{reason.value}", whom, incident, reason, Health.DOWN, "t", "b", at, **more)  # type: ignore[arg-type]


def test_what_ended_and_was_not_heard_to_end(store: Store, evaluation, now) -> None:
    def incident(name: str, closed_at: datetime | None) -> Incident:
        begun = now - 40 * DAY
        return Incident(
            name, "service:a", begun, begun, Health.DOWN, Health.DOWN, ("a",), ("D:59",), closed_at=closed_at
        )

    owed, heard, old, still = (
        incident("owed", now - 2 * DAY),
        incident("heard", now - 2 * DAY),
        incident("old", now - 30 * DAY),
        incident("still", None),
    )
    store.save(evaluation(incidents=(owed, heard, old, still)))
    store.queue(
        [
            *(telling(one.id, "lille", Reason.OPENED, now - 9 * DAY) for one in (owed, heard, old, still)),
            telling("owed", "lille", Reason.EASED, now - 8 * DAY),
            telling("owed", "paris", Reason.OPENED, now - 9 * DAY),
            telling("owed", "paris", Reason.CLOSED, now - 2 * DAY),
            telling("heard", "lille", Reason.CLOSED, now - 2 * DAY),
            telling("digest/2026-11-22", "lille", Reason.STILL_OPEN, now - DAY),
        ]
    )
    incidents, told = store.unended(now - 3 * DAY)
    assert incidents == [owed]
    assert told == [
        Told("lille", "owed", Reason.EASED, Health.DOWN, now - 8 * DAY),
        Told("paris", "owed", Reason.CLOSED, Health.DOWN, now - 2 * DAY),
    ]
    assert [one.id for one in store.unended(now - 31 * DAY)[0]] == ["old", "owed"]
    assert store.unended(now) == ([], [])
    assert store.incidents_named(["old", "none"]) == [old]


def test_what_became_of_the_messages_of_a_day(store: Store, now) -> None:
    assert store.sent(now) == Sent()
    kept = [telling(str(n), "lille", Reason.OPENED, now - 2 * DAY) for n in range(5)]
    store.queue(kept)
    for one, state, at in zip(kept, ("sent", "sent", "dead", "queued"), (-30, -3, -2, -1), strict=False):
        store.mark_tellings([Mark(one.id, state, now + at * HOUR, "")])
    assert store.sent(now - DAY) == Sent(delivered=1, waiting=1, given_up=1)
    assert store.sent(now - 2 * DAY) == Sent(delivered=2, waiting=1, given_up=1)
