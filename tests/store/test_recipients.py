"""Recipients in the desk book, on each database: merged whole, once each, and erased without a copy."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.recipient import Contact, Merge
from monitor.store import DatabaseOlder, Desk, check, open_desk, open_desk_reader
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate
from tests.prepared import prepared

HOUR = timedelta(hours=1)
ONE = Contact("0590001F", "Collège « A »", "ce.0590001f@ac-lille.fr", "0320000000", "en")
TWO = Contact("0590002G", "École B", "ce.0590002g@ac-lille.fr")


def as_contact(one) -> Contact:
    return Contact(one.uai, one.name, one.email, one.phone, one.language)


def test_contacts_come_back_as_they_were_given(desk: Desk, url: str, now) -> None:
    assert desk.take([TWO, ONE], now) == Merge((TWO, ONE), (), (), ())
    reader = open_desk_reader(url)
    kept = reader.recipients()
    assert [as_contact(one) for one in kept] == [ONE, replace(TWO, language="fr")]
    assert {(one.added_at, one.changed_at) for one in kept} == {(now, now)}
    assert len({one.id for one in kept}) == 2
    assert reader.recipients(["0590002G", "0590009Z"]) == kept[1:]
    reader.close()


def test_a_second_list_changes_what_it_says_otherwise_and_deletes_nothing(desk: Desk, now) -> None:
    desk.take([ONE, TWO], now)
    one, two = desk.recipients()
    found = desk.take([replace(ONE, phone=None, name="Collège C")], now + HOUR)
    assert ([change.before for change in found.changed], found.absent) == ([one], (two,))
    after = replace(one, phone=None, name="Collège C", changed_at=now + HOUR)
    assert desk.recipients() == [after, two]
    assert desk.take([as_contact(after), TWO], now + 2 * HOUR).unchanged == (after, two)
    assert desk.recipients() == [after, two]


def test_two_lists_at_once_are_one_row_a_contact(url: str, now) -> None:
    many = [Contact("0590001F", "A", f"a{number}@b.fr") for number in range(200)]
    together = threading.Barrier(4)

    def import_all() -> None:
        desk = open_desk(url)
        together.wait()
        desk.take(many, now)
        desk.close()

    threads = [threading.Thread(target=import_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = open_desk_reader(url)
    assert len(reader.recipients()) == 200
    reader.close()


def test_the_book_itself_refuses_a_contact_twice(desk: Desk, url: str, now) -> None:
    desk.take([ONE], now)
    engine = writing(Place.of(url), Book.DESK)
    again = "INSERT INTO recipients SELECT 'x', uai, name, email, phone, language, added_at, changed_at FROM recipients"
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(again))
    engine.dispose()


def test_a_list_that_fails_half_way_leaves_nothing(desk: Desk, now) -> None:
    desk.take([ONE], now)
    kept = desk.recipients()
    with pytest.raises(Exception, match="recipients"):
        desk.take([replace(ONE, name="autre"), TWO, TWO], now)
    assert desk.recipients() == kept


def test_down_and_up_again_takes_the_recipients_alone(desk: Desk, url: str, now) -> None:
    desk.take([ONE, TWO], now)
    said = desk.announce(Announcement("a1", AnnouncementKind.STATEMENT, "t", "x", now, now, service="ent-x"))
    desk.close()
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        migrate(connection, Book.DESK, down_to="0002")
        assert "recipients" not in inspect(connection).get_table_names()
    engine.dispose()
    with pytest.raises(DatabaseOlder, match="vigie db upgrade"):
        open_desk(url)
    prepared(url, "real", now)
    assert check(url) == ()
    again = open_desk(url)
    assert (again.recipients(), again.announcements()) == ([], [said])
    again.close()


@pytest.mark.parametrize("what", ["CE.0590001F@ac-lille.fr", "+33 3 20 00 00 00", None])
def test_whoever_is_forgotten_is_nowhere(desk: Desk, now, what: str | None) -> None:
    desk.take([ONE, TWO], now)
    one, two = desk.recipients()
    assert desk.forget(what or one.id) == (one,)
    assert desk.recipients() == [two]
    assert desk.forget(what or one.id) == ()


def test_no_byte_of_an_erased_address_stays_in_the_files(tmp_path: Path, now) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    desk = open_desk(url)
    with desk._engine.connect() as connection:  # some libraries overwrite what is deleted by themselves, others do not
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
    many = [Contact("0590001F", f"Nom {n}", f"ce.{n:04}@b.fr", f"03200{n:05}") for n in range(600)]
    for start in range(0, 600, 30):  # in the order of nobody, so that pages fill and part
        desk.take(many[start // 30 :: 20], now)
    desk.take([replace(one, name=f"Autre {one.email}", phone=None) for one in many[:150]], now)
    assert [len(desk.forget(one.email)) for one in many[::60]] == [1] * 10
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [one.email for one in many[::60] if one.email.encode() in left] == []
    assert [one.phone for one in many[:150] if one.phone.encode() in left] == []
    assert many[1].email.encode() in left
    desk.close()
    assert check(url) == ()
