"""The engine: three clocks on the heap, the calendar beside it, a watch over itself; rehearsals run the same one."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from monitor.daybook import Daybook
from monitor.domain.catalog import Catalog, Probe
from monitor.domain.policy import PROMISE
from monitor.domain.vitals import Vital
from monitor.drill import Drilling
from monitor.pace import Pace, Pacer, calendar
from monitor.pipeline import Pipeline
from monitor.pulse import Pulse, Reading
from monitor.watchman import Watchman
from monitor.wiring import Watch, Wiring

log = logging.getLogger(__name__)

WITHOUT_CONTACT = PROMISE  # docs/method.md, "Cadence": nobody who cannot be reached asks more often
LANDING, LAST_WORDS = timedelta(seconds=1.5), timedelta(seconds=4)  # shares of the 10 s of a stop
VOUCHING = timedelta(seconds=3)  # how close together two questions to a canary may come: its own time limit
HURRY = timedelta(seconds=1)  # while enough bad answers wait for their span or for our line to vouch
SENDING = timedelta(seconds=1)  # how often to look whether a rate lets the next message go
SHARE = 20  # an evaluation that hurries never takes more than one part in so many of the time
CLOSING = timedelta(seconds=30)  # how often to look whether an hour is over, or a day
LATE = timedelta(seconds=1)  # a start later than that is a fault of ours, and said

CalendarJob = tuple[str, str, Callable[[], Awaitable[None]]]


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often the clocks beat; `remember` is how long an accepted answer may wait before it is committed."""

    evaluate: timedelta
    tell: timedelta
    remember: timedelta = timedelta(seconds=1)


