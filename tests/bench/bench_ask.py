"""CPU per probe of ask + judge + remember, beside what prometheus-blackbox-exporter spends on probing alone.

python tests/bench/bench_ask.py [--probes 1500] [--runs 5] [--at-once 10] [--profile]

A fresh connection per probe, a page of 20 KB, a marker looked for in all of it, phases; HTTP, then HTTPS (TLS 1.3,
ECDSA P-256, full handshakes). nginx and whoever calls the exporter run on the other core and are not counted.
"""

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import resource
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import uvloop

from monitor.app import writer_thread
from monitor.config.calendar import load_calendar
from monitor.domain.catalog import Catalog, Level, Marker, Probe, ProbeKind, Service, ServiceKind, Territory
from monitor.domain.gap import Skip
from monitor.domain.observation import Observation
from monitor.domain.policy import Policy
from monitor.domain.timetable import Timetable
from monitor.loop import new_event_loop
from monitor.pipeline import Pipeline
from monitor.probes import ProberSettings, open_prober, user_agent
from monitor.store import open_store, upgrade
from monitor.wiring import Wiring
from tests.bench.rig import EXPORTER, MARKER, NGINX, PORTS, call_exporter, cpu_of, exporter, target

A_MINUTE = 10_000  # the pace that the ticks below belong to
REMEMBER_EVERY, EVALUATE_EVERY = A_MINUTE // 60, A_MINUTE // 12  # in probes: every second, every 5 s
GOALS = {"http": 0.6, "https": 1.0}
Ask = Callable[[Probe], Awaitable[object]]


def catalog(scheme: str, probes: int, ca: str) -> Catalog:
    """Five questions a service, as platforms have them at most."""
    policy, services = Policy(), {}
    for number in range(0, probes, 5):
        name = f"ent-{number // 5}"
        asked = tuple(
            Probe(f"{name}/{n}", name, ProbeKind.HTTP, policy, url=f"{scheme}://127.0.0.1:{PORTS[scheme] + n}/",
                  expect=Marker(status=(200,), contains=(MARKER,)), waiting_room=(Marker(contains=("/img/tooload.",)),),
                  ca=ca if scheme == "https" else None)
            for n in range(number, min(number + 5, probes))
        )  # fmt: skip
        services[name] = Service(name, name, ServiceKind.ENT, asked, confirmed=datetime.now(UTC).date())
    return Catalog({"N": Territory("N", "France", Level.PAYS, None)}, services, {}, ())


class Counting:
    """The prober, with its failures counted: a cheap answer that is a failure would be worth nothing."""

    def __init__(self, prober: object) -> None:
        self.prober, self.bad = prober, 0

    async def ask(self, probe: Probe) -> Observation | Skip:
        seen = await self.prober.ask(probe)
        self.bad += isinstance(seen, Skip) or seen.failure is not None
        return seen


async def whole_path(scheme: str, probes: int, at_once: int, folder: Path, profile: bool) -> dict[str, float]:
    """Ask everything once, committing and judging as often as 10,000 probes a minute would."""
    url = f"sqlite:///{folder}/{scheme}-{os.getpid()}.db"
    now = lambda: datetime.now(UTC)  # noqa: E731
    upgrade(url, "real", now())
    async with AsyncExitStack() as stack:
        store = open_store(url, kind="real")
        stack.callback(store.close)
        settings = ProberSettings("local", user_agent("bench", "vigie@example.org"), ("127.0.0.0/8",))
        prober = Counting(await stack.enter_async_context(open_prober(settings, now)))
        asked = catalog(scheme, probes, str(folder / "ca.pem"))
        pipeline = Pipeline(Wiring(
            catalog=asked, subscriptions=(), addresses={}, prober=prober, store=store, sender=None, now=now, wall=now,
            timetable=Timetable(asked, load_calendar(None)), awake=time.monotonic, work=writer_thread(stack),
            warnings=tuple, version="bench", vantage="local",
        ))  # fmt: skip
        await pipeline.resume()
        await pipeline.evaluate()

        async def round_of(ask: Ask) -> None:
            queue, done = iter(list(asked.probes())), count(1)

            async def worker() -> None:
                for probe in queue:
                    await ask(probe)
                    number = next(done)
                    if number % EVALUATE_EVERY == 0 or number == probes:
                        await pipeline.evaluate()
                    elif number % REMEMBER_EVERY == 0:
                        await pipeline.remember()

            await asyncio.gather(*(worker() for _ in range(at_once)))

        await round_of(pipeline.observe)  # what is learnt once (contexts, names, hosts) is learnt
        prober.bad = 0
        spent = await cpu_of_round(round_of, pipeline.observe, profile=profile)
        asking = await cpu_of_round(round_of, prober.ask)
        return {"us": spent / probes * 1e6, "asking": asking / probes * 1e6, "bad": prober.bad}


