"""A night seals and archives what is over, in a process of its own; killed or refused, the next one catches up."""

import asyncio
import errno
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.place import ArchiveTrouble, file_of
from monitor.domain.seal import breaks
from monitor.night import SETTLES, Night
from monitor.nightwork import as_line, from_line, work
from monitor.reports.digests import digested
from monitor.reports.raw import records_of
from monitor.settings import Settings
from monitor.store import Reader, Store, StoreError, open_reader, open_store
from monitor.store.days import bounds
from tests.commands.declaring import CATALOGUE
from tests.prepared import prepared
from tests.sealed import FIRST, answers

DAYS = [FIRST + timedelta(days=n) for n in range(3)]
BEGIN, END = bounds(DAYS[0])[0], bounds(DAYS[2])[1]
NIGHT = END + 5 * SETTLES
UNDONE = "Le scellement de la nuit n’a pas abouti\u00a0: voyez le journal."


class Inline:
    async def __call__(self, call, /):
        return call()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/vigie.db"
    prepared(url, "real", BEGIN)
    with closing(open_store(url, kind="real")) as opened:
        opened.append(answers())
        yield opened


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with closing(open_reader(f"sqlite:///{tmp_path}/vigie.db")) as opened:
        yield opened


@pytest.fixture
def night(store: Store, tmp_path: Path) -> Callable[..., Night]:
    def make(now: datetime = NIGHT, *, archive: bool = True) -> Night:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/vigie.db", archive_dir=tmp_path / "archive" if archive else None
        )
        return Night(store, Inline(), settings, lambda: now)

    return make


async def test_a_night_seals_and_archives_the_days_that_are_over(
    night, store: Store, reader: Reader, tmp_path: Path
) -> None:
    archive, whole = tmp_path / "archive", list(reader.records(BEGIN, END))
    first = night(bounds(DAYS[2])[0] + SETTLES)
    assert await first.first_needed() == DAYS[0]
    await first.run()
    assert (first.warnings, reader.sealed_days()) == ((), set(DAYS[:2]))
    assert await first.first_needed() is None  # the third day is not over
    store.append(answers(seed=2)[:2])
    second = night()
    assert await second.first_needed() == DAYS[0]  # a start has not looked into the archive yet
    await second.run()
    assert (second.warnings, reader.sealed_days()) == ((), set(DAYS))
    assert await second.first_needed() is None
    chain = reader.seals()
    assert breaks([one for one in chain if one.vantage == "local"]) == []
    assert sum(one.corrects is not None for one in chain) >= 1
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM observations")
    assert len(list(records_of(reader, archive, BEGIN, END))) == len(whole) + 2


