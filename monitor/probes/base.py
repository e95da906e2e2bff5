"""What every kind of question shares: its ways of ending early, and what it may use to ask."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure, Stage
from monitor.probes.budgets import Hearsay, NoTurn, Unanswered
from monitor.probes.stopwatch import Phase, Trace

if TYPE_CHECKING:
    from monitor.probes.client import Tools
    from monitor.probes.turns import _Turn

__all__ = [
    "DETAIL_LENGTH", "Ask", "Asking", "Failed", "Finding", "NotNow", "Phase", "ProberSettings", "Trace",
]  # fmt: skip

DETAIL_LENGTH = 120
LEAST_PATIENCE_S = 1.0  # whoever has come to the head of a line is not sent away for the pause between two starts
# The steps that each kind goes through towards its host: what failed at one of them for another question fails for it.
_STEPS = {
    ProbeKind.HTTP: (Stage.CONNECT, Stage.TLS, Stage.EXCHANGE),
    ProbeKind.TLS: (Stage.CONNECT, Stage.TLS),
    ProbeKind.TCP: (Stage.CONNECT,),
    ProbeKind.DNS: (),
}


@dataclass(frozen=True, slots=True)
class ProberSettings:
    """What the prober is told from outside.

    Attributes:
        vantage: the place that every observation carries.
        user_agent: the whole User-Agent header; see `user_agent()`.
        allow_networks: CIDR blocks that the address guard lets through although they are private or special.
        resolvers: DNS servers as ``address:port``; empty: those of the system.
        concurrency: how many questions are on the wire at once.
        host_spacing: shortest time between the starts of two questions to one registrable domain or address.
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


class Asking:
    """One question under way: what it may use, its stopwatch, its deadline."""

    __slots__ = ("hearsay", "limit", "now", "probe", "tools", "trace")

    def __init__(self, probe: Probe, tools: "Tools", now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self.probe, self.tools, self.now = probe, tools, now
        self.limit = asyncio.timeout(None)  # the runner puts the one that it runs under in its place
        self.trace = Trace(clock)
        self.hearsay = False  # whether it ends in what another question heard

    def turn(self, host: str, port: int | None) -> "_Watched":
        """Hold the only place towards `host`:`port`: ``async with``.

        Waiting for it counts neither as duration nor against the deadline. Raises NotNow for a host to be left alone,
        where the first turn of a question would come later than its next slot (then nothing was asked at all), and
        where a later one does not come within the patience of the question. Raises Failed where the host does not
        answer whoever stands before us.
        """
        self.trace.host, self.trace.port = host, port
        if (until := self.tools.backoff.held_at(host, port)) is not None:
            raise NotNow(Excuse.BACK_OFF, until)
        limit = self.probe.policy.every.total_seconds() if self.trace.at is None else None
        steps = _STEPS[self.probe.kind]
        return _Watched(self, self.tools.turns.turn(host, port, limit=limit, patience=self.patience(), stages=steps))

    def patience(self) -> float:
        """Seconds that the question may wait for its next turn once it has begun: its timeout, over all of its hops."""
        timeout = self.probe.policy.timeout.total_seconds()
        return max(timeout - self.trace.waited, min(LEAST_PATIENCE_S, timeout))

    async def at_address(self, address: str, port: int) -> None:
        """Wait until that address may be asked, off the watch as well. Raises NotNow as `turn` does."""
        self.stop_watch()
        try:
            await self.tools.turns.at_address(address, port, limit=self.patience())
        except NoTurn as late:
            raise self.too_late(late) from late
        self.start_watch()

    def too_late(self, late: NoTurn) -> NotNow:
        """How a question ends whose turn does not come."""
        return NotNow(Excuse.COURTESY, self.trace.clock() + late.wait)

    def share(self, silence: Unanswered) -> Failed:
        """How a question ends whose host does not answer another one: as that did, and now."""
        trace = self.trace
        if trace.at is not None:
            trace.at = self.now() - trace.took()
        trace.address = trace.http_status = None
        trace.tried, self.hearsay = silence.tried, True
        return Failed(silence.failure, "son hôte ne répond pas à une autre sonde")

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
            raise asking.too_late(late) from late
        except Hearsay as said:
            raise asking.share(said.silence) from said
        trace = asking.trace
        if (until := asking.tools.backoff.held_at(trace.host or "", trace.port)) is not None:
            # Whoever stood before us was refused while we waited.
            refusal = NotNow(Excuse.BACK_OFF, until)
            await self._turn.__aexit__(NotNow, refusal, None)
            raise refusal
        asking.start_watch()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asking.trace.pause()
        await self._turn.__aexit__(kind, error, trace)
        if error is None:  # a deadline that has struck cannot be put off any more
            self._asking.limit.reschedule(None)


Ask = Callable[[Probe, Asking], Awaitable[Finding]]
