"""`vigie up`: monitor and web as two processes, restarted when they fall or hang, stopped together."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

PATIENCE = timedelta(seconds=10)  # what a stop may take before it is forced (docs/operating.md)
FIRST_STEPS = timedelta(seconds=30)
HANGS_AFTER = timedelta(minutes=2)  # before whoever waits outside for its heartbeats raises the alarm
RESTART_AFTER, RESTART_MOST = timedelta(seconds=2), timedelta(minutes=1)
WRONG_CONFIGURATION = 2  # at a first start, a process that ends so would end so again: the whole stops with its message


@dataclass(slots=True)
class Part:
    """One supervised process: its command, where it will listen (if it does), and the process while it runs.

    `hangs_after`: how long it may give no sign of life (see `monitor.heart.supervisor`) before it is ended; None: it
    gives none.
    """

    name: str
    command: Sequence[str]
    address: tuple[str, int] | None = None
    hangs_after: timedelta | None = None
    ear: "socket.socket | None" = None
    heard: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None
    restart_at: float = 0.0
    announced: bool = False
    restarts: int = 0
    started: float = 0.0


def supervise(parts: Sequence[Part], environment: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Run the parts until Ctrl-C or SIGTERM, or until one refuses its configuration; returns the exit code."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    code = 0
    try:
        while not stopping:
            for part in parts:
                ended = _turn(part, environment, say)
                if ended is not None:
                    code, stopping = ended, True
            time.sleep(0.1)
    finally:
        stop_all(parts)
        for sign, handler in before.items():
            signal.signal(sign, handler)
    return code


def _turn(part: Part, environment: Mapping[str, str], say: Callable[[str], None]) -> int | None:
    """Start a part that is due, look at one that ended; the exit code of the whole if it must stop."""
    now = time.monotonic()
    if part.process is None:
        if now >= part.restart_at:
            start(part, environment)
        return None
    code = part.process.poll()
    if code is None:
        _announce(part, say)
        _end_if_hung(part, now, say)
        return None
    if code == WRONG_CONFIGURATION and not part.restarts and now - part.started < FIRST_STEPS.total_seconds():
        return code
    say(f"{part.name} s’est arrêté (code {code}) : redémarrage.")
    part.restarts += 1
    pause = min(RESTART_AFTER * 2 ** min(part.restarts - 1, 5), RESTART_MOST)
    part.process, part.restart_at = None, now + pause.total_seconds()
    return None


def start(part: Part, environment: Mapping[str, str]) -> None:
    """Start a part in a process group of its own: Ctrl-C of the terminal reaches us alone, and we stop in order."""
    part.started = part.heard = time.monotonic()
    told = {**environment, **_listened_to(part)}
    part.process = subprocess.Popen([sys.executable, *part.command], env=told, process_group=0)  # noqa: S603


def _listened_to(part: Part) -> Mapping[str, str]:
    """Where the part is to give its signs of life; Linux alone names a socket without a file."""
    if part.hangs_after is None or sys.platform != "linux":
        return {}
    if part.ear is None:
        part.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        part.ear.bind("")
        part.ear.setblocking(False)
    return {"NOTIFY_SOCKET": f"@{part.ear.getsockname()[1:].decode()}"}


def _end_if_hung(part: Part, now: float, say: Callable[[str], None]) -> None:
    """Read the signs of life; end a part that has given none for too long, to be started again like one that fell."""
    if part.ear is None or part.hangs_after is None or part.process is None:
        return
    with suppress(BlockingIOError):
        while part.ear.recv(64):
            part.heard = now
    if now - part.heard > part.hangs_after.total_seconds():
        say(f"{part.name} ne donne plus signe de vie depuis {now - part.heard:.0f} s : elle est arrêtée.")
        part.process.kill()


def _announce(part: Part, say: Callable[[str], None]) -> None:
    """Say where the page is, once somebody really answers there."""
    if part.address is None or part.announced:
        return
    with suppress(OSError), socket.create_connection(part.address, timeout=0.2):
        host, port = part.address
        say(f"La page est sur http://{f'[{host}]' if ':' in host else host}:{port}/ — Ctrl-C pour arrêter.")
        part.announced = True


def stop_all(parts: Sequence[Part]) -> None:
    """Ask every part to stop, wait 10 s at most, then force."""
    running = [part.process for part in parts if part.process is not None and part.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE.total_seconds()
    for process in running:
        try:
            process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