async def cpu_of_round(round_of: Callable[[Ask], Awaitable[None]], ask: Ask, *, profile: bool = False) -> float:
    """CPU seconds of this process, all threads, for one round."""
    watch = cProfile.Profile()
    before = resource.getrusage(resource.RUSAGE_SELF)
    if profile:
        with watch:
            await round_of(ask)
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(45)
    else:
        await round_of(ask)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ask_vigie(scheme: str, chosen: argparse.Namespace, folder: Path) -> dict[str, float]:
    command = ["taskset", "-c", "0", sys.executable, __file__, "--child", scheme, "--folder", str(folder)]
    command += ["--probes", str(chosen.probes), "--at-once", str(chosen.at_once), "--loop", chosen.loop]
    done = subprocess.run(command + ["--profile"] * chosen.profile, stdout=subprocess.PIPE, check=True, timeout=300)
    return json.loads(done.stdout)


def ask_exporter(scheme: str, chosen: argparse.Namespace, server: tuple[int, int]) -> dict[str, float]:
    before = cpu_of(server[0])
    bad = uvloop.run(call_exporter(scheme, chosen.probes, chosen.at_once, server[1]))
    return {"us": (cpu_of(server[0]) - before) / chosen.probes * 1e6, "bad": bad}


def compare(chosen: argparse.Namespace, folder: Path) -> None:
    with target(folder, chosen.probes, 1), exporter(folder) as server:
        for scheme in chosen.schemes:
            ask_exporter(scheme, argparse.Namespace(probes=100, at_once=10), server)  # what is lazily built is built
            ours, theirs = [], []
            for _ in range(chosen.runs):
                ours.append(ask_vigie(scheme, chosen, folder))
                theirs.append(ask_exporter(scheme, chosen, server))
            bad = [sum(one["bad"] for one in each) for each in (ours, theirs)]
            mine, peer = (statistics.median(one["us"] for one in each) for each in (ours, theirs))
            said(
                f"{scheme:5}  Vigie {mine:6.0f} µs   exporter {peer:6.0f} µs   ratio {mine / peer:.2f} (goal {GOALS[scheme]:.1f})   failures {bad}"
            )
            said(f"       of which asking {statistics.median(one['asking'] for one in ours):.0f} µs; run by run:")
            said(
                "       "
                + "  ".join(f"{one['us']:.0f}/{other['us']:.0f}" for one, other in zip(ours, theirs, strict=True))
            )
    seen = set((folder / "seen").read_text().split())
    said(f"TLS as nginx saw it: {', '.join(sorted(seen))} (r would be a session resumed)")
    said(f"Vigie's TLS is {ssl.OPENSSL_VERSION}")


def said(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=1500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=10)
    parser.add_argument("--schemes", nargs="+", default=["http", "https"], choices=["http", "https"])
    parser.add_argument("--loop", choices=["uvloop", "asyncio"], default="uvloop")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        factory = new_event_loop if chosen.loop == "uvloop" else None
        with asyncio.Runner(loop_factory=factory) as runner:
            found = runner.run(whole_path(chosen.child, chosen.probes, chosen.at_once, chosen.folder, chosen.profile))
        sys.stdout.write(json.dumps(found))
        return
    if EXPORTER is None or not Path(NGINX).exists() or (os.cpu_count() or 1) < 2:
        said("Not measured: this needs prometheus-blackbox-exporter, nginx and two cores on this machine.")
        return
    os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        compare(chosen, Path(folder))


if __name__ == "__main__":
    main()
