"""Evidence sheets are frozen when their incident closes: a little at a time, and made good after a crash."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

from monitor.domain.incident import Incident
from monitor.domain.rollup import Ground
from monitor.domain.sheet import EvidenceSheet
from monitor.drafting import Scene, drafted
from monitor.store import StoreError
from monitor.wiring import Wiring

MADE_GOOD = timedelta(hours=24)  # how far back a start looks for incidents that closed without their sheet
SOON = timedelta(milliseconds=250)  # between two steps of some 25 ms: evaluations and answers go in between

Draft = Iterator[EvidenceSheet | None]


class Sheets:
    """The incidents that wait for their sheet, and the one that is being drawn."""

    def __init__(self, wiring: Wiring, ground: Ground, seen_working: Callable[[str], bool]) -> None:
        self._w, self._ground, self._seen_working = wiring, ground, seen_working
        self._waiting: dict[str, Incident] = {}
        self._drawing: tuple[Incident, Draft] | None = None

    async def resume(self) -> None:
        """Look for incidents whose sheet a crash has cost them. Raises StoreError."""
        since = self._w.now() - MADE_GOOD
        self.closed(await self._w.work(partial(self._w.store.unfrozen, since)))

    def closed(self, incidents: Iterable[Incident]) -> None:
        """Those of these incidents that are over wait for their sheet."""
        self._waiting |= {one.id: one for one in incidents if one.closed_at is not None}

    async def step(self) -> timedelta | None:
        """Draw a little; says how soon there is more to do. Raises StoreError; then the sheet is begun anew later.

        One that cannot be drawn is set aside until the next start, so that it does not hold up the others.
        """
        if self._drawing is None and not self._waiting:
            return None
        incident, draft = self._drawing or self._begun()
        self._drawing = None
        try:
            sheet = await self._w.work(partial(next, draft))
            if sheet is None:
                self._drawing = incident, draft
                return SOON
            await self._w.work(partial(self._w.store.freeze, sheet, self._w.now()))
        except (StoreError, asyncio.CancelledError):
            self._waiting[incident.id] = incident
            raise
        return SOON if self._waiting else None

    async def land(self, within: timedelta) -> None:
        """At a stop: what can still be drawn is; the rest is made good at the next start."""
        with suppress(TimeoutError, StoreError):
            async with asyncio.timeout(within.total_seconds()):
                while await self.step() is not None:
                    pass

    def _begun(self) -> tuple[Incident, Draft]:
        incident = self._waiting.pop(next(iter(self._waiting)))
        scene = Scene(self._w.catalog, self._ground, self._w.now(), self._seen_working)
        return incident, drafted(self._w.store, incident, scene)
