"""The desk holds people's addresses: its file, and what SQLite writes beside it, are for its owner alone."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.domain.recipient import Contact
from monitor.store import open_desk, open_desk_reader, upgrade
from monitor.store.database import writing
from monitor.store.place import Book, Place
from tests.store.conftest import NOW

CONTACT = Contact("0590001F", "Collège A", "ce.0590001f@ac-lille.fr")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    before = os.umask(0o002)
    yield f"sqlite:///{tmp_path}/vigie.db"
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_desk_is_for_its_owner_alone_whatever_the_umask(url: str, tmp_path: Path) -> None:
    upgrade(url, "real", NOW)
    assert rights(tmp_path / "vigie-desk.db") == 0o600
    assert rights(tmp_path / "vigie.db") == 0o644  # the measures hold nobody's address


def test_so_is_its_journal(url: str, tmp_path: Path) -> None:
    upgrade(url, "real", NOW)
    engine = writing(Place.of(url), Book.DESK)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO book VALUES ('more', 'x')")
        assert rights(tmp_path / "vigie-desk.db-journal") == 0o600
    engine.dispose()


def test_a_wider_one_is_tightened_by_whoever_writes_and_stays_readable(url: str, tmp_path: Path) -> None:
    upgrade(url, "real", NOW)
    file = tmp_path / "vigie-desk.db"
    file.chmod(0o644)
    with closing(open_desk_reader(url)) as desk:
        assert desk.recipients() == []
    assert rights(file) == 0o644  # who only reads changes nothing
    with closing(open_desk(url)) as desk:
        desk.take([CONTACT], NOW)
    assert rights(file) == 0o600
    file.chmod(0o640)
    upgrade(url, "real", NOW)
    assert rights(file) == 0o600


def test_a_desk_that_is_not_there_is_not_made_by_opening_it(url: str, tmp_path: Path) -> None:
    engine = writing(Place.of(url), Book.DESK)
    with pytest.raises(Exception, match="unable to open database file"):
        engine.connect()
    engine.dispose()
    assert not (tmp_path / "vigie-desk.db").exists()
