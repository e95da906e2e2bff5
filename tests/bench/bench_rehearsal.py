"""What the fake France costs: asks a second of one core, prober included, against bare loopback connections.

Run by hand: ``python tests/bench/bench_rehearsal.py [ASKS]``. A day of 12 h at 150 asks a minute and 170 times real time
needs 425 asks a second from prober and France together.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from monitor.domain.catalog import Catalog, Marker, Probe, ProbeKind, Service, ServiceKind
from monitor.probes import ProberSettings, open_prober
from monitor.rehearsal.clock import VirtualLoop
from monitor.rehearsal.france import FakeFrance
from monitor.rehearsal.scenario import load_scenario

SERVICES = 100
NEEDED_PER_S = 150 / 60 * 170


def catalog() -> Catalog:
    """`SERVICES` portals of one platform, two questions each."""
    expected = (
        ("login", "/auth/login", Marker(status=(200,), contains=("/auth/public/dist/application.js",))),
        ("context", "/auth/context", Marker(status=(200,), json=(("callBack", "present"),))),
    )
    services = {}
    for number in range(SERVICES):
        id_ = f"ent-{number}"
        probes = tuple(
            Probe(f"{id_}/{name}", id_, ProbeKind.HTTP, url=f"https://{id_}.invalid{path}", expect=expect)
            for name, path, expect in expected
        )
        services[id_] = Service(id_, id_, ServiceKind.ENT, probes, platform="entcore")
    return Catalog({}, services, {}, ())


async def timed(asks: int, ask: Callable[[int], Awaitable[None]]) -> float:
    """Asks a second, ten at a time as the pacer's spread gives them."""
    began = time.perf_counter()
    for first in range(0, asks, 10):
        await asyncio.gather(*(ask(number) for number in range(first, min(first + 10, asks))))
    return asks / (time.perf_counter() - began)


async def floor(asks: int) -> float:
    """The same number of connections with a request and an answer of the same size, asyncio's streams on both sides."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"x" * 700)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()

    async def ask(_: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET / HTTP/1.1\r\n" + b"x" * 250 + b"\r\n\r\n")
        await reader.read()
        writer.close()

    async with server:
        return await timed(asks, ask)


async def rehearsed(asks: int) -> tuple[float, float]:
    """Asks a second of prober and France together, and the virtual seconds that went by."""
    loop = asyncio.get_running_loop()

    def now() -> datetime:
        return datetime(2021, 4, 6, 5, tzinfo=UTC) + timedelta(seconds=loop.time())

    played = catalog()
    settings = ProberSettings(vantage="local", user_agent="Vigie/bench", allow_networks=("127.0.0.0/8",))
    async with FakeFrance(played, load_scenario("2021-04-06"), now) as france, open_prober(settings, now) as prober:
        probes = [probe for asked in played.probes() if (probe := france.rewrite(asked)) is not None]

        async def ask(number: int) -> None:
            seen = await prober.ask(probes[number % len(probes)])
            assert seen.failure is None, seen

        return await timed(asks, ask), loop.time()


def main() -> None:
    """Print both figures and their ratio."""
    asks = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        bare = runner.run(floor(asks))
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        played, virtual = runner.run(rehearsed(asks))
    sys.stdout.write(
        f"bare loopback connections  {bare:8.0f} /s\n"
        f"prober and fake France     {played:8.0f} /s   {bare / played:.1f} times the floor, {virtual:.0f} virtual s\n"
        f"needed for 170 times time  {NEEDED_PER_S:8.0f} /s\n"
    )


if __name__ == "__main__":
    main()
