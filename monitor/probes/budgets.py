"""What `Turns` counts with: a host's place and the line before it, and the starts of a domain or of an address."""

import asyncio
import math
from collections.abc import Collection
from dataclasses import dataclass

from monitor.domain.observation import Failure, Stage

FRESH_S = 15.0  # what somebody heard of a host longer ago than this says nothing of it now
# What makes a line: questions that wait for nothing, and hosts that hang up. Any other failure is an answer.
UNANSWERED = frozenset(
    {failure for failure in Failure if failure.stage is Stage.CONNECT}
    | {Failure.TLS_TIMEOUT, Failure.EXCHANGE_TIMEOUT, Failure.EXCHANGE_RESET}
)


class NoTurn(Exception):  # noqa: N818 (not an error: a question that courtesy forbids for now)
    """The turn would come too late to be worth waiting for. `wait`: seconds that it would have taken, estimated."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"no turn within {wait:.1f} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that its host did not answer.

    Attributes:
        failure: one of `UNANSWERED`.
        port: where it was asked.
        tried: the addresses that a connection was tried to.
        heard: loop time at which it ended.
    """

    failure: Failure
    port: int | None
    tried: tuple[str, ...]
    heard: float


class Hearsay(Exception):  # noqa: N818 (as NoTurn)
    """The turn did not come, because whoever stood before us was not answered: his `silence` is ours as well."""

    def __init__(self, silence: Unanswered) -> None:
        super().__init__(silence.failure.value)
        self.silence = silence


class Waiter:
    """One who wants a place.

    Attributes:
        port, stages: where he asks, and the steps that his question goes through: no other silence is his.
        strict: whether he leaves the line once his patience has ended, even where nothing is known of the host.
        patient_until: loop time.
    """

    __slots__ = ("patient_until", "port", "said", "stages", "strict")

    port: int | None
    stages: Collection[Stage]
    strict: bool
    patient_until: float
    said: "asyncio.Future[NoTurn | Hearsay | None]"


class Place:
    """A host's only place: who holds it, how many want it, how long it was held the last time; the line before it."""

    __slots__ = ("held", "held_for", "line", "silence", "wanted")

    def __init__(self) -> None:
        self.held = False
        self.held_for = 0.0
        self.wanted = 0
        self.line: list[Waiter] = []
        self.silence: Unanswered | None = None  # how the last question ended, where it was not answered

    def idle(self, _: float) -> bool:
        """Whether it may be forgotten."""
        return not self.wanted

    def known_to(self, waiter: Waiter, time: float) -> Hearsay | None:
        """What the last question says for this one too: fresh, of the same port, of a step that both go through."""
        silence = self.silence
        if silence is None or silence.port != waiter.port or silence.failure.stage not in waiter.stages:
            return None
        return Hearsay(silence) if time - silence.heard < FRESH_S else None

    async def stand(self, waiter: Waiter, until: float) -> None:
        """Wait in line, until that loop time (or for ever) where he is strict or the host is known not to answer.

        Raises NoTurn or Hearsay. Cancelled: the place is the next one's.
        """
        loop = asyncio.get_running_loop()
        waiter.said = loop.create_future()
        self.line.append(waiter)
        timer = None if until == math.inf else loop.call_at(until, self._tire, waiter, loop)
        try:
            verdict = await waiter.said
        except asyncio.CancelledError:
            if waiter in self.line:
                self.line.remove(waiter)
            elif not waiter.said.cancelled() and waiter.said.result() is None:
                self.hand_over()
            raise
        finally:
            if timer is not None:
                timer.cancel()
        if verdict is not None:
            raise verdict

    def hand_over(self) -> None:
        """The place is that of the first in line, who cannot be overtaken from here on."""
        while self.line:
            said = self.line.pop(0).said
            if not said.done():
                said.set_result(None)
                return
        self.held = False

    def hear(self, silence: Unanswered, at_least: float) -> None:
        """The last question was not answered: tell those who would wait for their own turn in vain.

        `at_least`: seconds between two starts. Whoever is strict leaves as soon as his turn is seen to come too late,
        whoever is not once he has waited that long. The place itself has been handed over: somebody does ask.
        """
        self.silence = silence
        for behind, waiter in enumerate(tuple(self.line), 1):
            ahead = behind * max(self.held_for, at_least) if waiter.strict else 0.0
            if silence.heard + ahead >= waiter.patient_until and (known := self.known_to(waiter, silence.heard)):
                self._dismiss(waiter, known)

    def _tire(self, waiter: Waiter, loop: asyncio.AbstractEventLoop) -> None:
        if (known := self.known_to(waiter, loop.time())) is not None:
            self._dismiss(waiter, known)
        elif waiter.strict:
            self._dismiss(waiter, NoTurn(self.held_for))

    def _dismiss(self, waiter: Waiter, verdict: NoTurn | Hearsay) -> None:
        if waiter in self.line and not waiter.said.done():
            self.line.remove(waiter)
            waiter.said.set_result(verdict)


class Budget:
    """The starts of one domain or one address: the next one may not come before `free_at` (loop time)."""

    __slots__ = ("free_at", "lock", "paid", "wanted")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.wanted = 0
        self.paid = 0

    def idle(self, time: float) -> bool:
        """Whether it may be forgotten at that time."""
        return not self.wanted and not self.paid and self.free_at <= time
