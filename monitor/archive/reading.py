"""A day's Parquet file → records, in the order of their stream, only as much as was asked for."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monitor.archive.columns import BOOK, FIELDS, INSTANT, RECORD_VERSION, records_of
from monitor.archive.place import damaged
from monitor.domain.record import VERSION, Record

_AT, _PROBE = (next(n for n, field in enumerate(FIELDS) if field.name == name) for name in ("at", "probe"))
_BATCH = 1 << 14


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    rows: int
    book: str


def about(path: Path) -> About:
    """What is known of a file without reading its rows. Raises ArchiveTrouble, OSError."""
    with _opened(path) as file:
        return About(file.metadata.num_rows, file.schema_arrow.metadata[BOOK].decode())


def read(path: Path, since: datetime, until: datetime, probes: Collection[str] | None = None) -> Iterator[Record]:
    """The records of a file with since <= at < until, of these probes or of all, in the order of their stream.

    Only groups of rows in which they may be are read, one at a time. Raises ArchiveTrouble, OSError.
    """
    wanted = None if probes is None else sorted(set(probes))
    with _opened(path) as file:
        groups = [number for number in range(file.num_row_groups) if _may_hold(file, number, since, until, wanted)]
        for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups):
            yield from records_of(_chosen(batch, since, until, wanted))


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with path.open("rb") as source, pq.ParquetFile(source, page_checksum_verification=True) as file:
            said = file.schema_arrow.metadata or {}
            if said.get(RECORD_VERSION) != str(VERSION).encode() or BOOK not in said:
                raise damaged(path)
            if not file.schema_arrow.equals(pa.schema(FIELDS)):
                raise damaged(path)
            yield file
    except pa.ArrowException:
        raise damaged(path) from None
    except OSError as trouble:
        if trouble.errno is not None:  # the system's; what pyarrow finds wrong with a page has no number
            raise
        raise damaged(path) from None


def _may_hold(
    file: pq.ParquetFile, number: int, since: datetime, until: datetime, wanted: Sequence[str] | None
) -> bool:
    group = file.metadata.row_group(number)
    at, probe = group.column(_AT).statistics, group.column(_PROBE).statistics
    if at is not None and at.has_min_max and not (at.min < until and at.max >= since):
        return False
    if wanted is None or probe is None or not probe.has_min_max:
        return True
    first = bisect_left(wanted, probe.min)
    return first < len(wanted) and wanted[first] <= probe.max


def _chosen(batch: pa.RecordBatch, since: datetime, until: datetime, wanted: Sequence[str] | None) -> pa.RecordBatch:
    at = batch.column(_AT)
    mask = pc.and_(pc.greater_equal(at, pa.scalar(since, INSTANT)), pc.less(at, pa.scalar(until, INSTANT)))
    if wanted is not None:
        mask = pc.and_(mask, pc.is_in(batch.column(_PROBE), value_set=pa.array(wanted, pa.string())))
    return batch.filter(mask)
