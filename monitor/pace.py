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
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from monitor.domain.catalog import Probe
from monitor.domain.policy import PROMISE

FIRST_ASKS = timedelta(seconds=30)  # docs/method.md, "Cadence": first asks after a start are spread over that long
DRAIN = timedelta(seconds=4)  # what is in flight at a stop may take that long; the whole stop has 10 s
TIMER = 0.001  # seconds; timers may fire that much too early, and what is nearly due is due
MOMENT = 1.0  # seconds; no question of a sound machine starts later than that
SHORTEST = 1.0  # seconds; no interval is shorter, so nothing that is less late has passed over a slot
SILENCE = timedelta(seconds=90)  # without any answer for that long, Vigie says that it measures nothing

log = logging.getLogger(__name__)


def phase(name: str) -> float:
    """A fraction [0, 1) of the interval, hashed from the name: load is spread the same way after every restart."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) / 2**64


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a probe is asked now, for how long that holds, and how fast afterwards; all in seconds."""

    every: float
    holds_for: float = math.inf
    then: float = math.inf


@dataclass(slots=True)
class Beat:
    """Something done again and again: the next due time is decided when it has ended, so it never overlaps itself.

    `run` returns how soon to run again, or None for the next slot of its grid; `missed` hears of slots that passed
    while it ran, as a number of slots and two loop times.
    """

    name: str
    pace: Callable[[], Pace]
    run: Callable[[], Awaitable[timedelta | None]]
    missed: Callable[[int, float, float], None] = lambda *_: None
    started: float = field(default=0.0)
    began: Pace = field(default=Pace(math.inf))  # the pace when it was started
    due: float | None = field(default=None)  # None while it runs


