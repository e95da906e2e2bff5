"""The desk as the tell clock sees it: read again at every tick, and never what it waits for or stops at."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.domain.hush import Declared, Hush, hush
from monitor.domain.incident import Incident
from monitor.domain.window import Window
from monitor.store import DeskReader, StoreError
from monitor.wiring import Wiring, Works

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=2)  # telling goes on by what was last read; the reading may still end later
PARIS = ZoneInfo("Europe/Paris")


def hushed(wiring: Wiring, declared: Declared, incidents: Iterable[Incident], now: datetime) -> Hush:
    """What is to be kept back at `now`, with the clocks of the wiring."""
    names = {place.timezone for place in wiring.catalog.territories.values()} | {PARIS.key}
    zones = {name: ZoneInfo(name) for name in names}  # ZoneInfo keeps those it has read
    return hush(declared, incidents, wiring.catalog, now, timetable=wiring.timetable, zones=zones)


class DeskWatch:
    """What people declared, as last read. A desk that is slow, broken or gone leaves what was known, and a warning."""

    def __init__(
        self, opened: Callable[[], DeskReader], work: Works, now: Callable[[], datetime], patience: timedelta = PATIENCE
    ) -> None:
        """`work` must not be the thread that writes the measures: a desk that hangs would hold them up."""
        self._opened, self._work, self._now, self._patience = opened, work, now, patience
        self._desk: DeskReader | None = None
        self._reading: asyncio.Future[Declared] | None = None
        self._known = Declared()
        self._read_at: datetime | None = None
        self._trouble: str | None = None

    async def look(self, now: datetime) -> Declared:
        """What may keep news back at `now`, or did when it could last be read."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._work(lambda: self._read(now)))
        done, _ = await asyncio.wait({self._reading}, timeout=self._patience.total_seconds())
        if not done:
            self._say("Le registre des déclarations ne répond pas.")
            return self._known
        reading, self._reading = self._reading, None
        try:
            self._known = reading.result()
        except StoreError as trouble:
            self._say(str(trouble))
        else:
            self._read_at, self._trouble = self._now(), None
        return self._known

    async def windows(self) -> tuple[Window, ...] | None:
        """Every window that was ever declared; None while the desk cannot be read, which `look` says."""
        if self._reading is not None:  # it hangs: no heap of questions behind that one
            return None
        with suppress(StoreError, TimeoutError):
            return await asyncio.wait_for(self._work(self._all_windows), self._patience.total_seconds())
        return None

    def warnings(self) -> tuple[str, ...]:
        """One French sentence that anybody may read while the desk cannot be; the cause stays in the log."""
        if self._trouble is None:
            return ()
        known = "" if self._read_at is None else f", lus pour la dernière fois à {self._at(self._read_at)}"
        return (f"Les silences et maintenances déclarés ne peuvent plus être relus{known}.",)

    def close(self) -> None:
        """Give back what is open."""
        if self._desk is not None:
            self._desk.close()

    def _read(self, now: datetime) -> Declared:
        return self._opened_once().declared(now)

    def _all_windows(self) -> tuple[Window, ...]:
        return tuple(self._opened_once().windows())

    def _opened_once(self) -> DeskReader:
        if self._desk is None:
            self._desk = self._opened()
        return self._desk

    def _say(self, trouble: str) -> None:
        if self._trouble != trouble:
            log.error("%s", trouble)
        self._trouble = trouble

    @staticmethod
    def _at(at: datetime) -> str:
        return f"{at.astimezone(PARIS):%H:%M}"
