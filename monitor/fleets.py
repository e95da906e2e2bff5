"""Fleets: a few schools of each asked in turn, never faster than its budget, and what that says of all of them."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta

from monitor.domain.catalog import Probe
from monitor.domain.fleet import Fleet, Memory, School
from monitor.domain.fleet_rotation import next_school, take
from monitor.domain.fleet_share import Share, estimate
from monitor.domain.gap import Skip
from monitor.domain.line import Line
from monitor.domain.observation import Observation
from monitor.domain.snapshot import instant

MOST_AT_ONCE = 5  # questions of one fleet under way: a provider that answers slowly is asked less, never more at once
_MINUTE = timedelta(minutes=1)

log = logging.getLogger(__name__)

Answered = Observation | Skip
Ask = Callable[[Probe], Awaitable[Answered]]
Tick = Callable[[], Awaitable[None]]


class Fleets:
    """All fleets of a catalogue: whose turn it is, what was heard, and the shares that follow from it.

    `accept` hears every answer (and every question that the prober's own courtesy did not let pass), to be kept like
    any other, and gives back what it kept: an answer that we slept through is ours.
    """

    def __init__(
        self,
        fleets: Iterable[Fleet],
        ask: Ask,
        now: Callable[[], datetime],
        accept: Callable[[Answered], Answered],
    ) -> None:
        self._rounds = {fleet.id: Round(fleet, ask, now, accept) for fleet in fleets}
        self._now = now
        self._line: Line | None = None
        self._blind_since: datetime | None = None

    def resume(self, observations: Iterable[Observation]) -> None:
        """Take up where the tables stand: answers of the last quarter of an hour, in any order."""
        for observation in sorted(observations, key=lambda one: one.at):
            fleet, _, uai = observation.probe.partition("/")
            if fleet in self._rounds:
                self._rounds[fleet].recall(uai, observation)

    def beats(self) -> Iterator[tuple[str, timedelta, Tick]]:
        """What a pacer does again and again: (name, period, tick); a tick does not wait for the answer."""
        for name, one in self._rounds.items():
            yield f"fleet {name}", one.period, one.tick

    def see(self, line: Line) -> None:
        """Hear about our own line: while it is blind nobody is asked, and what was heard then accuses nobody."""
        self._line = line
        if line.blind:
            self._blind_since = self._blind_since or line.seen_at or self._now()
        for one in self._rounds.values():
            one.blind = line.blind
            if not line.blind and self._blind_since is not None:
                one.memory.strike(self._blind_since, self._now())
        if not line.blind:
            self._blind_since = None

    def document(self, now: datetime) -> list[dict[str, object]]:
        """The fleets as the snapshot carries them: plain values, instants RFC 3339 UTC, shares 0..1, the whole first.

        Answers count up to the last moment at which our own line was seen.
        """
        until = now if self._line is None else self._line.seen_at
        return [
            {
                "id": one.fleet.id,
                "name": one.fleet.name,
                "operator": one.fleet.operator,
                "budget_per_s": one.fleet.budget,
                "asked_per_s": round(one.asked_lately(now) / _MINUTE.total_seconds(), 3),
                "schools": one.memory.agreed,
                "shares": [_share(share) for share in (estimate(one.memory, min(until, now)) if until else ())],
            }
            for one in self._rounds.values()
        ]

    async def land(self, within: timedelta) -> None:
        """At a stop: wait a little for the answers on their way, then give them up."""
        under_way = [task for one in self._rounds.values() for task in one.under_way]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


class Round:
    """The round of one fleet. `blind`: our own line is not seen, nobody is asked."""

    def __init__(
        self,
        fleet: Fleet,
        ask: Ask,
        now: Callable[[], datetime],
        accept: Callable[[Answered], Answered],
    ) -> None:
        self.fleet, self.memory = fleet, Memory(fleet)
        self.period = timedelta(seconds=1 / fleet.budget)
        self.under_way: set[asyncio.Task[None]] = set()
        self.blind = False
        self._ask, self._now, self._accept = ask, now, accept
        self._free_at = 0.0
        self._starts: deque[datetime] = deque()

    async def tick(self) -> None:
        """Ask the next school, unless too many questions are under way; what is missed is not made up for.

        Two starts are never closer than the period, however late or close together the ticks come.
        """
        if self.blind or len(self.under_way) >= MOST_AT_ONCE:
            return
        loop = asyncio.get_running_loop()
        if (early := self._free_at - loop.time()) > 0:
            await asyncio.sleep(early)
        now = self._now()
        if (school := next_school(self.memory, now)) is None:
            return
        self._free_at = loop.time() + self.period.total_seconds()
        assert school.probe is not None, "nobody is asked whose head has not agreed"
        take(self.memory, school, now)
        self._starts.append(now)
        self.asked_lately(now)
        task = loop.create_task(self._once(school, school.probe), name=school.probe.id)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    def asked_lately(self, now: datetime) -> int:
        """How many questions were started in the last minute."""
        while self._starts and self._starts[0] <= now - _MINUTE:
            self._starts.popleft()
        return len(self._starts)

    def recall(self, uai: str, observation: Observation) -> None:
        """An answer from before this start."""
        if (school := self.memory.school(uai)) is not None:
            take(self.memory, school, observation.at)
            self.memory.heard(school, observation)

    async def _once(self, school: School, probe: Probe) -> None:
        try:
            said = await self._ask(probe)
            kept = self._accept(said)
            if isinstance(kept, Observation):
                self.memory.heard(school, kept)
        except Exception:  # a task that nobody awaits: what fails in it would be silent
            log.exception("flotte %s : défaut de Vigie, la ronde continue", self.fleet.id)
        finally:
            self.memory.unheard(school)


def _share(share: Share) -> dict[str, object]:
    return {
        "territory": share.territory,
        "share": _rounded(share.share),
        "low": _rounded(share.low),
        "high": _rounded(share.high),
        "pupils_share": _rounded(share.pupils),
        "sample": share.sample,
        "population": share.population,
        "since": instant(share.since),
        "as_of": instant(share.as_of),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
