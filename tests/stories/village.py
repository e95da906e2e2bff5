"""What the stories are told with: a village of services, a prober and a sender that do as they are told, an injected clock."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.alerting import Message, Outcome
from monitor.domain.catalog import Catalog, Probe, Role
from monitor.domain.networks import NOWHERE, Networks
from monitor.domain.notice import Subscription
from monitor.domain.observation import Certificate, Failure, Observation
from monitor.domain.timetable import Timetable
from monitor.pipeline import Pipeline
from monitor.store import Store, open_store
from monitor.wiring import Declares, NothingDeclared, Wiring
from tests.domain.small import catalog, service
from tests.prepared import prepared

MORNING = datetime(2021, 4, 6, 6, 0, tzinfo=UTC)
RECTORAT = Subscription("rectorat-lyon", "VIGIE_LYON", territories=("A:lyon",), settle=timedelta(minutes=1))
OPERATOR = Subscription("operateur", "VIGIE_OPERATOR_URL", role=Role.OPERATOR)


def village() -> Catalog:
    day = MORNING.date()
    return catalog(
        service("portail", confirmed=day),
        service("autre", territories=("D:69",), operator=None, platform=None, confirmed=day),
    )


@dataclass
class Clock:
    """An instant that moves when told to."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def awake(self) -> float:
        return (self.at - MORNING).total_seconds()


@dataclass
class Weather:
    """Answers every question at once, as the weather of the moment says."""

    clock: Clock
    failures: dict[str, Failure] = field(default_factory=dict)
    line_cut: bool = False
    deaf: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    issuers: dict[str, str] = field(default_factory=dict)

    async def ask(self, probe: Probe) -> Observation:
        cut = self.line_cut or probe.id in self.deaf
        failure = Failure.CONNECT_UNREACHABLE if cut else self.failures.get(probe.service or "")
        one = Observation(probe.id, "local", self.clock.at, timedelta(milliseconds=80), failure)
        if failure is not None or probe.service is None:  # what cannot be reached, or is not trusted, shows nothing
            return one
        issuer = self.issuers.get(probe.service)
        shown = None if issuer is None else Certificate(f"of {probe.service}", MORNING + timedelta(days=30), issuer)
        return replace(one, address=self.addresses.get(probe.service), certificate=shown)


@dataclass
class Post:
    """A gateway that can be dead; remembers what it was handed."""

    dead: bool = False
    hangs_on: str = "nothing hangs"
    handed: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> Outcome:
        if self.hangs_on in message.id:
            await asyncio.Event().wait()
        if not self.dead:
            self.handed.append(message)
        return Outcome(message.id, delivered=not self.dead, words="mort" if self.dead else "accepté")


class Inline:
    async def __call__(self, call):  # type: ignore[no-untyped-def]
        return call()


inline = Inline()


@dataclass
class Village:
    """The whole pipeline over a real database, moved tick by tick; `restart` is a crash at a tick's end."""

    url: str
    catalog: Catalog = field(default_factory=village)
    subscriptions: tuple[Subscription, ...] = (RECTORAT, OPERATOR)
    clock: Clock = field(default_factory=Clock)
    post: Post = field(default_factory=Post)
    timetable: Timetable = field(default_factory=Timetable.constant)
    networks: Networks = NOWHERE
    declared: Declares = field(default_factory=NothingDeclared)
    vouched: list[datetime] = field(default_factory=list)
    recalled: list[tuple[str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        prepared(self.url, "real", self.clock.at)
        self.weather = Weather(self.clock)

    async def start(self) -> None:
        self.store: Store = open_store(self.url, kind="real")
        self.pipeline = Pipeline(self.wiring())
        await self.pipeline.resume()

    def wiring(self) -> Wiring:
        return Wiring(
            catalog=self.catalog,
            subscriptions=self.subscriptions,
            addresses={one.id: "json://gateway/" for one in self.subscriptions},
            prober=self.weather,
            store=self.store,
            sender=self.post,
            timetable=self.timetable,
            networks=self.networks,
            declared=self.declared,
            now=self.clock,
            wall=self.clock,
            awake=self.clock.awake,
            work=Inline(),
            warnings=tuple,
            version="0.1.0",
            vantage="local",
            vouch=lambda: self.vouched.append(self.clock.at),
            recall=lambda probe, refusal: self.recalled.append((probe.id, refusal.at)),
        )

    def crash(self) -> None:
        self.store.close()

    async def restart(self) -> None:
        self.crash()
        await self.start()

    async def ask_all(self) -> None:
        for probe in self.catalog.probes():
            await self.pipeline.observe(probe)

    async def tick(self, seconds: float = 10, *, tell: bool = True) -> None:
        """Everybody is asked, judged and told, then time moves on."""
        await self.ask_all()
        self.clock.at += timedelta(seconds=seconds / 2)
        await self.pipeline.evaluate()
        if tell:
            await self.pipeline.tell()
            await self.pipeline.land(timedelta(seconds=0.2))
        self.clock.at += timedelta(seconds=seconds / 2)

    async def minutes(self, count: float) -> None:
        until = self.clock.at + timedelta(minutes=count)
        while self.clock.at < until:
            await self.tick()

    def reasons(self) -> list[tuple[str, str]]:
        """Who was handed what: (subscription, reason) in the order of sending."""
        return [(one.id.split("/")[1], one.id.split("/")[2].split("-")[0]) for one in self.post.handed]
