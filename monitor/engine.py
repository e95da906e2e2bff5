"""The engine: three clocks on the heap, the calendar beside it, a watch over itself; rehearsals run the same one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from monitor.domain.catalog import Catalog, Probe
from monitor.pace import PROMISE, Pacer, calendar
from monitor.pipeline import Pipeline
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

WITHOUT_CONTACT = PROMISE  # docs/method.md, "Cadence": nobody who cannot be reached asks more often
LANDING, LAST_WORDS = timedelta(seconds=1.5), timedelta(seconds=4)  # shares of the 10 s of a stop
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
        self._wiring = replace(wiring, warnings=lambda: (*wiring.warnings(), *self._about_myself()))
        self._tempo = tempo
        self._pacer: Pacer | None = None
        self.pipeline = Pipeline(self._wiring)

    async def run(self, stop: asyncio.Event, jobs: Iterable[CalendarJob] = ()) -> None:
        """Run until `stop` is set, then drain: every accepted answer is committed.

        Raises StoreError at the start, DatabaseTaken when another monitor has taken the books meanwhile.
        """
        await self.pipeline.resume()
        pacer = self._pacer = Pacer(asyncio.get_running_loop())
        pacer.add_tick("remember", self._tempo.remember, self.pipeline.remember)
        pacer.add_tick("evaluate", self._tempo.evaluate, partial(self._evaluate_or_leave, stop))
        pacer.add_tick("tell", self._tempo.tell, self.pipeline.tell)
        pacer.add_probes(self._wiring.catalog.probes(), self.pipeline.observe)
        await self.pipeline.evaluate()  # the page says at once what is known from before
        jobs = tuple(jobs)
        scheduler = calendar(jobs) if jobs else None
        if scheduler is not None:
            scheduler.start()
        try:
            await pacer.run(stop)
        finally:
            if scheduler is not None:
                scheduler.shutdown(wait=False)
            await self._close_up()
        if self.pipeline.dispossessed is not None:
            raise self.pipeline.dispossessed

    async def _evaluate_or_leave(self, stop: asyncio.Event) -> None:
        """Evaluate; a monitor whose books another one has taken must not go on asking everybody a second time."""
        await self.pipeline.evaluate()
        if self.pipeline.dispossessed is not None:
            stop.set()

    async def _close_up(self) -> None:
        """The last commit of a stop, within its share of the 10 s: a store that hangs must not hold up the stop."""
        try:
            async with asyncio.timeout(LAST_WORDS.total_seconds()):
                await self.pipeline.land(LANDING)
                await self.pipeline.evaluate(publish=True)
        except TimeoutError:
            log.critical("Le registre ne répond pas : les dernières réponses n’ont pas pu être gardées.")

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
                (f"Les questions partent avec {late.total_seconds():.1f} s de retard.", late > LATE),
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
    every, retry = max(policy.every, WITHOUT_CONTACT), max(policy.retry_every, WITHOUT_CONTACT)
    return replace(probe, policy=replace(policy, every=every, retry_every=retry))
