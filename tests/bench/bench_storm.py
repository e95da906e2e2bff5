# ruff: noqa: T201 - it prints
"""A cause that hits 8,000 schools: to queue their rows, the longest stall of the loop meanwhile, an idle tick, the mail.

The mail goes by the real sender to a real SMTP server on loopback; LETTERS of the rows are sent (VIGIE_BENCH_LETTERS).
"""

import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.alerting import Sender
from monitor.app import writer_thread
from monitor.config import Config, default_path, load
from monitor.config.schools import Schools
from monitor.desk.recipients import take
from monitor.domain.evaluation import Country
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.timetable import Timetable
from monitor.heads import Gateways, Heads, Terms
from monitor.loop import new_event_loop
from monitor.readership import Declared, Readership
from monitor.settings import Settings
from monitor.store import open_desk_reader, open_store, upgrade
from monitor.telling import Teller
from monitor.wiring import Wiring
from tests.bench.heads import contacts, rectorats

HEADS = int(os.environ.get("VIGIE_BENCH_HEADS", "8000"))
LETTERS = int(os.environ.get("VIGIE_BENCH_LETTERS", "400"))
QUIET_TICKS = 50
ALL_STARTED = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


class Mailbox:
    """A real SMTP server that counts what it accepts."""

    def __init__(self) -> None:
        self.accepted = 0
        self.of_rectorats: list[float] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.accepted += 1
        if any(one.startswith("rectorat-") for one in envelope.rcpt_tos):
            self.of_rectorats.append(time.perf_counter())
        return "250 OK"


class Lag:
    """How late a task that wants to run every millisecond is woken at most: what a probe would add to its times."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.perf_counter() - before - 0.001)

    async def end(self) -> float:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        return self.worst


def storm(config: Config) -> Incident:
    """Every ENT of the country at once."""
    hit = [one for one in config.catalog.services.values() if one.kind == "ent" and not one.national]
    places = sorted({code for one in hit for code in one.territories})
    name, worst = "20261127-070000-storm", Health.DOWN
    services = tuple(sorted(one.id for one in hit))
    return Incident(name, "hoster:x", ALL_STARTED, ALL_STARTED, worst, worst, services, tuple(places))


async def main() -> None:
    config = load(default_path())
    clock = {"now": ALL_STARTED}
    box, leaving = Mailbox(), list[float]()

    def now() -> datetime:
        """It stands still until letters leave; then it goes as fast as the machine's, which rates are kept by."""
        return clock["now"] + timedelta(seconds=time.perf_counter() - leaving[0] if leaving else 0)

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/vigie.db"
        upgrade(url, "real", ALL_STARTED)
        take(url, contacts(HEADS), ALL_STARTED)
        async with AsyncExitStack() as stack:
            server = await asyncio.get_running_loop().create_server(
                lambda: SMTP(box, hostname="localhost"), "127.0.0.1", 0
            )
            stack.callback(server.close)
            mail = f"mailto://127.0.0.1:{server.sockets[0].getsockname()[1]}/?from=vigie@example.org&mode=insecure"
            store, desk = open_store(url, kind="real"), open_desk_reader(url)
            stack.enter_context(closing(store))
            stack.enter_context(closing(desk))
            sender = Sender()
            await sender.start()
            stack.push_async_callback(sender.close)
            declared = Declared(rectorats(), {one.id: f"{mail}&to={one.id}@example.org" for one in rectorats()})
            heads = Heads(desk, Gateways(mail), Terms(), Schools().scope_of)
            readership = Readership([declared, heads], writer_thread(stack, "desk"))
            wiring = Wiring(
                catalog=config.catalog,
                subscriptions=(),
                addresses=readership.addresses,
                readership=readership,
                prober=None,  # type: ignore[arg-type] # nobody is asked
                store=store,
                sender=sender,
                timetable=Timetable.constant(),
                now=now,
                wall=now,
                awake=time.monotonic,
                work=writer_thread(stack),
                warnings=tuple,
                version="bench",
                vantage=Settings().vantage,
            )
            teller = Teller(wiring, survey(config.catalog))
            gc.freeze()  # as `app.monitor` does
            quiet, country = Country(), Country(incidents=(storm(config),))

            async def timed(what: str, heard: Country) -> None:
                lag, began = Lag(), time.perf_counter()
                await teller.queue_news(heard, clock["now"])
                took = time.perf_counter() - began
                print(f"{what:<52}{took * 1000:9.1f} ms   longest stall {await lag.end() * 1000:6.1f} ms")

            await timed(f"{HEADS} heads and 30 rectorats are read", quiet)
            await timed("the incident opens, everybody settles", country)
            clock["now"] += timedelta(minutes=3)
            await timed("the rectorats' settling ends: rows queued", country)
            clock["now"] += timedelta(minutes=2)
            await timed("the heads' settling ends: rows queued", country)
            print(f"{'rows':<52}{store.queued():9}")
            await timed("the tick after", country)
            took = []
            for _ in range(QUIET_TICKS):
                began = time.perf_counter()
                await teller.queue_news(country, clock["now"])
                took.append(time.perf_counter() - began)
            idle, worst = statistics.median(took) * 1000, max(took) * 1000
            print(f"{'an idle tick, median and worst of 50':<52}{idle:9.2f} ms {worst:9.2f} ms")
            began, lag = time.perf_counter(), Lag()
            leaving.append(began)
            while box.accepted < min(LETTERS, HEADS):
                await teller.courier.send_due(now())
                for _ in range(20):  # the two clocks of the engine: every five seconds, and whenever a rate lets one go
                    await teller.courier.go_on()
                    await asyncio.sleep(0.05)
            took_s = time.perf_counter() - began
            print(
                f"the last of 30 rectorats: {max(box.of_rectorats, default=0.0) - began:.1f} s after they were let go"
            )
            rate, stall = box.accepted / took_s, await lag.end() * 1000
            print(f"{box.accepted} letters accepted by the SMTP server in {took_s:.1f} s, {rate:.1f} a second")
            print(f"the last of {HEADS} heads at that rate: {HEADS / rate / 60:.1f} min; longest stall {stall:.1f} ms")
            await teller.courier.land(timedelta(seconds=5))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
