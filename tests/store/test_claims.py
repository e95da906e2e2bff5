"""From schema 0007 to 0008 and back with messages in the book; and the desk from 0003 to 0004 and back with wishes."""

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.domain.reason import Reason
from monitor.store import Desk, Mark, Resend, check, open_desk, open_desk_reader, open_store
from monitor.store.codec import micros
from monitor.store.place import Book
from monitor.store.schema import migrate
from tests.prepared import prepared
from tests.store.test_schema import inside

SECOND = timedelta(seconds=1)


@pytest.fixture
def old(database_url: str, now) -> str:
    """A book as a monitor of schema 0007 left it, in that schema's own words."""
    prepared(database_url, "real", now)
    at = micros(now)
    with inside(database_url, Book.MEASURES) as connection:
        migrate(connection, Book.MEASURES, down_to="0007")
        for name, state, reason in (("t1", "queued", "opened"), ("t2", "sent", "opened"), ("c1", "queued", "closed")):
            connection.exec_driver_sql(
                "INSERT INTO tellings (id, subscription, incident, reason, health, title, body, created_at, state, "
                "attempts, next_try_at, outcome, tried_at) VALUES "
                f"('{name}', 'lille', 'i1', '{reason}', 'down', 'T', 'B', {at}, '{state}', 1, {at}, 'mort', {at})"
            )
    return database_url


def rows(url: str, what: str) -> list[tuple[object, ...]]:
    with inside(url, Book.MEASURES) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {what} FROM tellings ORDER BY id")]


def test_up_what_was_queued_is_queued_and_can_be_claimed(old: str, now) -> None:
    prepared(old, "real", now)
    assert check(old) == ()
    with closing(open_store(old, kind="real")) as store:
        assert [(one.id, one.reason, one.via) for one in store.waiting()] == [
            ("c1", Reason.CLOSED, None),
            ("t1", Reason.OPENED, None),
        ]
        assert [one.id for one in store.claim(["t1", "t2"], now)] == ["t1"]


def test_down_again_leaves_what_the_older_program_knew(old: str, now) -> None:
    before = rows(old, "*")
    prepared(old, "real", now)
    with closing(open_store(old, kind="real")) as store:
        store.claim(["t1"], now)
    with inside(old, Book.MEASURES) as connection:
        migrate(connection, Book.MEASURES, down_to="0007")
    assert rows(old, "*") == before
    prepared(old, "real", now)
    with closing(open_store(old, kind="real")) as store:
        store.merge_tellings(["t1"], "c1", ("A", "B"), now)
        store.mark_tellings([Mark("c1", "sent", now, "remis")])
    with inside(old, Book.MEASURES) as connection:
        migrate(connection, Book.MEASURES, down_to="0007")
    # The older program has no word for what another message said too, and must not send it.
    assert rows(old, "id, state") == [("c1", "sent"), ("t1", "dead"), ("t2", "sent")]


def test_wishes_are_kept_once_and_read_from_an_instant_on(desk: Desk, url: str, now) -> None:
    wishes = [Resend("t1", now), Resend("t2", now), Resend("t1", now + SECOND)]
    for _ in range(2):
        desk.wish(wishes)
    desk.wish([])
    with closing(open_desk_reader(url)) as reader:
        assert reader.resends(now) == wishes
        assert reader.resends(now + SECOND) == wishes[2:]


def test_the_desk_goes_down_alone_and_up_again_with_what_it_held_before(desk: Desk, url: str, now) -> None:
    desk.wish([Resend("t1", now)])
    desk.close()
    with inside(url, Book.DESK) as connection:
        migrate(connection, Book.DESK, down_to="0003")
        assert connection.exec_driver_sql("SELECT count(*) FROM recipients").scalar() == 0
    prepared(url, "real", now)
    assert check(url) == ()
    with closing(open_desk(url)) as again:
        assert again.resends(now) == []
        again.wish([Resend("t1", now)])
        assert again.resends(now) == [Resend("t1", now)]
