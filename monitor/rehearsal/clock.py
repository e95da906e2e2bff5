"""The rehearsal's clock: an event loop whose own time is virtual.

Scaled time would measure our machine, not the fakes: at 240× a fifth of the healthy answers looks slow. Here time
stands still while anything is being done, and jumps to the next timer when nothing is left to do; slow is then
exactly slow.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

Args = TypeVarTuple("Args")
Result = TypeVar("Result")
Events = list[tuple[selectors.SelectorKey, int]]

# Loopback delivers before `send` returns, save when the kernel defers it to a thread of its own: bytes that are
# known to be on their way are waited for this long (real seconds), once, before time may jump over them.
PATIENCE = 0.25
# A run that falls behind its speed ceiling does not catch up beyond this (real seconds): a ceiling is not a pace.
CATCH_UP = 1.0


class Wire:
    """How many exchanges are on their way between two sockets of this loop: time does not jump over them."""

    def __init__(self) -> None:
        self.in_flight = 0

    def taken(self) -> None:
        """An exchange has begun, or goes on after a pause of its own."""
        self.in_flight += 1

    def left(self) -> None:
        """It is over, or waits for time itself to pass."""
        self.in_flight -= 1


class _Selector(selectors.DefaultSelector):
    """A selector that asks `let_pass` before it sleeps, and knows which sockets still wait to connect or to write."""

    def __init__(self, let_pass: Callable[[float], Events | None]) -> None:
        super().__init__()
        self._let_pass = let_pass
        self.writers: set[int] = set()

    def select(self, timeout: float | None = None) -> Events:
        """Events that are ready; sleeps only where `let_pass` says so."""
        if timeout is None or timeout <= 0:  # None: no timer is set, hence no time to jump to
            return super().select(timeout)
        return self._let_pass(timeout) or []

    def really(self, seconds: float | None) -> Events:
        """The ordinary select, in real seconds."""
        return super().select(seconds)

    def register(self, fileobj: "FileDescriptorLike", events: int, data: object = None) -> selectors.SelectorKey:
        """As the parent does, noting writers."""
        return self._noted(super().register(fileobj, events, data))

    def modify(self, fileobj: "FileDescriptorLike", events: int, data: object = None) -> selectors.SelectorKey:
        """As the parent does, noting writers."""
        return self._noted(super().modify(fileobj, events, data))

    def unregister(self, fileobj: "FileDescriptorLike") -> selectors.SelectorKey:
        """As the parent does, forgetting the writer."""
        key = super().unregister(fileobj)
        self.writers.discard(key.fd)
        return key

    def _noted(self, key: selectors.SelectorKey) -> selectors.SelectorKey:
        if key.events & selectors.EVENT_WRITE:
            self.writers.add(key.fd)
        else:
            self.writers.discard(key.fd)
        return key


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose own time starts at 0 and jumps to the next timer when no socket is ready and no job pending.

    A job given to `run_in_executor` (and `asyncio.to_thread`) is waited for in real time while virtual time stands
    still; so is whatever runs inside `standstill()`. Use it through ``asyncio.Runner(loop_factory=VirtualLoop)``.

    Attributes:
        speed: ceiling in virtual seconds per real second, None for as fast as it can.
        wire: exchanges under way between sockets of this very loop.
    """

    def __init__(self, *, speed: float | None = None) -> None:
        """`speed` as the attribute; raises ValueError where it is not above 0."""
        self.speed = speed
        self.wire = Wire()
        self._now = 0.0
        self._jobs = 0
        self._stuck = 0
        self._anchor: tuple[float, float] | None = None
        self._sockets = _Selector(self._let_pass)
        super().__init__(self._sockets)
        if speed is not None and speed <= 0:
            self.close()
            raise ValueError("the speed ceiling must be above 0")

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def jump(self, seconds: float) -> None:
        """Skip a gap at once, whatever the speed ceiling. Timers that fall in the gap fire right after it, in order.

        Raises ValueError for a negative gap: this clock never goes back.
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        self._now += seconds
        if self._anchor is not None:
            real, virtual = self._anchor
            self._anchor = (real, virtual + seconds)

    @contextmanager
    def standstill(self) -> Iterator[None]:
        """Time stands still inside: for work beyond this loop's sockets and executors (a child process, a thread)."""
        self._jobs += 1
        try:
            yield
        finally:
            self._jobs -= 1

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Args], Result], *args: *Args
    ) -> asyncio.Future[Result]:
        """As the parent does, with time standing still until the job is done."""
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - parent's
        """Wait for the executor's threads, however long: the parent's time limit would pass in no time."""
        with self.standstill():
            await super().shutdown_default_executor()

    def _job_done(self, _: asyncio.Future[Any]) -> None:
        self._jobs -= 1

    def _let_pass(self, timeout: float) -> Events | None:
        """Events if there are any, else None after `timeout` virtual seconds have passed."""
        events = self._sockets.really(0)
        if not events and self._jobs:
            events = self._sockets.really(None)
        if not events:
            events = self._awaited()
        if not events and self.speed is not None:
            events = self._sockets.really(self._too_early(timeout, self.speed))
        if events:
            return events
        self._now += timeout
        return None

    def _awaited(self) -> Events:
        """What was on its way, unless it is stuck: a silent client is waited for once, not before every timer."""
        under_way = self.wire.in_flight + len(self._sockets.writers)
        self._stuck = min(self._stuck, under_way)
        if under_way == self._stuck:
            return []
        events = self._sockets.really(PATIENCE)
        if not events:
            self._stuck = under_way
        return events

    def _too_early(self, timeout: float, speed: float) -> float:
        """Real seconds to wait so that `timeout` virtual ones do not pass faster than the ceiling."""
        real = time.monotonic()
        if self._anchor is None:
            self._anchor = (real, self._now)
        due = self._anchor[0] + (self._now + timeout - self._anchor[1]) / speed
        if real - due > CATCH_UP:
            self._anchor = (real, self._now + timeout)
        return max(0.0, due - real)
