"""kill -9 at any step of a backup or of putting one back: nothing half-done has a name, and trying again is enough."""

from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import back_up, check, open_store, restore, upgrade
from monitor.store.manifest import file_of, read_page
from monitor.store.place import Book
from tests.store.killing import moments, mortal


def silent(*_: object) -> None:
    pass


@pytest.fixture
def url(tmp_path: Path, now, answer, evaluation) -> str:
    made = f"sqlite:///{tmp_path}/first/vigie.db"
    upgrade(made, "real", now)
    with closing(open_store(made, kind="real")) as store:
        store.append([answer(0)])
        store.save(evaluation(snapshot=bytes(2 << 20)))
    return made


@pytest.mark.chaos
def test_killed_while_it_is_taken(url: str, tmp_path: Path, now) -> None:
    folder, again = tmp_path / "backup", 0
    with mortal() as dying:
        for moment in moments(dying.does("backup", url, tmp_path / "whole"), 8):
            dying.does("backup", url, folder, moment=moment)
            if folder.exists():
                restore(f"sqlite:///{tmp_path}/{moment}/vigie.db", folder, now, silent)
                folder.rename(tmp_path / f"killed at {moment}")
            again += dying.does("backup", url, folder) > 0
            read_page(folder)
            folder.rename(tmp_path / f"after {moment}")
    assert again >= 10
    assert not list(tmp_path.glob("*.part"))
    assert check(url) == ()


@pytest.mark.chaos
def test_killed_while_it_is_put_back(url: str, tmp_path: Path, now) -> None:
    folder = tmp_path / "backup"
    made = back_up(url, folder, "1", now, silent)
    with mortal() as dying:
        for moment in moments(dying.does("restore", f"sqlite:///{tmp_path}/whole/vigie.db", folder), 8):
            place = tmp_path / str(moment)
            books = f"sqlite:///{place}/vigie.db"
            dying.does("restore", books, folder, moment=moment)
            if (place / "vigie.db").exists():
                upgrade(books, "real", now)
            else:
                # What lies there is nothing, or the whole desk.
                found = place / "vigie-desk.db"
                assert not found.exists() or found.read_bytes() == file_of(folder, Book.DESK).read_bytes()
                assert restore(books, folder, now, silent) == made
            assert check(books) == ()
            assert sorted(one.name for one in place.iterdir() if "-" not in one.suffix) == [
                "vigie-desk.db", "vigie.db", "vigie.db.lock"
            ]  # fmt: skip


def test_a_disk_that_fills_meanwhile(url: str, tmp_path: Path, now) -> None:
    folder, books = tmp_path / "backup", f"sqlite:///{tmp_path}/second/vigie.db"
    with mortal() as dying:
        for largest in (10_000, 1_000_000, 2_000_000):
            assert str(folder) in dying.fails("backup", url, folder, largest=largest)
            assert [one.name for one in tmp_path.iterdir()] == ["first"]
        back_up(url, folder, "1", now, silent)
        for largest in (10_000, 1_000_000):
            assert "vigie.db.part" in dying.fails("restore", books, folder, largest=largest)
            assert [one.name for one in (tmp_path / "second").iterdir()] == ["vigie.db.lock"]
    restore(books, folder, now, silent)
    assert check(books) == ()
