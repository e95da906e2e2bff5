"""What remembering costs: ingest, bytes a row, roll-ups, reading years of them, letting go; ratios in one run.

VIGIE_BENCH_ROWS=1000000,10000000 VIGIE_BENCH_PROBES=10000 VIGIE_BENCH_BATCH=50000 VIGIE_BENCH_POSTGRES_URL=postgresql://… \
python tests/bench/bench_history_store.py

Rows are answers with all their evidence, one of each probe a minute; a batch is what the monitor, which commits once a
second, finds waiting at such rates. The database of PostgreSQL is emptied. The peer is
plain Core executemany into a table of the same columns, in the same database, a batch in ten, in turn with the store.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from bench_store import START, answers
from sqlalchemy import Connection, MetaData, insert, select, text

from monitor.domain.answer_tally import Grain
from monitor.domain.observation import Observation
from monitor.store import Store, open_reader, open_store, upgrade
from monitor.store.codec import HOUR_US, micros
from monitor.store.derived_tables import probe_days, probe_hours, probe_slots
from monitor.store.observations import row_of
from monitor.store.tables import observations

ROWS = [int(one) for one in os.environ.get("VIGIE_BENCH_ROWS", "1000000,10000000").split(",")]
PROBES = int(os.environ.get("VIGIE_BENCH_PROBES", "10000"))
BATCH = int(os.environ.get("VIGIE_BENCH_BATCH", "50000"))
POSTGRES = os.environ.get("VIGIE_BENCH_POSTGRES_URL")
DAY_OF_FRANCE = 15_000_000
PROMISED = {"sqlite": 60_000, "postgresql": 80_000}
PEER_EVERY = 10  # batches
T = TypeVar("T")
PEER = observations.to_metadata(MetaData(), name="bench_peer")


@dataclass
class Clocked:
    """How long calls took: on the wall, the longest of them, and in this process's processor."""

    wall_s: float = 0.0
    processor_s: float = 0.0
    steps_ms: list[float] = field(default_factory=list)

    def __call__(self, call: Callable[[], T]) -> T:
        began, processor = time.perf_counter(), time.process_time()
        result = call()
        took = time.perf_counter() - began
        self.wall_s, self.processor_s = self.wall_s + took, self.processor_s + time.process_time() - processor
        self.steps_ms.append(took * 1000)
        return result

    @property
    def steps(self) -> str:
        ordered = sorted(self.steps_ms)
        return f"{len(ordered)} steps, p50 {ordered[len(ordered) // 2]:.0f} ms, longest {ordered[-1]:.0f} ms"


def batches(rows: int) -> Iterator[list[Observation]]:
    source = answers(rows, PROBES)
    while batch := list(islice(source, BATCH)):
        yield batch


