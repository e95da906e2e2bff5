"""A day's observations → one Parquet file, whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.archive.columns import REPEATED, VARYING, batch_of, schema
from monitor.archive.place import different, file_of, foreign
from monitor.archive.reading import about
from monitor.domain.record import Record

# So many rows lie together: some thousand probes of an hour each, of which a reader of one probe opens one group.
GROUP = 1 << 16
_SPLIT = dict.fromkeys(VARYING, "BYTE_STREAM_SPLIT")
_LEVEL = 15  # a byte a row less than at 9, for no more processor that could be measured; 19 gains nothing more


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a day: its file, how many observations and bytes it holds, whether it was written now."""

    path: Path
    rows: int
    size: int
    new: bool


def write_day(folder: Path, day: date, records: Iterable[Record], book: str) -> Written:
    """Write all records of a day, in the order of their stream.

    Where the day has its file already, `records` must hold what that holds (`monitor.reports.raw` sees to it): it is
    replaced only by one that holds more. Raises ArchiveTrouble, OSError; then what was there is there still.
    """
    target = file_of(folder, day)
    before = about(target) if target.exists() else None
    if before is not None and before.book != book:
        raise foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.*"):  # by a process that was killed
        left.unlink(missing_ok=True)
    beside = target.parent / f".{target.name}.{os.getpid()}"
    try:
        rows = _write(beside, records, schema(book))
        if before is not None and rows < before.rows:
            raise different(target)
        new = before is None or rows > before.rows
        if new:
            beside.replace(target)
            _settle(target.parent)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return Written(target, rows, target.stat().st_size, new)


def _write(path: Path, records: Iterable[Record], under: pa.Schema) -> int:
    rows = 0
    with path.open("xb") as file:
        with pq.ParquetWriter(
            file,
            under,
            version="2.6",
            compression="zstd",
            compression_level=_LEVEL,
            use_dictionary=REPEATED,
            column_encoding=_SPLIT,
            write_page_checksum=True,
        ) as writer:
            for group in _groups(records):
                writer.write_batch(batch_of(group, under), row_group_size=GROUP)
                rows += len(group)
        file.flush()
        os.fsync(file.fileno())
    return rows


def _groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    stream = iter(records)
    while group := list(islice(stream, GROUP)):
        yield group


def _settle(folder: Path) -> None:
    """A name, too, survives a power cut only once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
