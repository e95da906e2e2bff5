"""Incidents that the country has forgotten, and of whose end somebody has still to hear: a silence outlasts a day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from monitor.domain.incident import Incident
from monitor.domain.notice import LAST_WORDS, Told
from monitor.store import Store

# Out of school hours may be a whole summer; what was over before that is of no use to anybody.
OWED = timedelta(days=100)


class Unended:
    """What must be laid beside the incidents of the country whenever news are worked out."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._over: dict[str, Incident] = {}
        self._owed: dict[str, Incident] = {}

    def resume(self, now: datetime) -> list[Told]:
        """Find again what is owed after a restart; who last heard what of it. Blocks; raises StoreError."""
        found, told = self._store.unended(now - OWED)
        self._owed = {one.id: one for one in found}
        return told

    def beside(
        self, incidents: Iterable[Incident], heard: Mapping[tuple[str, str], Told], reachable: Collection[str]
    ) -> tuple[Incident, ...]:
        """These incidents, then the forgotten ones that a reachable subscription has heard of, but not yet the end."""
        incidents = tuple(incidents)
        over = {one.id: one for one in incidents if one.closed_at is not None}
        forgotten = {name: one for name, one in self._over.items() if name not in over}
        self._over = over
        if forgotten or self._owed:
            owed = {
                told.incident
                for told in heard.values()
                if told.reason not in LAST_WORDS and told.subscription in reachable
            }
            known = {one.id for one in incidents}
            kept = {**self._owed, **forgotten}
            self._owed = {name: one for name, one in kept.items() if name in owed and name not in known}
        return (*incidents, *self._owed.values())
