"""Old answers go: how long they are kept, who may hold them back, and the small steps in which they are deleted."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from monitor.store import DatabaseBusy
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

SOON = timedelta(seconds=1)  # while there is something to delete: each step takes the writer some 20 ms
_PARIS = ZoneInfo("Europe/Paris")
_DAY = timedelta(days=1)


def goes_before(now: datetime, keep_days: int, held: Iterable[date | None]) -> date:
    """The policy: answers of before this day of Paris may go.

    `keep_days` whole days are kept beside today. Each of `held` is the first day that somebody still needs (not sealed
    yet, not archived yet), whatever its age; None: nobody needs any.
    """
    oldest = now.astimezone(_PARIS).date() - keep_days * _DAY
    return min((oldest, *(day for day in held if day is not None)))


class Retention:
    """Deletes by `step`; on PostgreSQL it makes the room for the days to come as well. A rehearsal deletes nothing."""

    def __init__(self, wiring: Wiring) -> None:
        self._w = wiring

    async def step(self) -> timedelta | None:
        """Do a little of what is to be done, and say how soon to come again. Raises StoreError; then it is done again.

        Whoever reads what is to go, or to be made, is not waited for: later is soon enough.
        """
        now = self._w.now()
        try:
            await self._w.work(partial(self._w.store.make_room, now))
            if self._w.rehearsal is not None or self._w.keep_days is None:
                return None
            held = [await first_needed() for first_needed in self._w.held]
            before = goes_before(now, self._w.keep_days, held)
            return SOON if await self._w.work(partial(self._w.store.let_go, before)) else None
        except DatabaseBusy as trouble:
            log.info("rétention remise à plus tard : %s", trouble)
            return None
