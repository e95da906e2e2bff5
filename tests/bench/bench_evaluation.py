"""What an evaluation costs: every five seconds of a steady state, and all at once. Run by `make bench-judging` and `make bench`; never asserts.

Steady: 10,000 probes of 5,000 services, about 850 new answers each 5 s, one answer in a hundred bad; of it apart, learning what good answers show (certificates of seven
authorities, addresses of a table of 60,000 prefixes, one probe in ten between two networks). All at once: two fresh answers of every
service, in a process of its own, so that the peak of memory is that evaluation's. Times are the processor's, which others on the machine do not lengthen; on a quiet one the wall clock
says the same, and it is printed beside them.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.config.territories import load_territories
from monitor.domain.catalog import Catalog, Probe, ProbeKind, Service, ServiceKind
from monitor.domain.evaluation import Change, Country, evaluate
from monitor.domain.networks import Networks
from monitor.domain.observation import Certificate, Failure, Health, Observation
from monitor.domain.sightings import unseen

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEADY_SERVICES, TICKS, EVERY_S, TICK_S = 5_000, 60, 60, 5
SIZES = (1_000, 10_000, 50_000)
BAD = 0.01
Fresh = dict[str, list[Observation]]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def country(services: int) -> Catalog:
    """Services of two probes; operators of thirty, platforms of a hundred, a login for every fifty."""
    made = {}
    for n in range(services):
        name = f"s{n}"
        probes = tuple(
            Probe(f"{name}/{word}", name, ProbeKind.HTTP, url=f"https://{name}.example/{word}") for word in ("a", "b")
        )
        made[name] = Service(name, name, ServiceKind.ENT, probes, operator=f"o{n // 30}", platform=f"p{n // 100}",
                             hoster=f"h{n % 97}" if n % 3 == 0 else None, depends_on=(f"s{n - n % 50}",) if n % 50 else (),
                             confirmed=START.date(), zones=(f"{name}.example",))  # fmt: skip
    canaries = tuple(Probe(f"canary/{n}", None, ProbeKind.HTTP, url="https://canary.example/") for n in range(4))
    return Catalog(load_territories(), made, {}, canaries)


def answers(probes: list[str], at: datetime, dice: random.Random, bad: set[str]) -> Fresh:
    """One answer each. What is bad stays so for a while: about one in a hundred at any moment."""
    fresh: Fresh = {}
    for probe in probes:
        if probe in bad and dice.random() < 0.2:
            bad.discard(probe)
        elif dice.random() < BAD * 0.2:
            bad.add(probe)
        failure = Failure.EXCHANGE_TIMEOUT if probe in bad else None
        fresh[probe] = [Observation(probe, "local", at, 0.2 * SECOND, failure)]
    return fresh


def shown(fresh: Fresh, tick: int) -> Fresh:
    """The same answers with what the good ones show; one probe in ten has a name with addresses in two networks."""
    return {probe: [_shown(one, tick) for one in several] for probe, several in fresh.items()}


def _shown(one: Observation, tick: int) -> Observation:
    if one.failure is not None:
        return one
    number = sum(map(ord, one.probe)) * 31
    there = number + (tick if number % 10 == 0 else 0)
    issued = Certificate(f"{number % 3000:064x}", START, f"CA {number % 7}")
    return replace(one, address=f"10.{there % 200}.{there % 251}.7", certificate=issued)


def canaries(catalog: Catalog, at: datetime) -> Fresh:
    return {one.id: [Observation(one.id, "local", at, 0.1 * SECOND)] for one in catalog.canaries}


def settled(catalog: Catalog) -> Change:
    """A country of which everything was heard well once."""
    probes = [probe.id for probe in catalog.probes()]
    heard = {probe: [Observation(probe, "local", START - SECOND, 0.2 * SECOND)] for probe in probes}
    return evaluate(Country(), heard, catalog, now=START, vantage="local")


def steady() -> None:
    """An hour's worth of ticks is not needed: after three rounds of every probe it is always the same."""
    catalog, dice = country(STEADY_SERVICES), random.Random(1)
    probes, bad = [probe.id for service in catalog.services.values() for probe in service.probes], set[str]()
    phases = [
        [probe for n, probe in enumerate(probes) if n % (EVERY_S // TICK_S) == slot]
        for slot in range(EVERY_S // TICK_S)
    ]
    change, spent, heard, bare, wall, learning = settled(catalog), [], 0, [], [], []
    known = unseen(
        catalog, "local", Networks((ip_network((0x0A000000 + (n << 8), 24)), f"AS{n % 300}") for n in range(60_000))
    )
    for tick in range(TICKS):
        now = START + (tick + 1) * TICK_S * SECOND
        retried = [probe for probe in bad if dice.random() < TICK_S / 10]
        fresh = answers(list({*phases[tick % len(phases)], *retried}), now - SECOND, dice, bad) | canaries(
            catalog, now - 0.5 * SECOND
        )
        heard += len(fresh)
        fresh = shown(fresh, tick)
        began, clock = time.process_time(), time.perf_counter()
        known = known.learned(fresh, change.country.verdicts, now)
        learning.append(1000 * (time.process_time() - began))
        change = evaluate(change.country, fresh, catalog, now=now, vantage="local", bonds=known.bonds)
        between = time.process_time()
        wall.append(1000 * (time.perf_counter() - clock))
        _bare(fresh, catalog)
        spent.append(1000 * (between - began))
        bare.append(1000 * (time.process_time() - between))
    spent, bare, wall, learning = sorted(spent), sorted(bare), sorted(wall), sorted(learning[len(phases) :])
    unwell = sum(one.health not in {Health.UP, Health.UNKNOWN} for one in change.country.services.values())
    say(f"steady: {len(probes)} probes, {heard / TICKS:.0f} answers each {TICK_S} s, {unwell} services unwell at the end: "
        f"p50 {spent[len(spent) // 2]:.1f} ms, p95 {spent[int(0.95 * len(spent))]:.1f} ms, worst {spent[-1]:.1f} ms "
        f"(goal: p95 <= 100 ms); by the wall clock p95 {wall[int(0.95 * len(wall))]:.1f} ms; a bare pass over the same p95 {bare[int(0.95 * len(bare))]:.1f} ms; "
        f"of it learning p50 {learning[len(learning) // 2]:.1f} ms, p95 {learning[int(0.95 * len(learning))]:.1f} ms")  # fmt: skip


def _bare(fresh: Mapping[str, list[Observation]], catalog: Catalog) -> dict[str, Health]:
    """What nobody can do without: the worst fresh answer of every service, looked at once."""
    return {
        name: max((fresh[probe.id][-1].health for probe in service.probes if probe.id in fresh), default=Health.UNKNOWN)
        for name, service in catalog.services.items()
    }


def full(services: int) -> None:
    """Everything fresh at once, and three in a hundred of it bad for the third time: then all of it is confirmed."""
    catalog, dice = country(services), random.Random(2)
    probes = [probe.id for service in catalog.services.values() for probe in service.probes]
    bad = set(dice.sample(probes, len(probes) * 3 // 100))
    change = settled(catalog)
    for minute in (1, 2, 3):
        now = START + minute * 45 * SECOND
        fresh = {
            probe: [
                Observation(
                    probe, "local", now - SECOND, 0.2 * SECOND, Failure.EXCHANGE_TIMEOUT if probe in bad else None
                )
            ]
            for probe in probes
        } | canaries(catalog, now - 0.5 * SECOND)
        began, clock = time.process_time(), time.perf_counter()
        change = evaluate(change.country, fresh, catalog, now=now, vantage="local")
        spent, wall = time.process_time() - began, time.perf_counter() - clock
        bare = time.process_time()
        _bare(fresh, catalog)
        bare = time.process_time() - bare
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    goal = " (goal: <= 1.0 s, <= 300 MB)" if services == 10_000 else ""
    say(f"all at once: {services:6} services, {len(probes):6} answers, {len(change.incidents):5} incidents opened: {spent:6.2f} s ({wall:.2f} s by the wall clock), "
        f"peak of the process {peak:6.0f} MiB{goal}; a bare pass {bare:.3f} s")  # fmt: skip


def main() -> None:
    if len(sys.argv) > 1:
        full(int(sys.argv[1]))
        return
    steady()
    for size in SIZES:
        subprocess.run([sys.executable, __file__, str(size)], check=True)


if __name__ == "__main__":
    main()
