"""kill -9 in the middle of writing: nothing that was committed is lost, nothing is half there."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import check, open_store
from tests.prepared import prepared

BATCH = 40  # as in appender.py
ROOT = Path(__file__).parents[2]


@pytest.mark.chaos
def test_kill_9(database_url: str, now: datetime) -> None:
    prepared(database_url, "real", now)
    draw = random.Random(20210406)
    said = -1
    few = 3 if database_url.startswith("sqlite") else 2
    for _ in range(int(os.environ.get("VIGIE_CHAOS_KILLS", few))):
        said = _killed_while_writing(database_url, now, said + 2, draw.randint(3, 40), draw.random() * 0.02)
        assert check(database_url) == ()
        _verify(database_url, now, said)


def _killed_while_writing(url: str, now: datetime, first: int, lines: int, grace_s: float) -> int:
    """Number of the last batch that a monitor, killed some time after its `lines`-th batch, said was committed."""
    command = [sys.executable, Path(__file__).with_name("appender.py"), url, now.isoformat(), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as child:
        assert child.stdout is not None
        said = [int(child.stdout.readline()) for _ in range(lines)]
        try:
            child.wait(grace_s)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        said += [int(line) for line in child.stdout if line.endswith("\n")]
    assert child.returncode == -signal.SIGKILL
    return said[-1]


def _verify(url: str, now: datetime, said: int) -> None:
    """All that was said is there; of the batch under way, all or nothing."""
    store = open_store(url, kind="real")
    with store._writing() as connection:
        rows = connection.exec_driver_sql("SELECT at FROM observations").scalars().all()
        excerpts = connection.exec_driver_sql("SELECT at FROM excerpts").scalars().all()
        gaps = connection.exec_driver_sql("SELECT until, slots FROM gaps").all()
        spans = connection.exec_driver_sql("SELECT since FROM spans").scalars().all()
        last = int(bytes(connection.exec_driver_sql("SELECT json FROM snapshots").scalar_one()))
    verdicts = store.state().verdicts
    store.close()
    start = int(now.timestamp()) * 1_000_000 + now.microsecond
    batches, saved = (Counter((at - start) // 1000 for at in found) for found in (rows, spans))
    assert set(batches.values()) == set(saved.values()) == {BATCH}
    assert max(batches) in {said, said + 1}
    assert sorted(excerpts) == sorted(rows)
    assert [tuple(one) for one in gaps] == [(start + max(batches) * 1000, max(batches))]
    # What was saved together is together: snapshot, spans and verdicts speak of the same batch.
    assert last == max(saved)
    assert {verdict.last_at for verdict in verdicts} == {now + timedelta(milliseconds=last)}
    assert said <= last <= max(batches)
