"""Parquet: typed columns, compressed, read by whatever reads data."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.exports.about import LICENCE, About
from monitor.exports.columns import Column, Kind, Row

GROUP = 100_000  # rows of a group: of an observation some 20 MB before compression, all of what is held at a time
Put = Callable[[Sequence[Row]], None]

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.WORDS: pa.list_(pa.string()),
    Kind.WHOLE: pa.int64(),
    Kind.TRUTH: pa.bool_(),
    Kind.SHARE: pa.float64(),
    Kind.SECONDS: pa.float64(),
    Kind.MILLISECONDS: pa.float64(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
}


@contextmanager
def parquet_writer(file: BinaryIO, about: About) -> Iterator[Put]:
    """Row groups of `GROUP` rows; what the file is stands in its metadata, what a column is in the column's."""
    schema = schema_of(about)
    waiting: list[Any] = []
    held = 0

    def put(rows: Sequence[Row]) -> None:
        nonlocal held
        waiting.append(_batch(rows, about.columns, schema))
        held += len(rows)
        if held >= GROUP:
            flush()

    def flush() -> None:
        nonlocal held
        if held:
            table.write_table(pa.Table.from_batches(waiting, schema), row_group_size=held)
        waiting.clear()
        held = 0

    outlet = _Outlet(file)
    table = pq.ParquetWriter(outlet, schema, compression="zstd", write_page_index=True)
    try:
        yield put
        flush()
        table.close()
    finally:
        outlet.shut()


class _Outlet:
    """Where pyarrow writes to; a pipe too. It ends every file it forgets, hence a broken one that would look whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file
        self._written = 0
        self.closed = False

    def write(self, data: Any) -> int:
        if self._file is not None:
            self._file.write(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """The file is its owner's."""

    def shut(self) -> None:
        """From here on nothing reaches the file."""
        self._file = None


def schema_of(about: About) -> Any:
    """The schema of a file, with English titles and units."""
    fields = [
        pa.field(one.key, _TYPES[one.kind], metadata={"title": one.titles["en"], "unit": one.unit or ""})
        for one in about.columns
    ]
    said = {"title": about.title("en"), "licence": LICENCE, "method": about.method, "vigie": about.program}
    return pa.schema(fields, metadata={"vigie": json.dumps(said, ensure_ascii=False)})


def _batch(rows: Sequence[Row], columns: Sequence[Column], schema: Any) -> Any:
    arrays = [_array(kind.kind, column) for kind, column in zip(columns, zip(*rows, strict=True), strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _array(kind: Kind, column: Sequence[Any]) -> Any:
    if kind is Kind.INSTANT:
        return pa.array(column, pa.int64()).cast(_TYPES[kind])
    if kind is Kind.MILLISECONDS:
        return pa.array([None if one is None else one / 1000 for one in column], pa.float64())
    return pa.array(column, _TYPES[kind])
