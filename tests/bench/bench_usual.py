"""What closing hours and learning what is usual costs the writer, step by step, beside 10,000 probes.

python tests/bench/bench_usual.py [--probes 10000] [--answers 85] [--days 28] [--url URL]
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.observation import Observation
from monitor.domain.policy import Policy
from monitor.domain.sketch import Sketch
from monitor.domain.usual import Usual, heard
from monitor.store import Store, open_store, upgrade
from monitor.store.derived_tables import probe_hours
from monitor.store.upsert import replace
from monitor.usuals import PROBES_A_STEP

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
LEARNING = 60  # steps of learning that are measured
T = TypeVar("T")


@dataclass
class Timed:
    """How long each of many steps took."""

    took_ms: list[float] = field(default_factory=list)

    def __call__(self, call: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = call()
        self.took_ms.append((time.perf_counter() - began) * 1000)
        return result

    def line(self, name: str) -> str:
        ordered = sorted(self.took_ms)
        p95 = ordered[int(len(ordered) * 0.95)]
        return f"{name:28} {len(ordered):6} steps  p50 {ordered[len(ordered) // 2]:7.1f} ms  p95 {p95:7.1f} ms  sum {sum(ordered) / 1000:6.1f} s"


def hour_of(probes: int, answers: int) -> Iterator[list[Observation]]:
    """An hour of answers, as the country is asked: one of each probe after the other."""
    dice = random.Random(1)
    for n in range(answers):
        at = EIGHT + n * timedelta(hours=1) / answers
        yield [
            Observation(f"ent-{k}/login", "local", at + timedelta(microseconds=k), timedelta(milliseconds=dice.lognormvariate(5.3, 0.4)))
            for k in range(probes)
        ]  # fmt: skip


def close(store: Store) -> Timed:
    timed, after = Timed(), 0
    while after is not None:
        step = after
        after = timed(lambda step=step: store.close_part(EIGHT, step, lambda _, __: True))
    return timed


def learn(store: Store, probes: int, days: int) -> Timed:
    """Weeks of hours, as they are kept, of as many probes as are looked at; then the steps of learning."""
    looked_at = min(probes, LEARNING * PROBES_A_STEP)
    dice = random.Random(2)
    blobs = [Sketch.of(timedelta(milliseconds=dice.lognormvariate(5.3, 0.4)) for _ in range(60)).encode() for _ in range(200)]  # fmt: skip
    first, hour = int(EIGHT.timestamp()) // 3600 - days * 24, 0
    with store._engine.begin() as connection:
        for hour in range(first, first + days * 24):
            rows = [
                {"series": number, "hour": hour, "in_school": 7 <= hour % 24 < 17, "sketch": dice.choice(blobs)}
                for number in range(1, looked_at + 1)
            ]
            replace(connection, probe_hours, rows)
    timed = Timed()
    for start in range(0, looked_at, PROBES_A_STEP):
        names = [f"ent-{k}/login" for k in range(start, start + PROBES_A_STEP)]
        timed(lambda names=names: store.renew_usuals(names, "local", EIGHT.date()))
    return timed


def hearing(count: int) -> Timed:
    usual = Usual(EIGHT.date(), 20, 9000, timedelta(milliseconds=200), timedelta(milliseconds=300))
    said, policy, timed = next(hour_of(count, 1)), Policy(), Timed()
    for _ in range(20):
        timed(lambda: [heard(one, usual, policy) for one in said])
    return timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=85)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--url", help="an empty database instead of a temporary SQLite file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{folder}/vigie.db"
        upgrade(url, "rehearsal", EIGHT)
        store = open_store(url, kind="rehearsal")
        for batch in hour_of(chosen.probes, chosen.answers):
            store.append(batch)
        lines = [
            close(store).line("closing an hour"),
            learn(store, chosen.probes, chosen.days).line(f"learning, {PROBES_A_STEP} probes a step"),
            hearing(850).line("850 answers heard"),
        ]
        store.close()
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
