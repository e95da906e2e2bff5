"""Who watches the watchman: looks at every part of Vigie, and calls outside only while all of them go on.

On the loop itself, never in a thread, which would go on saying that all is well while the loop hangs; and not on the
pacer, which is one of the parts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from monitor.domain.snapshot import instant
from monitor.domain.vitals import MUTE, Drill, Fault, Heartbeat, Vital, Vitals
from monitor.store import StoreError
from monitor.wiring import Watch, Wiring

log = logging.getLogger(__name__)

LOOKS = 12  # in a period: how finely the loop's punctuality and the end of a patience are seen
QUESTIONS = 4  # in a period: asked of the process that sends, of the resolver, of the books

Args = ParamSpec("Args")
T = TypeVar("T")
_ASKED_OR_TURNED = (Vital.PROBING, Vital.PACING, Vital.LOOP, Vital.COMMITS, Vital.EVALUATION, Vital.TELLING)


class Watchman:
    """Keeps when each part was last well (seconds of `Wiring.awake`, which nobody sets), and the heartbeat."""

    def __init__(
        self,
        wiring: Wiring,
        watch: Watch,
        *,
        blind: Callable[[], bool],
        drill: Callable[[], Drill | None],
        rhythm: Callable[[], Mapping[Vital, timedelta]],
    ) -> None:
        """`blind`: whether our line shows nothing; `drill`: the last one; `rhythm`: see `Vitals`."""
        self._w, self._watch = wiring, watch
        self._blind, self._drill, self._rhythm = blind, drill, rhythm
        self._well: dict[Vital, float] = {}
        self._due_since: datetime | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._said: dict[Vital, Fault] = {}
        self.heartbeat = Heartbeat()

    def seen(self, vital: Vital) -> None:
        """This part is well now."""
        self._well[vital] = self._w.awake()

    def following(
        self, vital: Vital, work: Callable[Args, Awaitable[T]], well: Callable[[], bool] = lambda: True
    ) -> Callable[Args, Coroutine[None, None, T]]:
        """The same work, after which its part is seen, if `well` says so; that it was begun is the pacer's doing."""

        async def followed(*args: Args.args, **named: Args.kwargs) -> T:
            self.seen(Vital.PACING)
            done = await work(*args, **named)
            if well():
                self.seen(vital)
            return done

        return followed

    async def run(self) -> None:
        """Look, ask around and call outside until cancelled. No heartbeat before a whole period has gone well.

        So a Vigie that falls and is started again and again is not heard either.
        """
        loop, period = asyncio.get_running_loop(), self._watch.every.total_seconds()
        for vital in (*_ASKED_OR_TURNED, Vital.LINE, *self._questions()):
            self.seen(vital)
        asked, called, look = loop.time(), loop.time(), period / LOOKS
        try:
            while True:
                before = loop.time()
                await asyncio.sleep(look)
                now = loop.time()
                if now - before <= 2 * look:
                    self.seen(Vital.LOOP)
                if now - asked >= period / QUESTIONS:
                    asked = now
                    self._ask_around()
                well = self._look()
                if now - called >= period and self._watch.ping is not None:
                    called = now
                    if well:
                        self._start("ping", self._call(self._watch.ping))
        except Exception:
            log.exception("défaut de Vigie : plus aucun battement de cœur ne part")
            raise
        finally:
            for task in self._tasks.values():
                task.cancel()

    def vitals(self) -> Vitals:
        """What is known of every part now."""
        now, awake = self._w.now(), self._w.awake()
        well = {vital: now - timedelta(seconds=awake - seen) for vital, seen in self._well.items()}
        if self._w.sender is not None:
            well[Vital.QUEUE] = min(self._due_since or now, now)
        if (drill := self._drill()) is not None:
            well[Vital.DRILL] = now if drill.arrived_at is not None else drill.queued_at
        return Vitals(now, well, self._watch.every, self._rhythm())

    def document(self) -> Mapping[str, object]:
        """What the snapshot says of Vigie itself: what fails, the heartbeat, the drill. No address is in it."""
        beat, drill, vitals = self.heartbeat, self._drill(), self.vitals()
        return {
            "parts": [
                {"vital": one.value, "well_at": instant(at), "patience_s": vitals.patience(one).total_seconds()}
                for one, at in sorted(vitals.well.items(), key=lambda item: list(Vital).index(item[0]))
            ],
            "failing": [
                {"vital": one.vital.value, "since": instant(one.since), "mute": one.vital in MUTE, "says": one.sentence}
                for one in vitals.faults()
            ],
            "heartbeat": self._watch.ping
            and {
                "every_s": self._watch.every.total_seconds(),
                "accepted_at": instant(beat.accepted_at),
                "trouble": beat.trouble,
            },
            "drill": drill
            and {
                "day": drill.day,
                "queued_at": instant(drill.queued_at),
                "arrived_at": instant(drill.arrived_at),
            },
        }

    def _look(self) -> bool:
        """Whether all is well; what fails, or fails no more, is said once."""
        if not self._blind():
            self.seen(Vital.LINE)
        found = {fault.vital: fault for fault in self.vitals().faults()}
        for vital, fault in found.items():
            if vital not in self._said:
                log.error("%s", fault.sentence)
        for vital in self._said.keys() - found.keys():
            log.warning("De nouveau en ordre : %s", vital.value)
        self._said = found
        return not found

    def _questions(self) -> Mapping[Vital, Callable[[], Awaitable[bool]]]:
        asked: dict[Vital, Callable[[], Awaitable[bool]]] = {}
        if self._w.sender is not None:
            asked = {Vital.SENDER: self._sender_lives, Vital.QUEUE: self._queue_is_read}
        if self._watch.resolver is not None:
            asked[Vital.RESOLVER] = self._watch.resolver
        return asked

    def _ask_around(self) -> None:
        """Ask what takes time, each beside the loop: one that never answers holds up nothing, and is missed."""
        for vital, question in self._questions().items():
            self._start(vital.value, self._ask(vital, question))

    async def _ask(self, vital: Vital, question: Callable[[], Awaitable[bool]]) -> None:
        if await question():
            self.seen(vital)

    async def _sender_lives(self) -> bool:
        """Nobody to tell is no reason to start a process."""
        return self._w.sender is None or not self._w.addresses or await self._w.sender.pulse()

    async def _queue_is_read(self) -> bool:
        try:
            self._due_since = await self._w.work(partial(self._w.store.due_since, self._w.now()))
        except StoreError:  # said by those who write
            return False
        return True

    async def _call(self, ping: Callable[[], Awaitable[None]]) -> None:
        try:
            await ping()
        except OSError as error:
            if self.heartbeat.trouble is None:
                log.warning("Battement de cœur non accepté : %s.", error)
            self.heartbeat = replace(self.heartbeat, trouble=str(error))
        else:
            self.heartbeat = Heartbeat(self._w.now())

    def _start(self, name: str, work: Coroutine[None, None, None]) -> None:
        """Beside the loop, unless the last one of that name is under way still."""
        if name in self._tasks:
            work.close()
            return
        task = self._tasks[name] = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.pop(task.get_name(), None)
        if not task.cancelled() and (defect := task.exception()) is not None:
            log.error("%s : défaut de Vigie", task.get_name(), exc_info=defect)
