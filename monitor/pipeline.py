"""observe, evaluate, tell: the only file that knows the order of the rooms."""

import asyncio
import json
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial

from monitor.domain.catalog import Probe
from monitor.domain.evaluation import Country, evaluate
from monitor.domain.observation import Observation
from monitor.domain.rollup import survey
from monitor.domain.snapshot import Press, build_snapshot, document
from monitor.store import DatabaseTaken, Evaluation, StoreError
from monitor.telling import Teller
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

PENDING_MOST = 100_000  # answers kept in memory while the store refuses them; beyond, the oldest are given up, counted
PUBLISH_EVERY = timedelta(seconds=30)  # a snapshot is published on change, and that often when nothing changes
LINE_LATE = timedelta(minutes=2)  # our line not seen for that long, while not blind either, is said to the operator


class Pipeline:
    """Three clocks with tables between them; what is in memory is rebuilt from the tables by `resume`."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._ground = survey(wiring.catalog)
        slowest = max((canary.policy.every for canary in wiring.catalog.canaries), default=timedelta())
        self._line_late = max(LINE_LATE, 2 * slowest)  # canaries that are asked seldom are not late for being silent
        self._pending: list[Observation] = []
        self._fresh: list[Observation] = []
        self._teller = Teller(wiring, self._ground)
        self._published_at: tuple[datetime, datetime] | None = None
        self._measured_at: datetime | None = None
        self._given_up = 0
        self._writing = asyncio.Lock()
        self._storage_trouble: str | None = None
        self.dispossessed: DatabaseTaken | None = None
        self.country = Country()
        self.observations = 0

    async def resume(self) -> None:
        """Take up where the tables stand. Raises StoreError."""
        state = await self._w.work(self._w.store.state)
        self._fresh = await self._w.work(self._w.store.unjudged)
        self.country = Country(
            {verdict.probe: verdict for verdict in state.verdicts if verdict.vantage == self._w.vantage},
            {verdict.service: verdict for verdict in state.services},
            state.incidents,
        )
        await self._teller.resume()
        self._measured_at = max((v.last_at for v in state.verdicts if v.last_at is not None), default=None)

    async def observe(self, probe: Probe) -> timedelta | None:
        """Ask and accept the answer; says how soon to ask again when the answer contradicts what is held to be true."""
        observation = await self._w.prober.ask(probe)
        self._pending.append(observation)
        self.observations += 1
        verdict = self.country.verdicts.get(probe.id)
        if verdict is not None and probe.service is not None and verdict.contradicted_by(observation):
            return min(probe.policy.retry_every, probe.policy.every)
        return None

    async def remember(self) -> None:
        """Commit the answers accepted so far, in one transaction; a store that refuses loses none of them.

        An answer leaves the waiting line only once it is committed: what interrupts this loses nothing, and the store
        ignores what it holds already.
        """
        async with self._writing:
            batch = tuple(self._pending)
            if not batch:
                return
            try:
                await self._w.work(partial(self._w.store.append, batch))
            except StoreError as trouble:
                self._given_up += max(len(self._pending) - PENDING_MOST, 0)
                del self._pending[:-PENDING_MOST]
                self._say(trouble)
                return
            del self._pending[: len(batch)]
            self._storage_trouble = None
            self._fresh += batch
            self._measured_at = max(batch[-1].at, self._measured_at or batch[-1].at)

    async def evaluate(self, *, publish: bool = False) -> None:
        """What is true now: judge, combine, reconcile, publish; spans, incidents and snapshot in one transaction.

        A snapshot is published when something changed, every 30 s by either clock, and when `publish` asks for it.
        """
        await self.remember()
        fresh, by_probe = tuple(self._fresh), defaultdict[str, list[Observation]](list)
        for observation in fresh:
            by_probe[observation.probe].append(observation)
        now, wall = self._w.now(), self._w.wall()
        change = evaluate(self.country, by_probe, self._w.catalog, now=now, vantage=self._w.vantage)
        last = self._published_at
        due = last is None or max(abs(now - last[0]), abs(wall - last[1])) >= PUBLISH_EVERY
        publish = publish or change.visible or due
        if not publish and not change.verdicts and not change.gone:
            return
        snapshot = self._snapshot(change.country, wall) if publish else None
        found = Evaluation(
            change.verdicts,
            change.services,
            change.spans,
            change.incidents,
            snapshot,
            wall,
            gone=change.gone,
            gone_services=change.gone_services,
        )
        try:
            await self._w.work(partial(self._w.store.save, found))
        except StoreError as trouble:
            self._say(trouble)
            return  # nothing of it is held to be true: the same answers are judged again at the next tick
        self._storage_trouble = None
        self.country, self._fresh = change.country, self._fresh[len(fresh) :]
        self._published_at = (now, wall) if publish else last
        self._w.changed(change)
        for incident in change.incidents:
            log.info("incident %s : %s (pire : %s)", incident.id, incident.health.value, incident.worst.value)

    async def tell(self) -> None:
        """Say what is new: a row before each send, then the sends that are due."""
        now = self._w.now()
        try:
            await self._teller.queue_news(self.country, now)
            await self._teller.send_due(now)
        except StoreError as trouble:
            self._say(trouble)

    def _snapshot(self, country: Country, wall: datetime) -> bytes:
        catalog = self._w.catalog
        probes = (probe for service in catalog.services.values() if not service.confirmed for probe in service.probes)
        blind_since = next((one.opened_at for one in country.incidents if one.ours and one.closed_at is None), None)
        press = Press(
            at=self._w.now(),
            published_at=wall,
            measured_at=self._measured_at,
            vantage=self._w.vantage,
            blind_since=blind_since if country.line.blind else None,
            version=self._w.version,
            never_seen=tuple(p.id for p in probes if not country.verdicts[p.id].seen_working),
            warnings=self.warnings(),
            rehearsal=self._w.rehearsal,
        )
        snapshot = build_snapshot(self._ground, country.services, country.incidents, press)
        shown = document(snapshot, catalog, self._ground)
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()

    def warnings(self) -> tuple[str, ...]:
        """French sentences about Vigie itself that anybody may read; paths and the driver's words stay in the log."""
        line = self.country.line
        unseen = not line.blind and line.seen_at is not None and self._w.now() - line.seen_at > self._line_late
        said = (
            (self._storage_trouble is not None, "Le registre refuse d’écrire : les réponses attendent en mémoire."),
            (self._given_up > 0, f"{self._given_up} réponses n’ont pas pu être gardées."),
            (unseen, "Trop de témoins se taisent : aucune nouvelle panne ne peut être confirmée."),
        )
        return (*(sentence for true, sentence in said if true), *self._w.warnings())

    async def land(self, within: timedelta) -> None:
        """At a stop: wait a little for the messages on their way."""
        await self._teller.land(within)

    def _say(self, trouble: StoreError) -> None:
        """Tell the operator of a store that refuses, once per trouble rather than at every tick."""
        if isinstance(trouble, DatabaseTaken):
            self.dispossessed = trouble
        if self._storage_trouble != str(trouble):
            log.error("%s", trouble)
        self._storage_trouble = str(trouble)
