"""The whole engine on a virtual clock, with somebody outside who waits for its heartbeats, and parts that break."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from monitor.alerting import Message, Outcome
from monitor.domain.catalog import Probe
from monitor.domain.observation import Observation
from monitor.domain.vitals import PERIOD
from monitor.engine import Engine, Tempo
from monitor.outbound import ping
from monitor.rehearsal.clock import VirtualLoop
from monitor.wiring import Watch
from tests.stories.outside import Outside, outside
from tests.stories.village import Clock, Post, Village, Weather, village

DAWN = datetime(2026, 11, 28, 5, 43, tzinfo=UTC)  # 06:43 in Paris, shortly before the drill
CANARIES = timedelta(seconds=10)
TEMPO = Tempo(*(timedelta(seconds=15),) * 2, remember=timedelta(seconds=5))


@dataclass
class Running(Clock):
    """The loop's virtual time as an instant."""

    loop: VirtualLoop = field(default_factory=VirtualLoop)

    def __call__(self) -> datetime:
        return DAWN + timedelta(seconds=self.loop.time())

    def awake(self) -> float:
        return self.loop.time()


@dataclass
class Sky(Weather):
    """A prober whose questions may never come back."""

    stuck: bool = False

    async def ask(self, probe: Probe) -> Observation:
        if self.stuck:
            await asyncio.Event().wait()
        return replace(await super().ask(probe), at=self.clock())


@dataclass
class Office(Post):
    """A sender whose process may be dead, or hang."""

    alive: bool = True
    hangs: bool = False

    async def pulse(self) -> bool:
        if self.hangs:
            await asyncio.Event().wait()
        return self.alive

    async def send(self, message: Message) -> Outcome:
        if self.hangs:
            await asyncio.Event().wait()
        return await super().send(message)


@dataclass
class Tower:
    """One run of the engine; `alarmed` is when whoever waits outside raised the alarm, in seconds from the start."""

    url: str
    loop: VirtualLoop
    outside: Outside
    post: Office = field(default_factory=Office)
    resolves: bool = True
    drill_at: time | None = None
    every: timedelta = PERIOD

    def __post_init__(self) -> None:
        clock = Running(loop=self.loop)
        catalog = village()
        canaries = tuple(replace(one, policy=replace(one.policy, every=CANARIES)) for one in catalog.canaries)
        self.village = Village(self.url, replace(catalog, canaries=canaries), clock=clock, post=self.post)
        self.sky = self.village.weather = Sky(clock)

    async def stand(self, minutes: float, *breaks: tuple[float, Callable[["Tower"], object]]) -> None:
        """Run for so long; each of `breaks` happens at its minute."""
        await self.village.start()
        watch = Watch(ping=self._ping, every=self.every, resolver=self._resolver, drill_at=self.drill_at)
        wiring = replace(self.village.wiring(), watch=watch)
        self.engine = Engine(wiring, TEMPO)
        stop = asyncio.Event()
        for minute, happens in breaks:
            self.loop.call_at(minute * 60, happens, self)
        self.loop.call_at(minutes * 60, stop.set)
        await self.engine.run(stop)
        self.village.crash()

    @property
    def failing(self) -> list[str]:
        return [fault.vital.value for fault in self.engine.watchman.vitals().faults()]

    async def _ping(self) -> None:
        with self.loop.standstill():  # a real call to a real server, between two instants
            await ping(self.outside.url, user_agent="Vigie/test")

    async def _resolver(self) -> bool:
        return self.resolves


@contextmanager
def tower(url: str, **facts: object) -> Iterator[tuple[asyncio.Runner, Tower]]:
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner, outside(loop.time) as watcher:
        yield runner, Tower(url, loop, watcher, **facts)  # type: ignore[arg-type]
