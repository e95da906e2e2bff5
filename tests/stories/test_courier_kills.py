"""kill -9 at every step of telling: nothing is lost, and what arrives twice was on its way at a kill.

`make chaos CHAOS_KILLS=1000` for many; `VIGIE_CHAOS_TELLING_KILLS` for these alone.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from monitor.alerting.gateways import reference
from monitor.store import check, open_reader
from tests.prepared import prepared
from tests.stories.courier_life import PEOPLE, STEPS

ROOT = Path(__file__).parents[2]
KILLED = 9


class Observer:
    """A real SMTP server, on a thread of its own, that counts what it has accepted."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        listening = self._loop.create_server(lambda: SMTP(self, hostname="localhost"), "127.0.0.1", 0)
        self._server = self._loop.run_until_complete(listening)
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def close(self) -> None:
        """Hear out whoever speaks still, then close. May be repeated."""
        if not self._loop.is_closed():
            self._server.close()
            talking = asyncio.run_coroutine_threadsafe(self._hear_out(), self._loop)
            talking.result(60)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(60)
            self._loop.close()

    async def _hear_out(self) -> None:
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=30)

    async def handle_DATA(self, server, session, envelope) -> str:
        letter = message_from_bytes(envelope.content, policy=default)
        with self._lock:
            self.accepted.append((str(letter["X-Telling"]), letter.get_content()))
        return "250 OK"


@pytest.fixture
def observer() -> Iterator[Observer]:
    seen = Observer()
    yield seen
    seen.close()


class Lives:
    """Lives one after the other, each begun where the one before was killed."""

    def __init__(self, url: str, port: int) -> None:
        self._url, self._port = url, port
        command = [sys.executable, "-m", "tests.stories.courier_life"]
        pipe = subprocess.PIPE
        self._nursery = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)

    def one(self, step: str, draw: random.Random, events: int) -> int:
        """How it ended: `KILLED`, or 0 for a natural end."""
        nth = draw.randint(1, 2 if step in {"detect", "commit"} else 4)
        order = {"url": self._url, "port": self._port, "step": step, "nth": nth, "events": events}
        order["after_s"] = draw.random() * 0.12
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def close(self) -> None:
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(60)


def in_flight(url: str) -> int:
    with closing(open_reader(url)) as reader:
        return sum(one.claimed_until is not None for one in reader.tellings("queued"))


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_kill_9_at_every_step_of_telling(database_url: str, observer: Observer, capsys) -> None:
    prepared(database_url, "real", datetime.now(UTC))
    wanted = int(os.environ.get("VIGIE_CHAOS_TELLING_KILLS", os.environ.get("VIGIE_CHAOS_KILLS", "10")))
    draw, kills, flying, attempts = random.Random(20210406), Counter[str](), 0, 0
    lives = Lives(database_url, observer.port)
    while kills.total() < wanted:
        step = STEPS[attempts % len(STEPS)]
        attempts += 1
        ended = lives.one(step, draw, events=2)
        assert ended in {0, KILLED}
        if ended == KILLED:
            kills[step] += 1
            flying += in_flight(database_url)
        assert attempts < 3 * wanted + 30
    assert lives.one("never", draw, events=2) == 0
    lives.close()
    observer.close()
    lost, twice, told = verify(database_url, observer)
    with capsys.disabled():
        spread = ", ".join(f"{name} {count}" for name, count in kills.items())
        print(  # noqa: T201 -- the figures are what this is for
            f"\n{database_url.partition(':')[0]}: {kills.total()} SIGKILL ({spread}); {told} messages, {lost} lost, "
            f"{twice} accepted twice, {flying} on their way at the kills"
        )
    assert lost == 0
    assert twice <= flying
    assert check(database_url) == ()


def verify(url: str, seen: Observer) -> tuple[int, int, int]:
    """How many messages are lost, how many copies too many arrived, how many there were."""
    with closing(open_reader(url)) as reader:
        rows = {one.id: one for one in reader.tellings()}
    assert len(rows) % len(PEOPLE) == 0
    assert {one.state for one in rows.values()} <= {"sent", "merged"}
    count = Counter(name for name, _ in seen.accepted)
    said = dict(seen.accepted)
    for name, body in seen.accepted:  # whoever gets it twice can see that it is one
        assert re.search(r"Réf\.\s(\S+)", body)[1] == reference(name)  # type: ignore[index]
    lost = 0
    for one in rows.values():
        end = f"{one.incident}/{one.subscription}/closed"
        together = one.state == "merged" and f"«\u00a0{one.title}\u00a0»" in said.get(end, "")
        lost += not (count[one.id] or together)
    first = {name: place for place, (name, _) in reversed(list(enumerate(seen.accepted)))}
    for name, place in first.items():
        begin = name.replace("/closed", "/opened")
        assert first.get(begin, place) <= place  # never an end before its beginning
    return lost, sum(times - 1 for times in count.values()), len(rows)
