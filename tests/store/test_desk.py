"""The desk book: what people declare comes back as it went in, on each database, and migrates up and down whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, inspect, text

from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window
from monitor.store import (
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    Desk,
    check,
    open_desk,
    open_desk_reader,
    open_store,
)
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate, version_of
from tests.prepared import prepared

HOUR = timedelta(hours=1)
PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
ONCE = Once(datetime.fromisoformat("2026-12-05T22:00"), datetime.fromisoformat("2026-12-06T02:30"))
WEEKLY = Weekly(frozenset({0, 2}), time(22), time(2, 15), date(2026, 12, 1))


def windows(now: datetime) -> list[Window]:
    return [
        Window("w1", Scope(ScopeKind.SERVICE, "ent-x"), ONCE, PARIS, now, "mise à jour « 3.2 »", "DSI"),
        Window("w2", Scope(ScopeKind.OPERATOR, "edifice"), WEEKLY, NOUMEA, now + HOUR, "sauvegarde", "x"),
        Window(
            "w3", Scope(ScopeKind.TERRITORY, "A:lille"), replace(WEEKLY, last=date(2027, 1, 1)), PARIS, now + 2 * HOUR,
            "r", "x", now + 3 * HOUR,
        ),
    ]  # fmt: skip


def announcements(now: datetime) -> list[Announcement]:
    return [
        Announcement("a1", AnnouncementKind.STATEMENT, "Nous\ncherchons…", "Edifice", now, now + HOUR, incident="i"),
        Announcement("a2", AnnouncementKind.ANNOUNCEMENT, "t", "x", now + HOUR, now, service="ent-x"),
    ]


@contextmanager
def inside(url: str) -> Iterator[Connection]:
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_windows_come_back_as_they_were_declared(desk: Desk, url: str, now) -> None:
    given = windows(now)
    assert [desk.declare(one) for one in given] == given
    reader = open_desk_reader(url)
    assert reader.windows() == given
    reader.close()


def test_a_name_that_is_taken_gets_a_number(desk: Desk, now) -> None:
    first = windows(now)[0]
    assert [desk.declare(first).id for _ in range(3)] == ["w1", "w1-2", "w1-3"]
    said = announcements(now)[0]
    assert [desk.announce(said).id for _ in range(2)] == ["a1", "a1-2"]


def test_the_windows_that_may_touch_a_period(desk: Desk, now) -> None:
    for one in windows(now):
        desk.declare(one)

    def touching(since: float, until: float) -> list[str]:
        return [one.id for one in desk.windows_touching(now + since * HOUR, now + until * HOUR)]

    assert touching(-1, 0) == []  # nothing was declared yet
    assert touching(0, 1) == ["w1"]
    assert touching(2, 9) == ["w1", "w2", "w3"]
    assert touching(3, 9) == ["w1", "w2"]  # the third was called off


def test_a_window_is_called_off_once(desk: Desk, now) -> None:
    desk.declare(windows(now)[0])
    assert desk.end("w1", now + HOUR)
    assert not desk.end("w1", now + 2 * HOUR)
    assert not desk.end("w9", now)
    assert desk.windows() == [replace(windows(now)[0], ended_at=now + HOUR)]


def test_announcements_of_an_incident_of_a_service_or_all(desk: Desk, now) -> None:
    about_incident, about_service = (desk.announce(one) for one in announcements(now))
    assert desk.announcements() == [about_incident, about_service]
    assert desk.announcements(incident="i") == [about_incident]
    assert desk.announcements(service="ent-x") == [about_service]
    assert desk.announcements(service="i") == []
    assert desk.withdraw("a1", now)
    assert not desk.withdraw("a1", now)
    assert not desk.withdraw("a9", now)
    assert desk.announcements() == [about_service]


def test_the_desk_is_written_while_the_monitor_runs(url: str, desk: Desk, now, answer) -> None:
    store = open_store(url, kind="real")
    desk.declare(windows(now)[0])
    store.append([answer()])
    assert store.unjudged() == [answer()]
    store.close()
    assert check(url) == ()


def test_what_a_newer_vigie_wrote_is_said(desk: Desk, url: str, now) -> None:
    desk.declare(windows(now)[0])
    desk.announce(announcements(now)[0])
    with inside(url) as connection:
        connection.execute(text("UPDATE windows SET scope = 'planet'"))
        connection.execute(text("UPDATE announcements SET kind = 'poem'"))
    with pytest.raises(DatabaseNewer, match="planet"):
        desk.windows()
    with pytest.raises(DatabaseNewer, match="poem"):
        desk.announcements()


@pytest.mark.parametrize("opened", [open_desk, open_desk_reader])
def test_without_a_desk_the_mend_is_named(tmp_path, now, opened) -> None:
    with pytest.raises(DatabaseMissing, match="vigie db upgrade"):
        opened(f"sqlite:///{tmp_path}/vigie.db")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(url: str, now) -> None:
    reader = open_desk_reader(url)
    with pytest.raises(Exception, match=r"(?i)read.?only"), reader._engine.begin() as connection:
        connection.execute(text("DELETE FROM windows"))
    reader.close()


def test_down_and_up_again_on_a_filled_desk(url: str, desk: Desk, now) -> None:
    for window in windows(now):
        desk.declare(window)
    for said in announcements(now):
        desk.announce(said)
    with inside(url) as connection:
        book = connection.execute(text("SELECT key, value FROM book ORDER BY key")).all()
    desk.close()
    with inside(url) as connection:
        migrate(connection, Book.DESK, down_to="0001")
        assert version_of(connection, Book.DESK) == "0001"
        assert {"windows", "announcements"}.isdisjoint(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT key, value FROM book ORDER BY key")).all() == book
    for opened in (open_desk, open_desk_reader, lambda url: open_store(url, kind="real")):
        with pytest.raises(DatabaseOlder, match="vigie db upgrade"):
            opened(url)
    prepared(url, "real", now)
    assert check(url) == ()
    again = open_desk(url)
    assert (again.windows(), again.announcements()) == ([], [])
    again.declare(windows(now)[0])
    again.close()


def test_an_interrupted_upgrade_leaves_the_older_desk_whole(url: str, now) -> None:
    with inside(url) as connection:
        migrate(connection, Book.DESK, down_to="0001")
    engine = writing(Place.of(url), Book.DESK)
    with engine.connect() as connection, connection.begin() as transaction:
        migrate(connection, Book.DESK)
        transaction.rollback()
    engine.dispose()
    with inside(url) as connection:
        assert version_of(connection, Book.DESK) == "0001"
        assert "windows" not in inspect(connection).get_table_names()
    prepared(url, "real", now)
    assert check(url) == ()