class Engine:
    """One run of the engine, from `resume` to the last commit."""

    def __init__(self, wiring: Wiring, tempo: Tempo) -> None:
        self._wiring = replace(
            wiring,
            warnings=lambda: (*wiring.warnings(), *self._about_myself()),
            vouch=self._look_at_our_line,
            vitals=wiring.vitals if wiring.watch is None else self._about_vitals,
        )
        self._tempo = tempo
        self._pacer: Pacer | None = None
        self.pipeline = Pipeline(self._wiring)
        watch = wiring.watch or Watch()
        self._drilling = None if watch.drill_at is None else Drilling(self._wiring, watch.drill_at)
        self.watchman = Watchman(
            self._wiring,
            watch,
            blind=lambda: self.pipeline.country.line.blind,
            drill=lambda: None if self._drilling is None else self._drilling.last,
            rhythm=self._rhythm,
        )

    async def run(self, stop: asyncio.Event, jobs: Iterable[CalendarJob] = ()) -> None:
        """Run until `stop` is set, then drain: every accepted answer is committed.

        Raises StoreError at the start, DatabaseTaken when another monitor has taken the books meanwhile.
        """
        await self.pipeline.resume()
        pacer = self._pacer = Pacer(asyncio.get_running_loop())
        follow, kept = self.watchman.following, lambda: self.pipeline.storage_trouble is None
        judge = partial(self._evaluate_or_leave, stop)
        pacer.add_tick("remember", self._tempo.remember, follow(Vital.COMMITS, self.pipeline.remember, kept))
        pacer.add_tick("evaluate", self._tempo.evaluate, follow(Vital.EVALUATION, judge, kept))
        pacer.add_tick("tell", self._tempo.tell, follow(Vital.TELLING, self.pipeline.tell, kept))
        pacer.add_tick("send", SENDING, self.pipeline.send)
        if self._drilling is not None:
            pacer.add_tick("drill", self._tempo.tell, self._drilling.step)
        pacer.add_tick("close hours", CLOSING, self.pipeline.close_hours)
        pacer.add_tick("close days", CLOSING, partial(self.pipeline.a_little, Daybook(self._wiring).step))
        pacer.add_tick("freeze", self._tempo.evaluate, self.pipeline.freeze)
        observe = follow(Vital.PROBING, self.pipeline.observe)
        pacer.add_probes(self._wiring.catalog.probes(), observe, self._pace, self._passed_over, self._asked_ago)
        for name, period, tick in self.pipeline.fleets.beats():
            pacer.add_tick(name, period, tick)
        await self.pipeline.evaluate()  # the page says at once what is known from before
        jobs = tuple(jobs)
        scheduler = calendar(jobs) if jobs else None
        if scheduler is not None:
            scheduler.start()
        pulse = Pulse(asyncio.get_running_loop(), self._read_clocks, self.pipeline.ledger.absent)
        watching = None if self._wiring.watch is None else asyncio.create_task(self.watchman.run())
        try:
            await pacer.run(stop)
        finally:
            pulse.close()
            if watching is not None:
                watching.cancel()
            if scheduler is not None:
                scheduler.shutdown(wait=False)
            await self._close_up()
        if self.pipeline.dispossessed is not None:
            raise self.pipeline.dispossessed

    async def _evaluate_or_leave(self, stop: asyncio.Event) -> timedelta | None:
        """Evaluate, and say how soon again; a monitor whose books another one has taken must not go on asking."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await self.pipeline.evaluate()
        if self.pipeline.dispossessed is not None:
            stop.set()
        if not self.pipeline.about_to_confirm:
            return None
        return min(max(HURRY, (clock() - began) * timedelta(seconds=SHARE)), self._tempo.evaluate)

    async def _close_up(self) -> None:
        """The last commit of a stop, within its share of the 10 s: a store that hangs must not hold up the stop."""
        try:
            async with asyncio.timeout(LAST_WORDS.total_seconds()):
                await self.pipeline.land(LANDING)
                await self.pipeline.evaluate(publish=True)
        except TimeoutError:
            log.critical("Le registre ne répond pas : les dernières réponses n’ont pas pu être gardées.")
            return
        await self.pipeline.sheets.land(LANDING)

    def _look_at_our_line(self) -> None:
        """Something is about to be confirmed: ask the canaries now rather than at their next slot.

        Nobody is accused unless our line was seen after the last failure; that must not cost ten seconds.
        """
        canaries = self._wiring.catalog.canaries
        if self._pacer is not None and all(canary.policy.every < PROMISE for canary in canaries):
            self._pacer.hasten((canary.id for canary in canaries), VOUCHING)

    def _pace(self, probe: Probe) -> Pace:
        """What the school clock of a probe's service says: how fast now, for how long, how fast afterwards."""
        timetable, now = self._wiring.timetable, self._wiring.now()
        change = timetable.clock(probe.service).next_change(now)
        return Pace(
            every=timetable.interval(probe, now).total_seconds(),
            holds_for=(change - now).total_seconds(),
            then=timetable.interval(probe, change).total_seconds(),
        )

    def _asked_ago(self, probe: Probe) -> float:
        """Seconds since a probe was last asked, as far as the books know."""
        last = self.pipeline.asked_at(probe)
        return math.inf if last is None else max((self._wiring.now() - last).total_seconds(), 0.0)

    def _passed_over(self, probe: Probe, slots: int, since: float, until: float) -> None:
        """Slots that nobody will serve, told in loop time: the ledger keeps instants."""
        now, here = self._wiring.now(), asyncio.get_running_loop().time()
        instants = (now - timedelta(seconds=here - moment) for moment in (since, until))
        self.pipeline.ledger.passed_over(probe.id, slots, *instants)

    def _read_clocks(self) -> Reading:
        return Reading(self._wiring.awake(), self._wiring.now())

    def _about_vitals(self) -> Mapping[str, object]:
        return self.watchman.document()

    def _rhythm(self) -> Mapping[Vital, timedelta]:
        """How often the clocks beat, and how often at least one probe is asked now: a canary, where there are any."""
        wiring, now = self._wiring, self._wiring.now()
        asked = wiring.catalog.canaries or tuple(wiring.catalog.probes())
        return {
            Vital.PROBING: min((wiring.timetable.interval(probe, now) for probe in asked), default=timedelta(days=1)),
            Vital.COMMITS: self._tempo.remember,
            Vital.EVALUATION: self._tempo.evaluate,
            Vital.TELLING: self._tempo.tell,
        }

    def _about_myself(self) -> tuple[str, ...]:
        """What is wrong with our own pacing, in French, for the operator."""
        if self._pacer is None:
            return ()
        silent, late = self._pacer.silent_for(), self._pacer.late
        return tuple(
            sentence
            for sentence, said in (
                (
                    f"Aucune mesure depuis {silent.total_seconds():.0f} s : Vigie ne voit plus rien.",
                    silent > self._pacer.patience,
                ),
                (f"Les questions partent avec {late.total_seconds():.0f} s de retard.", late > LATE),
            )
            if said
        )


def courteous(catalog: Catalog, contact: str | None) -> Catalog:
    """The catalogue as it may be asked: without an address to complain to, nothing more often than every 5 min."""
    if contact:
        return catalog
    services = {
        service.id: replace(service, probes=tuple(_slowed(probe) for probe in service.probes))
        for service in catalog.services.values()
    }
    return replace(catalog, services=services, canaries=tuple(_slowed(probe) for probe in catalog.canaries))


def _slowed(probe: Probe) -> Probe:
    policy = probe.policy
    return replace(
        probe,
        policy=replace(
            policy,
            every=max(policy.every, WITHOUT_CONTACT),
            every_opening=_at_least(policy.every_opening),
            every_outside=_at_least(policy.every_outside),
            every_rest=_at_least(policy.every_rest),
            retry_every=max(policy.retry_every, WITHOUT_CONTACT),
        ),
    )


def _at_least(interval: timedelta | None) -> timedelta | None:
    return None if interval is None else max(interval, WITHOUT_CONTACT)
