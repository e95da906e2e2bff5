"""10,000 HTTP probes a minute with store and judgement: how late each starts, how many slots are lost, whether memory grows.

Run by `make bench`; ten minutes (VIGIE_BENCH_MINUTES for fewer); prints, never asserts. The servers run on the other core.
VIGIE_BENCH_PROBES: fewer probes, to try it.
"""

import asyncio
import os
import resource
import sys
import tempfile
from array import array
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing import Process
from pathlib import Path

import uvloop

from monitor.app import awake, clock, writer_thread
from monitor.config.territories import load_territories
from monitor.domain.catalog import Catalog, Marker, Probe, ProbeKind, Service, ServiceKind
from monitor.domain.gap import Skip
from monitor.domain.observation import Observation
from monitor.domain.policy import Policy
from monitor.domain.timetable import Timetable
from monitor.engine import Engine, Tempo
from monitor.loop import new_event_loop
from monitor.pace import phase
from monitor.probes import ProberSettings, open_prober, user_agent
from monitor.store import open_reader, open_store, upgrade
from monitor.wiring import Wiring

PROBES, A_SERVICE, EVERY_S = int(os.environ.get("VIGIE_BENCH_PROBES", "10000")), 2, 60
MINUTES = float(os.environ.get("VIGIE_BENCH_MINUTES", "10"))
WARM_UP_S = 90.0  # first asks are spread over 30 s, off the grid; then a whole round
PORT = 18_080
PAGE = b'<html><body class="login"><form>' + b"<p>Bonjour</p>" * 1400 + b'<input name="password"></form></body></html>'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE


def host(number: int) -> str:
    """An address of its own for each service: hosts are asked one question at a time, two a second at most."""
    return f"127.{10 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


class Answers(asyncio.Protocol):
    """The same page to everybody."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, _: bytes) -> None:
        self.transport.write(ANSWER)


def serve(core: int, ready: Callable[[], None]) -> None:
    """A listening socket for every host."""
    os.sched_setaffinity(0, {core})
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        for number in range(PROBES // A_SERVICE):
            await loop.create_server(Answers, host(number), PORT)
        ready()
        await asyncio.Event().wait()

    uvloop.run(scene())


def country() -> Catalog:
    """5,000 services of two probes, and four canaries."""
    policy = Policy(every=timedelta(seconds=EVERY_S))
    services = {}
    for number in range(PROBES // A_SERVICE):
        name, url = f"s{number}", f"http://{host(number)}:{PORT}/"
        probes = tuple(
            Probe(
                f"{name}/{n}",
                name,
                ProbeKind.HTTP,
                policy,
                url=f"{url}{n}",
                expect=Marker((200,), ('name="password"',)),
            )
            for n in range(A_SERVICE)
        )
        services[name] = Service(name, name, ServiceKind.ENT, probes, territories=("D:59",), confirmed=clock().date())
    quick = Policy(every=timedelta(seconds=10), timeout=timedelta(seconds=3))
    canaries = tuple(
        Probe(f"canary/{n}", None, ProbeKind.HTTP, quick, url=f"http://{host(n)}:{PORT}/canary") for n in range(4)
    )
    return Catalog(load_territories(), services, {}, canaries)


def resident_mib() -> float:
    """Memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


class Watched:
    """The real prober; notes how late after its slot each question really started."""

    def __init__(self, prober: object) -> None:
        self._prober = prober
        self._phases: dict[str, float] = {}
        # Plain numbers: what the bench keeps must not be taken for what Vigie keeps.
        self._at, self._phase = array("d"), array("d")

    async def ask(self, probe: Probe) -> Observation | Skip:
        wall, now = clock(), asyncio.get_running_loop().time()
        heard = await self._prober.ask(probe)
        if probe.service is not None:
            self._at.append(now + (heard.at - wall).total_seconds())
            self._phase.append(self._phases.setdefault(probe.id, phase(probe.id)))
        return heard

    def late_ms(self, origin: float, since: float = WARM_UP_S, until: float = float("inf")) -> list[float]:
        """How late after its slot each question started once the grid was found, shortest first; seconds of `origin`."""
        both = zip(self._at, self._phase, strict=True)
        later = ((at, place) for at, place in both if since < at - origin <= until)
        return sorted((at - origin - place * EVERY_S + 0.005) % EVERY_S * 1000 - 5 for at, place in later)


