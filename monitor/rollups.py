"""What is kept of each probe for ever: hours and days that are over are closed, a little at a time, in the tables."""

from datetime import date, datetime, timedelta
from functools import partial

from monitor.wiring import Wiring

HOUR = timedelta(hours=1)
SETTLES = timedelta(minutes=5)  # after its end an hour is closed: its last answers have come, and are committed
SOON = timedelta(seconds=1)  # while there is something to do: each step takes the writer some 50 ms


class Rollups:
    """Closes by `step`; a restart begins the hour or the day anew that was under way, which counts nothing twice."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._probes = {probe.id: probe for service in wiring.catalog.services.values() for probe in service.probes}
        self._hour: tuple[datetime, int] | None = None
        self._day: tuple[date, int] | None = None
        self.current = False  # whether every hour that is over was closed at the last step

    async def step(self) -> timedelta | None:
        """Do a little of what is to be done, and say how soon to come again. Raises StoreError; then it is done again.

        First the hours that are over, then the days, then what answers came late to.
        """
        hour = await self._w.work(self._w.store.open_hour)
        self.current = hour is None or self._w.now() < hour + HOUR + SETTLES
        if hour is not None and not self.current:
            await self._close_hour(hour)
            return SOON
        day = await self._w.work(self._w.store.open_day)
        if day is not None:
            await self._close_day(day)
            return SOON
        return SOON if await self._w.work(partial(self._w.store.close_late, self._in_school)) else None

    async def _close_hour(self, hour: datetime) -> None:
        after = self._hour[1] if self._hour is not None and self._hour[0] == hour else 0
        last = await self._w.work(partial(self._w.store.close_part, hour, after, self._in_school))
        self._hour = None if last is None else (hour, last)

    async def _close_day(self, day: date) -> None:
        after = self._day[1] if self._day is not None and self._day[0] == day else 0
        last = await self._w.work(partial(self._w.store.close_day_part, day, after))
        self._day = None if last is None else (day, last)

    def _in_school(self, name: str, at: datetime) -> bool:
        probe = self._probes.get(name)
        return self._w.timetable.clock(None if probe is None else probe.service).in_school_hours(at)
