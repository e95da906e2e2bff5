"""When to do what: a monotonic due-heap for the clocks, APScheduler for the calendar, a watchdog for silence.

Probes never run on the wall clock: a step back of it must not be a silence (docs/decisions/0004-own-pacer.md).
"""

import asyncio
import hashlib
import heapq
import itertools
import logging
import math
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.domain.catalog import Probe

FIRST_ASKS = timedelta(seconds=30)  # docs/method.md, "Cadence": first asks after a start are spread over that long
DRAIN = timedelta(seconds=4)  # what is in flight at a stop may take that long; the whole stop has 10 s
PROMISE = timedelta(minutes=5)
SILENCE = timedelta(seconds=90)  # without any answer for that long, Vigie says that it measures nothing

log = logging.getLogger(__name__)


def phase(name: str) -> float:
    """A fraction [0, 1) of the interval, hashed from the name: load is spread the same way after every restart."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) / 2**64


@dataclass(slots=True)
class Beat:
    """Something done again and again: the next due time is decided when it has ended, so it never overlaps itself.

    `run` returns how soon to run again, or None for the next slot of its grid.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[timedelta | None]]
    first: float
    started: float = field(default=0.0)


class Pacer:
    """The heap of what is due, on the loop's own monotonic time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._heap: list[tuple[float, int, Beat]] = []
        self._order = itertools.count()
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._origin = loop.time()
        self.last_answer = loop.time()
        self.late = timedelta()
        self.patience = SILENCE

    def add_probes(self, probes: Iterable[Probe], ask: Callable[[Probe], Awaitable[timedelta | None]]) -> None:
        """Ask each probe on its interval, first asks spread over 30 s; `ask` says when to ask again sooner."""
        probes = tuple(probes)
        self.patience = max(SILENCE, 2 * min((probe.policy.every for probe in probes), default=SILENCE))
        for probe in probes:

            async def run(probe: Probe = probe) -> timedelta | None:
                soon = await ask(probe)
                self.last_answer = self._loop.time()
                return soon

            every = probe.policy.every.total_seconds()
            first = self._origin + phase(probe.id) * min(every, FIRST_ASKS.total_seconds())
            self._push(first, Beat(probe.id, every, run, first))

    def add_tick(self, name: str, every: timedelta, tick: Callable[[], Awaitable[None]]) -> None:
        """Run `tick` every so often; one that fails is reported and runs again at its next slot."""

        async def run() -> None:
            await tick()

        first = self._origin + every.total_seconds()
        self._push(first, Beat(name, every.total_seconds(), run, first))

    async def run(self, stop: asyncio.Event) -> None:
        """Serve the heap until `stop` is set, then let what is in flight end (4 s at most)."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                self._changed.clear()
                self._start_due()
                wait = self._heap[0][0] - self._loop.time() if self._heap else None
                changed = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait({stopping, changed}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            stopping.cancel()
            await self._drain()

    def silent_for(self) -> timedelta:
        """How long no probe has been answered, whatever the answer."""
        return timedelta(seconds=self._loop.time() - self.last_answer)

    def _push(self, due: float, beat: Beat) -> None:
        heapq.heappush(self._heap, (due, next(self._order), beat))

    def _start_due(self) -> None:
        now = self._loop.time()
        while self._heap and self._heap[0][0] <= now:
            due, _, beat = heapq.heappop(self._heap)
            self.late = timedelta(seconds=now - due)
            beat.started = now
            task = self._loop.create_task(self._once(beat), name=beat.name)
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _once(self, beat: Beat) -> None:
        soon: timedelta | None = None
        try:
            soon = await beat.run()
        except Exception:  # one of the three loops: a poisoned item must not stop the others
            log.exception("tâche %s : défaut de Vigie, elle sera reprise à son heure", beat.name)
        finally:  # whatever happened, a cancellation from within included: a clock never stops for good
            self._push(self._next(beat, soon), beat)
            self._changed.set()

    def _next(self, beat: Beat, soon: timedelta | None) -> float:
        """The next due time: `soon` after this start, or the first slot of the grid that is not too close to it."""
        if soon is not None:
            return beat.started + soon.total_seconds()
        grid = self._origin + phase(beat.name) * beat.every
        # From five minutes on an interval is a promise to those who are asked; below, half of it finds the grid again.
        least = beat.every if beat.every >= PROMISE.total_seconds() else beat.every / 2
        slots = math.ceil((beat.started + least - grid) / beat.every - 1e-9)
        return max(grid + slots * beat.every, self._loop.time())

    async def _drain(self) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=DRAIN.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def calendar(jobs: Iterable[tuple[str, str, Callable[[], Awaitable[None]]]]) -> AsyncIOScheduler:
    """A scheduler (not started) for wall-clock work: (name, cron line in Paris time, work).

    Never drops a late run, never runs the same twice at once, keeps nothing in a database.
    """
    scheduler = AsyncIOScheduler(
        timezone="Europe/Paris", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name, cron, work in jobs:
        scheduler.add_job(work, CronTrigger.from_crontab(cron, timezone="Europe/Paris"), id=name, name=name)
    return scheduler
