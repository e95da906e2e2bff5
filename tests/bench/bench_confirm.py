"""From the break of a service to its confirmed outage, and what other policies would cost in false outages.

Delays come from the real engine (pacer, pipeline, judge, an SQLite file) on the virtual clock, asking a written world; false
outages from the real `judge` and `corroborated` over 30 days of random failures. Run by `make bench`; prints, never asserts.
"""

import asyncio
import heapq
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config.territories import load_territories
from monitor.domain.catalog import Catalog, Probe, ProbeKind, Service, ServiceKind
from monitor.domain.circumstances import Circumstances, Standing
from monitor.domain.corroboration import corroborated
from monitor.domain.line import Line
from monitor.domain.observation import Failure, Health, Observation
from monitor.domain.policy import Policy
from monitor.domain.timetable import Timetable
from monitor.domain.verdict import Verdict, first_verdict, judge
from monitor.engine import Engine, Tempo
from monitor.rehearsal.clock import VirtualLoop
from monitor.store import open_store, upgrade
from monitor.wiring import Wiring

EPOCH = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SERVICES, GROUP = 500, 10
WINDOW_S, SHORTEST_S, LONGEST_S = 3600.0, 180.0, 900.0
SECOND = timedelta(seconds=1)
DAYS, FAILING = 30, 0.01
POLICIES: Mapping[str, Policy] = {
    "1 bad answer": Policy(fail_after=1, fail_for=0 * SECOND, fail_for_corroborated=0 * SECOND),
    "2 in a row, 10 s apart": Policy(fail_after=2, fail_for=10 * SECOND, fail_for_corroborated=10 * SECOND),
    "3 in a row over 20 s": Policy(fail_for=20 * SECOND),
    "3 in a row over 60 s (Vigie)": Policy(),
    "3 in a row, no asking again": Policy(fail_for=60 * SECOND, retry_every=60 * SECOND),
    "5 in a row over 120 s": Policy(fail_after=5, fail_for=120 * SECOND),
}


@dataclass(frozen=True)
class Break:
    """When a service stops answering, for how long, in loop seconds, and how."""

    at: float
    lasts: float
    failure: Failure = Failure.CONNECT_REFUSED


class World:
    """Answers as written: well in 0.2 s, or broken; a time-out takes the whole limit."""

    def __init__(self, breaks: Mapping[str, Break], now: Callable[[], datetime]) -> None:
        self._breaks, self._now = breaks, now

    async def ask(self, probe: Probe) -> Observation:
        loop, at = asyncio.get_running_loop(), self._now()
        broken = self._breaks.get(probe.service or "")
        failure = broken.failure if broken and broken.at <= loop.time() < broken.at + broken.lasts else None
        took = probe.policy.timeout if failure is Failure.CONNECT_TIMEOUT else 0.2 * SECOND
        await asyncio.sleep(took.total_seconds())
        return Observation(probe.id, "local", at, took, failure)


def country(policy: Policy, *, grouped: bool) -> Catalog:
    """500 services of one probe each; by tens under one operator, or each alone."""
    services = {}
    for n in range(SERVICES):
        probe = Probe(f"s{n}/login", f"s{n}", ProbeKind.HTTP, policy, url="http://x/")
        operator = f"o{n // GROUP}" if grouped else None
        services[f"s{n}"] = Service(
            f"s{n}", f"S{n}", ServiceKind.ENT, (probe,), operator=operator, confirmed=EPOCH.date()
        )
    quick = Policy(every=10 * SECOND, timeout=3 * SECOND, retry_every=10 * SECOND)
    canaries = tuple(Probe(f"canary/{n}", None, ProbeKind.HTTP, quick, url="http://x/") for n in range(7))
    return Catalog(load_territories(), services, {}, canaries)


def confirmations(catalog: Catalog, breaks: Mapping[str, Break]) -> dict[str, float]:
    """Loop seconds from each break to the confirmation of its outage, by service; what is missing was missed."""
    found: dict[str, float] = {}

    async def scene(url: str) -> None:
        loop = asyncio.get_running_loop()

        def now() -> datetime:
            return EPOCH + timedelta(seconds=loop.time())

        def changed(change: object) -> None:
            for verdict in change.services:  # and not its incident, which may be that of many
                if verdict.unwell and (broken := breaks.get(verdict.service)) is not None:
                    found.setdefault(verdict.service, loop.time() - broken.at)

        async def inline(call: Callable[[], object]) -> object:
            return call()

        store = open_store(url, kind="real")
        engine = Engine(
            Wiring(catalog=catalog, subscriptions=(), addresses={}, prober=World(breaks, now), store=store, sender=None,
                   timetable=Timetable.constant(), now=now, wall=now, awake=loop.time, work=inline, warnings=tuple,
                   version="bench", vantage="local", changed=changed),
            Tempo(evaluate=5 * SECOND, tell=60 * SECOND),
        )  # fmt: skip
        stop = asyncio.Event()
        loop.call_later(WINDOW_S + LONGEST_S + 600, stop.set)
        await engine.run(stop)
        store.close()

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url, "real", EPOCH)
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(scene(url))
    return found


