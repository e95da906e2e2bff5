"""What every kind of question shares: its stopwatch, its way of failing early, and what it may use to ask."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from monitor.domain.catalog import Probe
from monitor.domain.observation import Failure, Phases, Stage

if TYPE_CHECKING:
    from monitor.probes.client import Tools

DETAIL_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ProberSettings:
    """What the prober is told from outside.

    Attributes:
        vantage: the place that every observation carries.
        user_agent: the whole User-Agent header; see `user_agent()`.
        allow_networks: CIDR blocks that the address guard lets through although they are private or special.
        resolvers: DNS servers as ``address:port``; empty: those of the system.
        concurrency: how many questions are on the wire at once.
        host_spacing: shortest time between the starts of two questions to one host and port.
    """

    vantage: str
    user_agent: str
    allow_networks: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    concurrency: int = 200
    host_spacing: timedelta = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a kind of question found: a failure or None, and short French words of ours about it."""

    failure: Failure | None = None
    detail: str = ""


class Failed(Exception):  # noqa: N818 (not an error of the program: how a step of a question ends early)
    """Ends a question from deep inside; the runner turns it into a `Finding`. `detail` is ours, never the site's."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(f"{failure.value}: {detail}")
        self.finding = Finding(failure, detail[:DETAIL_LENGTH])


class Phase(Enum):
    """A stretch of an exchange that is timed apart; its value names the field of `Phases`."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    FIRST_BYTE = "first_byte"
    TRANSFER = "transfer"

    @property
    def stage(self) -> Stage:
        """The stage that is to blame when time runs out in this phase."""
        return _STAGES[self]


_STAGES: Mapping[Phase, Stage] = {
    Phase.RESOLVE: Stage.RESOLVE,
    Phase.CONNECT: Stage.CONNECT,
    Phase.TLS: Stage.TLS,
    Phase.FIRST_BYTE: Stage.EXCHANGE,
    Phase.TRANSFER: Stage.EXCHANGE,
}


class Trace:
    """Stopwatch and notes of one question. Reads the loop's clock only, hence true on a virtual one.

    Phases follow each other and never overlap, so that their sum cannot exceed `took`; over redirects each one adds up.
    Time spent waiting for our own turn, or judging what came back, belongs to neither.
    """

    __slots__ = (
        "_entered", "_paused_at", "_spent", "_started", "_waited",
        "address", "at", "bytes_read", "clock", "heard", "http_status", "phase", "transport",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.at: datetime | None = None
        self.phase: Phase | None = None
        self.address: str | None = None
        self.http_status: int | None = None
        self.bytes_read: int | None = None
        self.heard = False
        self.transport: asyncio.Transport | None = None
        self._entered: float | None = None
        self._spent: dict[Phase, float] = {}
        self._started: float | None = None
        self._paused_at: float | None = None
        self._waited = 0.0

    def enter(self, phase: Phase) -> None:
        """End the running phase and begin another."""
        self.leave()
        self.phase, self._entered = phase, self.clock()

    def leave(self) -> None:
        """End the running phase; its name is kept, because a failure right after it still belongs to its stage."""
        if self.phase is not None and self._entered is not None:
            self._spent[self.phase] = self._spent.get(self.phase, 0.0) + self.clock() - self._entered
            self._entered = None

    def pause(self) -> None:
        """Stop the watch, where it runs."""
        self.leave()
        if self._paused_at is None:
            self._paused_at = self.clock()

    def resume(self, now: Callable[[], datetime]) -> None:
        """The turn has come; the first one dates the question."""
        if self._started is None:
            self._started, self.at = self.clock(), now()
        elif self._paused_at is not None:
            self._waited += self.clock() - self._paused_at
        self._paused_at = self.phase = None

    def took(self) -> timedelta:
        """How long the question has been asked so far, waiting for our own turn left out."""
        if self._started is None:
            return timedelta()
        until = self.clock() if self._paused_at is None else self._paused_at
        return timedelta(seconds=until - self._started - self._waited)

    def phases(self) -> Phases:
        """Where the time went so far."""
        return Phases(**{phase.value: timedelta(seconds=spent) for phase, spent in self._spent.items()})


class Asking:
    """One question under way: what it may use, its stopwatch, its deadline."""

    __slots__ = ("limit", "now", "probe", "tools", "trace")

    def __init__(self, probe: Probe, tools: "Tools", now: Callable[[], datetime]) -> None:
        self.probe, self.tools, self.now = probe, tools, now
        self.limit = asyncio.timeout(None)  # the runner puts the one that it runs under in its place
        self.trace = Trace(asyncio.get_running_loop().time)

    @asynccontextmanager
    async def turn(self, host: str, port: int | None) -> AsyncIterator[None]:
        """Hold the only place towards `host`:`port`.

        Waiting for it counts neither as duration nor against the deadline.
        """
        self.trace.pause()
        self.limit.reschedule(None)
        async with self.tools.turns.turn(f"{host}:{port}"):
            self.trace.resume(self.now)
            left = self.probe.policy.timeout - self.trace.took()
            self.limit.reschedule(self.trace.clock() + left.total_seconds())
            try:
                yield
            finally:
                self.trace.pause()
        self.limit.reschedule(None)


Ask = Callable[[Probe, Asking], Awaitable[Finding]]
