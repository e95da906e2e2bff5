"""A program that is older than the books: each command that opens them says so in one sentence, and changes nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from monitor import app
from monitor.__main__ import cli
from monitor.store import back_up
from monitor.store.place import Book
from tests.prepared import prepared

DAY = ("--from", "2026-11-01", "--to", "2026-11-02")
MEASURES, DESK = Book.MEASURES, Book.DESK
# The words that are typed, and the first of the books that the command comes to.
OPENS: dict[str, tuple[tuple[str, ...], Book]] = {
    "up": ((), MEASURES),
    "monitor": ((), MEASURES),
    "status": ((), MEASURES),
    "evidence": (("ent-a",), MEASURES),
    "gaps": ((), MEASURES),
    "announce": (("texte", "--service", "ent-a", "--author", "DSI"), DESK),
    "acknowledge": (("0123", "--author", "DSI"), MEASURES),
    "availability": (DAY, MEASURES),
    "explain": ((), MEASURES),
    "export": (("spans", *DAY), MEASURES),
    "report": (("--month", "2026-10", "--service", "ent-a"), MEASURES),
    "backtest": (DAY, MEASURES),
    "db upgrade": ((), MEASURES),
    "db check": ((), MEASURES),
    "db backup": (("backup",), DESK),
    "db status": ((), MEASURES),
    "fleet status": ((), MEASURES),
    "maintenance add": (
        (
            "--service",
            "ent-a",
            "--from",
            "2026-12-05T22:00",
            "--to",
            "2026-12-06T02:00",
            "--reason",
            "x",
            "--author",
            "y",
        ),
        DESK,
    ),
    "maintenance list": ((), DESK),
    "maintenance end": (("w",), DESK),
    "recipients test": (("c1",), DESK),
    "recipients import": (("contacts.csv",), DESK),
    "recipients list": ((), DESK),
    "recipients forget": (("x@ac-lille.fr",), DESK),
    "recipients export": (("x@ac-lille.fr",), DESK),
    "silence add": (("--everything", "--to", "2026-12-06T02:00", "--reason", "x", "--author", "y"), DESK),
    "silence list": ((), DESK),
    "silence end": (("s",), DESK),
    "tellings list": ((), MEASURES),
    "tellings retry": (("t",), MEASURES),
}
# `web` becomes another process, which shows the last page that it knows; `rehearse` fills books of its own.
OTHERS = {
    "verify", "web", "check", "validate", "rehearse", "db restore", "calendar import", "calendar show", "directory import",
    "directory status", "directory search", "fleet import",
}  # fmt: skip


def test_every_command_is_known_to_open_the_books_or_not() -> None:
    assert {*OPENS, *OTHERS} == set(_leaves(get_command(cli)))
    assert not set(OPENS) & OTHERS


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> dict[Book, Path]:
    """For each book a folder where that book alone is of a schema to come."""
    found = {}
    for book in Book:
        folder = found[book] = tmp_path_factory.mktemp(f"newer-{book.value}")
        prepared(f"sqlite:///{folder}/vigie.db", "real", app.clock())
        path = folder / ("vigie.db" if book is MEASURES else "vigie-desk.db")
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"UPDATE {book.value}_version SET version_num = '9999'")
    return found


@pytest.mark.parametrize("command", OPENS)
def test_the_mend_is_said(vigie, newer, tmp_path: Path, monkeypatch, command: str) -> None:
    words, book = OPENS[command]
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{newer[book]}/vigie.db")
    (tmp_path / "contacts.csv").write_text("uai,name,email,phone\n0590001F,Mme X,x@ac-lille.fr,\n", encoding="utf-8")
    before = _bytes(newer[book])
    code, out, err = vigie(*command.split(), *words)
    assert code == (1 if command == "db check" else 2)
    assert out == ""
    *remarks, said = err.splitlines()
    assert "9999" in said
    assert "Mettez Vigie à jour" in said
    assert not remarks or command == "monitor"  # which says first what its settings lack
    assert _bytes(newer[book]) == before


def test_a_backup_of_newer_books(vigie, tmp_path: Path, monkeypatch) -> None:
    prepared(f"sqlite:///{tmp_path}/vigie.db", "real", app.clock())
    made = back_up(f"sqlite:///{tmp_path}/vigie.db", tmp_path / "backup", "9.0", app.clock(), lambda *_: None)
    page = tmp_path / "backup" / "backup.json"
    page.write_text(page.read_text().replace(made.books[DESK].schema, "9999", 1))
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere/vigie.db")
    code, out, err = vigie("db", "restore", tmp_path / "backup")
    assert (code, out) == (2, "")
    assert "9.0" in err
    assert "Mettez Vigie à jour" in err


def _leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path)
    for name, one in (inner or {}).items():
        yield from _leaves(one, (*path, name))


def _bytes(folder: Path) -> dict[str, bytes]:
    """What stands in the books; the lock says who came last, and an empty journal means nothing."""
    return {one.name: one.read_bytes() for one in folder.glob("*.db")}