def lone(dice: random.Random, failure: Failure) -> dict[str, Break]:
    """Every service breaks once, at any moment of an hour, for three minutes or more."""
    return {
        f"s{n}": Break(600 + dice.uniform(0, WINDOW_S), dice.uniform(SHORTEST_S, LONGEST_S), failure)
        for n in range(SERVICES)
    }


def shared(dice: random.Random) -> dict[str, Break]:
    """Every operator breaks once, with all of its ten services."""
    operators = [
        Break(600 + dice.uniform(0, WINDOW_S), dice.uniform(SHORTEST_S, LONGEST_S)) for _ in range(SERVICES // GROUP)
    ]
    return {f"s{n}": operators[n // GROUP] for n in range(SERVICES)}


def p(values: list[float], share: float) -> float:
    """A percentile, the nearest above."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def say(what: str, delays: list[float], of: int, goal: str) -> None:
    """One line of results."""
    sys.stdout.write(f"{what:54} p50 {statistics.median(delays):5.0f} s   p95 {p(delays, 0.95):5.0f} s   worst {max(delays):5.0f} s   "
          f"missed {of - len(delays)} of {of}   goal: {goal}\n")  # fmt: skip


def thirds(found: Mapping[str, float]) -> list[float]:
    """When the third service of each operator was confirmed: from then on it is a shared outage."""
    groups: dict[int, list[float]] = {}
    for name, delay in found.items():
        groups.setdefault(int(name[1:]) // GROUP, []).append(delay)
    return [sorted(delays)[2] for delays in groups.values() if len(delays) >= 3]


def false_outages(policy: Policy, dice: random.Random) -> int:
    """Outages confirmed in 30 days of 500 services of 50 operators whose every answer fails at 1 %."""
    catalog = country(policy, grouped=True)
    line, every, retry = Line(blind=False, seen_at=EPOCH + timedelta(days=DAYS + 1)), policy.every, policy.retry_every
    heap: list[tuple[datetime, str]] = []
    end, false, running = EPOCH + timedelta(days=DAYS), 0, dict[str, Verdict]()
    for name in catalog.services:
        heapq.heappush(heap, (_next_failure(EPOCH + dice.random() * every, every, dice), name))
    while heap and heap[0][0] < end:
        at, name = heapq.heappop(heap)
        probe = catalog.services[name].probes[0]
        before = running.get(name) or replace(
            first_verdict(probe, "local", EPOCH),
            health=Health.UP,
            settled=Health.UP,
            settled_since=EPOCH,
            evidence_at=at,
        )
        bad = name not in running or dice.random() < FAILING
        answer = Observation(probe.id, "local", at, 0.2 * SECOND, Failure.CONNECT_REFUSED if bad else None)
        around = Circumstances(at + SECOND, line, Standing(confirmed=True))
        after = judge(before, [answer], policy, around)
        alike = corroborated(catalog, {f"{each}/login": one for each, one in running.items()} | {probe.id: after})
        if probe.id in alike:
            after = judge(after, [], policy, replace(around, corroborated=True))
        false += after.settled is Health.DOWN
        if after.run and after.settled is Health.UP:
            running[name] = after
            heapq.heappush(heap, (at + min(retry, every), name))
        else:
            running.pop(name, None)
            heapq.heappush(heap, (_next_failure(at, every, dice), name))
    return false


def _next_failure(at: datetime, every: timedelta, dice: random.Random) -> datetime:
    asks = 1
    while dice.random() >= FAILING:
        asks += 1
    return at + asks * every


def main() -> None:
    dice = random.Random(2021_04_06)
    refused = confirmations(country(Policy(), grouped=False), lone(dice, Failure.CONNECT_REFUSED))
    say("alone, refused, every 60 s", list(refused.values()), SERVICES, "p95 <= 130 s, 0 missed")
    silent = confirmations(country(Policy(), grouped=False), lone(dice, Failure.CONNECT_TIMEOUT))
    say("alone, each ask times out (10 s), every 60 s", list(silent.values()), SERVICES, "p95 <= 140 s, 0 missed")
    groups = SERVICES // GROUP
    found = confirmations(country(Policy(), grouped=True), shared(dice))
    say("10 services of an operator, third confirmed, 60 s", thirds(found), groups, "p95 <= 60 s")
    found = confirmations(country(Policy(every=30 * SECOND), grouped=True), shared(dice))
    say("the same at the 8 o'clock cadence, 30 s", thirds(found), groups, "p95 <= 40 s")
    sys.stdout.write(
        "\nThe curve: delay of a lone outage against false outages in 30 days (500 services, 1 % of answers fail)\n"
    )
    for name, policy in POLICIES.items():
        delays = list(confirmations(country(policy, grouped=False), lone(dice, Failure.CONNECT_REFUSED)).values())
        say(
            name,
            delays,
            SERVICES,
            f"false outages: {false_outages(policy, dice)}" + (" (goal <= 1)" if "Vigie" in name else ""),
        )


if __name__ == "__main__":
    main()
