"""observe, evaluate, tell: the only file that knows the order of the rooms."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from monitor.bulletin import bulletin
from monitor.domain.catalog import Probe
from monitor.domain.corroboration import about_to_confirm
from monitor.domain.evaluation import Country, evaluate
from monitor.domain.fleet import WINDOW
from monitor.domain.gap import NOTICED, Excuse, Skip
from monitor.domain.observation import Observation
from monitor.domain.rollup import survey
from monitor.domain.snapshot import Press
from monitor.fleets import Fleets
from monitor.hindsight import Hindsight
from monitor.inbox import Inbox
from monitor.ledger import Ledger
from monitor.lookout import Lookout
from monitor.past import Past
from monitor.refusals import recall_refusals
from monitor.sheets import Sheets
from monitor.store import DatabaseTaken, Evaluation, StoreError
from monitor.telling import Teller
from monitor.usuals import Usuals
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

PUBLISH_EVERY = timedelta(seconds=30)  # a snapshot is published on change, and that often when nothing changes
LINE_LATE = timedelta(minutes=2)  # our line not seen for that long, while not blind either, is said to the operator


class Pipeline:
    """Three clocks with tables between them; what is in memory is rebuilt from the tables by `resume`."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._ground, self._lookout = survey(wiring.catalog, wiring.pupils), Lookout(wiring)
        slowest = max((canary.policy.every for canary in wiring.catalog.canaries), default=timedelta())
        self._line_late = max(LINE_LATE, 2 * slowest)  # canaries that are asked seldom are not late for being silent
        self._fresh: list[Observation] = []
        self._teller = Teller(wiring, self._ground)
        self._published_at: tuple[datetime, datetime] | None = None
        self._measured_at: datetime | None = None
        self.storage_trouble: str | None = None
        self.dispossessed: DatabaseTaken | None = None
        self.country = Country()
        self.usuals = Usuals(wiring)
        self._past, self._hindsight = Past(wiring, self.usuals), Hindsight(wiring, self.usuals.heard)
        self.sheets = Sheets(wiring, self._ground, self._seen_working)
        self.ledger = Ledger(wiring.vantage)
        self.inbox = Inbox(self.ledger, lambda said, missed: wiring.work(partial(wiring.store.append, said, missed)))
        self.fleets = Fleets(wiring.fleets, wiring.prober.ask, wiring.now, self.inbox.accept)

    async def resume(self) -> None:
        """Take up where the tables stand. Raises StoreError."""
        state = await self._w.work(self._w.store.state)
        names = tuple(fleet.id for fleet in self._w.fleets)
        unjudged = await self._w.work(partial(self._w.store.unjudged, fleets=names))
        # What a wall clock that was set back has left ahead of it was judged then, and vouches for nothing now.
        self._fresh = [one for one in unjudged if one.at <= self._w.now()]
        self.country = Country(
            {verdict.probe: verdict for verdict in state.verdicts if verdict.vantage == self._w.vantage},
            {verdict.service: verdict for verdict in state.services},
            state.incidents,
        )
        if names:
            lately = max(WINDOW, *(fleet.every for fleet in self._w.fleets))
            self.fleets.resume(await self._w.work(partial(self._w.store.lately, names, self._w.now() - lately)))
        await recall_refusals(self._w, self.country)
        await self.usuals.resume()
        await self._lookout.resume()
        await self._teller.resume()
        await self.sheets.resume()
        judged = (verdict.last_at for verdict in state.verdicts if verdict.last_at is not None)
        self._measured_at = max((*judged, *(answer.at for answer in self._fresh)), default=None)
        now = self._w.now()
        if self._measured_at is not None and now - self._measured_at > NOTICED:
            self.ledger.absent(Excuse.STOPPED, self._measured_at, now)

    def asked_at(self, probe: Probe) -> datetime | None:
        """When a probe was last asked, as far as the books know; a restart is no reason to ask it again sooner."""
        verdict = self.country.verdicts.get(probe.id)
        return None if verdict is None else verdict.last_at

    async def observe(self, probe: Probe) -> timedelta | None:
        """Ask and accept the answer; says how soon to ask again when the answer contradicts what is held to be true."""
        due = self._w.now()
        said = await self._w.prober.ask(probe)
        interval = self._w.timetable.interval(probe, said.at)
        heard = self.inbox.accept(said, interval)
        if isinstance(heard, Skip):
            return None
        if heard.at - due > interval / 2:  # its turn came late
            self.ledger.waited(probe.id, due, heard.at)
        verdict = self.country.verdicts.get(probe.id)
        judged = self.usuals.heard(heard)
        if verdict is not None and probe.service is not None and verdict.contradicted_by(judged):
            if judged.failure is not None and verdict.run:
                self._w.vouch()
            return min(probe.policy.retry_every, interval)
        return None

    async def remember(self) -> None:
        """Commit the answers accepted so far, in one transaction; a store that refuses loses none of them."""
        try:
            batch = await self.inbox.commit()
        except StoreError as trouble:
            self._say(trouble)
            return
        if batch is not None:
            self.storage_trouble = None
            self._fresh += batch
        if batch:
            self._measured_at = max(batch[-1].at, self._measured_at or batch[-1].at)

    async def evaluate(self, *, publish: bool = False) -> None:
        """What is true now: judge, combine, reconcile, publish; spans, incidents and snapshot in one transaction.

        A snapshot is published when something changed, every 30 s by either clock, and when `publish` asks for it.
        """
        await self.remember()
        fresh = tuple(self._fresh)
        # Beside the loop, as what follows: a big country takes a while to judge, and questions leave on time meanwhile.
        by_probe = await self._w.work(partial(self.usuals.by_probe, fresh))
        bonds = await self._lookout.bonds(by_probe, self.country)
        now, wall = self._w.now(), self._w.wall()
        change = await self._w.work(
            partial(
                evaluate,
                self.country,
                by_probe,
                self._w.catalog,
                now=now,
                vantage=self._w.vantage,
                rhythms=lambda service: self._w.timetable.clock(service).rhythm,
                bonds=bonds,
                peaks=self._w.timetable.peak_over,
            )
        )
        publish = publish or change.visible or self._due(now, wall)
        if not publish and not change.verdicts and not change.gone:
            self._fresh = self._fresh[len(fresh) :]  # late, or another vantage's: no verdict changes by them
            await self._look_back(change.late, now)
            return
        snapshot = await self._bulletin(change.country, now, wall) if publish else None
        said = (change.verdicts, change.services, change.spans, change.incidents)
        found = Evaluation(*said, snapshot, wall, gone=change.gone, gone_services=change.gone_services)
        try:
            await self._w.work(partial(self._w.store.save, found))
        except StoreError as trouble:
            self._say(trouble)
            return  # nothing of it is held to be true: the same answers are judged again at the next tick
        self.storage_trouble = None
        self.country, self._fresh = change.country, self._fresh[len(fresh) :]
        self.fleets.see(change.country.line)
        self._published_at = (now, wall) if publish else self._published_at
        self.sheets.closed(change.incidents)
        self._w.changed(change)
        await self._look_back(change.late, now)

    def _due(self, now: datetime, wall: datetime) -> bool:
        last = self._published_at
        return last is None or max(abs(now - last[0]), abs(wall - last[1])) >= PUBLISH_EVERY

    async def _look_back(self, late: Sequence[Observation], now: datetime) -> None:
        """Correct history where late answers say otherwise; a store that refuses is asked again at the next tick."""
        self._hindsight.heard(late)
        await self.a_little(partial(self._hindsight.look_back, self.country, now))

    async def close_hours(self) -> timedelta | None:
        """Roll up a little of what is over, learn from it, let go what is old; says how soon there is more to do."""
        await self.remember()
        return await self.a_little(self._past.step) if self.storage_trouble is None else None

    async def tell(self) -> None:
        """Say what is new: a row before each send, then the sends that are due."""
        await self.a_little(partial(self._teller.tell, self.country))

    async def send(self) -> timedelta | None:
        """Let leave what a rate held up; says how soon the next may."""
        return await self.a_little(self._teller.courier.go_on)

    async def freeze(self) -> timedelta | None:
        """Draw a little of the evidence sheets that are due; says how soon there is more to do."""
        return await self.a_little(self.sheets.step)

    async def a_little(self, step: Callable[[], Awaitable[timedelta | None]]) -> timedelta | None:
        """Take a step of something; a store that refuses is said, and the step is taken again later."""
        try:
            return await step()
        except StoreError as trouble:
            self._say(trouble)
            return None

    async def _bulletin(self, country: Country, now: datetime, wall: datetime) -> bytes:
        """The snapshot of this moment, ready to be served."""
        blind_since = next((one.opened_at for one in country.incidents if one.ours and one.closed_at is None), None)
        press = Press(
            at=now,
            published_at=wall,
            measured_at=self._measured_at,
            vantage=self._w.vantage,
            blind_since=blind_since if country.line.blind else None,
            version=self._w.version,
            warnings=self.warnings(),
            rehearsal=self._w.rehearsal,
            rehearsal_note=self._w.rehearsal_note,
            fleets=tuple(self.fleets.document(now)),
            vitals=self._w.vitals(),
        )
        return await self._w.work(partial(bulletin, press, country, self._w.catalog, self._ground))

    @property
    def about_to_confirm(self) -> bool:
        """Whether some probe has enough bad answers in a row, and waits only for their span or for our line."""
        return about_to_confirm(self._w.catalog, self.country.verdicts)

    def warnings(self) -> tuple[str, ...]:
        """French sentences about Vigie itself that anybody may read; paths and the driver's words stay in the log."""
        line = self.country.line
        unseen = not line.blind and line.seen_at is not None and self._w.now() - line.seen_at > self._line_late
        said = (
            (self.storage_trouble is not None, "Le registre refuse d’écrire : les réponses attendent en mémoire."),
            (self.inbox.given_up > 0, f"{self.inbox.given_up} réponses n’ont pas pu être gardées."),
            (unseen, "Trop de témoins se taisent : aucune nouvelle panne ne peut être confirmée."),
        )
        return (*(sentence for true, sentence in said if true), *self._teller.alarms.warnings, *self._w.warnings())

    async def land(self, within: timedelta) -> None:
        """At a stop: wait a little for the messages and the answers on their way."""
        await asyncio.gather(self._teller.courier.land(within), self.fleets.land(within))

    def _seen_working(self, probe: str) -> bool:
        verdict = self.country.verdicts.get(probe)
        return verdict is not None and verdict.seen_working

    def _say(self, trouble: StoreError) -> None:
        """Tell the operator of a store that refuses, once per trouble rather than at every tick."""
        if isinstance(trouble, DatabaseTaken):
            self.dispossessed = trouble
        if self.storage_trouble != str(trouble):
            log.error("%s", trouble)
        self.storage_trouble = str(trouble)