async def watch(url: str, seconds: float, then: Iterable[tuple[float, Callable[[], object]]]) -> tuple[Watched, Engine]:
    """The engine as `vigie monitor` runs it, for so long; `then`: what is done after so many seconds."""
    catalog = country()
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    async with AsyncExitStack() as stack:
        store = open_store(url, kind="real")
        stack.callback(store.close)
        settings = ProberSettings("local", user_agent("bench", "bench@example.org"), allow_networks=("127.0.0.0/8",))
        watched = Watched(await stack.enter_async_context(open_prober(settings, clock)))
        engine = Engine(
            Wiring(catalog=catalog, subscriptions=(), addresses={}, prober=watched, store=store, sender=None,
                   timetable=Timetable.constant(), now=clock, wall=clock, awake=awake, work=writer_thread(stack), warnings=tuple,
                   version="bench", vantage="local"),
            Tempo(evaluate=timedelta(seconds=5), tell=timedelta(seconds=5)),
        )  # fmt: skip
        for after, done in (*then, (seconds, stop.set)):
            loop.call_later(after, done)
        await engine.run(stop)
    return watched, engine


def lost(url: str, since: datetime, until: datetime, catalog: Catalog) -> tuple[int, int]:
    """(slots that have no answer, slots in all) between two instants, as the database holds them."""
    reader = open_reader(url)
    heard: dict[str, int] = {}
    for start in range(0, int((until - since).total_seconds()), 60):
        at = since + timedelta(seconds=start)
        for one in reader.observations([p.id for p in catalog.probes() if p.service], at, at + timedelta(seconds=60)):
            heard[one.probe] = heard.get(one.probe, 0) + 1
    reader.close()
    due = int((until - since).total_seconds() // EVERY_S)
    missing = sum(max(due - heard.get(probe.id, 0), 0) for probe in catalog.probes() if probe.service)
    return missing, due * PROBES


def main() -> None:
    cores = sorted(os.sched_getaffinity(0))
    read, write = os.pipe()
    server = Process(target=serve, args=(cores[-1], lambda: os.write(write, b"1")), daemon=True)
    server.start()
    os.read(read, 1)
    os.sched_setaffinity(0, {cores[0]})
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url, "real", clock())
        began = datetime.now(UTC)
        memory, lasts = list[float](), WARM_UP_S + MINUTES * 60
        weighed = [(after, lambda: memory.append(resident_mib())) for after in (WARM_UP_S, lasts - 1)]
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            watched, engine = runner.run(watch(url, lasts, weighed))
        spent = sum(os.times()[:2])
        since = began + timedelta(seconds=WARM_UP_S)
        missing, slots = lost(url, since, since + timedelta(minutes=MINUTES), country())
    late = watched.late_ms(engine._pacer._origin)
    asked = engine.pipeline.inbox.accepted
    p99 = late[int(0.99 * len(late))]
    sys.stdout.write(
        f"{PROBES} probes a minute for {MINUTES:g} min: start lateness p50 {late[len(late) // 2]:.0f} ms, p99 {p99:.0f} ms "
        f"(goal <= 250), worst {late[-1]:.0f} ms\n"
        f"lost slots: {missing} of {slots} (goal 0); gaps noted: {len(engine.pipeline.ledger.unwritten)}\n"
        f"memory: {memory[0]:.0f} MiB after the first round, {memory[-1]:.0f} MiB at the end: {100 * (memory[-1] / memory[0] - 1):+.1f} % "
        f"(goal <= +5 %)\nCPU: {1e6 * spent / asked:.0f} µs an answer, all threads, start and evaluation included\n"
    )
    server.terminate()


if __name__ == "__main__":
    main()
