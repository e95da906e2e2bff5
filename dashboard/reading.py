"""Readings that hold no visit up: what is known is served at once, newer is read behind it, in threads."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, Generic, TypeVar

THREADS_MOST = 24  # those given up included: a database that swallows every question gets no more of them
SILENT = "La base de données ne répond pas à temps."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds.

    Attributes:
        snapshot_fresh: the snapshot is read again after that long; `day_fresh`: days of measures.
        known: how long visits wait, from the start of a reading, for something newer than what is known.
        first: how long they wait where nothing is known yet.
        reading: after which a reading is given up; PostgreSQL gives up a statement by itself before that.
        day_known: how long a day that cannot be read again is still shown.
        month_fresh, month_known: the same for the availability of the last days, which takes longer to count.
    """

    snapshot_fresh: float = 1.0
    day_fresh: float = 15.0
    known: float = 0.25
    first: float = 2.0
    reading: float = 8.0
    day_known: float = 300.0
    month_fresh: float = 300.0
    month_known: float = 3600.0


class Lane:
    """So many readings at a time, each in a thread of its own, given up after `limit_s` seconds.

    The threads are daemons: a reading that never ends keeps the process neither busy nor alive.
    """

    def __init__(self, slots: int, limit_s: float, waiting: int | None = None) -> None:
        """Used from one loop. `waiting`: how many may wait for their turn; None: any number."""
        self._slots = asyncio.Semaphore(slots)
        self._limit_s = limit_s
        self._alive = self._waiting = 0
        self._waiting_most = waiting

    async def read(self, ask: Callable[[], T]) -> T:
        """What `ask` returns or raises; TimeoutError, with a French sentence, when it takes too long."""
        if self._waiting_most is not None and self._waiting >= self._waiting_most:
            raise TimeoutError(SILENT)
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._read(ask)
        finally:
            self._slots.release()

    async def _read(self, ask: Callable[[], T]) -> T:
        if self._alive >= THREADS_MOST:
            raise TimeoutError(SILENT)
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._alive += 1
        Thread(target=self._run, args=(ask, answer, asyncio.get_running_loop()), daemon=True).start()
        done, _ = await asyncio.wait({answer}, timeout=self._limit_s)
        if not done:
            answer.cancel()
            raise TimeoutError(SILENT)
        return answer.result()

    def _run(self, ask: Callable[[], T], answer: "asyncio.Future[T]", loop: asyncio.AbstractEventLoop) -> None:
        found: T | None = None
        trouble: Exception | None = None
        try:
            found = ask()
        except Exception as error:  # noqa: BLE001 : handed over to whoever asked
            trouble = error
        with suppress(RuntimeError):  # the loop is gone: nobody waits any more
            loop.call_soon_threadsafe(self._hand_over, answer, found, trouble)

    def _hand_over(self, answer: "asyncio.Future[T]", found: Any, trouble: Exception | None) -> None:
        self._alive -= 1
        if answer.done():
            return
        if trouble is None:
            answer.set_result(found)
        else:
            answer.set_exception(trouble)


class Kept(Generic[T]):
    """One thing read again and again. Many visits at once cause one reading, and none waits long for it."""

    def __init__(
        self, lane: Lane, fresh_s: float, patience: Patience, tell: Callable[[Exception | None], None]
    ) -> None:
        """`tell` hears how each reading went: None, or what went wrong."""
        self._lane, self._fresh_s, self._patience, self._tell = lane, fresh_s, patience, tell
        self._reading: asyncio.Task[None] | None = None
        self._asked_at = self._tried_at = self.known_at = float("-inf")  # of the loop's clock
        self.value: T | None = None

    async def get(self, ask: Callable[[], T | None]) -> T | None:
        """The value, newly read if that takes but a moment, else the last one known; None before the first."""
        now = asyncio.get_running_loop().time()
        if self._reading is None and now - self._tried_at >= self._fresh_s:
            self._asked_at = now
            self._reading = asyncio.create_task(self._read(ask))
        if self._reading is not None:
            patience = self._patience.first if self.value is None else self._patience.known
            left = self._asked_at + patience - now
            if left > 0:
                await asyncio.wait({self._reading}, timeout=left)
        return self.value

    async def _read(self, ask: Callable[[], T | None]) -> None:
        clock = asyncio.get_running_loop().time
        try:
            found = await self._lane.read(ask)
        except Exception as error:  # noqa: BLE001 : no database yet, or gone: the page stays up and says how old it is
            self._tell(error)
        else:
            self._tell(None)
            if found is not None:
                self.value, self.known_at = found, clock()
        finally:
            self._tried_at, self._reading = clock(), None


@dataclass(frozen=True, slots=True)
class Terms:
    """How readings are made and kept: again after `fresh` seconds, shown for `known` ones; who hears of trouble."""

    lane: Lane
    fresh: float
    known: float
    tell: Callable[[Exception | None], None]


class Shelf:
    """Many things kept by their keys; of too many, the one asked for longest ago goes."""

    def __init__(self, most: int, patience: Patience) -> None:
        """`most`: how many are kept."""
        self._most, self._patience = most, patience
        self._kept: dict[tuple[str, ...], Kept[Any]] = {}

    async def get(self, terms: Terms, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        """What `ask` returned within `terms.known` seconds; None while it cannot be had."""
        kept = self._kept.pop(key, None) or Kept(terms.lane, terms.fresh, self._patience, terms.tell)
        self._kept[key] = kept  # the one asked for last goes last
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        found = await kept.get(ask)
        too_old = asyncio.get_running_loop().time() - kept.known_at > terms.known
        return None if too_old else found
