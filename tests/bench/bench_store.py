"""Observations a second through Store.append, beside the bare sqlite3 driver with the same columns, in the same run.

Then the same without their evidence, for what it costs in time and space.

python tests/bench/bench_store.py [--rows 200000] [--batch 1000] [--probes 200] [--url URL]
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.observation import Certificate, Observation, Phases
from monitor.store import open_store, upgrade
from monitor.store.codes import Dictionaries
from monitor.store.observations import row_of
from monitor.store.tables import observations

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
EXCERPT_EVERY = 1000  # answers: a change of state is rare
CATALOGUE_EVERY = timedelta(hours=5)


def answers(rows: int, probes: int) -> Iterator[Observation]:
    """A minute of all probes after another, as a country is asked; every answer with all its evidence."""
    ms, dice = timedelta(milliseconds=1), random.Random(1)
    shown = [(f"{n:064x}", START + timedelta(days=n % 90)) for n in range(max(probes * 3 // 5, 1))]
    for n in range(rows):
        minute, probe = divmod(n, probes)
        at = START + timedelta(minutes=minute) + probe * timedelta(minutes=1) / probes
        phases = Phases(*(dice.uniform(0.2, most) * ms for most in (9, 15, 40, 120, 9)))
        yield Observation(
            f"ent-{probe}/login",
            "local",
            at,
            dice.uniform(20, 200) * ms,
            phases=phases,
            http_status=200,
            address=f"192.0.2.{probe % 250}",
            bytes_read=30_000 + probe,
            final_host=f"cas-{probe}.example.org" if probe % 3 == 0 else None,
            marker=f"expect/{probe % 20}" if probe % 4 == 0 else None,
            certificate=Certificate(*shown[probe % len(shown)]),  # a new one each time, as a client makes it
            clock_offset=timedelta(seconds=dice.choice((0, 0, 0, 1, -1))) if probe % 5 else None,
            catalogue=f"{(at - START) // CATALOGUE_EVERY:016x}",
            excerpt="x" * 400 if n % EXCERPT_EVERY == 0 else None,
        )


def without_evidence(one: Observation) -> Observation:
    return replace(
        one, final_host=None, marker=None, certificate=None, clock_offset=None, catalogue="", excerpt=None
    )  # fmt: skip


def race(url: str, bare_path: Path, batches: list[list[Observation]]) -> tuple[float, float]:
    """Seconds of Store.append and of the bare driver, batch by batch in turn: what else the machine does hits both."""
    codes = Dictionaries()
    for target in (url, f"sqlite:///{bare_path}"):
        upgrade(target, "rehearsal", START)
    store, bare = open_store(url, kind="rehearsal"), sqlite3.connect(bare_path, isolation_level=None)
    with store._engine.begin() as connection:
        codes.load(connection)
    rows = [[row_of(one, codes) for one in batch] for batch in batches]
    bare.execute("PRAGMA synchronous=FULL")
    insert = f"INSERT INTO observations VALUES ({', '.join('?' * len(observations.columns))}) ON CONFLICT DO NOTHING"
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


def measure(given: list[Observation], batch: int, url: str | None) -> Iterator[str]:
    """Lines of one race."""
    batches = [given[n : n + batch] for n in range(0, len(given), batch)]
    with tempfile.TemporaryDirectory() as folder:
        store_file, bare_file = Path(folder) / "store.db", Path(folder) / "bare.db"
        store_s, bare_s = race(url or f"sqlite:///{store_file}", bare_file, batches)
        size = store_file.stat().st_size if not url else 0
    yield f"Store.append            {len(given) / store_s:10,.0f} observations/s"
    yield f"sqlite3.executemany     {len(given) / bare_s:10,.0f} rows/s"
    yield f"ratio                   {bare_s / store_s:10.2f}"
    if size:
        yield f"on disk                 {size / len(given):10.1f} bytes a row (with schema, dictionaries and excerpts)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--probes", type=int, default=200)
    parser.add_argument("--url", help="an empty database instead of a temporary SQLite file")
    chosen = parser.parse_args()
    given = list(answers(chosen.rows, chosen.probes))
    lines = ["with all evidence", *measure(given, chosen.batch, chosen.url)]
    if not chosen.url:
        lines += ["without any", *measure([without_evidence(one) for one in given], chosen.batch, None)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
