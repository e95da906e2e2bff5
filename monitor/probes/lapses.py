"""Our own lapses: time during which the loop did not turn, so that nothing it measured was the target's doing."""

import asyncio

EVERY_S = 0.25
TOLERATED_S = 0.25  # a busy machine is late by less
PART = 4  # a question that lost one part in so many of its patience to us proves nothing by a failure


class Lapses:
    """Adds up how long the loop stood still while questions were under way; reads the loop's own time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lost = 0.0
        self._under_way = 0
        self._expected: float | None = None

    def begin(self) -> float:
        """A question begins; gives the mark to hand to `end`."""
        self._under_way += 1
        if self._expected is None:
            self._arm()
        return self._so_far()

    def end(self, mark: float) -> float:
        """The question has ended: how many seconds of it were lost to us."""
        self._under_way -= 1
        return self._so_far() - mark

    def _so_far(self) -> float:
        return self._lost + self._late()

    def _late(self) -> float:
        """How late the next beat is: a lapse that has not been added up yet."""
        late = 0.0 if self._expected is None else self._loop.time() - self._expected
        return late if late > TOLERATED_S else 0.0

    def _arm(self) -> None:
        self._expected = self._loop.time() + EVERY_S
        self._loop.call_at(self._expected, self._beat)

    def _beat(self) -> None:
        self._lost += self._late()
        self._expected = None
        if self._under_way:
            self._arm()
