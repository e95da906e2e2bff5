"""The waiting line between asking and the books: nothing leaves it before it is committed, or told as given up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.domain.gap import Gap, Skip
from monitor.domain.observation import Failure, Observation
from monitor.ledger import Ledger
from monitor.store import StoreError

MOST = 100_000  # answers kept in memory while the store refuses them; beyond, the oldest are given up, counted
FLEET_SLOT = timedelta(seconds=1)  # a school has no grid of its own: what it misses is one beat of its fleet

Append = Callable[[Sequence[Observation], Sequence[Gap]], Awaitable[None]]


class Inbox:
    """Answers accepted and not committed yet. `append` writes answers and gaps in one transaction."""

    def __init__(self, ledger: Ledger, append: Append) -> None:
        self._ledger, self._append = ledger, append
        self._pending: list[Observation] = []
        self._last_said: dict[str, Failure | None] = {}
        self._committing = asyncio.Lock()
        self.accepted = 0
        self.given_up = 0

    def accept(self, heard: Observation | Skip, slot: timedelta = FLEET_SLOT) -> Observation | Skip:
        """Take an answer in, or note why there is none for this `slot`; gives back what was kept.

        An excerpt is kept where the answer says something new.
        """
        if isinstance(heard, Skip):
            self._ledger.skipped(heard, slot)
            return heard
        if heard.failure is not None and self._ledger.away_during(heard.at):
            # Whatever went wrong, we slept through it: a time-out, a slow answer or a reset may be of our own making.
            words = "Vigie n’était pas là pendant la question"
            heard = replace(heard, failure=Failure.OURS_STALLED, detail=words, excerpt=None)
        self._ledger.answered(heard.probe)
        if heard.excerpt is not None and self._last_said.get(heard.probe) is heard.failure:
            heard = replace(heard, excerpt=None)
        self._last_said[heard.probe] = heard.failure
        self._pending.append(heard)
        self.accepted += 1
        return heard

    async def commit(self) -> tuple[Observation, ...] | None:
        """Write what waits, and give it back; None where nothing did. Raises StoreError; then nothing is lost.

        What interrupts this loses nothing either: the store ignores what it holds already.
        """
        async with self._committing:
            batch, gaps = tuple(self._pending), self._ledger.unwritten
            if not batch and not gaps:
                return None
            try:
                await self._append(batch, gaps)
            except StoreError:
                self._give_up_the_oldest()
                raise
            del self._pending[: len(batch)]
            self._ledger.written(gaps)
            return batch

    def _give_up_the_oldest(self) -> None:
        """Memory has an end: the oldest answers become a gap with its excuse."""
        excess = max(len(self._pending) - MOST, 0)
        if excess:
            self._ledger.given_up(self._pending[:excess])
            self.given_up += excess
            del self._pending[:excess]
