"""What open data reads of the books: a month of incidents, the newest answers, seals; both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Health, Observation
from monitor.domain.seal import Digested, SealedProbe
from monitor.reports.open_records import incidents_of, newest_answers
from monitor.reports.open_seals import published_seals
from monitor.reports.sources import close_all
from monitor.store import Evaluation, Store, open_store
from tests.prepared import prepared

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def store(database_url: str) -> Iterator[tuple[str, Store]]:
    prepared(database_url, "real", NOON)
    made = open_store(database_url, kind="real")
    yield database_url, made
    made.close()
    close_all()


def answer(probe: str, minutes: float, vantage: str = "local") -> Observation:
    return Observation(probe, vantage, NOON + minutes * MINUTE, timedelta(milliseconds=100))


def test_the_newest_answers_of_several_probes_come_in_one_order(store) -> None:
    url, books = store
    books.append([answer("x/a", n) for n in range(30)] + [answer("x/b", n + 0.5) for n in range(30)])
    books.append([answer("x/a", 10, "brest"), answer("y/a", 29.9)])
    found = newest_answers(url, ["x/a", "x/b"], NOON, NOON + 30 * MINUTE, 4)
    assert [(one.probe, one.at) for one in found] == [
        (probe, NOON + minutes * MINUTE) for probe, minutes in (("x/b", 29.5), ("x/a", 29), ("x/b", 28.5), ("x/a", 28))
    ]
    every = newest_answers(url, ["x/a", "x/b"], NOON, NOON + 30 * MINUTE, 500)
    assert len(every) == 61
    assert newest_answers(url, ["x/a"], NOON + 10 * MINUTE, NOON + 11 * MINUTE, 9)[0].vantage in {"local", "brest"}
    assert newest_answers(url, [], NOON, NOON + DAY, 9) == ()


def test_a_month_of_incidents_without_our_own_line(store) -> None:
    url, books = store
    one = Incident("20261123-110000-x", "service:x", NOON, NOON, Health.UP, Health.DOWN, ("x",), ("N",))
    closed = replace(one, id="20260901-110000-x", opened_at=NOON - 83 * DAY, closed_at=NOON - 80 * DAY)
    ours = replace(one, id="20261123-110000-local", culprit="vantage:local")
    books.save(Evaluation((), (), (), (one, closed, ours), None, NOON))
    found = incidents_of(url, NOON - DAY, NOON + DAY)
    assert [(found["id"], found["share_affected"]) for found in found] == [("20261123-110000-x", None)]
    assert [found["id"] for found in incidents_of(url, NOON - 84 * DAY, NOON - 79 * DAY)] == ["20260901-110000-x"]


def test_seals_as_they_are_published(store) -> None:
    url, books = store
    books.append([answer("x/a", -1440)])
    day = Digested(
        date(2026, 11, 22),
        NOON - DAY - 12 * MINUTE * 60,
        NOON - 12 * MINUTE * 60,
        "local",
        (SealedProbe("x/a", 3, "ab" * 32),),
    )
    books.seal(day, NOON)
    [found] = published_seals(url)
    assert (found["number"], found["day"], found["rows"], found["previous"]) == (1, "2026-11-22", 3, "")


def test_nothing_is_there_without_a_database(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    assert (
        incidents_of(url, NOON, NOON + DAY)
        == newest_answers(url, ["x/a"], NOON, NOON + DAY, 1)
        == published_seals(url)
        == ()
    )
