"""A courier over real books whose destinations answer, refuse, or swallow messages, on a clock that is moved by hand."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.alerting import Message, Outcome
from monitor.domain.evaluation import Country
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.timetable import Timetable
from monitor.store import Resend, Store, Telling, open_store
from monitor.telling import Teller
from monitor.wiring import Wiring
from tests.domain.small import catalog, service
from tests.prepared import prepared
from tests.stories.village import MORNING, Clock, Inline, Weather

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass
class World:
    """What is at the other end of every line. `takes`: seconds that a host needs; `refuses`: hosts and people."""

    clock: Clock
    takes: dict[str, float] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    accepted: list[tuple[datetime, Message]] = field(default_factory=list)
    asked: list[tuple[datetime, Message]] = field(default_factory=list)
    under_way: list[tuple[datetime, asyncio.Future[None]]] = field(default_factory=list)

    async def send(self, message: Message) -> Outcome:
        host = urlsplit(message.url).hostname or ""
        self.asked.append((self.clock.at, message))
        if (seconds := self.takes.get(host, 0.0)) > 0:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.under_way.append((self.clock.at + timedelta(seconds=min(seconds, 25)), done))
            await done
        if seconds >= 25 or host in self.refuses or any(name in message.url for name in self.refuses):
            return Outcome(message.id, delivered=False, words="refusé")
        self.accepted.append((self.clock.at, message))
        return Outcome(message.id, delivered=True, words="remis")

    def come_back(self) -> None:
        """Whoever has waited long enough goes on."""
        for due, done in list(self.under_way):
            if due <= self.clock.at:
                self.under_way.remove((due, done))
                if not done.done():
                    done.set_result(None)


@dataclass
class Office:
    """Subscriptions by id with their addresses; messages are queued by hand."""

    url: str
    addresses: dict[str, str]
    seconds: dict[str, str] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] | None = None
    clock: Clock = field(default_factory=Clock)
    wishes: list[Resend] = field(default_factory=list)
    country: Country = field(default_factory=Country)

    def __post_init__(self) -> None:
        prepared(self.url, "real", self.clock.at)
        self.world = World(self.clock)
        self.catalog = catalog(service("portail"))

    async def start(self) -> None:
        self.store: Store = open_store(self.url, kind="real")
        self.teller = Teller(self._wiring(), ground=None)  # type: ignore[arg-type] # no incident needs it
        self.courier = self.teller.courier
        await self.courier.resume()
        await self.teller.alarms.resume()

    def _wiring(self) -> Wiring:
        async def wished(since: datetime) -> Sequence[Resend]:
            return [one for one in self.wishes if one.asked_at >= since]

        people = tuple(Subscription(name, "VIGIE_X", territories=("A:lyon",)) for name in self.addresses)
        return Wiring(
            catalog=self.catalog,
            subscriptions=people if self.subscriptions is None else self.subscriptions,
            addresses=self.addresses,
            seconds=self.seconds,
            rates=self.rates,
            wishes=wished,
            prober=Weather(self.clock),
            store=self.store,
            sender=self.world,
            timetable=Timetable.constant(),
            now=self.clock,
            wall=self.clock,
            awake=self.clock.awake,
            work=Inline(),
            warnings=tuple,
            version="0.1.0",
            vantage="local",
        )

    def queue(self, name: str, to: str, reason: Reason = Reason.OPENED, incident: str = "i") -> None:
        health = Health.DOWN
        self.store.queue([Telling(name, to, incident, reason, health, f"titre {name}", f"corps {name}", self.clock.at)])

    async def settle(self) -> None:
        """Let everything happen that needs no time."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)
        while loop._ready:  # type: ignore[attr-defined] # asyncio's own loop
            await asyncio.sleep(0)

    async def passes(self, span: timedelta, step: timedelta = SECOND) -> None:
        """Time passes; the tell tick comes every 5 s, what sends in between every second."""
        for _ in range(math.ceil(span / step)):
            at = (self.clock.at - MORNING).total_seconds()
            if at % 5 == 0:
                await self.teller.alarms.look(self.country, self.clock.at)
                await self.courier.send_due(self.clock.at)
            elif at % 1 == 0:
                await self.courier.go_on()
            await self.settle()
            self.clock.at += step
            self.world.come_back()
            await self.settle()

    def accepted(self) -> list[str]:
        return [message.id for _, message in self.world.accepted]

    async def close(self) -> None:
        await self.courier.land(timedelta(0))
        self.store.close()
