"""`vigie db`: copies and sizes, as people type them."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import app
from monitor.domain.observation import Observation
from monitor.store import open_store
from monitor.store.place import Book
from monitor.store.schema import migrate, revisions
from tests.prepared import prepared
from tests.store.filled import inside


@pytest.fixture
def url(database_url: str, monkeypatch) -> str:
    """Books with two answers, 50 days from each other."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    now = datetime(2026, 8, 20, 12, tzinfo=UTC)
    prepared(database_url, "real", now)
    with closing(open_store(database_url, kind="real")) as store:
        store.append([Observation("ent-a/login", "local", now - timedelta(days=n), timedelta(0)) for n in (0, 50)])
    return database_url


def test_a_folder_that_is_not_there_is_named(vigie, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    assert vigie("db", "upgrade")[0] == 0
    code, out, err = vigie("db", "backup", "disque/copie")
    assert (code, out) == (2, "")
    assert "Le dossier disque n’existe pas" in err


def test_taken_and_put_back(vigie, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/first/vigie.db")
    assert vigie("db", "upgrade")[0] == 0
    code, out, err = vigie("db", "backup", "copy")
    assert (code, err) == (0, "")
    assert "Sauvegarde entière et contrôlée : copy (" in out
    assert f"measures {revisions(Book.MEASURES)[-1]}, desk {revisions(Book.DESK)[-1]}" in out
    code, out, err = vigie("db", "restore", "copy")
    assert (code, out) == (2, "")
    assert "déjà quelque chose" in err
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/second/vigie.db")
    code, out, err = vigie("db", "restore", "copy")
    assert (code, err) == (0, "")
    assert "Registres rétablis tels qu’ils étaient le " in out
    assert vigie("db", "check")[0] == 0
    assert vigie("db", "restore", "absent")[0] == 2


@pytest.mark.postgres
@pytest.mark.parametrize(("words", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_on_postgresql_its_own_tools_are_named(
    vigie, monkeypatch, postgres_database: str, words: str, tool: str
) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", postgres_database)
    code, out, err = vigie("db", words, "copy")
    assert (code, out) == (2, "")
    assert tool in err
    assert not Path("copy").exists()


def test_how_big_they_are(vigie, url: str) -> None:
    code, out, err = vigie("db", "status", "--tables", "--format", "json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["days"] == 51
    assert said["oldest"] < said["newest"]
    for book in Book:
        one = said["books"][book]
        assert one["schema"] == one["known"] == revisions(book)[-1]
        assert one["bytes"] >= sum(one["tables"].values()) > 0
    assert {"observations", "words"} <= said["books"]["measures"]["tables"].keys()
    out = vigie("db", "status")[1]
    assert "measures : " in out
    assert "Réponses brutes : du " in out
    assert "sur 51 jours" in out


def test_books_of_an_older_schema_without_answers(vigie, database_url: str, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    assert vigie("db", "status")[0] == 2
    prepared(database_url, "real", app.clock())
    with inside(database_url, Book.MEASURES) as connection:
        migrate(connection, Book.MEASURES, down_to="0002")
    code, out, err = vigie("db", "status")
    assert (code, err) == (0, "")
    assert f"schéma 0002, ce programme attend {revisions(Book.MEASURES)[-1]} : lancez « vigie db upgrade »" in out
    assert "Aucune réponse brute." in out
