"""People who signed up, on each database: asked once a day, confirmed once, purged, bounded, erased without a copy."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from monitor.domain.recipient import Contact
from monitor.domain.subscriber import ASKED_AN_HOUR, PENDING_MOST, Subscriber, Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.store import Desk, check, open_desk, open_desk_reader
from monitor.store.codec import micros
from monitor.store.database import writing
from monitor.store.place import Book, Place
from monitor.store.schema import migrate
from tests.prepared import prepared

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
LILLE, SERVICE = Scope(ScopeKind.TERRITORY, "A:lille"), Scope(ScopeKind.SERVICE, "ent-x")
WISH = Wish("a@b.fr", LILLE, "en", school_hours=True)


def only(desk: Desk) -> Subscriber:
    [one] = desk.subscribers()
    return one


def test_a_wish_waits_until_it_is_confirmed_once(desk: Desk, url: str, now: datetime) -> None:
    assert desk.sign_up(WISH, now)
    one = only(desk)
    assert (one.email, one.scope, one.language, one.school_hours) == ("a@b.fr", LILLE, "en", True)
    assert (one.asked_at, one.confirmed_at) == (now, None)
    assert desk.confirm("s0", now) is None
    confirmed = desk.confirm(one.id, now + HOUR)
    assert confirmed is not None
    assert confirmed.confirmed_at == now + HOUR
    assert desk.confirm(one.id, now + 2 * HOUR) is None
    reader = open_desk_reader(url)
    assert reader.subscribers() == [confirmed]
    assert (reader.subscriber(one.id), reader.subscriber("s0")) == (confirmed, None)
    reader.close()


def test_an_address_is_asked_once_a_day_whatever_is_done_meanwhile(desk: Desk, now: datetime) -> None:
    desk.sign_up(WISH, now)
    one = only(desk)
    assert desk.sign_up(Wish("a@b.fr", SERVICE, "fr"), now + DAY - INSTANT)
    assert only(desk) == one  # what they were told to confirm stays what they confirm
    assert desk.unsubscribe(one.id)
    assert desk.sign_up(WISH, now + DAY - INSTANT)
    assert desk.subscribers() == []
    assert desk.sign_up(Wish("a@b.fr", SERVICE, "fr"), now + DAY)
    again = only(desk)
    assert (again.scope, again.asked_at) == (SERVICE, now + DAY)
    assert again.id != one.id
    desk.sign_up(WISH, now + 2 * DAY)
    assert only(desk).id != again.id  # the older link names nobody
    desk.confirm(only(desk).id, now + 2 * DAY)
    kept = only(desk)
    assert desk.sign_up(Wish("a@b.fr", SERVICE, "fr"), now + 9 * DAY)
    assert only(desk) == kept


def test_who_does_not_confirm_within_seven_days_is_erased(desk: Desk, now: datetime) -> None:
    for number, email in enumerate(("a@b.fr", "c@d.fr", "e@f.fr")):
        desk.sign_up(Wish(email, LILLE, "fr"), now + number * HOUR)
    first, second, third = desk.subscribers()
    desk.confirm(second.id, now + DAY)
    assert desk.purge_subscribers(now + 7 * DAY - INSTANT) == 0
    assert desk.confirm(first.id, now + 7 * DAY) is None  # before the night's work too
    assert [one.id for one in desk.subscribers()] == [second.id, third.id]
    assert desk.purge_subscribers(now + 9 * DAY) == 1
    assert [one.id for one in desk.subscribers()] == [second.id]
    desk.sign_up(Wish("g@h.fr", LILLE, "fr"), now + 9 * DAY)
    desk.sign_up(Wish("i@j.fr", LILLE, "fr"), now + 17 * DAY)  # so does each sign-up
    assert [one.email for one in desk.subscribers()] == ["c@d.fr", "i@j.fr"]


def fill(url: str, into: str, values: str, count: int, at: datetime) -> None:
    """`count` rows at once, `i` their number: a flood, without the hours that it takes."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {into} {numbers} SELECT {values} FROM n"), {"at": micros(at)})
    engine.dispose()


def test_a_flood_is_held_to_so_many_an_hour(desk: Desk, url: str, now: datetime) -> None:
    fill(url, "asked_lately", "'x' || i, CAST(:at AS BIGINT)", ASKED_AN_HOUR - 1, now)
    assert desk.sign_up(WISH, now)
    for email in ("a@b.fr", "c@d.fr"):  # known or not
        assert not desk.sign_up(Wish(email, LILLE, "fr"), now + HOUR - INSTANT)
    assert desk.sign_up(Wish("c@d.fr", LILLE, "fr"), now + HOUR)
    assert len(desk.subscribers()) == 2


