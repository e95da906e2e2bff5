"""The columns of an archived day: those of `Record`, in its order, as Parquet keeps them.

One stands for another: `rest_us` is what of `took_us` no phase explains (the rest of a sum says little that is new, the
sum itself a byte a row).
"""

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


_TOOK, _PHASES = Record._fields.index("took_us"), slice(7, 12)
REST = pa.field("rest_us", pa.int64(), nullable=False)
FIELDS = tuple(
    REST if name == "took_us" else pa.field(name, _type(name), nullable=name not in NEVER_EMPTY)
    for name in Record._fields
)
# What varies from row to row: its bytes are split, first with first, so that the high ones, which hardly vary, vanish.
VARYING = [
    field.name for field in FIELDS if field.name == "at" or field.name.endswith("_us") or field.name == "bytes_read"
]
REPEATED = [field.name for field in FIELDS if field.name not in VARYING]


def schema(book: str) -> pa.Schema:
    """The schema of a day of this book (`book`: whatever tells one database from another)."""
    return pa.schema(FIELDS, metadata={BOOK: book, RECORD_VERSION: str(VERSION)})


def batch_of(records: Sequence[Record], under: pa.Schema) -> pa.RecordBatch:
    """Records as columns."""
    columns: list[Sequence[Any]] = list(zip(*records, strict=True))
    columns[_TOOK] = [
        took - sum(filter(None, phases)) for took, *phases in zip(columns[_TOOK], *columns[_PHASES], strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [pa.array(values, field.type) for field, values in zip(FIELDS, columns, strict=True)], schema=under
    )


def records_of(batch: pa.RecordBatch) -> list[Record]:
    """Columns as records."""
    columns = list(map(_values, batch.columns))
    columns[_TOOK] = [
        rest + sum(filter(None, phases)) for rest, *phases in zip(columns[_TOOK], *columns[_PHASES], strict=True)
    ]
    make: Callable[[Sequence[Any]], Record] = Record._make
    return list(map(make, zip(*columns, strict=True)))


def _values(column: pa.Array) -> list[Any]:
    values: list[Any] = (column.cast(pa.int64()) if column.type == INSTANT else column).to_pylist()
    return values
