"""The real program, broken in nine parts, and whoever waits outside for its heartbeats: time is scaled by settings.

`make chaos` prints the table: what was broken, and after how many seconds of scenario time the alarm was raised.
"""

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import dns.message
import pytest

from monitor.domain.vitals import PATIENCE, PERIOD, Vital
from monitor.reports import current
from tests.prepared import prepared
from tests.stories.outside import GRACE_S, PERIOD_S, Outside, alarms, outside
from tests.stories.street import Street, catalogue, environment, until, vigie
from tests.stories.test_processes import Gateway
from tests.stories.test_watchman import PARTS, UNTIL, books, url, worst_moment
from tests.stories.tower import tower

__all__ = ["books", "url"]  # fixtures
OPERATOR = "{id: exploitant, role: operator, to_env: VIGIE_OPERATOR_URL}"
EVERY_S = 6.0
SCALE = PERIOD_S / EVERY_S
WITHIN_S = 300.0
MIGRATING = threading.Lock()  # migrations know one database at a time

# What a signal makes of a loop that somebody blocks: nothing on it turns for an hour.
STALLED = """
import asyncio, signal, time
from monitor import app
async def main(stop):
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, time.sleep, 3600)
    await app.monitor(app.settings(), stop)
app.until_told_to_stop(main)
"""


class Names:
    """A name server on loopback that answers everything with nothing, until it is told to swallow it."""

    def __init__(self) -> None:
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                asked, whom = self._socket.recvfrom(4096)
                if not self.silent:
                    self._socket.sendto(dns.message.make_response(dns.message.from_wire(asked)).to_wire(), whom)

    def close(self) -> None:
        self._socket.close()


@dataclass
class Scene:
    """One Vigie of its own: its street, its name server, its gateway, and who waits outside."""

    folder: Path
    street: Street
    names: Names
    outside: Outside
    every_s: float = EVERY_S
    process: "subprocess.Popen[str]" = field(init=False)
    held: sqlite3.Connection | None = None

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/vigie.db"

    def environment(self, gateway: str) -> dict[str, str]:
        config = catalogue(self.street, self.folder, subscription=OPERATOR)
        said = {"VIGIE_HEARTBEAT_URL": self.outside.url, "VIGIE_HEARTBEAT_EVERY_S": str(self.every_s)}
        said |= {"VIGIE_RESOLVERS": self.names.address, "VIGIE_OPERATOR_URL": gateway, "VIGIE_DRILL_AT": "00:00"}
        return environment(config, self.url, **said)

    def children(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for one in found for pid in one.read_text().split()]


@contextmanager
def scene(folder: Path, every_s: float = EVERY_S) -> Iterator[Scene]:
    names = Names()
    with Street(6) as street, outside(time.monotonic) as watcher:
        one = Scene(folder, street, names, watcher, every_s)
        with MIGRATING:
            prepared(one.url, "real", datetime.now(UTC))
        yield one
    names.close()


@pytest.fixture
def gateway() -> Iterator[str]:
    with Gateway() as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{one.server_port}/"
        one.shutdown()


def drill_arrived(url: str) -> bool:
    shown = current.snapshot(url)
    return shown is not None and bool((shown.data["vitals"]["drill"] or {}).get("arrived_at"))


