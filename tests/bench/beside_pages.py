"""The monitor beside a web process: how punctual it is while nobody visits, and while everybody does.

A program of its own, started by `bench_page.py`: `python beside_pages.py SECONDS`. It says ``quiet`` and ``loaded`` when
each part begins, and then one line of JSON: how late questions started in each (ms: p50, p99, worst), and slots lost.
"""

import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from multiprocessing import Process
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.app import clock
from monitor.loop import new_event_loop
from monitor.store import upgrade
from tests.bench.bench_punctual import EVERY_S, PROBES, WARM_UP_S, country, lost, serve, watch

PARTS = ("quiet", "loaded")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    # Whole rounds, so that every probe has a slot in each part and as many of them.
    each = max(1, round(float(sys.argv[1]) / EVERY_S)) * EVERY_S
    cores = sorted(os.sched_getaffinity(0))
    read, write = os.pipe()
    server = Process(target=serve, args=(cores[-1], lambda: os.write(write, b"1")), daemon=True)
    server.start()
    os.read(read, 1)
    os.sched_setaffinity(0, {cores[0]})
    starts = [WARM_UP_S + place * each for place in range(len(PARTS))]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url, "real", clock())
        began = datetime.now(UTC)
        signs = [(after, lambda name=name: say(name)) for after, name in zip(starts, PARTS, strict=True)]
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            watched, engine = runner.run(watch(url, starts[-1] + each + 1, signs))
        origin, told = engine._pacer._origin, {"probes": PROBES}
        for after, name in zip(starts, PARTS, strict=True):
            late = watched.late_ms(origin, after, after + each)
            since = began + timedelta(seconds=after)
            missing, slots = lost(url, since, since + timedelta(seconds=each), country())
            figures = [late[len(late) // 2], late[int(0.99 * len(late))], late[-1]]
            told[name] = {"late_ms": figures, "lost": missing, "slots": slots}
    server.terminate()
    say(json.dumps(told))


if __name__ == "__main__":
    main()
