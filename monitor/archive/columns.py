"""The columns of an archived day: those of `Record`, in its order, as Parquet keeps them."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from monitor.domain.record import VERSION, Record

INSTANT = pa.timestamp("us", tz="UTC")
BOOK, RECORD_VERSION = b"vigie.book", b"vigie.record_version"
_INSTANTS = ("at", "certificate_not_after")
_NARROW = {"http_status": pa.int16(), "bytes_read": pa.int32(), "clock_offset_s": pa.int32()}
NEVER_EMPTY = frozenset({"at", "vantage", "service", "probe", "health", "took_us"})


def _type(name: str) -> pa.DataType:
    if name in _INSTANTS:
        return INSTANT
    return pa.int32() if name.endswith("_us") else _NARROW.get(name, pa.string())


FIELDS = tuple(pa.field(name, _type(name), nullable=name not in NEVER_EMPTY) for name in Record._fields)
TEXTS = [field.name for field in FIELDS if field.type == pa.string()]
# What repeats from row to row. Numbers that vary are packed instead: a dictionary of them would be as long as they are.
REPEATED = [*TEXTS, "http_status", "bytes_read", "clock_offset_s", "certificate_not_after"]


def schema(book: str) -> pa.Schema:
    """The schema of a day of this book (`book`: whatever tells one database from another)."""
    return pa.schema(FIELDS, metadata={BOOK: book, RECORD_VERSION: str(VERSION)})


def batch_of(records: Sequence[Record], under: pa.Schema) -> pa.RecordBatch:
    """Records as columns."""
    return pa.RecordBatch.from_arrays(
        [pa.array(values, field.type) for field, values in zip(FIELDS, zip(*records, strict=True), strict=True)],
        schema=under,
    )


def records_of(batch: pa.RecordBatch) -> list[Record]:
    """Columns as records."""
    make: Callable[[Sequence[Any]], Record] = Record._make
    return list(map(make, zip(*map(_values, batch.columns), strict=True)))


def _values(column: pa.Array) -> list[Any]:
    values: list[Any] = (column.cast(pa.int64()) if column.type == INSTANT else column).to_pylist()
    return values
