"""A day's file gives back what was put into it, in order, only what was asked for, whole or not at all."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.archive import writing
from monitor.archive.place import ArchiveTrouble, file_of
from monitor.archive.reading import about, read
from monitor.archive.writing import write_day
from monitor.domain.record import Record, order
from monitor.domain.seal import canonical_line

DAY = date(2026, 11, 23)
BEGIN = datetime(2026, 11, 22, 23, tzinfo=UTC)
END = BEGIN + timedelta(days=1)
ZERO = int(BEGIN.timestamp()) * 1_000_000
BOOK = "real 2026"

texts = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=5)
four_bytes = st.integers(0, 2**31 - 1)
maybe = st.none() | four_bytes
records = st.builds(
    Record,
    st.integers(ZERO, ZERO + 86_400 * 1_000_000 - 1),
    st.sampled_from(["local", "ailleurs"]),
    st.just("ent"),
    st.sampled_from(["ent/a", "ent/b", "é/c"]),
    st.sampled_from(["up", "down"]),
    texts,
    four_bytes,
    *[maybe] * 5,
    st.none() | st.integers(0, 2**15 - 1),
    texts,
    maybe,
    *[texts] * 4,
    st.none() | st.integers(-(2**55), 2**55),
    texts,
    st.none() | st.integers(-(2**31) + 1, 2**31 - 1),
    texts,
)


def some(count: int, first: int = 0) -> list[Record]:
    made = [
        Record(
            ZERO + n * 60_000_000,
            "local",
            "ent",
            f"ent/{probe}",
            "up",
            None,
            n,
            *[None] * 14,
            -n,
            "c0ffee",
        )
        for n in range(first, first + count)
        for probe in "abc"
    ]
    return sorted(made, key=order)


def written(folder: Path, found: Sequence[Record], book: str = BOOK) -> Path:
    return write_day(folder, DAY, found, book).path


@settings(max_examples=30, deadline=None)
@given(st.lists(records, max_size=12, unique_by=order))
def test_what_was_put_in_comes_out(tmp_path_factory, found: list[Record]) -> None:
    found.sort(key=order)
    path = written(tmp_path_factory.mktemp("archive"), found)
    assert list(read(path, BEGIN, END)) == found
    assert list(map(canonical_line, read(path, BEGIN, END))) == list(map(canonical_line, found))
    assert about(path).rows == len(found)


def test_only_what_was_asked_for_is_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "GROUP", 100)
    found = some(600)
    path = written(tmp_path, found)
    begin, end = BEGIN + timedelta(hours=2), BEGIN + timedelta(hours=3)
    inside = [one for one in found if begin <= BEGIN + timedelta(microseconds=one.at - ZERO) < end]
    assert len(inside) == 180
    assert list(read(path, begin, end)) == inside
    assert list(read(path, begin, end, ["ent/b", "ent/z", "a"])) == [one for one in inside if one.probe == "ent/b"]
    assert list(read(path, begin, end, ["ent/z"])) == list(read(path, begin, end, [])) == []
    assert list(read(path, END, END + timedelta(days=1))) == []


def test_a_group_in_which_nothing_can_be_is_not_opened(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing, "GROUP", 100)
    path = written(tmp_path, some(600))
    opened: list[list[int]] = []
    whole = "pyarrow.parquet.ParquetFile.iter_batches"
    real = pq.ParquetFile.iter_batches
    monkeypatch.setattr(whole, lambda self, **given: opened.append(given["row_groups"]) or real(self, **given))
    assert len(list(read(path, BEGIN, BEGIN + timedelta(minutes=60), ["ent/a"]))) == 60
    assert opened == [[0, 1]], "of eighteen: the second ends with ent/a, of another hour"


def test_its_place_is_told_by_its_day(tmp_path: Path) -> None:
    assert file_of(tmp_path, DAY) == tmp_path / "2026" / "observations-2026-11-23.parquet"


def test_a_file_is_replaced_by_one_that_holds_more_and_by_no_other(tmp_path: Path) -> None:
    first = write_day(tmp_path, DAY, some(3), BOOK)
    assert (first.rows, first.new, first.size) == (9, True, first.path.stat().st_size)
    before = first.path.read_bytes()
    assert not write_day(tmp_path, DAY, some(3), BOOK).new
    with pytest.raises(ArchiveTrouble, match="autre chose"):
        write_day(tmp_path, DAY, some(2), BOOK)
    with pytest.raises(ArchiveTrouble, match="autre registre"):
        write_day(tmp_path, DAY, some(4), "real 2025")
    assert first.path.read_bytes() == before
    assert write_day(tmp_path, DAY, some(4), BOOK).rows == 12
    assert [one.name for one in first.path.parent.iterdir()] == [first.path.name]


def test_what_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def broken():
        yield from some(3)
        raise OSError(28, os.strerror(28))

    with pytest.raises(OSError, match="No space"):
        write_day(tmp_path, DAY, broken(), BOOK)
    assert list((tmp_path / "2026").iterdir()) == []
    left = tmp_path / "2026" / f".{file_of(tmp_path, DAY).name}.12345"
    left.write_bytes(b"what a killed process leaves")
    written(tmp_path, some(3))
    assert not left.exists()


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = written(tmp_path, some(400))
    data = bytearray(path.read_bytes())
    match damage:
        case "cut":
            data = data[:-100]
        case "empty":
            data = bytearray()
        case "other":
            pq.write_table(pa.table({"a": [1]}), path)
            data = bytearray(path.read_bytes())
    path.write_bytes(data)
    with pytest.raises(ArchiveTrouble, match=r"observations-2026-11-23\.parquet.*abîmée"):
        list(read(path, BEGIN, END))


def test_a_byte_that_rots_in_a_page_is_seen_or_changes_nothing(tmp_path: Path) -> None:
    found = some(400)
    path = written(tmp_path, found)
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    seen = 0
    for place in range(4, footer, footer // 40):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        try:
            assert list(read(path, BEGIN, END)) == found
        except ArchiveTrouble:
            seen += 1
    assert seen > 20
