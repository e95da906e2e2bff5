"""What every kind of question shares: its stopwatch, its way of failing early, and what it may use to ask."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING

from monitor.domain.catalog import Probe
from monitor.domain.gap import Excuse
from monitor.domain.observation import Certificate, Failure, Phases, Stage
from monitor.probes.turns import NoTurn

if TYPE_CHECKING:
    from monitor.probes.client import Tools
    from monitor.probes.turns import _Turn

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
        catalogue: version (digest) of the catalogue that asks, carried by every observation.
    """

    vantage: str
    user_agent: str
    allow_networks: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    concurrency: int = 200
    host_spacing: timedelta = timedelta(milliseconds=500)
    catalogue: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a kind of question found: a failure or None, and short French words of ours about it.

    Attributes:
        marker: the place in the catalogue of what decided, as `Observation.marker`.
        retry_after: how long the server asked us to stay away, where it did.
    """

    failure: Failure | None = None
    detail: str = ""
    marker: str | None = None
    retry_after: timedelta | None = None


class Failed(Exception):  # noqa: N818 (not an error of the program: how a step of a question ends early)
    """Ends a question from deep inside; the runner turns it into a `Finding`. `detail` is ours, never the site's."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(f"{failure.value}: {detail}")
        self.finding = Finding(failure, detail[:DETAIL_LENGTH])


class NotNow(Exception):  # noqa: N818 (as Failed: a question ends because courtesy forbids to go on)
    """The question may not be asked, or not followed to its end, before `until` (loop time)."""

    def __init__(self, excuse: Excuse, until: float) -> None:
        super().__init__(excuse.value)
        self.excuse, self.until = excuse, until


class Phase(Enum):
    """A stretch of an exchange that is timed apart.

    Attributes:
        field: name of its field of `Phases`.
        stage: the stage that is to blame when time runs out in it.
    """

    field: str
    stage: Stage

    def __init__(self, field: str, stage: Stage) -> None:
        self.field, self.stage = field, stage

    RESOLVE = ("resolve", Stage.RESOLVE)
    CONNECT = ("connect", Stage.CONNECT)
    TLS = ("tls", Stage.TLS)
    FIRST_BYTE = ("first_byte", Stage.EXCHANGE)
    TRANSFER = ("transfer", Stage.EXCHANGE)


class Trace:
    """Stopwatch and notes of one question. Reads the loop's clock only, hence true on a virtual one.

    Phases follow each other and never overlap, so that their sum cannot exceed `took`; over redirects each one adds up.
    Time spent waiting for our own turn, or judging what came back, belongs to neither.
    """

    __slots__ = (
        "_entered", "_paused_at", "_spent", "_started", "_waited",
        "address", "at", "bytes_read", "certificate", "clock", "clock_offset", "excerpt", "final_host", "heard",
        "host", "http_status", "phase", "port", "tried",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.at: datetime | None = None
        self.phase: Phase | None = None
        self.address: str | None = None
        self.http_status: int | None = None
        self.bytes_read: int | None = None
        self.final_host: str | None = None
        self.certificate: Certificate | None = None
        self.clock_offset: timedelta | None = None
        self.excerpt: str | None = None
        self.host: str | None = None  # asked last, and its port
        self.port: int | None = None
        self.tried: list[str] = []  # addresses that a connection was tried to
        self.heard = False
        self._entered: float | None = None
        self._spent: dict[str, float] = {}
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
            name = self.phase.field
            self._spent[name] = self._spent.get(name, 0.0) + self.clock() - self._entered
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
        return Phases(**{name: timedelta(seconds=spent) for name, spent in self._spent.items()})


class Asking:
    """One question under way: what it may use, its stopwatch, its deadline."""

    __slots__ = ("limit", "now", "probe", "tools", "trace")

    def __init__(self, probe: Probe, tools: "Tools", now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self.probe, self.tools, self.now = probe, tools, now
        self.limit = asyncio.timeout(None)  # the runner puts the one that it runs under in its place
        self.trace = Trace(clock)

    def turn(self, host: str, port: int | None) -> "_Watched":
        """Hold the only place towards `host`:`port`: ``async with``.

        Waiting for it counts neither as duration nor against the deadline. Raises NotNow for a host to be left alone,
        and where the first turn of a question would come later than its next slot: then nothing was asked at all.
        """
        self.trace.host, self.trace.port = host, port
        if (until := self.tools.backoff.held_at(host, port)) is not None:
            raise NotNow(Excuse.BACK_OFF, until)
        patience = self.probe.policy.every.total_seconds() if self.trace.at is None else None
        return _Watched(self, self.tools.turns.turn(host, port, limit=patience))

    async def at_address(self, address: str, port: int) -> None:
        """Wait until that address may be asked, off the watch as well."""
        self.stop_watch()
        await self.tools.turns.at_address(address, port)
        self.start_watch()

    def start_watch(self) -> None:
        """It is our turn: time counts, towards the deadline too."""
        self.trace.resume(self.now)
        left = self.probe.policy.timeout - self.trace.took()
        self.limit.reschedule(self.trace.clock() + left.total_seconds())

    def stop_watch(self) -> None:
        """What follows is our own affair: time does not count."""
        self.trace.pause()
        self.limit.reschedule(None)


class _Watched:
    """A turn with the stopwatch running inside; a class rather than a generator, which costs 2 µs a question."""

    __slots__ = ("_asking", "_turn")

    def __init__(self, asking: Asking, turn: "_Turn") -> None:
        self._asking, self._turn = asking, turn

    async def __aenter__(self) -> None:
        asking = self._asking
        asking.stop_watch()
        try:
            await self._turn.__aenter__()
        except NoTurn as late:
            raise NotNow(Excuse.COURTESY, asking.trace.clock() + late.wait) from late
        asking.start_watch()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asking.trace.pause()
        await self._turn.__aexit__(kind, error, trace)
        if error is None:  # a deadline that has struck cannot be put off any more
            self._asking.limit.reschedule(None)


Ask = Callable[[Probe, Asking], Awaitable[Finding]]
