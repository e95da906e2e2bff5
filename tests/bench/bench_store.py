"""Observations a second through Store.append, beside the bare sqlite3 driver with the same columns, in the same run.

python tests/bench/bench_store.py [--rows 200000] [--batch 1000] [--probes 1000] [--url URL]
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.observation import Observation, Phases
from monitor.store import open_store, upgrade
from monitor.store.codes import series_codes, word_codes
from monitor.store.observations import row_of

START = datetime(2026, 11, 23, 6, tzinfo=UTC)


def answers(rows: int, probes: int) -> Iterator[Observation]:
    """A minute of all probes after another, as a country is asked."""
    ms = timedelta(milliseconds=1)
    phases = Phases(3.1 * ms, 9.8 * ms, 21 * ms, 80.2 * ms, 4 * ms)
    for n in range(rows):
        minute, probe = divmod(n, probes)
        at = START + timedelta(minutes=minute) + probe * timedelta(minutes=1) / probes
        yield Observation(
            f"ent-{probe}/login", "local", at, 118.1 * ms, None, phases, 200, f"192.0.2.{probe % 250}", 30_000 + probe
        )


def race(url: str, bare_path: Path, batches: list[list[Observation]]) -> tuple[float, float]:
    """Seconds of Store.append and of the bare driver, batch by batch in turn: what else the machine does hits both."""
    words, series = word_codes(), series_codes()
    words._next = series._next = 1
    rows = [[row_of(one, series, words) for one in batch] for batch in batches]
    for target in (url, f"sqlite:///{bare_path}"):
        upgrade(target, "rehearsal", START)
    store, bare = open_store(url, kind="rehearsal"), sqlite3.connect(bare_path, isolation_level=None)
    bare.execute("PRAGMA synchronous=FULL")
    insert = f"INSERT INTO observations VALUES ({', '.join('?' * 14)}) ON CONFLICT DO NOTHING"
    store_s = bare_s = 0.0
    for batch, columns in zip(batches, rows, strict=True):
        began = time.perf_counter()
        store.append(batch)
        between = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(insert, columns)
        bare.execute("COMMIT")
        store_s, bare_s = store_s + between - began, bare_s + time.perf_counter() - between
    bare.close()
    store.close()
    return store_s, bare_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--probes", type=int, default=1000)
    parser.add_argument("--url", help="an empty database instead of a temporary SQLite file")
    chosen = parser.parse_args()
    given = list(answers(chosen.rows, chosen.probes))
    batches = [given[n : n + chosen.batch] for n in range(0, len(given), chosen.batch)]
    with tempfile.TemporaryDirectory() as folder:
        store_file, bare_file = Path(folder) / "store.db", Path(folder) / "bare.db"
        store_s, bare_s = race(chosen.url or f"sqlite:///{store_file}", bare_file, batches)
        size = store_file.stat().st_size if not chosen.url else 0
    lines = [
        f"Store.append            {chosen.rows / store_s:10,.0f} observations/s",
        f"sqlite3.executemany     {chosen.rows / bare_s:10,.0f} rows/s",
        f"ratio                   {bare_s / store_s:10.2f}",
    ]
    if size:
        lines.append(f"on disk                 {size / chosen.rows:10.1f} bytes a row (with schema and dictionaries)")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
