"""Wiring by hand: settings and catalogue in, a running Vigie out. The only file that reads the wall clock."""

import asyncio
import gc
import logging
import os
import signal
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from monitor import __version__, whom
from monitor.addresses import addresses, refuse_bad_addresses, seconds, secret
from monitor.alerting import Sender
from monitor.alerting.alarm_words import unheard
from monitor.config import Config, default_path, load
from monitor.config.calendar import load_calendar
from monitor.config.directory_table import load_pupils
from monitor.config.network_table import load_networks
from monitor.daily import MORNING, Daily
from monitor.desk.resends import Wishes
from monitor.domain.evaluation import Change
from monitor.domain.timetable import Timetable
from monitor.engine import Engine, Tempo, courteous
from monitor.heart import Heart, supervisor
from monitor.hushing import DeskWatch
from monitor.inspection import inspected
from monitor.loop import new_event_loop
from monitor.night import Night
from monitor.probes import ProberSettings, open_prober, user_agent
from monitor.settings import Settings
from monitor.store import open_desk_reader, open_store
from monitor.subscribing import signups, tidied
from monitor.watch import unwatched, watch_of
from monitor.wiring import Wiring, Works

log = logging.getLogger(__name__)

NIGHTLY = "40 3 * * *"  # Paris time: the quietest moment, for the check of the books
TIDYING = "25 3 * * *"
SEALING = "30 4 * * *"  # after the rest of the night, and never in the hour that a change of clocks takes or doubles

T = TypeVar("T")


def clock() -> datetime:
    """The wall clock: aware, UTC."""
    return datetime.now(UTC)


def awake() -> float:
    """Seconds on a clock that goes on while the machine is suspended, where the system has one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def settings(*, config: Path | None = None, port: int | None = None) -> Settings:
    """The environment's settings, over which the command line wins. Raises pydantic.ValidationError."""
    found = Settings()
    said: dict[str, object] = {"config": config} if config else {}
    for name in ("database_url", "heartbeat_url"):
        if name not in found.model_fields_set and (url := secret(f"VIGIE_{name.upper()}", os.environ)):
            said[name] = url
    if port is not None:
        said["listen"] = f"{found.listen.rpartition(':')[0]}:{port}"
    return found.model_copy(update=said)


def configured(settings: Settings) -> Config:
    """The catalogue that the settings name. Raises CatalogInvalid with every error at once."""
    return load(settings.config or default_path())


async def monitor(settings: Settings, stop: asyncio.Event) -> None:
    """Watch the country until `stop` is set, then drain. Raises CatalogInvalid, StoreError, ValueError at the start."""
    config = configured(settings)
    catalog = courteous(config.catalog, settings.contact)
    networks = load_networks(settings.network_table)
    reachable = addresses(config.subscriptions, os.environ)
    second = seconds(config.subscriptions, os.environ)
    gateways = whom.gateways(partial(secret, environment=os.environ))
    public = signups(settings, secret("VIGIE_MAIL_URL", os.environ), catalog)
    for found in (reachable, second, whom.to_check(gateways)):
        await refuse_bad_addresses(found)
    async with AsyncExitStack() as stack:
        store = open_store(settings.database_url, kind="real")
        stack.callback(store.close)
        desk = open_desk_reader(settings.database_url)
        stack.callback(desk.close)
        readership = whom.readership(
            settings,
            config,
            reachable,
            gateways,
            seconds=second,
            desk=desk,
            public=public,
            work=writer_thread(stack, "desk"),
        )
        prober = await stack.enter_async_context(open_prober(prober_settings(settings, config), clock))
        if public is not None:
            stack.callback(public.close)
        sender = Sender()
        await sender.start()
        stack.push_async_callback(sender.close)
        damage: list[str] = []
        night = Night(store, work := writer_thread(stack), settings, clock)
        orders = DeskWatch(lambda: open_desk_reader(settings.database_url), writer_thread(stack, "orders"), clock)
        stack.callback(orders.close)
        engine = Engine(
            wiring := Wiring(
                catalog=catalog,
                subscriptions=config.subscriptions,
                rates=settings.send_rates,
                wishes=stack.enter_context(Wishes(settings.database_url)),
                addresses=readership.addresses,
                seconds=readership.seconds,
                readership=readership,
                prober=prober,
                store=store,
                timetable=Timetable(catalog, load_calendar(settings.calendar)),
                pupils=load_pupils(settings.directory),
                networks=networks,
                sender=sender,
                now=clock,
                wall=clock,
                awake=awake,
                work=work,
                declared=orders,
                windows=orders.windows,
                recall=prober.recall,
                changed=told_in_the_log,
                fleets=tuple(config.fleets.values()) if settings.contact else (),
                warnings=lambda: (*damage, *night.warnings, *orders.warnings()),
                version=__version__,
                vantage=settings.vantage,
                public_url=settings.public_url,
                public=public,
                keep_days=settings.keep_days,
                held=(night.first_needed,),
                watch=watch_of(settings, user_agent(__version__, settings.contact), prober.resolver_answers),
            ),
            Tempo(evaluate=timedelta(seconds=settings.evaluate_every_s), tell=timedelta(seconds=settings.tell_every_s)),
        )
        stack.enter_context(Heart(asyncio.get_running_loop(), alive=supervisor(os.environ)))

        gc.freeze()  # what was loaded lasts as long as the process: a look through it would stall the loop 0.2 s

        async def inspect() -> None:
            damage[:] = await inspected()

        daily = Daily(wiring, lambda: engine.pipeline.country)

        async def tidy() -> None:
            await tidied(settings.database_url, clock())

        jobs = [
            ("contrôle des registres", NIGHTLY, inspect),
            ("abonnements", TIDYING, tidy),
            ("scellement", SEALING, night.run),
            ("bilan du matin", MORNING, daily.run),
        ]
        async with night.catching_up():
            await engine.run(stop, jobs)


