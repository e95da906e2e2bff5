"""What exporting observations costs: memory, rows a second, bytes a row, in each format. Run by `make bench`; never asserts.

    VIGIE_BENCH_ROWS=10000000 python tests/bench/bench_history_export.py [FORMAT…]

Each format is written in a process of its own, whose greatest memory (ru_maxrss) is printed; made-up records come from a
generator, so that what is measured is the writing. Beside it in the same run a peer: `csv.writer` fed the same values as
they are. The goal is below 200 MB at any number of rows.
XLSX is asked for what one sheet holds, or fewer.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.record import KEYS, Record
from monitor.exports.about import About
from monitor.exports.days import By, Piece, pieces
from monitor.exports.delivery import deliver
from monitor.exports.formats import Dress, Format
from monitor.exports.saving import Order
from monitor.exports.tables import What
from monitor.exports.workbook import MOST_ROWS

ROWS = int(os.environ.get("VIGIE_BENCH_ROWS", "10000000"))
BEGIN, MINUTE = datetime(2026, 11, 22, 23, tzinfo=UTC), 60_000_000
PROBES = 10_000  # a question a minute each: 14.4 million rows a day
DRESSES = {
    "csv": Dress(Format.CSV),
    "raw": Dress(Format.CSV, raw=True),
    "raw.gz": Dress(Format.CSV, raw=True, gzip=True),
    "json": Dress(Format.JSON),
    "parquet": Dress(Format.PARQUET),
    "xlsx": Dress(Format.XLSX),
}


def records(rows: int) -> Iterator[Record]:
    """By hour, then probe, then instant, as the books give them; one in fifty is bad and says why."""
    start = round(BEGIN.timestamp() * 1_000_000)
    for number in range(rows):
        hour, rest = divmod(number, PROBES * 60)
        probe, minute = divmod(rest, 60)
        bad = number % 50 == 0
        took = 60_000 + number * 7919 % 240_000
        yield Record(
            start + (hour * 60 + minute) * MINUTE + probe * 4111 % MINUTE, "local", f"ent-{probe}", f"ent-{probe}/login",
            "waiting" if bad else "up", "content/waiting_room" if bad else None, took, took // 20, took // 10, took // 5,
            took // 2, took // 8, 200, f"192.0.2.{probe % 250}", 20_000 + number % 700, None,
            "waiting_room/tooload" if bad else None, "la page dit « file d’attente »" if bad else None,
            f"{probe % 300:064x}", start + 90 * 24 * 60 * MINUTE, "C=FR, O=Autorité", -1, "309ed31cb792",
        )  # fmt: skip


def ours(name: str, rows: int, folder: Path) -> int:
    about = About(What.OBSERVATIONS, BEGIN, BEGIN + timedelta(days=1), {}, BEGIN, "bench", 1)

    def rows_of(_: Piece) -> Iterator[Record]:
        return records(rows)

    order = Order(about, DRESSES[name], list(pieces(By.PERIOD, about.since, about.until)), rows_of)
    return deliver(folder / "observations", order).bytes


def peer(rows: int, folder: Path) -> int:
    """The values as they are: no instants made readable, nothing made harmless."""
    path = folder / "peer.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(KEYS)
        writer.writerows(records(rows))
    return path.stat().st_size


def nothing(rows: int, _: Path) -> int:
    """What making the records up costs, to be taken from the others."""
    for _record in records(rows):
        pass
    return 0


def child(name: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        ways = {"nothing": nothing, "peer": peer}
        size = ways[name](rows, Path(folder)) if name in ways else ours(name, rows, Path(folder))
        took = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"took_s": took, "bytes": size, "peak_kb": most}) + "\n")


def main(names: list[str]) -> None:
    for name in ["nothing", "peer", *(names or DRESSES)]:
        rows = min(ROWS, MOST_ROWS) if name == "xlsx" else ROWS
        done = subprocess.run(
            [sys.executable, __file__, "--child", name, str(rows)], check=True, capture_output=True, text=True
        )
        said = json.loads(done.stdout)
        line = (
            f"{name:8} {rows:>11,} rows  {rows / said['took_s']:>10,.0f} rows/s  {said['bytes'] / rows:6.1f} bytes/row"
        )
        sys.stdout.write(f"{line}  {said['peak_kb'] / 1024:6.0f} MB at most\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1:])
