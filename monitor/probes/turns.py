"""Politeness: one connection at a time per host, two starts a second per domain and per address, a ceiling over all."""

import asyncio
import math
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from types import TracebackType

from monitor.domain.observation import Failure, Stage
from monitor.probes.budgets import UNANSWERED, Budget, Hearsay, NoTurn, Place, Unanswered, Waiter
from monitor.probes.domains import address_of, budget_of, is_address, place_of, suffixes

__all__ = ["Hearsay", "NoTurn", "Turns"]

# Redirects may lead to hosts whose names never come again; beyond this many the idle ones are forgotten.
REMEMBERED_HOSTS = 4096
LEEWAY_S = 0.25
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

    def turn(
        self,
        host: str,
        port: int | None = None,
        *,
        limit: float | None = None,
        patience: float | None = None,
        stages: Collection[Stage] = (),
    ) -> "_Turn":
        """Hold the only place towards `host` (and `port`, on loopback) while the block runs: ``async with``.

        Entering waits for the host, then for its domain's budget, then for a slot of the ceiling: whoever holds a slot
        waits for nobody, so nothing can lock up. Raises NoTurn at once where that would take more than `limit` seconds;
        without a limit, once it has taken `patience` seconds. Raises Hearsay where the question before this one was not
        answered (`heard`), the failure is of one of the `stages` that this one goes through too, and its own turn is
        more than `patience` seconds away.
        """
        return _Turn(self, host, port, limit=limit, patience=patience, stages=stages)

    def wait(self, host: str, port: int | None = None) -> float:
        """Seconds until a turn asked for now would begin, estimated: 0 where nobody is before us.

        Those who wait are counted with the time that the host was held the last time. The ceiling is left out.
        """
        place, budget = self._places.get(place_of(host, port)), self._budgets.get(budget_of(host, port))
        behind = 0.0 if place is None else self._behind(place)
        return behind if budget is None else max(behind, self._until_free(budget))

    def heard(self, host: str, port: int | None, failure: Failure, tried: Sequence[str] = ()) -> None:
        """The question that has just had its turn there ended in `failure`: those in line behind it may share it."""
        if (place := self._places.get(place_of(host, port))) is None:
            return
        if failure in UNANSWERED:
            place.hear(Unanswered(failure, port, tuple(tried), self.clock()), self._spacing)
        else:
            place.silence = None

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
        await self._queue(budget, math.inf if limit is None else clock() + limit)

    async def begin(self, turn: "_Turn") -> None:
        """What entering a turn does. Cancelled while it waits: nothing is held."""
        place = turn.place = self._place(place_of(turn.host, turn.port))
        budget = turn.budget = self._budget(budget_of(turn.host, turn.port))
        if turn.limit is not None and (wait := max(self._behind(place), self._until_free(budget))) > turn.limit:
            if not place.held or place.known_to(turn, self.clock()) is None:
                raise NoTurn(wait)
            turn.strict = True  # the line is as long as that because the host does not answer: soon it will be told so
        if turn.patience is not None:
            turn.patient_until = self.clock() + turn.patience
        place.wanted += 1
        budget.wanted += 1
        try:
            if place.held:
                # Whoever was let in first began a pause later than his line: what he hears must find it still there.
                await place.stand(turn, turn.patient_until + self._spacing + LEEWAY_S)
                turn.patient_until = max(turn.patient_until, self.clock() + self._spacing + LEEWAY_S)
            place.held = True
            try:
                await self._start(budget, turn.patient_until if turn.strict else math.inf)
            except BaseException:
                place.hand_over()
                raise
        except BaseException:
            place.wanted -= 1
            raise
        finally:
            budget.wanted -= 1
        turn.began, turn.literal = self.clock(), is_address(turn.host)
        budget.paid += turn.literal

    def end(self, turn: "_Turn", *, well: bool) -> None:
        """What leaving a turn does: the host and the slot are the next one's. `well`: nothing was raised within."""
        place, budget = turn.place, turn.budget
        if turn.literal and budget.paid:
            budget.paid -= 1
        place.held_for = self.clock() - turn.began
        place.wanted -= 1
        if well and place.silence is not None and place.silence.port == turn.port:
            place.silence = None
        place.hand_over()
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

    async def _queue(self, budget: Budget, until: float) -> None:
        budget.wanted += 1
        self._slots.release()
        try:
            await self._start(budget, until)
        except BaseException:
            self._owed += 1  # the turn around us ends next and must not give back what it does not hold
            raise
        finally:
            budget.wanted -= 1

    async def _start(self, budget: Budget, until: float) -> None:
        """Wait in line for a start, take a slot, date the start. Cancelled: nothing is held. Raises NoTurn."""
        if until == math.inf or (budget.wanted == 1 and budget.free_at <= self.clock() and not self._slots.locked()):
            return await self._take(budget)  # a limit on a wait that may not be costs 2 µs
        try:
            async with asyncio.timeout_at(until):
                return await self._take(budget)
        except TimeoutError:
            raise NoTurn(self._until_free(budget)) from None

    async def _take(self, budget: Budget) -> None:
        async with budget.lock:
            if (pause := budget.free_at - self.clock()) > 0:
                await asyncio.sleep(pause + TICK_S)
            await self._slots.acquire()
            budget.free_at = self.clock() + self._spacing

    def _behind(self, place: Place) -> float:
        return place.wanted * max(place.held_for, self._spacing) if place.wanted else 0.0

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


class _Turn(Waiter):
    """One turn as ``async with`` wants it; a generator would cost 2 µs more a question."""

    __slots__ = ("began", "budget", "host", "limit", "literal", "patience", "place", "turns")

    def __init__(
        self,
        turns: Turns,
        host: str,
        port: int | None,
        *,
        limit: float | None,
        patience: float | None,
        stages: Collection[Stage],
    ) -> None:
        self.port, self.stages, self.strict = port, stages, limit is None and patience is not None
        self.turns, self.host, self.limit, self.patience = turns, host, limit, patience
        self.began, self.literal, self.patient_until = 0.0, False, math.inf
        self.place: Place
        self.budget: Budget

    async def __aenter__(self) -> None:
        await self.turns.begin(self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.turns.end(self, well=error is None)
