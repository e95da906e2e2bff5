"""The watchdog: a thread says that the loop has stopped turning; whoever supervises us hears that it turns."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Self

STALLED = timedelta(seconds=10)
BEATS_MISSED = 10  # as many beats make a stall: a loop may be late for one of them

log = logging.getLogger(__name__)


def supervisor(environment: Mapping[str, str]) -> Callable[[], None]:
    """What tells whoever supervises us that we live, as systemd wants to hear it; nothing where nobody listens."""
    name = environment.get("NOTIFY_SOCKET", "")
    if not name:
        return lambda: None
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.setblocking(False)  # one that does not read must not hold us up

    def alive() -> None:
        with suppress(OSError):
            line.sendto(b"WATCHDOG=1", f"\0{name[1:]}" if name.startswith("@") else name)

    return alive


class Heart:
    """Beats on the loop ten times per `stalled`; says when it stops for that long, and when it beats again.

    `alive` is called at each beat.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        stalled: timedelta = STALLED,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._loop, self._stalled, self._alive = loop, stalled.total_seconds(), alive
        self._every = self._stalled / BEATS_MISSED
        self._last = time.monotonic()
        self._over = threading.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._beat()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self) -> None:
        self._last = time.monotonic()
        self._alive()
        self._timer = self._loop.call_later(self._every, self._beat)

    def _watch(self) -> None:
        silent = False
        while not self._over.wait(self._every):
            missed = time.monotonic() - self._last
            if missed > self._stalled and not silent:
                log.critical("Vigie est bloquée depuis %.0f s : aucune question ne part.", missed)
            elif silent and missed <= self._stalled:
                log.warning("Vigie repart.")
            silent = missed > self._stalled
