"""A backup is taken while a monitor writes, the books are lost, the backup is put back, and writing goes on."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.store import (
    BackupRefused,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    Resend,
    back_up,
    check,
    open_desk,
    open_store,
    restore,
)
from monitor.store.manifest import Step, read_page
from monitor.store.place import Book
from monitor.store.schema import migrate, revisions
from tests.prepared import prepared
from tests.store.filled import inside
from tests.store.killing import ROOT

BATCH = 40  # as in appender.py


def silent(*_: object) -> None:
    pass


@pytest.fixture
def url(tmp_path: Path, now, answer, evaluation) -> str:
    """Books of this folder, with 6 MiB in them: more than one step of the copy."""
    made = f"sqlite:///{tmp_path}/first/vigie.db"
    prepared(made, "real", now)
    with closing(open_store(made, kind="real")) as store, closing(open_desk(made)) as desk:
        store.append([answer(0)])
        store.save(evaluation(snapshot=bytes(6 << 20)))
        desk.wish([Resend("t", now)])
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/second/vigie.db"


@pytest.fixture
def backup(url: str, tmp_path: Path, now) -> Path:
    back_up(url, tmp_path / "backup", "0.1", now, silent)
    return tmp_path / "backup"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_drill(tmp_path: Path, now, answer) -> None:
    """Everything that was committed before it began is in it, nothing that came later is half there."""
    url = f"sqlite:///{tmp_path}/first/vigie.db"
    prepared(url, "real", now)
    said, told = [], []
    command = [sys.executable, Path(__file__).with_name("appender.py"), url, now.isoformat(), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as child:
        said += [int(child.stdout.readline()) for _ in range(60)]
        copy = back_up(url, tmp_path / "backup", "0.1", now, lambda *one: told.append(one))
        after = [int(child.stdout.readline()) for _ in range(said[-1] + 20)]
        child.send_signal(signal.SIGKILL)
    assert {one[0] for one in told} == set(Step)
    assert all(done <= whole for _, done, whole in told)
    assert after
    shutil.rmtree(tmp_path / "first")

    assert restore(url, tmp_path / "backup", now, silent) == copy
    assert check(url) == ()
    with closing(sqlite3.connect(tmp_path / "first" / "vigie.db")) as books:
        rows = [at for (at,) in books.execute("SELECT at FROM observations")]
        spans = [at for (at,) in books.execute("SELECT since FROM spans")]
    start = int(now.timestamp()) * 1_000_000 + now.microsecond
    batches, saved = (Counter((at - start) // 1000 for at in found) for found in (rows, spans))
    assert set(batches.values()) == set(saved.values()) == {BATCH}
    assert sorted(batches) == list(range(max(batches) + 1))
    assert said[-1] <= max(saved) <= max(batches) <= max(saved) + 1
    with closing(open_store(url, kind="real")) as store:
        store.append([answer(3600)])
        assert store.newest() == answer(3600).at


def test_nobody_who_writes_waits_and_the_copy_is_of_one_instant(url: str, tmp_path: Path, now, answer) -> None:
    with closing(open_store(url, kind="real")) as store, closing(open_desk(url)) as desk:
        heard = []

        def write(*_: object) -> None:
            heard.append(answer(1 + len(heard)))
            store.append([heard[-1]])
            desk.wish([Resend(f"t{len(heard)}", now)])

        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        back_up(url, tmp_path / "backup", "0.1", now, write)
        assert len(heard) > 5
        assert len(store.unjudged()) == len(heard) + 1
    with closing(sqlite3.connect(tmp_path / "backup" / "measures.db")) as copy:
        assert copy.execute("SELECT count(*) FROM observations").fetchone()[0] <= 2  # the desk was copied in one step


def test_what_a_backup_is(backup: Path, url: str, now) -> None:
    assert names(backup) == ["backup.json", "desk.db", "measures.db"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert stat.S_IMODE((backup / "desk.db").stat().st_mode) == 0o600
    page = json.loads((backup / "backup.json").read_text())
    assert (page["begun_at"], page["program"], page["kind"]) == (now.isoformat(), "0.1", "real")
    assert {book: page["books"][book]["schema"] for book in Book} == {book: revisions(book)[-1] for book in Book}
    assert read_page(backup).bytes == sum((backup / f"{book}.db").stat().st_size for book in Book)


def test_people_come_back_readable_by_their_owner_alone(backup: Path, url: str, now, elsewhere: str) -> None:
    def private(place: str) -> list[object]:
        with inside(place, Book.DESK) as connection:
            return [connection.exec_driver_sql(f"SELECT * FROM {one}").all() for one in ("book", "resends")]

    restore(elsewhere, backup, now + timedelta(days=1), silent)
    # The secret of the book too: the links that people were sent still hold.
    assert private(elsewhere) == private(url)
    place = Path(elsewhere.removeprefix("sqlite:///"))
    assert stat.S_IMODE(place.with_name("vigie-desk.db").stat().st_mode) == 0o600
    assert check(elsewhere) == ()


def test_an_older_schema_is_copied_and_restored_to_todays(url: str, tmp_path: Path, now, elsewhere: str) -> None:
    with inside(url, Book.MEASURES) as connection:
        migrate(connection, Book.MEASURES, down_to="0005")
    made = back_up(url, tmp_path / "backup", "0.1", now, silent)
    assert made.books[Book.MEASURES].schema == "0005"
    restore(elsewhere, tmp_path / "backup", now, silent)
    assert check(elsewhere) == ()


def test_where_a_backup_cannot_be_made(url: str, tmp_path: Path, now, elsewhere: str) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(BackupRefused, match="existe déjà"):
        back_up(url, taken, "0.1", now, silent)
    with pytest.raises(BackupRefused, match="not mounted"):
        back_up(url, tmp_path / "not mounted" / "backup", "0.1", now, silent)
    with pytest.raises(DatabaseMissing):
        back_up(elsewhere, tmp_path / "backup", "0.1", now, silent)
    (tmp_path / "backup.part").mkdir()
    (tmp_path / "backup.part" / "mine").touch()
    with pytest.raises(BackupRefused, match="autre chose"):
        back_up(url, tmp_path / "backup", "0.1", now, silent)
    assert names(tmp_path) == ["backup.part", "first", "taken"]
    assert names(tmp_path / "backup.part") == ["mine"]


def test_two_backups_of_one_name_do_not_write_into_each_other(url: str, tmp_path: Path, now) -> None:
    refused = []

    def second(*_: object) -> None:
        with pytest.raises(BackupRefused, match="Une autre sauvegarde") as caught:
            back_up(url, tmp_path / "backup", "0.1", now, silent)
        refused.append(caught)

    back_up(url, tmp_path / "backup", "0.1", now, second)
    assert refused
    assert names(tmp_path / "backup") == ["backup.json", "desk.db", "measures.db"]


def test_a_damaged_book_gives_no_backup(url: str, tmp_path: Path, now) -> None:
    book = tmp_path / "first" / "vigie.db"
    with book.open("r+b") as file:
        file.seek(-8192, os.SEEK_END)
        file.write(b"\x5a" * 8192)
    with pytest.raises(DatabaseDamaged, match="vigie db check"):
        back_up(url, tmp_path / "backup", "0.1", now, silent)
    assert names(tmp_path) == ["first"]


@pytest.mark.parametrize("book", [*Book, "page"])
@pytest.mark.parametrize("how", ["gone", "cut", "other"])
def test_a_backup_that_is_not_whole(backup: Path, now, elsewhere: str, book: str, how: str) -> None:
    path = backup / ("backup.json" if book == "page" else f"{book}.db")
    content = path.read_bytes()
    other = content.replace(b"sha256", b"sha255") if book == "page" else bytes([*content[:-1], content[-1] ^ 1])
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-100] if how == "cut" else other)
    with pytest.raises(BackupRefused, match=r"autre|entier"):
        restore(elsewhere, backup, now, silent)
    place = Path(elsewhere.removeprefix("sqlite:///")).parent
    assert not place.exists() or names(place) == ["vigie.db.lock"]


@pytest.mark.parametrize("book", list(Book))
def test_a_backup_of_a_newer_program(backup: Path, now, elsewhere: str, book: Book) -> None:
    page = json.loads((backup / "backup.json").read_text())
    page["books"][book]["schema"] = "9999"
    (backup / "backup.json").write_text(json.dumps(page))
    with pytest.raises(DatabaseNewer, match=r"9999.*Mettez Vigie à jour"):
        restore(elsewhere, backup, now, silent)
    page["vigie_backup"] = 2
    (backup / "backup.json").write_text(json.dumps(page))
    with pytest.raises(BackupRefused, match="plus récente"):
        restore(elsewhere, backup, now, silent)


def test_books_are_never_written_over(backup: Path, url: str, now, tmp_path: Path, elsewhere: str) -> None:
    with closing(open_store(url, kind="real")), pytest.raises(DatabaseBusy):
        restore(url, backup, now, silent)
    with pytest.raises(BackupRefused, match="déjà quelque chose"):
        restore(url, backup, now, silent)
    (tmp_path / "first" / "vigie.db").unlink()
    with closing(open_desk(url)) as desk:
        desk.wish([Resend("since the backup", now)])
    with pytest.raises(BackupRefused, match=r"vigie-desk\.db"):
        restore(url, backup, now, silent)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "vigie.db-wal").write_bytes(b"of a book that is gone")
    with pytest.raises(BackupRefused, match=r"vigie\.db-wal"):
        restore(elsewhere, backup, now, silent)
    assert names(tmp_path / "second") == ["vigie.db-wal", "vigie.db.lock"]
