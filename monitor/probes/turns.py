"""Politeness: one connection at a time per host and port, a pause between two, and a ceiling over all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

# Redirects may lead to hosts whose names never come again; beyond this many the idle ones are forgotten.
REMEMBERED_HOSTS = 4096


class _Gate:
    __slots__ = ("free_at", "lock", "wanted")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.wanted = 0


class Turns:
    """Hands out turns: per host and port one at a time and `spacing` apart, `concurrency` at most in all."""

    def __init__(self, concurrency: int, spacing: timedelta) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._spacing = spacing.total_seconds()
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Hold the turn of `key` while the block runs.

        The host's gate comes before the common slot: whoever holds a slot waits for nobody, so nothing can lock up.
        """
        clock = asyncio.get_running_loop().time
        gate = self._gates.setdefault(key, _Gate())
        gate.wanted += 1
        try:
            async with gate.lock:
                if (pause := gate.free_at - clock()) > 0:
                    await asyncio.sleep(pause)
                async with self._slots:
                    gate.free_at = clock() + self._spacing
                    yield
        finally:
            gate.wanted -= 1
            if len(self._gates) > REMEMBERED_HOSTS:
                self._forget(clock())

    def _forget(self, time: float) -> None:
        for key in [key for key, gate in self._gates.items() if not gate.wanted and gate.free_at <= time]:
            del self._gates[key]
