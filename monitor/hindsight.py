"""Late answers: history is told anew where they say otherwise, and nobody is alerted (docs/method.md)."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from monitor.domain.catalog import Catalog, Service
from monitor.domain.corroboration import ties
from monitor.domain.evaluation import Country
from monitor.domain.history import corrections_of
from monitor.domain.observation import Health, Observation
from monitor.domain.policy import Rhythm
from monitor.domain.replay import history, replay
from monitor.domain.service_verdict import Span
from monitor.domain.verdict import Verdict
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

# What surrounds late answers is judged again as well: before them until any state would be proved anew, after them
# until they cannot matter any more. At the slowest pace three answers take most of an hour.
AROUND = timedelta(hours=1)
DORMANT_AROUND = timedelta(hours=25)  # a good answer of a dormant service counts for a day
AT_ONCE = timedelta(hours=6)  # how much of the past one look takes in
TOGETHER = 30  # services that share something with the late one, and may have made its outage believed sooner


class Hindsight:
    """Which services have late answers that history does not know of yet; one look back at a time, after a tick."""

    def __init__(self, wiring: Wiring, as_judged: Callable[[Observation], Observation]) -> None:
        """`as_judged` gives an answer as the verdicts hear it: slow or not by what is usual for its probe."""
        self._w = wiring
        self._as_judged = as_judged
        self._late = defaultdict[str, set[datetime]](set)

    def heard(self, late: Iterable[Observation]) -> None:
        """These came too late for the verdicts; canaries date everything at once, and are left as they were heard."""
        for one in late:
            service = one.probe.partition("/")[0]
            if service in self._w.catalog.services:
                self._late[service].add(one.at)

    async def look_back(self, country: Country, now: datetime) -> None:
        """Judge the answers around the oldest late ones of one service again. Raises StoreError; then it waits."""
        if not self._late:
            return
        service, instants = next(iter(self._late.items()))
        until = min(instants) + AT_ONCE
        chosen = {one for one in instants if one <= until}
        await self._w.work(partial(self._correct, self._w.catalog.services[service], chosen, country, now))
        instants -= chosen
        if not instants:
            del self._late[service]

    def _correct(self, service: Service, late: set[datetime], country: Country, now: datetime) -> None:
        around = max(DORMANT_AROUND if service.dormant else AROUND, 4 * _slowest(service))
        # What was judged from answers that were let go since stands: without them it would become unknown.
        late = {one for one in late if one - 2 * around >= self._w.store.kept_from()}
        if not late:
            return
        since, until = min(late) - around, min(max(late) + around, now)
        scene = _scene(self._w.catalog, service)
        answers = self._w.store.answers([probe.id for probe in scene.probes()], since - around, until)
        changes = replay(
            scene,
            map(self._as_judged, answers),
            until=until,
            vantage=self._w.vantage,
            rhythms=lambda name: self._w.timetable.clock(name).rhythm,
            before=Country({probe: _as_new(one, since - around) for probe, one in country.verdicts.items()}),
        )
        derived = [one for one in history(changes, since=since, until=until) if one.service == service.id]
        ended = self._w.store.history([service.id], since, until)
        known = [*ended, *_in_force(service, country, until)]
        found = corrections_of(known, derived, since=since, until=until, made_at=now)
        if found:
            self._w.store.correct(found)
            log.info("histoire corrigée : %s, %d réponse(s) tardive(s)", service.id, len(late))


def _slowest(service: Service) -> timedelta:
    return max((probe.policy.interval(rhythm) for probe in service.probes for rhythm in Rhythm), default=timedelta())


def _scene(catalog: Catalog, service: Service) -> Catalog:
    """The service, and some of those that would make its outage believed sooner."""
    shared = set(ties(service))
    others = (one for one in catalog.services.values() if one.id != service.id and shared & set(ties(one)))
    return replace(catalog, services={one.id: one for one in (service, *islice(others, TOGETHER))})


def _as_new(verdict: Verdict, at: datetime) -> Verdict:
    """The verdict of a probe of which nothing is held, but that was seen working if it has been since."""
    return Verdict(verdict.probe, verdict.vantage, Health.UNKNOWN, at, good_answers=verdict.good_answers)


def _in_force(service: Service, country: Country, until: datetime) -> Iterator[Span]:
    """What is held to be true of the service and its probes, as spans that last until then."""
    for probe in service.probes:
        one = country.verdicts.get(probe.id)
        if one is not None and one.since < until:
            yield Span(service.id, probe.id, one.vantage, one.health, one.since, until, one.failure)
    said = country.services.get(service.id)
    if said is not None and said.since < until:
        yield Span(service.id, None, "", said.health, said.since, until, said.failure)