def test_it_is_heard_outside_while_its_books_take_what_it_writes(gateway: str, tmp_path: Path) -> None:
    with scene(tmp_path, every_s=2) as one, vigie("monitor", env=one.environment(gateway), cwd=tmp_path) as one.process:
        until(lambda: len(one.outside.called) > 1, 60)
        until(lambda: drill_arrived(one.url), 60)
        with sqlite3.connect(tmp_path / "vigie.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            until(lambda: time.monotonic() - one.outside.called[-1] > 4 * one.every_s, 60)
            silent_from = time.monotonic()
            other.execute("ROLLBACK")
        until(lambda: one.outside.called[-1] > silent_from, 60)
        one.process.terminate()
        errors = one.process.communicate(timeout=60)[1]
    assert "Rien n’a pu être écrit au registre" in errors
    assert "s3cret" not in errors


def freeze_whatever_sends(one: Scene) -> None:
    """Each child is frozen as it comes: Vigie starts it anew, and must not be believed before it answers."""

    def watch() -> None:
        while one.process.poll() is None:
            for pid in one.children():
                with suppress(ProcessLookupError, FileNotFoundError):
                    if "monitor.alerting.child" in Path(f"/proc/{pid}/cmdline").read_text():
                        os.kill(pid, signal.SIGSTOP)
            threading.Event().wait(0.05)

    threading.Thread(target=watch, daemon=True).start()


def lock_the_books(one: Scene) -> None:
    other = sqlite3.connect(one.folder / "vigie.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    one.held = other


def fill_the_disk(one: Scene) -> None:
    resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def silence_the_names(one: Scene) -> None:
    one.names.silent = True


def cut_the_line(one: Scene) -> None:
    one.street.lit = False


def told(sign: signal.Signals) -> Callable[[Scene], None]:
    return lambda one: one.process.send_signal(sign)


# What is broken, how, and the vital whose patience must end first: none where no heartbeat can leave any more.
REAL: dict[str, tuple[str, Callable[[Scene], None], Vital | None]] = {
    "loop": ("a callback on the loop that does not come back", told(signal.SIGUSR1), None),
    "database": ("another process holds the write lock", lock_the_books, Vital.COMMITS),
    "disk": ("no file may grow", fill_the_disk, Vital.COMMITS),
    "sender": ("the child is frozen, and so is each that follows", freeze_whatever_sends, Vital.SENDER),
    "resolver": ("the name server swallows all questions", silence_the_names, Vital.RESOLVER),
    "network": ("no canary and no service is reached", cut_the_line, Vital.LINE),
    "process, killed": ("SIGKILL", told(signal.SIGKILL), None),
    "process, frozen": ("SIGSTOP", told(signal.SIGSTOP), None),
}


def broken(part: str, folder: Path, gateway: str) -> tuple[str, str, float]:
    """Break one part of a real process; when the alarm was raised after it, in seconds of scenario time."""
    how, breaks, vital = REAL[part]
    folder.mkdir()
    words = ["-c", STALLED] if part == "loop" else ["-m", "monitor", "monitor"]
    with scene(folder) as one, started(words, one.environment(gateway), folder) as one.process:
        until(lambda: len(one.outside.called) > 1, 90)
        if vital is not None:  # the worst moment: one more heartbeat leaves just before patience is over
            delay = EVERY_S * (1 - PATIENCE[vital] / PERIOD) + 0.1
            until(lambda: time.monotonic() - one.outside.called[-1] > delay)
        breaks(one)
        began = time.monotonic()
        patience = (PERIOD_S + GRACE_S) / SCALE
        until(lambda: time.monotonic() - one.outside.called[-1] > patience, 2 * WITHIN_S / SCALE)
        return part, how, (one.outside.called[-1] + patience - began) * SCALE


@contextmanager
def started(words: list[str], env: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, *words], env=env, cwd=folder, stderr=log, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def on_the_virtual_clock(part: str, books_url: str) -> tuple[str, str, float]:
    breaks, _ = PARTS[part]
    with tower(books_url) as (runner, one):
        runner.run(one.stand(UNTIL, (worst_moment(part), breaks)))
        (raised,) = alarms(one.outside.called, one.loop.time())
    return part, (breaks.__doc__ or "").rstrip("."), raised - worst_moment(part) * 60


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_nine_parts_broken_in_turn(tmp_path: Path, gateway: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda part: broken(part, tmp_path / part.replace(", ", "-"), gateway), REAL))
    found += [on_the_virtual_clock(part, url) for part in ("prober", "pacer")]
    with capsys.disabled():
        sys.stdout.write(f"\n{'part':16} {'what was broken':52} {'alarm after':>12}\n")
        for part, how, after in found:
            sys.stdout.write(f"{part:16} {how:52} {after:10.0f} s\n")
    assert all(0 < after <= WITHIN_S for _, _, after in found)
