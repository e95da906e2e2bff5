"""How an incident went: strips of states, what went on answering, who was told, and where the evidence stands."""

import hashlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.service_verdict import Span
from monitor.reports.incident_course import LONGEST, Stretch, coarse
from monitor.reports.incident_story import Story, newest, story_of
from monitor.store import Evaluation, ToldOf, open_store
from tests.neighbours import EIGHT, HOUR, ILL, MINUTE, NOON, Book, written


@pytest.fixture
def book(database_url: str, tmp_path: Path) -> Book:
    return written(tmp_path, database_url)


def story(book: Book, name: str) -> Story:
    found = story_of(book.url, name, book.catalog, "local", NOON)
    assert found is not None
    return found


def test_an_incident_with_its_strips_controls_messages_and_sheet(book: Book) -> None:
    told = story(book, book.incident.id)
    course = told.course
    assert [one.service for one in course.strips] == list(ILL)  # the first to fail first
    assert [(one.since, one.health) for one in course.strips[0].stretches] == [
        (EIGHT - 15 * MINUTE, Health.UP), (EIGHT, Health.WAITING), (EIGHT + 2 * HOUR, Health.UP),
    ]  # fmt: skip
    assert course.strips[0].first_bad == EIGHT
    assert (course.since, course.until, course.cut) == (EIGHT - 15 * MINUTE, EIGHT + 2 * HOUR + 15 * MINUTE, False)
    # Schools of their own are published neither here nor elsewhere: « ecole » shares the operator.
    assert (course.answering.inside, course.answering.elsewhere) == (("a4",), 7)
    assert course.absorbed == (book.absorbed,)
    assert course.told == (
        ToldOf(Reason.OPENED, 2, 1, EIGHT + 5 * MINUTE, EIGHT + 65 * MINUTE),
        ToldOf(Reason.CLOSED, 1, 1, EIGHT + 125 * MINUTE, EIGHT + 125 * MINUTE),
    )
    assert (told.explained.frozen_at, told.names["a1"]) == (NOON, "Portail a1")


def test_the_digest_is_that_of_the_very_text_that_was_frozen(tmp_path: Path) -> None:
    book = written(tmp_path)
    with sqlite3.connect(tmp_path / "vigie.db") as connection:
        ((text,),) = connection.execute("SELECT json FROM sheets").fetchall()
    assert json.loads(text)["incident"] == book.incident.id
    assert story(book, book.incident.id).explained.digest == hashlib.sha256(text.encode()).hexdigest()
    part = story(book, book.absorbed.id).explained  # drawn now: nothing is frozen of it
    assert (part.digest, part.frozen_at) == (None, None)
    assert part.survivor is not None
    assert part.survivor.id == book.incident.id


def test_the_newest_come_first_and_go_on_from_an_id(book: Book) -> None:
    both = [book.incident.id, book.absorbed.id]
    assert [one.id for one in newest(book.url, 5)] == both
    assert [one.id for one in newest(book.url, 1)] == both[:1]
    assert [one.id for one in newest(book.url, 5, both[0])] == both[1:]
    assert newest(book.url, 5, "0") == []


def test_our_own_line_and_what_nobody_knows_are_not_told(book: Book, tmp_path: Path) -> None:
    ours = Incident("20211122-090000-local", "vantage:local", NOON, NOON, Health.UNKNOWN, Health.UNKNOWN, (), ())
    with_ours = open_store(book.url, kind="real")
    with_ours.save(Evaluation((), (), (), (ours,), None, NOON))
    with_ours.close()
    for name in (ours.id, book.incident.id[:-1], "%", ""):
        assert story_of(book.url, name, book.catalog, "local", NOON) is None
    assert ours.id not in [one.id for one in newest(book.url, 5)]
    nowhere = f"sqlite:///{tmp_path}/none.db"
    assert (story_of(nowhere, ours.id, book.catalog, "local", NOON), newest(nowhere, 5)) == (None, [])


def test_a_long_incident_is_drawn_for_a_week(tmp_path: Path) -> None:
    book = written(tmp_path)
    begun = EIGHT - 30 * 24 * HOUR
    long = Incident("20211023-070000-b1", "service:b1", begun, begun, Health.DOWN, Health.DOWN, ("b1",), ("D:80",))
    store = open_store(book.url, kind="real")
    store.save(Evaluation((), (), (), (long,), None, NOON))
    store.close()
    course = story(book, long.id).course
    assert (course.cut, course.until) == (True, begun + LONGEST)
    assert course.strips[0].first_bad is None  # nothing was heard so long ago


def test_what_is_too_short_to_see_joins_what_came_before_as_the_worse_of_both() -> None:
    def piece(health: Health, begin: int, end: int) -> tuple[Interval, Span]:
        when = EIGHT + begin * MINUTE, EIGHT + end * MINUTE
        return when, Span("a1", None, "", health, *when)

    pieces = [
        piece(Health.UP, 0, 1), piece(Health.DOWN, 1, 2), piece(Health.UP, 2, 30), piece(Health.UP, 40, 50),
        piece(Health.SLOW, 50, 90), piece(Health.SLOW, 90, 95),
    ]  # fmt: skip
    found = coarse(pieces, timedelta(minutes=5))
    assert [(one.health, (one.since - EIGHT) // MINUTE, (one.until - EIGHT) // MINUTE) for one in found] == [
        (Health.DOWN, 0, 30), (Health.UP, 40, 50), (Health.SLOW, 50, 95),
    ]  # fmt: skip
    assert isinstance(found[0], Stretch)
    assert coarse([], MINUTE) == ()
