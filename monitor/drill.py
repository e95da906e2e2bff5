"""The daily drill: one marked message goes the way of all others to whoever runs Vigie, and it is known if it does not.

Not a job of the calendar: what is missing is looked for again and again, so that neither a restart nor a machine that
was off at that hour leaves a day without its drill, and the id of its telling is the day's, so that it leaves once.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from monitor.alerting import drill_letter
from monitor.alerting.extent import PARIS
from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.vitals import Drill
from monitor.store import StoreError, Telling
from monitor.wiring import Wiring

_DRILL = "drill/{day}"  # stands where a telling names its incident; no incident is called so


class Drilling:
    """The drill of each day: queued once its hour has come, then followed until it has arrived."""

    def __init__(self, wiring: Wiring, at: time) -> None:
        """`at`: the hour of Paris."""
        self._w, self._at = wiring, at
        self.last: Drill | None = None

    async def step(self) -> None:
        """Queue what is due, and look what became of the last. A store that refuses is asked again later."""
        now = self._w.now()
        today = now.astimezone(PARIS).date()
        due = now.astimezone(PARIS).time() >= self._at and (self.last is None or self.last.day != today.isoformat())
        nobody = self.last is None and not self._told()
        if nobody or (not due and self.last is not None and self.last.arrived_at is not None):
            return
        drills = tuple(_DRILL.format(day=day.isoformat()) for day in (today, today - timedelta(days=1)))
        try:
            self.last = await self._w.work(partial(self._w.store.last_drill, drills))
            if due and (self.last is None or self.last.day != today.isoformat()):
                await self._queue(drills[0], now)
        except StoreError:
            return

    async def _queue(self, drill: str, now: datetime) -> None:
        new = list(self._tellings(drill, now))
        await self._w.work(partial(self._w.store.queue, new))
        for telling in new:
            self._w.told(telling)
        if new:
            self.last = Drill(drill.rpartition("/")[2], now)

    def _told(self) -> list[Subscription]:
        """Whoever runs Vigie, as far as they can be reached."""
        subscriptions, reached = self._w.subscriptions, self._w.addresses
        return [one for one in subscriptions if one.role is Role.OPERATOR and one.id in reached]

    def _tellings(self, drill: str, now: datetime) -> Iterator[Telling]:
        for one in self._told():
            letter = drill_letter(now, one.language)
            yield Telling(
                id=f"{drill}/{one.id}",
                subscription=one.id,
                incident=drill,
                # A telling must have a turn and a health. It is asked for neither: its incident does not exist.
                reason=Reason.OPENED,
                health=Health.UNKNOWN,
                title=letter.title,
                body=letter.body,
                created_at=now,
                next_try_at=now,
            )