def told_in_the_log(change: Change) -> None:
    """What an evaluation found of incidents, for whoever reads along."""
    for incident in change.incidents:
        log.info("incident %s : %s (pire : %s)", incident.id, incident.health.value, incident.worst.value)


def run_monitor(settings: Settings, err: Console) -> None:
    """`vigie monitor`: watch until SIGTERM or Ctrl-C."""
    for sentence in remarks(settings, configured(settings)):
        err.print(sentence, style="yellow", markup=False)
    until_told_to_stop(lambda stop: monitor(settings, stop))


def remarks(settings: Settings, config: Config) -> list[str]:
    """What a person who starts Vigie should know and can mend."""
    said = []
    if not settings.contact:
        said.append(
            "VIGIE_CONTACT n’est pas défini : par courtoisie, rien n’est interrogé plus souvent que toutes les "
            "5 minutes. Donnez une adresse où les exploitants peuvent vous joindre."
        )
    if config.fleets and not settings.contact:
        said.append("Sans VIGIE_CONTACT, aucune flotte d’établissements n’est interrogée.")
    heard = addresses(config.subscriptions, os.environ)
    return [
        *said,
        *unheard(config.subscriptions, heard, seconds(config.subscriptions, os.environ)),
        *whom.remarks(settings, whom.gateways(partial(secret, environment=os.environ))),
        *unwatched(settings),
    ]


def prober_settings(settings: Settings, config: Config) -> ProberSettings:
    """How the settings say to ask, and in the name of which catalogue."""
    return ProberSettings(
        vantage=settings.vantage,
        catalogue=config.digest,
        user_agent=user_agent(__version__, settings.contact),
        allow_networks=settings.allow_networks,
        resolvers=settings.resolvers,
    )


def writer_thread(stack: AsyncExitStack, name: str = "store") -> Works:
    """One thread for every call of one book: one writer, and a loop that never waits for a disk."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
    stack.callback(partial(executor.shutdown, wait=True))

    @dataclass(frozen=True, slots=True)
    class Writer:
        async def __call__(self, call: Callable[[], T], /) -> T:
            return await asyncio.get_running_loop().run_in_executor(executor, call)

    return Writer()


def until_told_to_stop(main: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> None:
    """Run `main` on a loop of its own; SIGTERM and Ctrl-C set its event, so that it can drain."""

    def told(stop: asyncio.Event) -> None:
        if stop.is_set():  # told twice: whoever insists does not want to wait for the last answers
            log.error("Arrêt immédiat : les réponses en cours sont perdues, celles du registre non.")
            os._exit(1)
        stop.set()

    async def guarded() -> None:
        stop = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, told, stop)
        await main(stop)

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(guarded())
