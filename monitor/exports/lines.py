"""Formats of one line a row: CSV for people, CSV for machines, JSON lines."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from monitor.exports.cells import Texts, json_texts, people_texts, raw_texts
from monitor.exports.columns import Column, Row

_MARK = b"\xef\xbb\xbf"  # of UTF-8: without it a French spreadsheet reads « Ã© » for « é »
Put = Callable[[Sequence[Row]], None]


@contextmanager
def people_writer(file: BinaryIO, columns: Sequence[Column], language: str, *, begun: bool = False) -> Iterator[Put]:
    """CSV as a spreadsheet of that language opens it: titles of people, its separator, the mark of UTF-8."""
    separator = ";" if language == "fr" else ","
    if not begun:
        file.write(_MARK + _csv([[column.titles[language] for column in columns]], separator))
    texts = [people_texts(column.kind, language) for column in columns]
    yield lambda rows: _put(file, _csv(zip(*_columns(rows, texts), strict=True), separator))


@contextmanager
def raw_writer(file: BinaryIO, columns: Sequence[Column], *, begun: bool = False) -> Iterator[Put]:
    """CSV of RFC 4180 for machines: keys, commas, texts as they were observed; of an observation `record.cells`."""
    if not begun:
        file.write(_csv([[column.key for column in columns]], ","))
    texts = [raw_texts(column.kind) for column in columns]
    yield lambda rows: _put(file, _csv(zip(*_columns(rows, texts), strict=True), ","))


@contextmanager
def json_writer(file: BinaryIO, columns: Sequence[Column]) -> Iterator[Put]:
    """One object a line, under the keys; null where nothing is known."""
    line = "{" + ",".join(f'"{column.key}":%s' for column in columns) + "}\n"
    texts = [json_texts(column.kind) for column in columns]
    yield lambda rows: _put(file, "".join([line % one for one in zip(*_columns(rows, texts), strict=True)]).encode())


def _columns(rows: Sequence[Row], texts: Sequence[Texts]) -> list[Sequence[str]]:
    return [of(column) for of, column in zip(texts, zip(*rows, strict=True), strict=True)]


def _csv(rows: Any, separator: str) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


def _put(file: BinaryIO, data: bytes) -> None:
    file.write(data)
