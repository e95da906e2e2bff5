"""Tell: compare each incident with what each subscriber last heard, and keep the difference, which is then sent."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from monitor.alarms import Alarms
from monitor.alerting import compose
from monitor.domain.evaluation import Country
from monitor.domain.news import News, news
from monitor.domain.notice import Told
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground
from monitor.sending import Courier
from monitor.store import Telling
from monitor.wiring import Wiring

_AGAIN = frozenset({Reason.EASED, Reason.RELAPSED})  # what may happen to one incident more than once


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
        new = list(self._news(country, now))
        if new:
            await self._w.work(partial(self._w.store.queue, new))
            for telling in new:
                self._w.told(telling)
            said = (Told(t.subscription, t.incident, t.reason, t.health, t.created_at) for t in new)
            self._told |= {(told.subscription, told.incident): told for told in said}

    async def tell(self, country: Country) -> None:
        """Say what is new: a row before each send, then the sends that are due. Raises StoreError."""
        now = self._w.now()
        await self.queue_news(country, now)
        await self.alarms.look(country, now)
        await self.courier.send_due(now)

    def _news(self, country: Country, now: datetime) -> Iterator[Telling]:
        reachable = (one for one in self._w.subscriptions if one.id in self._w.addresses)
        for one in news(
            reachable,
            country.incidents,
            self._told,
            self._w.catalog,
            self._ground,
            now=now,
            blind=country.line.blind,
        ):
            yield self._telling(one, country, now)

    def _telling(self, new: News, country: Country, now: datetime) -> Telling:
        subscription, incident, reason = new.subscription, new.incident, new.reason
        survivor = next((one for one in country.incidents if one.id == incident.absorbed_into), None)
        followed = survivor or incident
        letter = compose(
            reason,
            incident,
            subscription,
            self._w.catalog,
            new.share,
            now,
            page=f"{self._w.public_url}/incidents/{followed.id}" if self._w.public_url else None,
            rehearsal=", ".join(filter(None, (self._w.rehearsal, self._w.rehearsal_note))) or None,
            healths={verdict.service: verdict.health for verdict in country.services.values()},
            survivor=survivor,
        )
        # Computed, never drawn: the same word about the same thing has the same id after a crash.
        repeated = incident.worst.value
        if reason is Reason.STILL_OPEN:
            repeated = f"{now:%Y%m%d%H%M}"
        elif reason in _AGAIN:
            repeated = str(sum(turn.reason is reason for turn in incident.turns))
        return Telling(
            id=f"{incident.id}/{subscription.id}/{reason.value}-{repeated}",
            subscription=subscription.id,
            incident=incident.id,
            reason=reason,
            health=incident.worst,
            title=letter.title,
            body=letter.body,
            created_at=now,
            next_try_at=now,
        )
