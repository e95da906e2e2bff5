"""Old answers go: how long they are kept, who may hold them back, and the small steps in which they are deleted."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from monitor.store import DatabaseBusy
from monitor.store.days import ONE_DAY, day_of
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

SOON = timedelta(seconds=1)  # while there is something to delete: each step takes the writer some 20 ms


def goes_before(now: datetime, keep_days: int, measured: date, held: Iterable[date | None]) -> date:
    """The policy: answers of before this day of Paris may go.

    `keep_days` whole days are kept beside today. `measured` is the first of the last `keep_days` days that have
    answers: a clock that is set a year ahead must not take everything from before. Each of `held` is the first day that
    somebody still needs (not sealed yet, not archived yet), whatever its age; None: nobody needs any.
    """
    oldest = day_of(now) - keep_days * ONE_DAY
    return min((oldest, measured, *(day for day in held if day is not None)))


class Retention:
    """Deletes by `step`; on PostgreSQL it makes the room for the days to come as well. A rehearsal deletes nothing."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring
        self._measured: tuple[date, date | None] | None = None  # as of which day

    async def step(self) -> timedelta | None:
        """Do a little of what is to be done, and say how soon to come again. Raises StoreError; then it is done again.

        Whoever reads what is to go, or to be made, is not waited for: later is soon enough.
        """
        now = self._w.now()
        try:
            await self._w.work(partial(self._w.store.make_room, now))
            if self._w.rehearsal is not None or self._w.keep_days is None:
                return None
            measured = await self._measured_since(day_of(now), self._w.keep_days)
            if measured is None:
                return None
            held = [await first_needed() for first_needed in self._w.held]
            before = goes_before(now, self._w.keep_days, measured, held)
            return SOON if await self._w.work(partial(self._w.store.let_go, before)) else None
        except DatabaseBusy as trouble:
            log.info("rétention remise à plus tard : %s", trouble)
            return None

    async def _measured_since(self, today: date, days: int) -> date | None:
        """Looked up once a day: as many looks into the tables as days are kept."""
        if self._measured is None or self._measured[0] != today:
            self._measured = (today, await self._w.work(partial(self._w.store.measured_day, days)))
        return self._measured[1]
