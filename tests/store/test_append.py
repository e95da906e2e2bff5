"""One batch is one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.domain.gap import Excuse, Gap
from monitor.domain.observation import Certificate, Observation
from monitor.store import DatabaseNewer, Store, StoreError, check, empty, open_reader

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


def seen(database_url: str, now: datetime) -> tuple[list[str], list[Gap]]:
    """The excerpts and the gaps that somebody else reads."""
    reader = open_reader(database_url)
    window = now - timedelta(days=1), now + timedelta(days=1)
    found = [one.text for one in reader.excerpts(["ent-x/login"], *window)], reader.gaps(*window)
    reader.close()
    return found


def of(n: int, now: datetime, **fields: Any) -> dict[str, Any]:
    """Everything about the nth answer of a batch: each with words, a certificate and a combination of its own."""
    certificate = Certificate(f"{n:064x}", now + timedelta(days=n))
    return {"detail": f"d{n}", "final_host": f"h{n}", "certificate": certificate, "catalogue": f"c{n}", **fields}


def test_nothing_of_a_batch_that_fails_in_the_middle_is_kept(
    store: Store, answer: Answer, database_url: str, now: datetime
) -> None:
    store.append([answer(0)])
    refuse_long_ones(store)
    batch = [answer(n, probe=f"p{n}/x", address=f"10.0.0.{n}", **of(n, now)) for n in range(1, 9)]
    batch[5] = answer(6, probe="p6/x", took=timedelta(microseconds=666))
    gap = Gap("p1/x", "local", now, now + timedelta(minutes=1), 1, Excuse.BUSY)
    with pytest.raises(StoreError):
        store.append([*batch, answer(9, excerpt="text")], [gap])
    assert len(store.unjudged()) == 1
    assert seen(database_url, now) == ([], [])
    # The words learned by the batch that failed were forgotten with it: the same ones are written again.
    mend(store)
    store.append([*batch, answer(9, excerpt="text")], [gap])
    assert store.unjudged() == [answer(0), *batch, answer(9)]
    assert seen(database_url, now) == (["text"], [gap])
    assert check(database_url) == ()


def test_the_same_observation_twice_is_one_and_the_first_stays(store: Store, answer: Answer) -> None:
    store.append([answer(0, detail="first")])
    store.append([answer(0, detail="second"), answer(1), answer(1)])
    assert store.unjudged() == [answer(0, detail="first"), answer(1)]


def test_the_excerpt_of_a_known_observation_stays(
    store: Store, answer: Answer, database_url: str, now: datetime
) -> None:
    for text in ("first", "second", "", None):
        store.append([answer(0, excerpt=text)])
    assert seen(database_url, now) == (["first"], [])


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
