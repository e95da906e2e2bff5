"""Incidents that the country has forgotten, and of whose end somebody has still to hear: a silence outlasts a day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from monitor.domain.incident import Incident
from monitor.domain.notice import LAST_WORDS, Told
from monitor.wiring import Wiring

# Out of school hours may be a whole summer; what was over before that is of no use to anybody.
OWED = timedelta(days=100)


class Unended:
    """What must be laid beside the incidents of the country whenever news are worked out."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._seen: frozenset[str] = frozenset()
        self._owed: dict[str, Incident] = {}

    async def resume(self, now: datetime) -> list[Told]:
        """Find again what is owed after a restart; who last heard what of it. Raises StoreError."""
        found, told = await self._w.work(partial(self._w.store.unended, now - OWED))
        self._owed = {one.id: one for one in found}
        return told

    async def beside(
        self, incidents: Iterable[Incident], heard: Mapping[tuple[str, str], Told], reachable: Collection[str]
    ) -> tuple[Incident, ...]:
        """These incidents, then the forgotten ones that a reachable subscription has heard of, but not yet the end.

        Raises StoreError. How a forgotten one ended is read in the books: it may have closed and left since last time.
        """
        incidents = tuple(incidents)
        known = frozenset(one.id for one in incidents)
        gone = self._seen - known
        if gone or self._owed:
            waiting = (told for told in heard.values() if told.reason not in LAST_WORDS)
            owed = {told.incident for told in waiting if told.subscription in reachable}
            left = gone & owed
            found = await self._w.work(partial(self._w.store.incidents_named, left)) if left else []
            kept = {**self._owed, **{one.id: one for one in found}}
            self._owed = {name: one for name, one in kept.items() if name in owed and name not in known}
        self._seen = known
        return (*incidents, *self._owed.values())
