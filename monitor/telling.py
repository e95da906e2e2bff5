"""Tell: compare each incident with what each subscriber last heard, and keep the difference, which is then sent."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

from monitor.alarms import Alarms
from monitor.attention import Attention
from monitor.domain.burst import Burst, gathered
from monitor.domain.catalog import Role
from monitor.domain.evaluation import Country
from monitor.domain.hush import Hush
from monitor.domain.incident import Incident
from monitor.domain.news import News
from monitor.domain.notice import Subscription, Told
from monitor.domain.rollup import Ground
from monitor.domain.roster import Roster
from monitor.hushing import hushed
from monitor.letters import Letters
from monitor.sending import Courier
from monitor.signups import Signups
from monitor.store import Telling
from monitor.unended import Unended
from monitor.wiring import Wiring

_TURNS = {Role.HEAD: 1, Role.PUBLIC: 2}  # the others first: there are few, and many wait for them
AT_A_TIME = 250  # letters composed and kept in one go; answers are committed in between


class Teller:
    """What each subscription last heard: keeps a row of what is new; `courier` sends it."""

    def __init__(self, wiring: Wiring, ground: Ground) -> None:
        self._w = wiring
        self._ground = ground
        self._told: dict[tuple[str, str], Told] = {}
        self._attention = Attention(wiring.catalog, ground, self._roster(wiring.readers))
        self._unended = Unended(wiring)
        self._country = Country()
        self.courier = Courier(wiring, self._both)
        self.alarms = Alarms(wiring, self.courier.queues)

    async def resume(self) -> None:
        """Take up what was said before a restart. Raises StoreError."""
        self._told = {(told.subscription, told.incident): told for told in await self._w.work(self._w.store.told)}
        owed = await self._unended.resume(self._w.now())
        self._told |= {(told.subscription, told.incident): told for told in owed}
        await self.courier.resume()
        await self.alarms.resume()

    async def tell(self, country: Country) -> None:
        """Say what is new: a row before each send, then the sends that are due. Raises StoreError."""
        now, self._country = self._w.now(), country
        await self.queue_news(country, now)
        await self.alarms.look(country, now)
        await self.courier.send_due(now)

    async def queue_news(self, country: Country, now: datetime) -> None:
        """Keep a row for everything that is new to somebody; nothing is sent yet. Raises StoreError."""
        if self._w.public is not None:
            await self._invite(self._w.public, now)
        await self._follow()
        declared, blind = await self._w.declared.look(now), country.line.blind
        incidents = await self._unended.beside(country.incidents, self._told, self._w.addresses)
        if self._attention.quiet(incidents, now, blind=blind):
            return
        letters, hush = Letters(self._w, country, now), hushed(self._w, declared, incidents, now)
        try:
            found = iter(await self._w.work(partial(self._messages, incidents, hush, now, blind=blind)))
            while new := await self._w.work(partial(self._keep_some, found, letters)):
                self._told |= {(one.subscription, one.incident): one.told for one in new}
                for telling in new:
                    self._w.told(telling)
        except BaseException:
            self._attention.forget()
            raise
        live = {one.id for one in incidents}
        if any(incident not in live for _, incident in self._told):
            self._told = {key: told for key, told in self._told.items() if key[1] in live}

    async def _invite(self, public: Signups, now: datetime) -> None:
        """Know who signed up or left, and ask the new ones whether it was they. A locked desk holds up no book."""
        await asyncio.to_thread(public.look)
        await self._w.work(partial(public.ask, self._w.store.queue, now))

    def _both(self, first: Telling, last: Telling) -> tuple[str, str] | None:
        return Letters(self._w, self._country, self._w.now()).both(first, last)

    async def _follow(self) -> None:
        """Know who there is now. Where everybody stays, this takes no more than a question to each register."""
        readership = self._w.readership
        if readership is not None and await readership.refresh():
            self._attention.follow(await self._w.work(partial(self._roster, readership.subscriptions)))

    def _roster(self, subscriptions: tuple[Subscription, ...]) -> Roster:
        return Roster((one for one in subscriptions if one.id in self._w.addresses), self._w.catalog)

    def _messages(self, incidents: Sequence[Incident], hush: Hush, now: datetime, *, blind: bool) -> list[News | Burst]:
        """What there is to say, reader by reader, heads of school last: nobody waits behind thousands."""
        found = list(self._attention.news(incidents, self._told, now, blind=blind, hush=hush))
        found.sort(key=lambda one: (_TURNS.get(one.subscription.role, 0), one.subscription.id))
        return list(gathered(found, incidents, self._told, now))

    def _keep_some(self, found: Iterator[News | Burst], letters: Letters) -> list[Telling]:
        """Write the next letters and keep them; none: all are kept. Beside the loop, with the store's own work between.

        Raises StoreError.
        """
        new = [row for one in islice(found, AT_A_TIME) for row in letters.rows(one)]
        if new:
            self._w.store.queue(new)
        return new
