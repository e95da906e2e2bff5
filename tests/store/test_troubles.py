"""Whatever goes wrong: one French sentence that names the mend, and nothing half-written."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from monitor.domain.gap import Excuse, Gap
from monitor.store import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseMissing,
    DatabaseReadOnly,
    DatabaseUnreachable,
    StoreError,
    check,
    empty,
    open_reader,
    open_store,
    upgrade,
)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("url", ["", "vigie.db", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "sqlite:/x"])
def test_an_address_that_means_nothing(url: str, now) -> None:
    with pytest.raises(StoreError, match="VIGIE_DATABASE_URL est illisible"):
        upgrade(url, "real", now)
    assert "illisible" in check(url)[0]


def test_no_database_yet(database_url: str) -> None:
    assert empty(database_url)
    for opened in (lambda: open_store(database_url, kind="real"), lambda: open_reader(database_url)):
        with pytest.raises(DatabaseMissing, match="vigie db upgrade"):
            opened()
    assert "vigie db upgrade" in check(database_url)[0]


@pytest.mark.parametrize("where", ["a-file/vigie.db", "/proc/vigie/vigie.db", "a-file"])
def test_a_place_where_nobody_may_write(tmp_path, now, where: str) -> None:
    (tmp_path / "a-file").mkdir() if where == "a-file" else (tmp_path / "a-file").write_text("not a folder")
    url = f"sqlite:///{tmp_path / where}"
    with pytest.raises(DatabaseReadOnly, match="droit d’écriture"):
        upgrade(url, "real", now)


def test_a_database_that_became_read_only(tmp_path, now, answer) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    upgrade(url, "real", now)
    store = open_store(url, kind="real")
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(DatabaseReadOnly, match="droit d’écriture"):
        store.append([answer()])
    store.close()


def test_a_reader_cannot_write(database_url: str, now) -> None:
    upgrade(database_url, "real", now)
    reader = open_reader(database_url)
    with pytest.raises(DatabaseReadOnly), reader._reading() as connection:
        connection.exec_driver_sql("DELETE FROM words")
    reader.close()


def test_a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room(tmp_path, now, answer) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    upgrade(url, "real", now)
    store = open_store(url, kind="real")
    store.append([answer(0)])
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    many = [answer(n, probe=f"p{n}/x", marker=f"marker/{n}", excerpt="é" * 512) for n in range(1, 3000)]
    gap = Gap("", "local", now, now + timedelta(hours=1), 0, Excuse.ASLEEP)
    with pytest.raises(DatabaseFull, match="Libérez de l’espace"):
        store.append(many, [gap])
    gaps = [replace(gap, since=now + timedelta(seconds=n), until=now + timedelta(days=1)) for n in range(5000)]
    with pytest.raises(DatabaseFull):
        store.note(gaps)
    assert store.unjudged() == [answer(0)]
    reader = open_reader(url)
    window = now, now + timedelta(hours=1)
    assert (reader.gaps(*window), reader.excerpts([one.probe for one in many], *window)) == ([], [])
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store.append(many, [gap])
    store.note(gaps)
    assert len(store.unjudged()) == 3000
    assert len(reader.gaps(now, now + timedelta(hours=2))) == 5000  # the first of them is the one that was there
    assert len(reader.excerpts([one.probe for one in many], *window)) == 2999
    assert reader.gaps(*window)[0].until == now + timedelta(days=1)
    reader.close()
    store.close()
    assert check(url) == ()


@pytest.mark.parametrize("content", [b"certainly not a database\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database(tmp_path, now, content: bytes) -> None:
    (tmp_path / "vigie.db").write_bytes(content)
    url = f"sqlite:///{tmp_path}/vigie.db"
    for attempt in (
        lambda: upgrade(url, "real", now),
        lambda: open_store(url, kind="real"),
        lambda: open_reader(url),
        lambda: empty(url),
    ):
        with pytest.raises(DatabaseDamaged, match="sauvegarde"):
            attempt()
    assert "sauvegarde" in check(url)[0]
    assert (tmp_path / "vigie.db").read_bytes() == content


def test_somebody_else_holds_the_file(tmp_path, now, answer) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    upgrade(url, "real", now)
    store = open_store(url, kind="real")
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "vigie.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy, match="autre programme"):
        store.append([answer()])
    other.execute("ROLLBACK")
    other.close()
    store.append([answer()])
    assert store.unjudged() == [answer()]
    store.close()


@pytest.mark.postgres
def test_nobody_listens(now) -> None:
    url = "postgresql://vigie:hunter2@127.0.0.1:9/vigie"
    with pytest.raises(DatabaseUnreachable, match="ne répond pas") as caught:
        upgrade(url, "real", now)
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert "ne répond pas" in check(url)[0]


@pytest.mark.postgres
def test_a_wrong_password(postgres_database: str, now) -> None:
    user, _, rest = postgres_database.partition("@")
    url = f"{user.rpartition(':')[0]}:hunter2@{rest}"
    with pytest.raises(DatabaseUnreachable, match="mot de passe") as caught:
        upgrade(url, "real", now)
    assert "hunter2" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have(postgres_database: str, now) -> None:
    with pytest.raises(StoreError, match="createdb") as caught:
        upgrade(f"{postgres_database}_absent", "real", now)
    assert "_absent" in str(caught.value)


@pytest.mark.postgres
def test_a_role_without_rights(postgres_database: str, now) -> None:
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS guest")
        server.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    url = f"postgresql://guest:guest@{postgres_database.partition('@')[2]}"
    with pytest.raises(DatabaseReadOnly, match="GRANT CREATE"):
        upgrade(url, "real", now)
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute("DROP ROLE guest")


@pytest.mark.postgres
def test_a_server_that_only_reads(postgres_database: str, now) -> None:
    """A copy, or a server that is being restored, lacks no rights: it will write, or another one does."""
    with pytest.raises(DatabaseReadOnly, match="serveur principal"):
        upgrade(f"{postgres_database}?options=-c%20default_transaction_read_only%3Don", "real", now)
    upgrade(postgres_database, "real", now)


@pytest.mark.postgres
def test_a_connection_that_is_cut_is_made_again_with_its_lock(postgres_database: str, now, answer) -> None:
    upgrade(postgres_database, "real", now)
    store = open_store(postgres_database, kind="real")
    store.append([answer(0)])
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    store.append([answer(1, probe="new/x")])
    assert len(store.unjudged()) == 2
    with pytest.raises(DatabaseBusy):
        open_store(postgres_database, kind="real")
    store.close()


@pytest.mark.postgres
def test_a_monitor_that_lost_its_lock_to_another_writes_no_more(postgres_database: str, now, answer) -> None:
    upgrade(postgres_database, "real", now)
    first = open_store(postgres_database, kind="real")
    with psycopg.connect(postgres_database, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    second = open_store(postgres_database, kind="real")
    with pytest.raises(DatabaseBusy):
        first.append([answer(0)])
    second.append([answer(1)])
    assert second.unjudged() == [answer(1)]
    second.close()
    first.append([answer(0)])
    first.close()
