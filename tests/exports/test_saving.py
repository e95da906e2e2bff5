"""A file under its name is whole; what was cut is gone on with, and is then what it would have been."""

import errno
import fcntl
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.exports.columns import Row
from monitor.exports.days import By, Piece, pieces
from monitor.exports.delivery import deliver
from monitor.exports.formats import Dress, Format
from monitor.exports.saving import Busy, Order
from monitor.exports.tables import What
from tests.exports.conftest import DAY, about_of, record

DAYS = list(pieces(By.DAY, DAY, DAY + timedelta(days=4)))
RAW = Dress(Format.CSV, raw=True)


class Cut(Exception):  # noqa: N818 - named for what it says
    """Whoever gave rows gives no more."""


def rows(piece: Piece) -> Iterator[Row]:
    day = DAYS.index(piece)
    return (record(86_400 * day + number) for number in range(6000))


class Source:
    """Rows of four days, cut in the middle of one; `asked` are the days that were begun."""

    def __init__(self, cut: Piece | None = None) -> None:
        self.cut, self.asked = cut, list[str]()

    def __call__(self, piece: Piece) -> Iterator[Row]:
        self.asked.append(piece.name)
        for number, row in enumerate(rows(piece)):
            if piece == self.cut and number == 5500:
                raise Cut
            yield row


def order_of(source: Source, dress: Dress = RAW, what: What = What.OBSERVATIONS) -> Order:
    return Order(about_of(what), dress, DAYS, source)


@pytest.mark.parametrize("dress", [RAW, Dress(Format.CSV), Dress(Format.JSON)])
def test_what_was_cut_is_gone_on_with_byte_for_byte(tmp_path: Path, dress: Dress) -> None:
    path, whole = tmp_path / "a", tmp_path / "whole"
    expected = deliver(whole, order_of(Source(), dress))
    with pytest.raises(Cut):
        deliver(path, order_of(Source(DAYS[2]), dress))
    assert not path.exists()
    assert (tmp_path / "a.part").stat().st_size > 0
    again = Source()
    found = deliver(path, order_of(again, dress))
    assert again.asked == [one.name for one in DAYS[2:]]
    assert path.read_bytes() == whole.read_bytes()
    assert (found.rows, found.bytes, found.sha256) == (expected.rows, expected.bytes, expected.sha256)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        name + end for name in ("a", "whole") for end in ("", ".datapackage.json")
    )


def test_an_order_that_asks_for_something_else_begins_again(tmp_path: Path) -> None:
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[2])))
    again = Source()
    deliver(tmp_path / "a", order_of(again, Dress(Format.JSON)))
    assert again.asked == [one.name for one in DAYS]


def test_what_was_begun_from_other_books_is_begun_again(tmp_path: Path) -> None:
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[2])))
    again = Source()
    deliver(tmp_path / "a", replace(order_of(again), origin="other"))
    assert again.asked == [one.name for one in DAYS]


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'{"order": 1}'])
def test_what_cannot_be_trusted_is_begun_again(tmp_path: Path, spoilt: bytes) -> None:
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[2])))
    (tmp_path / "a.part.json").write_bytes(spoilt)
    again = Source()
    deliver(tmp_path / "a", order_of(again))
    assert again.asked == [one.name for one in DAYS]


def test_a_part_that_is_shorter_than_it_was_said_to_be_is_begun_again(tmp_path: Path) -> None:
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[2])))
    (tmp_path / "a.part").write_bytes(b"at")
    again = Source()
    deliver(tmp_path / "a", order_of(again))
    assert again.asked == [one.name for one in DAYS]


@pytest.mark.parametrize("dress", [Dress(Format.PARQUET), Dress(Format.XLSX), Dress(Format.CSV, raw=True, gzip=True)])
def test_what_cannot_be_gone_on_with_leaves_nothing(tmp_path: Path, dress: Dress) -> None:
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[1]), dress))
    assert list(tmp_path.iterdir()) == []


def test_figures_are_not_gone_on_with(tmp_path: Path) -> None:
    assert not order_of(Source(), what=What.AVAILABILITY).resumable


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """A disk that is full, as the system says it of a file: EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("shape", Format)
def test_a_disk_that_fills_leaves_no_half_file_under_the_name(tmp_path: Path, shape: Format) -> None:
    with no_file_beyond(20_000), pytest.raises(OSError, match=r".") as trouble:
        deliver(tmp_path / "a", order_of(Source(), Dress(shape)))
    assert trouble.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


def test_two_exports_never_write_one_file(tmp_path: Path) -> None:
    with (tmp_path / "a.part").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Busy, match="un autre export"):
            deliver(tmp_path / "a", order_of(Source()))
        assert (tmp_path / "a.part").exists(), "it is the other one's"


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")
    with pytest.raises(Cut):
        deliver(tmp_path / "a", order_of(Source(DAYS[1])))
    assert (tmp_path / "a").read_text() == "before"
    deliver(tmp_path / "a", order_of(Source()), lambda: {".seals.json": "{}"})
    assert (tmp_path / "a").read_bytes().startswith(b"at,vantage")
    assert json.loads((tmp_path / "a.seals.json").read_text()) == {}
