"""Politeness: one connection at a time per host, two starts a second per domain and per address, a ceiling over all."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType

from monitor.probes.budgets import Budget, NoTurn, Place
from monitor.probes.domains import address_of, budget_of, is_address, place_of, suffixes

__all__ = ["NoTurn", "Turns"]

# Redirects may lead to hosts whose names never come again; beyond this many the idle ones are forgotten.
REMEMBERED_HOSTS = 4096
TICK_S = 0.001  # slept beyond the pause: a loop that counts in whole milliseconds would wake up before its end


class Turns:
    """Hands out turns, first come first served: `spacing` between two starts, `concurrency` connections in all.

    Reads the loop's clock only. Belongs to one loop.
    """

    def __init__(self, concurrency: int, spacing: timedelta) -> None:
        suffixes()
        self._slots = asyncio.Semaphore(concurrency)
        self._owed = 0  # slots given back early by questions that ended while they had none
        self._spacing = spacing.total_seconds()
        self._places: dict[str, Place] = {}
        self._budgets: dict[str, Budget] = {}
        self._tidy_at = REMEMBERED_HOSTS
        self._clock: Callable[[], float] | None = None

    def turn(self, host: str, port: int | None = None, *, limit: float | None = None) -> "_Turn":
        """Hold the only place towards `host` (and `port`, on loopback) while the block runs: ``async with``.

        Entering waits for the host, then for its domain's budget, then for a slot of the ceiling: whoever holds a slot
        waits for nobody, so nothing can lock up. Raises NoTurn at once where that would take more than `limit` seconds.
        """
        return _Turn(self, host, port, limit)

    def wait(self, host: str, port: int | None = None) -> float:
        """Seconds until a turn asked for now would begin, estimated: 0 where nobody is before us.

        Those who wait are counted with the time that the host was held the last time. The ceiling is left out.
        """
        place, budget = self._places.get(place_of(host, port)), self._budgets.get(budget_of(host, port))
        behind = place.wanted * max(place.held_for, self._spacing) if place is not None else 0.0
        return max(behind, self._until_free(budget)) if budget is not None else behind

    async def at_address(self, address: str, port: int | None = None, *, limit: float | None = None) -> None:
        """Wait until `address` may be asked again; to be called within a turn, before each connection.

        Returns without giving up the loop where nobody asked that address within the spacing. While it waits it gives
        its slot back: a crowded address must not use up the ceiling. Raises NoTurn as `turn` does.
        """
        budget = self._budget(address_of(address, port))
        if budget.paid:  # the turn towards a bare address has waited for it already
            budget.paid -= 1
            return
        clock = self.clock
        if not budget.wanted and budget.free_at <= clock():
            budget.free_at = clock() + self._spacing
            return
        if limit is not None and (wait := self._until_free(budget)) > limit:
            raise NoTurn(wait)
        await self._queue(budget)

    async def begin(self, turn: "_Turn") -> None:
        """What entering a turn does. Cancelled while it waits: nothing is held."""
        if turn.limit is not None and (wait := self.wait(turn.host, turn.port)) > turn.limit:
            raise NoTurn(wait)
        place = turn.place = self._place(place_of(turn.host, turn.port))
        budget = turn.budget = self._budget(budget_of(turn.host, turn.port))
        place.wanted += 1
        budget.wanted += 1
        try:
            await place.lock.acquire()
            try:
                await self._start(budget)
            except BaseException:
                place.lock.release()
                raise
        except BaseException:
            place.wanted -= 1
            raise
        finally:
            budget.wanted -= 1
        turn.began, turn.literal = self.clock(), is_address(turn.host)
        budget.paid += turn.literal

    def end(self, turn: "_Turn") -> None:
        """What leaving a turn does: the host and the slot are the next one's."""
        place, budget = turn.place, turn.budget
        if turn.literal and budget.paid:
            budget.paid -= 1
        place.held_for = self.clock() - turn.began
        place.wanted -= 1
        place.lock.release()
        if self._owed:
            self._owed -= 1
        else:
            self._slots.release()
        self._tidy()

    @property
    def clock(self) -> Callable[[], float]:
        """The loop's own time, in seconds."""
        if self._clock is None:
            self._clock = asyncio.get_running_loop().time
        return self._clock

    async def _queue(self, budget: Budget) -> None:
        budget.wanted += 1
        self._slots.release()
        try:
            await self._start(budget)
        except BaseException:
            self._owed += 1  # the turn around us ends next and must not give back what it does not hold
            raise
        finally:
            budget.wanted -= 1

    async def _start(self, budget: Budget) -> None:
        """Wait in line for a start, take a slot, date the start. Cancelled: nothing is held."""
        async with budget.lock:
            if (pause := budget.free_at - self.clock()) > 0:
                await asyncio.sleep(pause + TICK_S)
            await self._slots.acquire()
            budget.free_at = self.clock() + self._spacing

    def _until_free(self, budget: Budget) -> float:
        return max(budget.free_at - self.clock(), 0.0) + budget.wanted * self._spacing

    def _place(self, key: str) -> Place:
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = Place()
        return place

    def _budget(self, key: str) -> Budget:
        budget = self._budgets.get(key)
        if budget is None:
            budget = self._budgets[key] = Budget()
        return budget

    def _tidy(self) -> None:
        if max(len(self._places), len(self._budgets)) <= self._tidy_at:
            return
        time = self.clock()
        self._places = {key: place for key, place in self._places.items() if not place.idle(time)}
        self._budgets = {key: budget for key, budget in self._budgets.items() if not budget.idle(time)}
        # Twice what had to stay: a crowd of busy hosts must not be counted again at every turn.
        self._tidy_at = max(REMEMBERED_HOSTS, 2 * max(len(self._places), len(self._budgets)))


class _Turn:
    """One turn as ``async with`` wants it; a generator would cost 2 µs more a question."""

    __slots__ = ("began", "budget", "host", "limit", "literal", "place", "port", "turns")

    def __init__(self, turns: Turns, host: str, port: int | None, limit: float | None) -> None:
        self.turns, self.host, self.port, self.limit = turns, host, port, limit
        self.began, self.literal = 0.0, False
        self.place: Place
        self.budget: Budget

    async def __aenter__(self) -> None:
        await self.turns.begin(self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.turns.end(self)
