"""One batch is one transaction."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.domain.observation import Observation
from monitor.store import DatabaseNewer, Store, StoreError, check, empty

Answer = Callable[..., Observation]


def refuse_long_ones(store: Store) -> None:
    """From now on the database itself refuses an observation that took 666 µs: a fault in the middle of a batch."""
    sqlite = store._place.path is not None
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON observations WHEN NEW.took_us = 666 BEGIN SELECT RAISE(ABORT, 'no'); END"
            if sqlite
            else "ALTER TABLE observations ADD CONSTRAINT broken CHECK (took_us <> 666)"
        )


def mend(store: Store) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "DROP TRIGGER broken"
            if store._place.path is not None
            else "ALTER TABLE observations DROP CONSTRAINT broken"
        )


def test_nothing_of_a_batch_that_fails_in_the_middle_is_kept(store: Store, answer: Answer, database_url: str) -> None:
    store.append([answer(0)])
    refuse_long_ones(store)
    batch = [answer(n, probe=f"p{n}/x", detail=f"d{n}", address=f"10.0.0.{n}") for n in range(1, 9)]
    batch[5] = answer(6, probe="p6/x", took=timedelta(microseconds=666))
    with pytest.raises(StoreError):
        store.append(batch)
    assert len(store.unjudged()) == 1
    # The words learned by the batch that failed were forgotten with it: the same ones are written again.
    mend(store)
    store.append(batch)
    assert store.unjudged() == [answer(0), *batch]
    assert check(database_url) == ()


def test_the_same_observation_twice_is_one_and_the_first_stays(store: Store, answer: Answer) -> None:
    store.append([answer(0, detail="first")])
    store.append([answer(0, detail="second"), answer(1), answer(1)])
    assert store.unjudged() == [answer(0, detail="first"), answer(1)]


def test_the_same_instant_of_another_vantage_or_probe_is_another_observation(store: Store, answer: Answer) -> None:
    store.append([answer(0), answer(0, vantage="lyon"), answer(0, probe="ent-x/context")])
    assert len(store.unjudged()) == 3


def test_an_empty_batch_is_nothing(store: Store, database_url: str, answer: Answer) -> None:
    store.append([])
    assert empty(database_url)
    store.append([answer()])
    assert not empty(database_url)


def test_an_observation_of_a_newer_vigie_is_not_read_as_something_else(store: Store, answer: Answer) -> None:
    store.append([answer()])
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE observations SET failure = 999")
    with pytest.raises(DatabaseNewer, match="échec n° 999"):
        store.unjudged()
