"""The watchdog: a thread that notices that the loop has stopped turning, which nothing on the loop can say."""

import asyncio
import logging
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

STALLED = timedelta(seconds=10)
BEATS_MISSED = 10  # as many beats make a stall: a loop may be late for one of them

log = logging.getLogger(__name__)


class Heart:
    """Beats on the loop ten times per `stalled`; says when it stops for that long, and when it beats again."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stalled: timedelta = STALLED) -> None:
        self._loop, self._stalled = loop, stalled.total_seconds()
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