class Pacer:
    """The heap of what is due, on the loop's own monotonic time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._heap: list[tuple[float, int, Beat]] = []
        self._beats: dict[str, Beat] = {}
        self._order = itertools.count()
        self._running: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at = math.inf
        self._serving = False
        self._origin = loop.time()
        self.last_answer = loop.time()
        self.late = timedelta()
        self.patience = SILENCE

    def add_probes(
        self,
        probes: Iterable[Probe],
        ask: Callable[[Probe], Awaitable[timedelta | None]],
        pace: Callable[[Probe], Pace] = lambda probe: Pace(probe.policy.every.total_seconds()),
        missed: Callable[[Probe, int, float, float], None] = lambda *_: None,
        ago: Callable[[Probe], float] = lambda _: math.inf,
    ) -> None:
        """Ask each probe at its pace, first asks spread over 30 s; `ask` says when to ask again sooner.

        `ago`: seconds since a probe was last asked by whoever ran before us. From five minutes on its interval is a
        promise that a restart does not break.

        `missed` hears of the slots of a probe that passed while its question was still under way: how many, and the
        loop times of the first of them and of the end.
        """
        probes = tuple(probes)
        self.patience = max(SILENCE, 2 * min((probe.policy.every for probe in probes), default=SILENCE))
        for probe in probes:

            async def run(probe: Probe = probe) -> timedelta | None:
                soon = await ask(probe)
                self.last_answer = self._loop.time()
                return soon

            every = pace(probe).every
            spread = phase(probe.id) * min(every, FIRST_ASKS.total_seconds())
            kept = every - ago(probe) if every >= PROMISE.total_seconds() else 0.0
            first = self._origin + max(spread, min(kept, every))
            self._beats[probe.id] = Beat(probe.id, partial(pace, probe), run, partial(missed, probe))
            self._push(first, self._beats[probe.id])

    def add_tick(self, name: str, every: timedelta, tick: Callable[[], Awaitable[timedelta | None]]) -> None:
        """Run `tick` every so often, or as soon as it says; one that fails is reported and runs at its next slot."""
        steady = Pace(every.total_seconds())
        self._push(self._origin + steady.every, Beat(name, lambda: steady, tick))

    async def run(self, stop: asyncio.Event) -> None:
        """Serve the heap until `stop` is set, then let what is in flight end (4 s at most)."""
        self._serving = True
        try:
            self._serve()
            await stop.wait()
        finally:
            self._serving = False
            if self._timer is not None:
                self._timer.cancel()
            await self._drain()

    def hasten(self, names: Iterable[str], least: timedelta) -> None:
        """Ask these probes now instead of at their next slot, unless they are being asked or were within `least`."""
        now = self._loop.time()
        for beat in (self._beats[name] for name in names):
            if beat.due is not None and beat.due > now and now - beat.started >= least.total_seconds():
                self._push(now, beat)

    def silent_for(self) -> timedelta:
        """How long no probe has been answered, whatever the answer."""
        return timedelta(seconds=self._loop.time() - self.last_answer)

    def _push(self, due: float, beat: Beat) -> None:
        beat.due = due  # an entry that the heap holds for another time is void
        heapq.heappush(self._heap, (due, next(self._order), beat))
        if self._serving and due < self._wakes_at:
            self._wake_at(due)

    def _wake_at(self, due: float) -> None:
        """One timer for the whole heap; a task that waits for it would cost more than what it starts."""
        if self._timer is not None:
            self._timer.cancel()
        self._wakes_at, self._timer = due, self._loop.call_at(due, self._serve)

    def _serve(self) -> None:
        """Start what is due, and come back for the next."""
        now, self._wakes_at = self._loop.time(), math.inf
        while self._heap and self._heap[0][0] <= now + TIMER:
            due, _, beat = heapq.heappop(self._heap)
            if beat.due != due:
                continue
            beat.due = None
            self.late = timedelta(seconds=max(now - due, 0.0))
            beat.started, beat.began = now, beat.pace()
            self._pass_over(beat, due, now)
            task = self._loop.create_task(self._once(beat), name=beat.name)
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        if self._heap:
            self._wake_at(self._heap[0][0])

    async def _once(self, beat: Beat) -> None:
        soon: timedelta | None = None
        try:
            soon = await beat.run()
        except Exception:  # one of the three loops: a poisoned item must not stop the others
            log.exception("tâche %s : défaut de Vigie, elle sera reprise à son heure", beat.name)
        finally:  # whatever happened, a cancellation from within included: a clock never stops for good
            self._push(self._next(beat, soon), beat)

    def _next(self, beat: Beat, soon: timedelta | None) -> float:
        """The next due time: `soon` after this start, or the first slot of the grid that is not too close to it."""
        pace, now = beat.pace(), self._loop.time()
        if soon is not None:  # a question may have waited for its turn for longer than that
            return max(beat.started + soon.total_seconds(), now)
        # Its answer speaks as long as the pace at which it was asked: the next one must not come later than that.
        every = min(pace.every, beat.began.every)
        place = phase(beat.name)
        grid = self._origin + place * every
        slot = grid + math.ceil((beat.started + _least(every) - grid) / every - 1e-9) * every
        if pace.then < every and (change := now + pace.holds_for) < slot:
            # School begins: the long interval of the night ends with it, each at its own place of the new one.
            slot = min(slot, max(change + place * pace.then, beat.started + _least(pace.then)))
        self._pass_over(beat, slot, now)
        return max(slot, now)

    @staticmethod
    def _pass_over(beat: Beat, slot: float, now: float) -> None:
        """Whole intervals between a slot and now hold further slots that nobody will ever serve: they are told."""
        late = now - slot
        if late >= SHORTEST and (passed := int(late / beat.began.every)):
            beat.missed(passed, slot, now)

    async def _drain(self) -> None:
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=DRAIN.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _least(every: float) -> float:
    """How close two questions of a grid may come, in seconds.

    From five minutes on an interval is a promise to those who are asked, kept to the second: a start that is late by a
    moment must not cost the next slot. Below, half of it finds the grid again.
    """
    return every - MOMENT if every >= PROMISE.total_seconds() else every / 2


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
