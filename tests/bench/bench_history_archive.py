"""What a cold day costs: bytes a row of its Parquet file, processor of sealing and archiving, speed of reading it back.

Days of growing size (a probe a minute, so 1,440 rows a probe), and the extrapolation to a whole France: 10,000 probes,
15 million rows, which must not take more than 200 MB. Reading from SQLite is measured on a smaller day.

VIGIE_BENCH_ROWS=1000000,10000000 python tests/bench/bench_history_archive.py
"""

import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench_store import answers

from monitor.archive.reading import read
from monitor.archive.writing import write_day
from monitor.domain.record import Record
from monitor.nightwork import work
from monitor.reports.digests import Digests
from monitor.store import open_reader, open_store, upgrade
from monitor.store.days import bounds

DAY = date(2026, 11, 23)
BEGIN, END = bounds(DAY)
ZERO = int(BEGIN.timestamp()) * 1_000_000
MINUTE = 60_000_000
FRANCE, MOST_MB, AIM = 15_000_000, 200, 10.0
READ_ROWS = 200_000


def day(probes: int) -> Iterator[Record]:
    """A day of probes asked every minute, in the order of its stream.

    Latencies are log-normal around what is usual for each probe (15 % for a connection, 30 % for a page); one answer in
    200 is bad; a start is late by some 2 ms; certificates, addresses and markers are a probe's own for the whole day.
    """
    dice = random.Random(1)
    names = sorted(f"ent-{n:05d}/login" for n in range(probes))
    about = {name: _Usual(dice, n) for n, name in enumerate(names)}
    for hour in range((END - BEGIN) // timedelta(hours=1)):
        for name in names:
            for minute in range(60):
                yield about[name].answer(dice, name, ZERO + (hour * 60 + minute) * MINUTE)


class _Usual:
    """What a probe usually answers."""

    def __init__(self, dice: random.Random, number: int) -> None:
        self.phase = dice.randrange(MINUTE)
        self.medians = [math.exp(dice.gauss(math.log(us), 0.6)) for us in (1_500, 9_000, 22_000, 90_000, 1_500)]
        self.size = dice.randrange(4_000, 90_000)
        self.address = f"192.0.{number // 250 % 250}.{number % 250}"
        self.certificate = f"{dice.getrandbits(256):064x}"
        self.not_after = ZERO + dice.randrange(90 * 86_400) * 1_000_000
        self.host = f"cas-{number}.example.org" if number % 3 == 0 else None
        self.issuer = dice.choice(("R10", "R11", "E5", "Certigna Services CA"))

    def answer(self, dice: random.Random, name: str, minute: int) -> Record:
        phases = [
            round(median * math.exp(dice.gauss(0, spread)))
            for median, spread in zip(self.medians, (0.3, 0.15, 0.15, 0.3, 0.3), strict=True)
        ]
        bad = dice.random() < 0.005
        failure, health = ("exchange/server_error", "down") if bad else (None, "up")
        took = sum(phases) + round(abs(dice.gauss(300, 60)))
        at = minute + self.phase + round(abs(dice.gauss(2_000, 800)))
        size = self.size + (dice.randrange(40) if dice.random() < 0.3 else 0)
        return Record(
            at, "local", name.partition("/")[0], name, health, failure, took, *phases, 503 if bad else 200,
            self.address, size, self.host, None, "HTTP 503" if bad else None, self.certificate, self.not_after,
            self.issuer, dice.choice((0, 0, 0, 0, 1)), "0123456789abcdef",
        )  # fmt: skip


def measure(rows: int, folder: Path) -> tuple[float, float]:
    """Write, seal and read back a day; bytes a row and µs of processor a row to seal and archive it."""
    probes = max(rows // 1_440, 1)
    began = time.process_time()
    made = sum(1 for _ in day(probes))
    making_s = time.process_time() - began
    began, digests = time.process_time(), Digests(DAY)
    written = write_day(folder, DAY, digests.through(day(probes)), "bench")
    took_s = time.process_time() - began - making_s
    began = time.process_time()
    assert sum(1 for _ in read(written.path, BEGIN, END)) == made
    back_s = time.process_time() - began
    began = time.process_time()
    one = len(list(read(written.path, BEGIN, END, ["ent-00007/login"])))
    one_s = time.process_time() - began
    sys.stdout.write(
        f"{written.rows:12,} rows: {written.size / written.rows:5.2f} bytes a row, {written.size / 1e6:,.1f} MB; sealed "
        f"and archived {written.rows / took_s:,.0f} rows/s of processor; read back {written.rows / back_s:,.0f} rows/s; "
        f"one probe ({one} rows) {one_s * 1000:,.0f} ms\n"
    )
    return written.size / written.rows, took_s / written.rows * 1e6


def from_the_measures(folder: Path) -> float:
    """µs of processor a row of the whole night's work: read from SQLite, sealed, archived."""
    url = f"sqlite:///{folder}/vigie.db"
    upgrade(url, "rehearsal", BEGIN)
    with closing(open_store(url, kind="rehearsal")) as store:
        given = list(answers(READ_ROWS, READ_ROWS // 700))
        for place in range(0, len(given), 5_000):
            store.append(given[place : place + 5_000])
    with closing(open_reader(url)) as reader:
        began = time.process_time()
        for _ in work(reader, folder / "archive", datetime.max.replace(tzinfo=BEGIN.tzinfo) - timedelta(days=900)):
            pass
        return (time.process_time() - began) / READ_ROWS * 1e6


def main() -> int:
    sizes = [int(one) for one in os.environ.get("VIGIE_BENCH_ROWS", "1000000,10000000").split(",")]
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            size, us = measure(rows, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        night_us = from_the_measures(Path(folder))
    sys.stdout.write(
        f"{FRANCE:12,} rows (extrapolated): {size * FRANCE / 1e6:,.0f} MB (at most {MOST_MB}), {us * FRANCE / 1e6:,.0f} s "
        f"of processor to seal and archive, {night_us * FRANCE / 1e6:,.0f} s with reading them from SQLite\n"
    )
    return 0 if size <= AIM and size * FRANCE / 1e6 <= MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