def ingest(store: Store, rows: int) -> Iterator[str]:
    """Lines of ingest; what it cost at first and at last says how it grows."""
    took, peer, marks = Clocked(), Clocked(), list[tuple[int, float]]()
    done = peers = 0
    for number, batch in enumerate(batches(rows)):
        took(lambda batch=batch: store.append(batch))
        done += len(batch)
        marks.append((done, took.wall_s))
        if number % PEER_EVERY == 0:
            with store._engine.begin() as connection:
                store._codes.load(connection)
                named = [
                    dict(zip(observations.columns.keys(), row_of(one, store._codes), strict=True)) for one in batch
                ]
            peer(lambda named=named: core(store, named))
            peers += len(batch)
    rate, beside = done / took.wall_s, peers / peer.wall_s
    tenth = max(len(marks) // 10, 1)
    first, last = marks[tenth - 1][0] / marks[tenth - 1][1], 0.0
    if len(marks) > tenth:
        (before, since), (after, until) = marks[-tenth - 1], marks[-1]
        last = (after - before) / (until - since)
    promised = PROMISED[store._engine.dialect.name]
    yield f"Store.append        {rate:10,.0f} observations/s (promised {promised:,}); {took.steps}"
    yield f"  first tenth       {first:10,.0f}   last tenth {last:,.0f}   processor of this process {took.processor_s / done * 1e6:.2f} µs each"
    yield f"plain Core          {beside:10,.0f} rows/s; the store is {rate / beside:.1f} times as fast"


def core(store: Store, rows: list[dict[str, object]]) -> None:
    with store._engine.begin() as connection:
        connection.execute(insert(PEER), rows)


def size_of(connection: Connection, *names: str) -> int:
    """Bytes of tables, with their indexes and partitions."""
    if connection.dialect.name == "sqlite":
        marks = ", ".join(f"'{name}'" for name in names)
        return connection.scalar(text(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})")) or 0
    parts = "SELECT inhrelid FROM pg_inherits WHERE inhparent = '{0}'::regclass UNION SELECT '{0}'::regclass"
    sizes = (f"SELECT sum(pg_total_relation_size(oid)) FROM ({parts.format(name)}) AS p(oid)" for name in names)
    return sum(int(connection.scalar(text(one)) or 0) for one in sizes)


def raw_size(store: Store, rows: int) -> Iterator[str]:
    with store._engine.begin() as connection:
        each = size_of(connection, "observations") / rows
    yield f"raw row             {each:10.1f} bytes with its index (promised 80 on SQLite); a day of {DAY_OF_FRANCE:,}: {each * DAY_OF_FRANCE / 1e9:.2f} GB (promised 1.20 on SQLite)"


def roll_up(store: Store, rows: int) -> Iterator[str]:
    """Every hour and the day that is over, by small steps."""
    hours, days = Clocked(), Clocked()
    while (hour := store.open_hour()) is not None:
        after: int | None = 0
        while after is not None:
            after = hours(lambda hour=hour, after=after: store.close_part(hour, after, lambda _, __: True))
    after = 0
    while after is not None:  # as if it were over
        after = days(lambda after=after: store.close_day_part(START.date(), after))
    each = (hours.processor_s + days.processor_s) / rows
    whole = each * DAY_OF_FRANCE
    yield f"roll-up             {each * 1e6:10.2f} µs of processor an answer; a day of {DAY_OF_FRANCE:,}: {whole:,.0f} s, {whole / 864:.2f} % of a core (promised 3)"
    yield f"  hours             {hours.steps}"
    yield f"  days              {days.steps}"
    with store._engine.begin() as connection:
        kept = connection.scalar(text("SELECT count(*) FROM probe_slots")) or 1
        hourly, slots = size_of(connection, "probe_hours") / kept, size_of(connection, "probe_slots") / kept
    yield f"  kept for ever     {hourly:.0f} bytes an hour of a probe, {slots:.0f} by five minutes; a year of 10,000 probes {(hourly + slots) * 8760e4 / 1e9:.1f} GB"


def years(store: Store, url: str) -> Iterator[str]:
    """Three years of four probes, each hour, slot and day the same as one that was rolled up; read as a page would."""
    with store._engine.begin() as connection:
        numbers = [1, 2, 3, 4]
        hour, packed = (
            connection.execute(select(one).where(one.c.series == 1)).first() for one in (probe_hours, probe_slots)
        )
        for back in range(1, 3 * 366):
            day = micros(START) // HOUR_US // 24 - back
            tally = {"sketch": hour.sketch, "counts": hour.counts, "in_school": True}
            connection.execute(insert(probe_days), [{"series": one, "day": day, **tally} for one in numbers])
            within = [day * 24 + part for part in range(24)]
            connection.execute(
                insert(probe_hours), [{"series": one, "hour": at, **tally} for one in numbers for at in within]
            )
            connection.execute(
                insert(probe_slots),
                [{"series": one, "hour": at, "slots": packed.slots} for one in numbers for at in within],
            )
    names = [f"ent-{number}/login" for number in range(4)]
    with closing(open_reader(url)) as reader:
        for name, grain, days in (
            ("three years by day", Grain.DAY, 3 * 365),
            ("a year by day", Grain.DAY, 365),
            ("a year by hour", Grain.HOUR, 365),
            ("a week by five minutes", Grain.FIVE_MINUTES, 7),
        ):
            clocked = Clocked()
            for _ in range(5):
                found = clocked(
                    lambda grain=grain, days=days: reader.answers_by(
                        grain, names, START - timedelta(days=days + 1), START - timedelta(days=1)
                    )
                )
            yield f"  {name:22} of 4 probes: {len(found):,} tallies, {clocked.steps}"


def let_go(store: Store, rows: int) -> Iterator[str]:
    """All that may go, as the monitor does it."""
    with store._engine.begin() as connection:  # as if all days were over
        connection.execute(text("UPDATE book SET value = '99999' WHERE key = 'days_closed_before'"))
    clocked, before = Clocked(), (START + timedelta(days=400)).date()
    more = True
    while more:
        more = clocked(lambda: store.let_go(before))
    yield f"letting go          {rows / clocked.wall_s:10,.0f} rows/s; {clocked.steps}"


def measured(url: str, rows: int) -> Iterator[str]:
    upgrade(url, "rehearsal", START)
    with closing(open_store(url, kind="rehearsal")) as store:
        for ahead in range(0, rows // PROBES // 1440 + 1, 7):
            store.make_room(START + timedelta(days=ahead))
        with store._engine.begin() as connection:
            PEER.create(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(text("CREATE TABLE bench_peer_all PARTITION OF bench_peer DEFAULT"))
        for part in (
            ingest(store, rows),
            raw_size(store, rows),
            roll_up(store, rows),
            let_go(store, rows),
            years(store, url),
        ):
            yield from part


def emptied(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as server:
        for schema in ("measures", "desk"):
            server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    return url


def main() -> None:
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            places = [f"sqlite:///{folder}/vigie.db", *([emptied(POSTGRES)] if POSTGRES else [])]
            for url in places:
                sys.stdout.write(
                    f"== {url.partition(':')[0]}, {rows:,} rows, {PROBES:,} probes, batches of {BATCH:,}\n"
                )
                for line in measured(url, rows):
                    sys.stdout.write(f"{line}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