async def test_without_anything_to_do_no_process_is_started(night, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    idle = night(BEGIN, archive=False)
    await idle.run()
    assert idle.warnings == ()
    busy = night(archive=False)
    await busy.run()
    assert busy.warnings == (UNDONE,)


async def test_a_start_catches_up_and_a_stop_gives_up(night, reader: Reader) -> None:
    async with night(archive=False).catching_up():
        pass  # a stop that comes at once
    assert reader.sealed_days() == set()
    one = night(archive=False)
    async with one.catching_up():
        async with asyncio.timeout(60):
            while reader.unsealed(NIGHT):
                await asyncio.sleep(0.05)
    assert reader.sealed_days() == set(DAYS)


async def test_what_the_child_cannot_do_is_said(night, reader: Reader, tmp_path: Path, caplog) -> None:
    (tmp_path / "archive").write_text("a file where a folder should be")
    one = night()
    await one.run()
    assert one.warnings == (UNDONE,)
    assert "archive" in caplog.text
    assert reader.sealed_days() == set(DAYS), "a day is sealed though it could not be archived"
    (tmp_path / "archive").unlink()
    again = night()
    await again.run()
    assert again.warnings == ()
    assert all(file_of(tmp_path / "archive", day).exists() for day in DAYS)


async def test_a_night_dumps_open_data_and_a_folder_that_cannot_be_is_said(
    night, store: Store, tmp_path: Path, monkeypatch, caplog
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    one, folder = night(archive=False), tmp_path / "dumps"
    one._settings = one._settings.model_copy(update={"dumps_dir": folder, "config": tmp_path / "probes.yaml"})
    folder.write_text("a file where a folder should be")
    await one.run()
    assert one.warnings == (UNDONE,)
    assert "dumps" in caplog.text
    folder.unlink()
    await one.run()
    assert one.warnings == ()
    said = json.loads((folder / "index.json").read_text())
    days = {one["name"] for one in said["files"] if one["what"] == "observations"}
    assert days == {f"observations-{day}.{end}" for day in DAYS for end in ("parquet", "csv.gz")}


async def test_a_child_that_falls_is_said(night, tmp_path: Path, caplog, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_LISTEN", "1")
    one = night(archive=True)
    one._settings = one._settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/none.db"})
    await one.run()
    assert one.warnings == (UNDONE,)
    assert "Aucune base" in caplog.text


async def test_a_store_that_refuses_leaves_the_day_for_the_next_night(night, store, reader, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("plein")

    one = night(archive=False)
    with monkeypatch.context() as patched:
        patched.setattr(type(store), "seal_day", refuse)
        await one.run()
    assert (one.warnings, reader.sealed_days()) == ((UNDONE,), set())


async def test_answers_that_changed_are_an_alarm_and_those_let_go_are_not_one_for_ever(
    night, store: Store, reader: Reader, caplog
) -> None:
    caplog.set_level(logging.INFO)

    async def heard() -> set[str]:
        """What a night does, without its child."""
        troubles: list[str] = []
        for line in work(reader, None, NIGHT):
            await night()._heard(line, troubles)
        return set(troubles)

    assert await heard() == set()
    assert "scellé (local n° 3)" in caplog.text
    store.append(answers(seed=2)[:40])
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE observations SET took_us = took_us + 1")
    assert (
        await heard() == await heard() == {"Des mesures déjà scellées ont changé ou manquent\u00a0: voyez le journal."}
    )
    with store._engine.begin() as connection:
        ours = "SELECT id FROM series WHERE probe = 'ent-1/login'"
        connection.exec_driver_sql(f"DELETE FROM observations WHERE series IN ({ours})")
    assert len(await heard()) == 1
    assert await heard() == set()


def test_the_work_is_a_stream_of_lines_that_can_be_cut_anywhere(reader: Reader, store: Store, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    lines = list(work(reader, archive, END))
    assert [next(iter(line)) for line in lines] == ["in_archive", *["archived", "digests"] * 3]

    def seal(line: dict[str, Any]) -> None:
        store.seal_day([from_line(one) for one in json.loads(json.dumps(line)).get("digests", ())], NIGHT)

    for kept in range(len(lines)):  # the parent was killed after so many
        for line in lines[:kept]:
            seal(line)
        assert reader.unsealed(END) == DAYS[sum(one.vantage == "local" for one in reader.seals()) :]
    seal(lines[-1])
    assert [one.number for one in reader.seals()] == [1, 2, 3, 1, 2, 3]
    assert list(work(reader, archive, END)) == [{"in_archive": [day.isoformat() for day in DAYS]}]


def test_a_line_gives_back_its_digests(reader: Reader) -> None:
    for found in digested(DAYS[1], reader.records(*bounds(DAYS[1]))):
        assert from_line(json.loads(json.dumps(as_line(found)))) == found


async def nights(night: Callable[..., Night], reader: Reader, archive: Path | None, one: Night | None = None) -> Night:
    """A night's work, without its child's process."""
    one = one or night(archive=archive is not None)
    for line in work(reader, archive, NIGHT):
        await one._heard(json.loads(json.dumps(line)), [])
    return one


async def test_an_archive_begun_later_holds_nothing_back_for_ever(tmp_path: Path, night, store, reader) -> None:
    """The first day began in its middle, and of the day after some answers are gone already."""
    archive = tmp_path / "archive"
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM observations WHERE hour < (SELECT min(hour) + 9 FROM observations)")
    await nights(night, reader, None)
    one = await nights(night, reader, archive)
    assert (await one.first_needed(), file_of(archive, DAYS[0]).exists()) == (None, True)
    for path in archive.rglob("*.parquet"):
        path.unlink()
    while store.open_hour() is not None:
        store.close_part(store.open_hour(), 0, lambda *_: False)
    while store.open_day() is not None:
        store.close_day_part(store.open_day(), 0)
    assert store.let_go(DAYS[1])  # an hour of the first day
    assert store.first_day() == DAYS[0]
    one = await nights(night, reader, archive)
    assert (await one.first_needed(), file_of(archive, DAYS[0]).exists()) == (None, False)
    assert file_of(archive, DAYS[1]).exists()


async def test_a_day_whose_archive_is_away_is_not_an_empty_one(tmp_path: Path, night, store, reader) -> None:
    archive, away = tmp_path / "archive", tmp_path / "away"
    await nights(night, reader, archive)
    whole = list(records_of(reader, away, BEGIN, END))  # nothing is gone yet
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM observations WHERE hour < (SELECT min(hour) + 24 FROM observations)")
    away.mkdir()
    with pytest.raises(ArchiveTrouble, match=r"2026-03-28\.parquet.*dossier d’archive est vide"):
        list(records_of(reader, away, BEGIN, END))
    assert list(records_of(reader, archive, BEGIN, END)) == whole


async def test_a_file_of_that_name_is_not_the_archived_day(tmp_path: Path, night, store, reader) -> None:
    """It is another book's, or damaged, or older than the seal: then the measures must stay, and a reader sees both."""
    archive, foreign = tmp_path / "archive", f"sqlite:///{tmp_path}/foreign.db"
    prepared(foreign, "real", BEGIN - timedelta(days=1))
    with closing(open_store(foreign, kind="real")) as other:
        other.append(answers())
    with closing(open_reader(foreign)) as other_reader:
        list(work(other_reader, archive, bounds(DAYS[0])[1]))
    file_of(archive, DAYS[1]).write_bytes(b"PAR1 PAR1")
    one = await nights(night, reader, archive)
    assert reader.sealed_days() == set(DAYS)
    assert await one.first_needed() == DAYS[0]
    file_of(archive, DAYS[0]).unlink()
    assert await (await nights(night, reader, archive, one)).first_needed() == DAYS[1]
    file_of(archive, DAYS[1]).unlink()
    assert await (await nights(night, reader, archive, one)).first_needed() is None


async def test_a_late_answer_that_cannot_be_archived_is_not_lost(
    tmp_path: Path, night, store, reader, monkeypatch
) -> None:
    archive = tmp_path / "archive"
    one = await nights(night, reader, archive)
    store.append(answers(seed=2)[:1])
    whole = list(reader.records(BEGIN, END))
    with monkeypatch.context() as patched:
        patched.setattr("monitor.archive.writing._write", _full)
        await nights(night, reader, archive, one)
    (late,) = (seal.day for seal in reader.seals() if seal.corrects is not None)
    assert await one.first_needed() == late
    assert list(records_of(reader, archive, BEGIN, END)) == whole, "what is sealed is what is read"
    await nights(night, reader, archive, one)
    assert await one.first_needed() is None
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM observations")
    assert list(records_of(reader, archive, BEGIN, END)) == whole


def _full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "disque plein")


async def test_what_can_be_let_go_no_more_is_said(night, store: Store, tmp_path: Path, caplog) -> None:
    (tmp_path / "archive").write_text("a file where a folder should be")
    one = night()
    await one.run()
    assert one.warnings == (UNDONE,)
    later = night(NIGHT + timedelta(days=200))
    await later.run()
    assert later.warnings == (UNDONE, "D’anciennes mesures ne peuvent plus être supprimées\u00a0: voyez le journal.")
    assert "28/03/2026" in caplog.text
