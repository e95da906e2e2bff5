"""What is usual for each probe: learned from closed hours in small steps, kept in the tables, put to every answer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from monitor.domain.observation import Observation
from monitor.domain.usual import Usual, heard
from monitor.wiring import Wiring

SOON = timedelta(seconds=1)  # while there is something to do: each step takes the writer some 50 ms
PROBES_A_STEP = 3


class Usuals:
    """Learns by `step`; what a restart finds in the tables is what was known before it.

    A rehearsal learns nothing and knows nothing: its answers are slow as their profile says.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._probes = {probe.id: probe for service in wiring.catalog.services.values() for probe in service.probes}
        self._known: dict[tuple[str, bool], Usual] = {}
        self._day: date | None = None
        self._due: list[str] = []

    async def resume(self) -> None:
        """Take up what is known to be usual. Raises StoreError."""
        if self._w.rehearsal is None:
            self._known = await self._w.work(partial(self._w.store.usuals, self._w.vantage))

    def heard(self, observation: Observation) -> Observation:
        """An answer as it is judged: slow or not by what is usual for its probe at such an hour."""
        probe = self._probes.get(observation.probe)
        if probe is None or not self._known:
            return observation
        usual = self._known.get((probe.id, self._in_school(probe.id, observation.at)))
        return heard(observation, usual, probe.policy)

    def by_probe(self, fresh: Iterable[Observation]) -> dict[str, list[Observation]]:
        """New answers as they are judged, by probe, each in the order given."""
        sorted_out = defaultdict[str, list[Observation]](list)
        for observation in fresh:
            sorted_out[observation.probe].append(self.heard(observation))
        return sorted_out

    async def step(self) -> timedelta | None:
        """Learn a little, and say how soon to come again. Raises StoreError; then it is done again.

        Once a day each probe's usual is learned anew, when all hours that are over are closed (`rollups`).
        """
        if self._w.rehearsal is not None:
            return None
        hour = await self._w.work(self._w.store.open_hour)
        if hour is None:
            return None
        if hour.date() != self._day:
            self._day = hour.date()
            self._due = [name for name in self._probes if not self._is_of(name, self._day)]
        if not self._due:
            return None
        await self._renew(self._due[:PROBES_A_STEP], self._day)
        del self._due[:PROBES_A_STEP]
        return SOON

    async def _renew(self, probes: list[str], day: date) -> None:
        found = await self._w.work(partial(self._w.store.renew_usuals, probes, self._w.vantage, day))
        for key in ((name, kind) for name in probes for kind in (True, False)):
            if key in found:
                self._known[key] = found[key]
            else:
                self._known.pop(key, None)

    def _is_of(self, name: str, day: date) -> bool:
        """Whether what is usual for a probe was learned for that day already, at any of its hours."""
        usuals = (self._known.get((name, kind)) for kind in (True, False))
        return any(usual is not None and usual.day == day for usual in usuals)

    def _in_school(self, name: str, at: datetime) -> bool:
        probe = self._probes.get(name)
        return self._w.timetable.clock(None if probe is None else probe.service).in_school_hours(at)
