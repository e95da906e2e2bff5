"""An exported Parquet file of observations as the cells that a seal is made of; strictly, as `reports.exported`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.domain.record import KEYS, instant_cell, milliseconds_cell

_BATCH = 1 << 14
WHOLE = frozenset({"http_status", "bytes_read", "clock_offset_s"})


def rows(source: BinaryIO) -> Iterator[tuple[int, Sequence[str] | None]]:
    """The rows from 1, each as its cells or None where it is no record; damage is one more row that is none."""
    done = 0
    try:
        with pq.ParquetFile(source) as file:
            makers = _makers(file.schema_arrow)
            if makers is None:
                yield 1, None
                return
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [make(column) for make, column in zip(makers, batch.columns, strict=True)]
                for number, cells in enumerate(zip(*columns, strict=True), done + 1):
                    yield number, None if None in cells else cells
                done += batch.num_rows
    except (pa.ArrowException, OSError):
        yield done + 1, None


Maker = Callable[[Any], list[str | None]]


def _makers(schema: Any) -> list[Maker] | None:
    """How each column becomes cells; None where they are not those of an export."""
    found = [_MAKERS.get((_kind(key), field.type)) for key, field in zip(KEYS, schema, strict=False)]
    if schema.names != list(KEYS) or None in found:
        return None
    return [one for one in found if one is not None]


def _kind(key: str) -> str:
    """The type that a column has in an export: a number that is written as a text is no number to who computes."""
    if key in {"at", "certificate_not_after"}:
        return "instant"
    return "milliseconds" if key.endswith("_ms") else "whole" if key in WHOLE else "text"


def _cell(make: Callable[[int], str], value: int | None) -> str | None:
    return "" if value is None else make(value)


def _milliseconds(value: float | None) -> str | None:
    """Exact: every microsecond has its own nearest float, and what lies between two of them was never written."""
    if value is None:
        return ""
    if not 0 <= value < 2**31:
        return None
    us = round(value * 1000)
    return milliseconds_cell(us) if us / 1000 == value else None


_MAKERS: Mapping[tuple[str, Any], Maker] = {
    ("instant", pa.timestamp("us", tz="UTC")): lambda column: [
        _cell(instant_cell, one) for one in column.cast(pa.int64()).to_pylist()
    ],
    ("milliseconds", pa.float64()): lambda column: list(map(_milliseconds, column.to_pylist())),
    ("whole", pa.int64()): lambda column: [_cell(str, one) for one in column.to_pylist()],
    ("text", pa.string()): lambda column: ["" if one is None else one or None for one in column.to_pylist()],
}
