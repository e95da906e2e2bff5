"""The days of April 2021, played whole: how soon after each written change every service of the scenario has its state. Run by `make bench`; never asserts.

    python tests/bench/bench_days.py [SCENARIO…]     2021-04-06 to -09 and 2021-04-26 by default

A change is a written instant from which a service does otherwise than before. It is met when the verdict of the service says what is expected of the mode
(`intermittent`: the flag unstable), counted in minutes of the scenario; the goal is three.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor import play as playing
from monitor.config import load
from monitor.domain.evaluation import Change
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import ServiceVerdict
from monitor.rehearsal.account import account
from monitor.rehearsal.scenario import Scenario, load_scenario
from monitor.rehearsal.steps import WELL, Mode
from monitor.settings import Settings
from monitor.store import open_store, upgrade

DAYS = ("2021-04-06", "2021-04-07", "2021-04-08", "2021-04-09", "2021-04-26")
GOAL = timedelta(minutes=3)
EXPECTED = {
    Mode.SLOW: Health.SLOW,
    Mode.WAITING_PAGE_200: Health.WAITING,
    Mode.RESTRICTED_ACCESS: Health.RESTRICTED,
    Mode.SERVER_FAULT: Health.DOWN,
    Mode.DOWN: Health.DOWN,
    Mode.HTTP_502: Health.DOWN,
}


@dataclass(slots=True)
class Listening(playing.Played):
    """A played day that remembers when what was said of a service."""

    said: list[tuple[datetime, ServiceVerdict]] = field(default_factory=list)
    zero: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def changed(self, change: Change) -> None:
        now = self.windows[0][0] + timedelta(seconds=asyncio.get_running_loop().time() - self.zero)
        self.said += [(now, one) for one in change.services]
        super(Listening, self).changed(change)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def changes(
    scenario: Scenario, windows: tuple[tuple[datetime, datetime], ...]
) -> Iterator[tuple[str, datetime, datetime, Mode]]:
    """(service, from, until, mode) of every change that is played."""
    for service in scenario.services:
        for opens, closes in windows:
            bounds = {at for step in scenario.steps if step.service == service for at in (step.start, step.end)}
            instants = sorted({opens, *(at for at in bounds if opens < at < closes)})
            before = Mode.OK
            for at, until in zip(instants, [*instants[1:], closes], strict=True):
                mode = scenario.mode_at(service, at)
                if _kind(mode) != _kind(before) and not scenario.line_cut_at(at):
                    yield service, at, until, mode
                before = mode


def _kind(mode: Mode) -> object:
    return Health.UP if mode in WELL else EXPECTED.get(mode, mode)


def met(
    said: list[tuple[datetime, ServiceVerdict]], service: str, at: datetime, until: datetime, mode: Mode
) -> datetime | None:
    """When the service had the state of a mode, not before the mode began; None if it never had."""
    mine = [(when, one) for when, one in said if one.service == service]
    standing = [(at, one) for when, one in mine if when <= at][-1:]
    for when, one in [*standing, *((when, one) for when, one in mine if at < when < until)]:
        if one.unstable if mode is Mode.INTERMITTENT else one.health is _kind(mode):
            return when
    return None


def day(name: str) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/played.db"
        upgrade(url, "rehearsal", datetime.now(UTC), name)
        config = load(Path(__file__).parents[2] / "probes.yaml")
        with closing(open_store(url, kind="rehearsal")) as store:
            stage = playing.Stage(config=config, scenario=load_scenario(name), store=store, settings=Settings(),
                                  wall=lambda: datetime.now(UTC), version="bench")  # fmt: skip
            played = playing.play(stage)
    told = account(played.scenario, played.windows, played.catalog, survey(played.catalog), played.incidents)
    every = [
        (service, at, mode, met(played.said, service, at, until, mode))
        for service, at, until, mode in changes(played.scenario, played.windows)
    ]
    late = [(service, at, mode, when) for service, at, mode, when in every if when is None or when - at > GOAL]
    lags = sorted((when - at).total_seconds() for _, at, _, when in every if when is not None)
    say(f"{name}: {len(every)} changes, {len(every) - len(late)} met within {GOAL.total_seconds() / 60:.0f} min (median {lags[len(lags) // 2]:.0f} s, worst {lags[-1]:.0f} s), "
        f"{len(told['incidents'])} incidents, {len(told['false_incidents'])} false, {len(told['missed'])} missed; {time.perf_counter() - began:.0f} s")  # fmt: skip
    for service, at, mode, when in late:
        say(
            f"    {service} {mode.value} from {at:%H:%M} UTC: {'never' if when is None else f'after {(when - at).total_seconds():.0f} s'}"
        )


def main() -> None:
    playing.Played = Listening
    for name in sys.argv[1:] or DAYS:
        day(name)


if __name__ == "__main__":
    main()
