"""What 100 hostile answers at once cost: memory, and the punctuality of 50 honest probes meanwhile.

python tests/bench/bench_bombs.py [--bombs 100] [--honest 50] [--seconds 10]

Hostile: 512 MiB of zeros as gzip, deflate and gzip within gzip, a head of 1 MiB, 10,000 headers, 1xx without end,
chunks without end, chunk extensions without end, empty deflate blocks without end. Servers run in a process of their
own. Goal: less than 64 MiB more than without the bombs.
"""

import argparse
import asyncio
import gzip
import os
import subprocess
import sys
import tempfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.domain.catalog import Marker, Probe, ProbeKind
from monitor.domain.policy import Policy
from monitor.loop import new_event_loop
from monitor.probes import Prober, ProberSettings, open_prober, user_agent

ZEROS = 512 * 2**20
GOAL_MIB = 64
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PAGE = b"<html>" + b"<p>Espace de travail</p>" * 800 + b"Identifiant</html>"
EMPTY_BLOCK = b"\0\0\0\xff\xff"


def packed(wbits: int) -> bytes:
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(2**20)
    return b"".join(packer.compress(piece) for _ in range(ZEROS // 2**20)) + packer.flush()


def encoded(encoding: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (encoding, len(body)) + body


def finite() -> dict[str, bytes]:
    zeros = packed(31)
    return {
        "gzip": encoded(b"gzip", zeros),
        "deflate": encoded(b"deflate", packed(15)),
        "nested": encoded(b"gzip, gzip", gzip.compress(zeros)),
        "twice": encoded(b"gzip", gzip.compress(zeros)),
        "head": HEAD + b"X: " + b"a" * 2**20 + b"\r\n\r\n",
        "headers": HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n",
    }


ENDLESS = {
    "interim": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500),
    "chunks": (CHUNKED, b"1\r\nx\r\n" * 4000),
    "extension": (CHUNKED + b"1;", b"x" * 16_384),
    "nothing": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], EMPTY_BLOCK * 4000),
    "plain": (HEAD + b"\r\n", b"x" * 65_536),
}


async def serve() -> None:
    """Both kinds of server, on ports of their own; each bomb by its name."""
    bombs = finite()

    async def hostile(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode().split("/")[1]
        begin, again = ENDLESS.get(name, (bombs.get(name, b""), b""))
        with suppress(OSError):
            writer.write(begin)
            await writer.drain()
            while again and not writer.is_closing():
                writer.write(again)
                await writer.drain()
        writer.close()

    async def honest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
        writer.close()

    good, bad = [
        [await asyncio.start_server(kind, f"127.0.1.{n}", 0) for n in range(1, 101)] for kind in (honest, hostile)
    ]
    sys.stdout.write(" ".join(str(each.sockets[0].getsockname()[1]) for each in (*good, *bad)) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Measured:
    """Lateness and duration of the honest questions, and the most memory used meanwhile."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.took: list[float] = []
        self.bad = self.bombs = 0
        self.most = 0.0

    def told(self, name: str) -> str:
        def p99(values: list[float]) -> float:
            return sorted(values)[int(len(values) * 0.99)] * 1000

        return (
            f"{name:14} {len(self.took):5} honest answers ({self.bad} bad)   start late p99 {p99(self.late):6.1f} ms   "
            f"took p99 {p99(self.took):6.1f} ms   resident at most {self.most:6.1f} MiB   bombs met {self.bombs}"
        )


async def watched(prober: Prober, good: list[Probe], bad: list[Probe], seconds: float) -> Measured:
    """Every honest probe once a second on its grid; every bomb again as soon as it has gone off."""
    loop, found = asyncio.get_running_loop(), Measured()
    begin, end = loop.time() + 0.1, loop.time() + 0.1 + seconds

    async def punctual(probe: Probe, phase: float) -> None:
        due = begin + phase
        while due < end:
            await asyncio.sleep(due - loop.time())
            found.late.append(max(loop.time() - due, 0.0))
            seen = await prober.ask(probe)
            found.took.append(seen.took.total_seconds())
            found.bad += seen.failure is not None
            due += 1

    async def bombed(probe: Probe) -> None:
        while loop.time() < end:
            await prober.ask(probe)
            found.bombs += 1

    async def weighed() -> None:
        while loop.time() < end:
            found.most = max(found.most, resident_mib())
            await asyncio.sleep(0.01)

    punctuals = (punctual(probe, place / len(good)) for place, probe in enumerate(good))
    await asyncio.gather(weighed(), *punctuals, *(bombed(probe) for probe in bad))
    return found


def asked(ports: list[int], chosen: argparse.Namespace) -> tuple[list[Probe], list[Probe]]:
    policy, expect = Policy(timeout=timedelta(seconds=5)), Marker(contains=("Identifiant",))

    def probe(name: str, number: int, port: int, path: str) -> Probe:
        url = f"http://127.0.1.{number % 100 + 1}:{port}/{path}"
        return Probe(f"{name}/{number}", name, ProbeKind.HTTP, policy, url=url, expect=expect)

    kinds = [*finite_names(), *ENDLESS]
    good = [probe("bon", n, ports[n % 100], "") for n in range(chosen.honest)]
    return good, [probe("bombe", n, ports[100 + n % 100], kinds[n % len(kinds)]) for n in range(chosen.bombs)]


def finite_names() -> list[str]:
    return ["gzip", "deflate", "nested", "twice", "head", "headers"]


async def measure(chosen: argparse.Namespace, ports: list[int]) -> None:
    settings = ProberSettings(
        "local", user_agent("bench", None), ("127.0.0.0/8",), concurrency=chosen.bombs + chosen.honest
    )
    good, bad = asked(ports, chosen)
    async with open_prober(settings, lambda: datetime.now(UTC)) as prober:
        await watched(prober, good, [], 2)
        calm = await watched(prober, good, [], chosen.seconds)
        storm = await watched(prober, good, bad, chosen.seconds)
    added = storm.most - calm.most
    for line in (calm.told("without bombs"), storm.told(f"{chosen.bombs} bombs")):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"added by the bombs: {added:.1f} MiB (goal < {GOAL_MIB})\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bombs", type=int, default=100)
    parser.add_argument("--honest", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        if chosen.serve:
            runner.run(serve())
            return
        with tempfile.TemporaryFile() as said:
            command = ["nice", sys.executable, __file__, "--serve"]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
            try:
                ports = [int(port) for port in server.stdout.readline().split()]
                runner.run(measure(chosen, ports))
            finally:
                server.kill()
                server.wait()


if __name__ == "__main__":
    main()
