"""The records of any period, wherever they are: from one place a day, from both where one may lack some."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.archive.place import ArchiveTrouble, file_of
from monitor.archive.writing import write_day
from monitor.domain.record import Record
from monitor.reports.raw import records_of, whole_day
from monitor.store import Reader, Store, open_reader, open_store
from monitor.store.days import bounds, day_of, days
from tests.prepared import prepared
from tests.sealed import FIRST, answers, seal_all

BEGIN, END = bounds(FIRST)[0], bounds(FIRST + timedelta(days=2))[1]
DAYS = [FIRST + timedelta(days=n) for n in range(3)]
HOUR = timedelta(hours=1)


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
def archive(store: Store, reader: Reader, tmp_path: Path) -> Path:
    """The second day is archived."""
    folder = tmp_path / "archive"
    write_day(folder, DAYS[1], whole_day(reader, folder, DAYS[1], *bounds(DAYS[1])), "real")
    return folder


def let_go(store: Store, since: int, until: int) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM observations WHERE at >= {since} AND at < {until}")


def micros(day: int) -> tuple[int, int]:
    begin, end = (int(one.timestamp()) * 1_000_000 for one in bounds(DAYS[day]))
    return begin, end


def test_days_of_paris_have_23_24_or_25_hours() -> None:
    parts = list(days(BEGIN + HOUR, END - HOUR))
    assert [(day, end - begin) for day, begin, end in parts] == [
        (DAYS[0], 23 * HOUR),
        (DAYS[1], 23 * HOUR),
        (DAYS[2], 23 * HOUR),
    ]
    assert [day_of(begin) for _, begin, _ in parts] == DAYS
    assert list(days(END, BEGIN)) == []


@pytest.mark.parametrize("gone", [(), (1,)])
@pytest.mark.parametrize("sealed", [False, True])
def test_it_is_the_same_stream_wherever_a_day_is(
    store: Store, reader: Reader, archive: Path, gone: tuple[int, ...], sealed: bool
) -> None:
    whole: list[Record] = list(reader.records(BEGIN, END))
    some = [one for one in whole if one.probe in {"ent-1/login", "neuf/page"}]
    if sealed:
        seal_all(store, reader, END)
    for day in gone:
        let_go(store, *micros(day))
    assert list(records_of(reader, archive, BEGIN, END)) == whole
    assert list(records_of(reader, archive, BEGIN, END, ["neuf/page", "ent-1/login"])) == some
    cut = list(records_of(reader, archive, BEGIN + 30 * HOUR, END - 20 * HOUR))
    assert cut == [one for one in whole if one in cut]
    assert len(cut) > 50
    assert list(records_of(reader, None, BEGIN, END)) == list(reader.records(BEGIN, END))


def test_a_day_that_is_settled_is_read_in_the_archive_alone(store: Store, reader: Reader, archive: Path) -> None:
    whole = list(reader.records(BEGIN, END))
    seal_all(store, reader, END)
    with store._engine.begin() as connection:
        begin, end = micros(1)
        connection.exec_driver_sql(f"UPDATE observations SET took_us = 7 WHERE at >= {begin} AND at < {end}")
    assert list(records_of(reader, archive, BEGIN, END)) == whole


def test_late_answers_are_laid_beside_what_is_archived(store: Store, reader: Reader, archive: Path) -> None:
    seal_all(store, reader, END)
    before = list(reader.records(BEGIN, END))
    late = [one for one in answers(seed=2) if day_of(one.at) == DAYS[1]][:3]
    let_go(store, *micros(1))
    store.append(late)
    found = list(records_of(reader, archive, BEGIN, END))
    assert len(found) == len(before) + 3
    assert set(before) < set(found)
    assert found == sorted(found, key=lambda one: (one.at // 3_600_000_000, *one[1:4:2], one.at))
    whole = list(whole_day(reader, archive, DAYS[1], *bounds(DAYS[1])))
    assert write_day(archive, DAYS[1], whole, "real").new
    assert list(records_of(reader, archive, BEGIN, END)) == found


def test_two_places_that_say_different_things_are_said_to(store: Store, reader: Reader, archive: Path) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE observations SET took_us = 7")
    with pytest.raises(ArchiveTrouble, match=str(file_of(archive, DAYS[1]).name)):
        list(records_of(reader, archive, BEGIN, END))
