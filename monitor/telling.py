"""Tell: compare each incident with what each subscriber last heard, and keep the difference, which is then sent."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from monitor.alarms import Alarms
from monitor.domain.burst import Burst, gathered
from monitor.domain.evaluation import Country
from monitor.domain.news import News, news
from monitor.domain.notice import Told
from monitor.domain.rollup import Ground
from monitor.letters import Letters
from monitor.sending import Courier
from monitor.wiring import Wiring


class Teller:
    """What each subscription last heard: keeps a row of what is new; `courier` sends it."""

    def __init__(self, wiring: Wiring, ground: Ground) -> None:
        self._w = wiring
        self._ground = ground
        self._told: dict[tuple[str, str], Told] = {}
        self.courier = Courier(wiring)
        self.alarms = Alarms(wiring, self.courier.queues)

    async def resume(self) -> None:
        """Take up what was said before a restart. Raises StoreError."""
        self._told = {(told.subscription, told.incident): told for told in await self._w.work(self._w.store.told)}
        await self.courier.resume()
        await self.alarms.resume()

    async def queue_news(self, country: Country, now: datetime) -> None:
        """Keep a row for everything that is new to somebody; nothing is sent yet. Raises StoreError."""
        letters = Letters(self._w, country, now)
        new = [row for found in self._news(country, now) for row in letters.rows(found)]
        if new:
            await self._w.work(partial(self._w.store.queue, new))
            for telling in new:
                self._w.told(telling)
            self._told |= {(one.subscription, one.incident): one.told for one in new}

    async def tell(self, country: Country) -> None:
        """Say what is new: a row before each send, then the sends that are due. Raises StoreError."""
        now = self._w.now()
        await self.queue_news(country, now)
        await self.alarms.look(country, now)
        await self.courier.send_due(now)

    def _news(self, country: Country, now: datetime) -> Iterator[News | Burst]:
        reachable = (one for one in self._w.subscriptions if one.id in self._w.addresses)
        found = news(
            reachable,
            country.incidents,
            self._told,
            self._w.catalog,
            self._ground,
            now=now,
            blind=country.line.blind,
        )
        return gathered(found, country.incidents, self._told, now)
