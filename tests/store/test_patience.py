"""PostgreSQL may be slow, locked or gone: the monitor waits so long and no longer."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Connection, Engine

from monitor.domain.observation import Health
from monitor.domain.verdict import Verdict
from monitor.store import DatabaseBusy, Store, StoreError, check, open_reader, open_store, upgrade
from tests.prepared import prepared

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres_database: str, now) -> Iterator[Store]:
    prepared(postgres_database, "real", now)
    opened = open_store(postgres_database, kind="real")
    yield opened
    opened.close()


def show(connection: Connection, name: str) -> str:
    return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())


def test_a_lock_of_somebody_else_holds_nobody_up_for_ever(
    store: Store, postgres_database: str, answer, evaluation, now
) -> None:
    store.append([answer(0)])
    reader, window = open_reader(postgres_database), (["ent-x/login"], now, now + timedelta(hours=1))
    with ThreadPoolExecutor(1) as thread, closing(psycopg.connect(postgres_database)) as other:
        other.execute("LOCK TABLE measures.observations IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        reads = thread.submit(reader.observations, *window)
        with pytest.raises(StoreError, match="autre programme retient"):
            store.append([answer(1, probe="new/x", detail="new")])
        assert time.monotonic() - began < 15
        # What the lock does not concern goes on meanwhile.
        store.save(evaluation(snapshot=b"{}"))
        with pytest.raises(DatabaseBusy, match="pg_stat_activity"):
            reads.result(60)
        assert time.monotonic() - began < 20
        other.rollback()
    assert reader.observations(*window) == [answer(0)]
    assert store.unjudged() == [answer(0)]
    store.append([answer(1, probe="new/x", detail="new")])
    assert store.unjudged() == [answer(0), answer(1, probe="new/x", detail="new")]
    reader.close()
    assert check(postgres_database) == ()


def test_a_statement_that_takes_too_long_is_given_up_whole(store: Store, postgres_database: str, answer) -> None:
    with psycopg.connect(postgres_database, autocommit=True) as other:
        other.execute("SET search_path TO measures")
        other.execute(
            "CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(20) WHERE NEW.took_us = 666; RETURN NEW; END $$"
        )
        other.execute("CREATE TRIGGER doze BEFORE INSERT ON observations FOR EACH ROW EXECUTE FUNCTION doze()")
        began = time.monotonic()
        slow = answer(1, probe="slow/x", detail="slow", took=timedelta(microseconds=666))
        with pytest.raises(DatabaseBusy, match="rien n’a été écrit"):
            store.append([answer(0), slow])
        assert time.monotonic() - began < 15
        assert store.unjudged() == []
        other.execute("DROP TRIGGER doze ON observations")
    store.append([answer(0), slow])
    assert store.unjudged() == [answer(0), slow]


def test_the_start_has_a_minute_and_the_work_after_it_three_seconds(
    store: Store, postgres_database: str, answer, evaluation, now
) -> None:
    known = Verdict("ent-x/login", "local", Health.UP, now)
    store.append([answer(0)])
    store.save(evaluation(verdicts=(known,)))
    with psycopg.connect(postgres_database, autocommit=True) as other:
        # From now on there is something in the tables only for those who have a minute.
        other.execute("SET search_path TO measures")
        for table in ("observations", "verdicts", "series", "words"):
            other.execute(f"ALTER TABLE {table} RENAME TO all_{table}")
            other.execute(
                f"CREATE VIEW {table} AS SELECT * FROM all_{table} WHERE current_setting('statement_timeout') = '1min'"
            )
    assert store.unjudged() == [answer(0)]
    assert store.state().verdicts == (known,)
    with store._writing() as connection:
        assert (show(connection, "statement_timeout"), show(connection, "lock_timeout")) == ("3s", "2s")


def test_migrations_and_check_take_the_time_they_need(store: Store, postgres_database: str, now) -> None:
    store.close()
    with psycopg.connect(postgres_database, autocommit=True) as other:
        other.execute("SET search_path TO measures")
        other.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'in a hurry'; END $$"
        )
        other.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON book FOR EACH ROW WHEN (current_setting('statement_timeout') <> '0' "
            "OR current_setting('lock_timeout') <> '0') EXECUTE FUNCTION refuse()"
        )
        # A span that only those see who have all the time in the world.
        other.execute("DROP TABLE spans")
        other.execute(
            "CREATE VIEW spans AS SELECT 1 AS since, 0 AS until WHERE current_setting('statement_timeout') = '0'"
        )
    upgrade(postgres_database, "real", now)
    (sentence,) = check(postgres_database)
    assert "finissent avant" in sentence


def test_a_server_that_is_gone_is_noticed(store: Store, postgres_database: str) -> None:
    reader = open_reader(postgres_database)
    for engine in (store._engine, reader._engine):
        assert _patience_of(engine) == {
            socket.TCP_KEEPIDLE: 5, socket.TCP_KEEPINTVL: 2, socket.TCP_KEEPCNT: 3, socket.TCP_USER_TIMEOUT: 5000
        }  # fmt: skip
    reader.close()


def _patience_of(engine: Engine) -> dict[int, int]:
    """The options that are in force on the connection's own socket."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with socket.socket(fileno=os.dup(driver.fileno())) as line:
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            return {name: line.getsockopt(socket.IPPROTO_TCP, name) for name in names}


def test_a_host_that_accepts_and_says_nothing_is_left_after_three_seconds(now) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(StoreError, match="ne répond pas"):
            open_reader(f"postgresql://vigie:hunter2@127.0.0.1:{silent.getsockname()[1]}/vigie")
        assert 2 < time.monotonic() - began < 15
