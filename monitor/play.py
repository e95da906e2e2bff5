"""Play a written day through the whole engine: same catalogue, prober, store, judgement; fake France, virtual clock."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from monitor import whom
from monitor.alerting import Message, Outcome, Sender
from monitor.config import Config
from monitor.daybook import Daybook
from monitor.domain.calendar import SchoolCalendar
from monitor.domain.catalog import Catalog
from monitor.domain.evaluation import Change, Country
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.timetable import Timetable
from monitor.engine import Engine, Tempo
from monitor.probes import ProberSettings, open_prober
from monitor.readership import Readership, Source
from monitor.rehearsal.clock import VirtualLoop
from monitor.rehearsal.france import FakeFrance
from monitor.rehearsal.scenario import Scenario, windows_of, with_scenario
from monitor.settings import Settings
from monitor.store import Store, Telling
from monitor.wiring import Wiring

BULLETIN_EVERY = timedelta(minutes=30)
LOOPBACK = "127.0.0.0/8"

T = TypeVar("T")


@dataclass(slots=True)
class Played:
    """What a played day gave: every incident as last seen, every telling, the last country, how much was asked.

    `subscriptions`: whoever might have been told.
    """

    catalog: Catalog
    scenario: Scenario
    windows: tuple[tuple[datetime, datetime], ...]
    incidents: dict[str, Incident] = field(default_factory=dict)
    tellings: list[Telling] = field(default_factory=list)
    subscriptions: tuple[Subscription, ...] = ()
    country: Country = field(default_factory=Country)
    observations: int = 0
    interrupted: bool = False

    def changed(self, change: Change) -> None:
        """Listen to an evaluation."""
        self.incidents |= {incident.id: incident for incident in change.incidents}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a play needs from outside.

    Attributes:
        addresses: where to send for real; None sends nothing, but everybody's notices are worked out.
        seconds: where to, if that fails.
        sources: readers beside the subscriptions of the catalogue.
        between: hours of Paris to play of each day; None for the whole written day.
        calendar: tells when users crowd; None: nobody knows.
        bulletin: hears the country, and the catalogue it is of, at every half hour, for people to read along.
    """

    config: Config
    scenario: Scenario
    store: Store
    settings: Settings
    wall: Callable[[], datetime]
    version: str
    between: Sequence[tuple[time, time]] | None = None
    speed: float | None = None
    addresses: Mapping[str, str] | None = None
    seconds: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[Source] = ()
    calendar: SchoolCalendar | None = None
    bulletin: Callable[[datetime, Country, Catalog], None] | None = None


def play(stage: Stage) -> Played:
    """Play the written day, as fast as the machine (or `speed`) allows. Raises StoreError, KeyboardInterrupt."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(speed=stage.speed)) as runner:
        played = runner.run(_play(stage))
    if played.interrupted:
        raise KeyboardInterrupt
    return played


async def _play(stage: Stage) -> Played:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    scenario = stage.scenario
    windows = tuple(windows_of(scenario, stage.between))
    catalog = with_scenario(stage.config.catalog, scenario)
    began, zero = windows[0][0], loop.time()

    def now() -> datetime:
        return began + timedelta(seconds=loop.time() - zero)

    played = Played(catalog, scenario, windows)
    async with AsyncExitStack() as stack:
        france = await stack.enter_async_context(FakeFrance(catalog, scenario, now))
        stage_settings = ProberSettings(
            vantage=stage.settings.vantage,
            user_agent=f"Vigie/{stage.version} (répétition)",
            allow_networks=(LOOPBACK,),
            catalogue=stage.config.digest,
        )
        prober = await stack.enter_async_context(open_prober(stage_settings, now))
        sender = None if stage.addresses is None else Patient(loop)
        if sender is not None:
            await sender.start()
            stack.push_async_callback(sender.close)
        reachable = {one.id: "" for one in stage.config.subscriptions} if sender is None else stage.addresses or {}
        declared = whom.declared(stage.settings, stage.config, reachable, stage.seconds)
        readership = Readership([declared, *stage.sources], _inline)
        wiring = Wiring(
            catalog=_as_played(catalog, france, scenario.begins.date()),
            subscriptions=stage.config.subscriptions,
            addresses=readership.addresses,
            seconds=readership.seconds,
            rates=stage.settings.send_rates,
            readership=readership,
            prober=prober,
            store=stage.store,
            sender=sender,
            timetable=Timetable(catalog, stage.calendar, paced=False),
            now=now,
            wall=stage.wall,
            awake=loop.time,
            work=_inline,
            warnings=tuple,
            version=stage.version,
            vantage=stage.settings.vantage,
            public_url=stage.settings.public_url,
            rehearsal=scenario.name,
            rehearsal_note=scenario.note,
            changed=played.changed,
            told=played.tellings.append,
        )
        for start, end in windows:
            if not played.interrupted:
                loop.jump((start - now()).total_seconds())
                await _play_window(stage, wiring, played, now, end)
        await Daybook(wiring).finish()
        played.subscriptions = readership.subscriptions
    return played


async def _play_window(
    stage: Stage, wiring: Wiring, played: Played, now: Callable[[], datetime], end: datetime
) -> None:
    """One window is one run of the engine: it takes up from the tables, as after a restart."""
    evaluate = timedelta(seconds=stage.settings.evaluate_every_s)
    # A day that can be played again need not survive a crash to the second: each evaluation commits what came in.
    tempo = Tempo(evaluate=evaluate, tell=timedelta(seconds=stage.settings.tell_every_s), remember=timedelta(hours=1))
    engine = Engine(wiring, tempo)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.call_later((end - now()).total_seconds(), stop.set)

    def interrupt() -> None:  # a stop drains here as it does in real life
        played.interrupted = True
        stop.set()

    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, interrupt)
    reading = asyncio.ensure_future(_read_aloud(stage, engine, wiring.catalog, now))
    await engine.run(stop)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading  # whatever went wrong while reading aloud must be seen
    played.country = engine.pipeline.country
    played.observations += engine.pipeline.inbox.accepted


async def _read_aloud(stage: Stage, engine: Engine, catalog: Catalog, now: Callable[[], datetime]) -> None:
    """At every half hour of the scenario, let people read what is true."""
    while stage.bulletin is not None:
        gone = timedelta(minutes=now().minute % 30, seconds=now().second, microseconds=now().microsecond)
        await asyncio.sleep((BULLETIN_EVERY - gone).total_seconds())
        stage.bulletin(now(), engine.pipeline.country, catalog)


def _as_played(catalog: Catalog, france: FakeFrance, seen: date) -> Catalog:
    """The catalogue with its questions led to the fake France, which counts as seen working."""
    services = {}
    for service in catalog.services.values():
        probes = tuple(led for probe in service.probes if (led := france.rewrite(probe)) is not None)
        services[service.id] = replace(service, probes=probes, confirmed=seen)
    canaries = tuple(led for canary in catalog.canaries if (led := france.rewrite(canary)) is not None)
    return replace(catalog, services=services, canaries=canaries)


class Patient(Sender):
    """A sender for which time stands still: real messages take real seconds, of which the scenario knows nothing."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    async def send(self, message: Message) -> Outcome:
        """As the parent does, between two instants."""
        with self._loop.standstill():
            return await super().send(message)


@dataclass(frozen=True, slots=True)
class _Inline:
    """The store's calls run where they stand: time does not pass meanwhile, and the order is always the same."""

    async def __call__(self, call: Callable[[], T], /) -> T:
        return call()


_inline = _Inline()
