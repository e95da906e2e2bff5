"""What is done about the past, a little at a time: it is rolled up, learned from, and let go."""

from datetime import timedelta

from monitor.retention import Retention
from monitor.rollups import Rollups
from monitor.usuals import Usuals
from monitor.wiring import Wiring


class Past:
    """The three of them in turn, so that the writer is never held up by more than one small step of each."""

    def __init__(self, wiring: Wiring, usuals: Usuals) -> None:
        self._rollups, self._usuals, self._retention = Rollups(wiring), usuals, Retention(wiring)

    async def step(self) -> timedelta | None:
        """A little of each; says how soon there is more to do. Raises StoreError; then it is done again."""
        more = await self._rollups.step()
        if self._rollups.current:  # what is usual is learned from all hours that are over
            more = await self._usuals.step() or more
        return await self._retention.step() or more
