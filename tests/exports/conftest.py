"""Rows that a hostile site would have written, and what files are made of them."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.record import Record
from monitor.exports.about import About
from monitor.exports.formats import Dress, writer
from monitor.exports.tables import What

DAY = datetime(2021, 4, 5, 22, tzinfo=UTC)  # 6 April in Paris
AT = 1617688800_123456  # 08:00:00.123456 in Paris
HOSTILE = (
    "=cmd|'/c calc'!A0",
    "+33 1 23",
    "-2+3",
    "@SUM(A1:A9)",
    "＝1+1",
    "\t=1+1",
    "\r\n=1+1",
    "'=1+1",
    "''",
    'a "quoted" text; with, separators',
    "line\nfeed\r\nand\rreturn",
    "\x1b[2J\x07\x9b31m\x7f",
    "\u202eevil\u2066\u200f\u2028",
    "<script>alert(1)</script>&amp;",
    "{{7*7}} \\u{a} \\u{5c}u{a}",
    "_x0041_ _x000A_",
    "https://example.org/?q=1",
    "0123",
    "1e5",
    "😀 é NFD e\u0301",
    "x" * 40_000,
)


def about_of(what: What = What.OBSERVATIONS, **fields: Any) -> About:
    said = {"choice": {}, "made_at": DAY + timedelta(days=2), "program": "1.2.3", "method": 1, **fields}
    return About(what, DAY, DAY + timedelta(days=1), **said)


def record(number: int = 0, **fields: Any) -> Record:
    nothing = dict.fromkeys(Record._fields, None)
    said = {"at": AT + number * 1_000_000, "vantage": "local", "service": "ent-a", "probe": "ent-a/login"}
    return Record(**{**nothing, **said, "health": "down", "took_us": 118_100, **fields})


@pytest.fixture
def hostile() -> list[Record]:
    """One record a text; it stands everywhere that a probed site can write."""
    return [
        record(number, final_host=text, marker=text, detail=text, issuer=text, clock_offset_s=-number)
        for number, text in enumerate(HOSTILE)
    ]


@pytest.fixture
def written() -> Callable[..., bytes]:
    """written(dress, rows, what): the bytes of a file."""

    def make(dress: Dress, rows: Sequence[Any], what: What = What.OBSERVATIONS) -> bytes:
        file = io.BytesIO()
        with writer(file, about_of(what), dress) as put:
            if rows:
                put(rows)
        return file.getvalue()

    return make
