"""What a sheet is drawn from, and the row that keeps it."""

from contextlib import closing
from datetime import timedelta

import pytest

from monitor.domain.account import Period
from monitor.domain.drawing import Surroundings, draw
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.sheet import EvidenceSheet, Extent
from monitor.store import DatabaseNewer, Store, open_reader, open_store
from tests.prepared import prepared

S = timedelta(seconds=1)


@pytest.fixture
def reader(store: Store, database_url: str):
    opened = open_reader(database_url)
    yield opened
    opened.close()


def incident(now, name: str = "i", **fields) -> Incident:
    given = {"culprit": "service:x", "confirmed_at": now, "services": ("x",), **fields}
    return Incident(name, opened_at=now, health=Health.DOWN, worst=Health.DOWN, territories=(), **given)


def sheet(now, **fields) -> EvidenceSheet:
    return draw(incident(now, **fields), (), Surroundings(Period(now, now, now, now), Extent()))


@pytest.mark.parametrize("newest", [False, True])
def test_some_answers_of_one_probe_from_every_vantage(store: Store, reader, answer, now, newest: bool) -> None:
    here = [answer(n * 600) for n in range(20)]  # over several hours
    there = [answer(n * 600 + 1, vantage="lyon", address="192.0.2.1") for n in range(20)]
    store.append([*here, *there, answer(5, probe="ent-x/other"), answer(6, probe="ent-x/login2")])
    both = sorted([*here, *there], key=lambda one: one.at)[2:-2]
    since, until = both[0].at, both[-1].at + timedelta(microseconds=1)
    for book in (store, reader):
        assert book.some_answers("ent-x/login", since, until, 100, newest=newest) == both
        assert book.some_answers("ent-x/login", since, until, 3, newest=newest) == (both[-3:] if newest else both[:3])
        assert book.some_answers("nobody/x", since, until, 3, newest=newest) == []


def test_a_probe_is_sought_not_sifted_from_whole_hours(tmp_path, answer, now) -> None:
    """The writer must not read what 10,000 other probes said to find what one did."""
    url = f"sqlite:///{tmp_path}/sought.db"
    prepared(url, "real", now)
    with closing(open_store(url, kind="real")) as store:
        store.append([answer(n, probe=f"p{n}/x") for n in range(50)])
        asked: list[str] = []
        with store._engine.begin() as connection:
            connection.connection.driver_connection.set_trace_callback(asked.append)
        store.some_answers("p7/x", now, now + 100 * S, 10, newest=True)
        (query,) = (one for one in asked if "FROM observations" in one)
        with store._engine.begin() as connection:
            plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
    assert "(hour=? AND series=?" in plan


def test_the_first_sheet_stays(store: Store, reader, now) -> None:
    assert reader.sheet("i") is None
    first = sheet(now)
    store.freeze(first, now)
    store.freeze(sheet(now, services=("y",), absorbed_into="j"), now + S)
    assert reader.sheet("i") == (first, now)


def test_a_sheet_with_words_of_a_newer_vigie_says_so(store: Store, reader, now) -> None:
    store.freeze(sheet(now), now)
    with store._engine.begin() as connection:
        connection.exec_driver_sql('UPDATE sheets SET json = replace(json, \'"worst":"down"\', \'"worst":"grey"\')')
    with pytest.raises(DatabaseNewer, match="grey"):
        reader.sheet("i")


def test_blind_time_is_that_of_our_own_line(store: Store, reader, now, evaluation) -> None:
    def line(name: str, since: float, recovered: float | None, closed: float | None = None) -> Incident:
        ends = {"recovered_at": recovered, "closed_at": closed}
        said = {key: None if value is None else now + value * S for key, value in ends.items()}
        return incident(now + since * S, name, culprit="vantage:local", services=(), **said)

    known = (line("a", 0, 10), line("b", 20, None, 30), line("c", 40, None), line("d", 100, None), incident(now, "e"))
    store.save(evaluation(incidents=known))
    for book in (store, reader):
        assert book.blind(now + 5 * S, now + 60 * S) == [
            (now, now + 10 * S), (now + 20 * S, now + 30 * S), (now + 40 * S, now + 60 * S)
        ]  # fmt: skip
        assert book.blind(now + 10 * S, now + 20 * S) == []


def test_what_was_asked_once_for_services(store: Store, reader, answer) -> None:
    store.append([answer(0, probe=name) for name in ("ent-x/b", "ent-x/a", "ent-xy/a", "z/a")])
    store.append([answer(0, probe="ent-x/a", vantage="lyon")])
    for book in (store, reader):
        assert book.asked_once(["ent-x", "gone"]) == {"ent-x": ["ent-x/a", "ent-x/b"]}
        assert book.asked_once([]) == {}


def test_incidents_by_the_beginning_of_their_id(store: Store, reader, now, evaluation) -> None:
    store.save(evaluation(incidents=tuple(incident(now, name) for name in ("a-2", "a-1", "a%", "b"))))
    assert [one.id for one in reader.incidents_starting("a-", 5)] == ["a-1", "a-2"]
    assert [one.id for one in reader.incidents_starting("a%", 5)] == ["a%"]
    assert [one.id for one in reader.incidents_starting("a", 1)] == ["a%"]
    assert len(reader.incidents()) == 4