def test_the_oldest_make_room_where_too_many_wait(desk: Desk, url: str, now: datetime) -> None:
    for email in ("first@b.fr", "sure@b.fr"):
        desk.sign_up(Wish(email, LILLE, "fr"), now)
    desk.confirm(next(one.id for one in desk.subscribers() if one.email == "sure@b.fr"), now)
    row = "'x' || i, 'x' || i || '@b.fr', 'territory', 'A:lille', 'fr', 1 = 0, CAST(:at AS BIGINT) + i, NULL, 1"
    fill(url, "subscribers", row, PENDING_MOST - 1, now + HOUR)
    assert desk.sign_up(Wish("last@b.fr", LILLE, "fr"), now + 2 * HOUR)
    emails = {one.email for one in desk.subscribers()}
    assert len(emails) == PENDING_MOST + 1
    assert "first@b.fr" not in emails
    assert {"sure@b.fr", "last@b.fr", "x1@b.fr"} <= emails


def test_two_at_once_are_one_row(url: str, now: datetime) -> None:
    together = threading.Barrier(4)
    said: list[bool] = []

    def ask() -> None:
        desk = open_desk(url)
        together.wait()
        said.append(desk.sign_up(WISH, now))
        desk.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk = open_desk(url)
    assert (said, len(desk.subscribers())) == ([True] * 4, 1)
    desk.close()


def test_who_changed_since_and_who_has_left(desk: Desk, now: datetime) -> None:
    for number in range(3):
        desk.sign_up(Wish(f"a{number}@b.fr", LILLE, "fr"), now)
    first, second, third = desk.subscribers()
    seen, changed, everybody = desk.subscribers_changed(-1)
    assert (seen, {one.id for one in changed}) == (desk.subscribers_revision(), everybody)
    assert desk.subscribers_changed(seen) == (seen, [], everybody)
    desk.confirm(second.id, now)
    desk.unsubscribe(third.id)
    after, changed, everybody = desk.subscribers_changed(seen)
    assert (changed, everybody) == ([desk.subscriber(second.id)], {first.id, second.id})
    assert after > seen


def test_every_change_is_seen_by_its_number(desk: Desk, now: datetime) -> None:
    seen = [desk.subscribers_revision()]

    def changed() -> bool:
        seen.append(desk.subscribers_revision())
        return seen[-1] != seen[-2]

    desk.sign_up(WISH, now)
    assert changed()
    desk.sign_up(WISH, now)
    assert not changed()
    one = only(desk)
    after = desk.change_subscriber(one.id, SERVICE, "fr", school_hours=False)
    assert changed()
    assert after == only(desk)
    assert (after.scope, after.language, after.school_hours, after.email) == (SERVICE, "fr", False, "a@b.fr")
    assert desk.change_subscriber("s0", SERVICE, "fr", school_hours=False) is None
    desk.confirm(one.id, now)
    assert changed()
    assert desk.unsubscribe(one.id)
    assert changed()
    assert not desk.unsubscribe(one.id)
    assert not changed()


@pytest.mark.parametrize("by_id", [False, True])
def test_forgetting_an_address_takes_everything_that_is_kept_of_it(desk: Desk, now: datetime, by_id: bool) -> None:
    desk.take([Contact("0590001F", "Collège A", "a@b.fr")], now)
    desk.sign_up(WISH, now)
    one = only(desk)
    found = desk.forget(one.id if by_id else " A@b.fr")
    assert [type(each).__name__ for each in found] == (["Subscriber"] if by_id else ["Recipient", "Subscriber"])
    assert desk.subscribers() == []
    assert len(desk.recipients()) == (1 if by_id else 0)
    assert desk.sign_up(WISH, now)  # even that they were written to lately
    assert len(desk.subscribers()) == 1


def test_the_secret_is_made_once_and_the_tables_come_and_go_alone(desk: Desk, url: str, now: datetime) -> None:
    secret = desk.secret()
    assert len(secret) == 64
    desk.take([Contact("0590001F", "Collège A", "a@b.fr")], now)
    desk.close()
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        migrate(connection, Book.DESK, down_to="0003")
        assert not {"subscribers", "asked_lately"} & set(inspect(connection).get_table_names())
    engine.dispose()
    prepared(url, "real", now + DAY)
    assert check(url) == ()
    again = open_desk(url)
    assert (again.secret(), again.subscribers(), len(again.recipients())) == (secret, [], 1)
    again.close()


def test_no_byte_of_who_left_stays_in_the_files(tmp_path: Path, now: datetime) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", now)
    desk = open_desk(url)
    emails = [f"person-{number:02}@b.fr" for number in range(60)]
    for email in emails:
        desk.sign_up(Wish(email, LILLE, "fr"), now)
    people = desk.subscribers()
    for one in people[:20]:
        desk.unsubscribe(one.id)
    for one in people[20:40]:
        desk.confirm(one.id, now)
    desk.purge_subscribers(now + 7 * DAY)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    gone = [one.email for one in (*people[:20], *people[40:])]
    assert [email for email in gone if email.encode() in left] == []
    assert people[20].email.encode() in left
    desk.close()
