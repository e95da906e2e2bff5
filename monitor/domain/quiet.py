"""Quiet hours: those of each day in which somebody wants to hear nothing, by the clock on the wall of their place."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local hour to another, both naive and not the same; `ends` before `starts` is an hour of the next day.

    An hour that the change to summer time skips is in none of them; one that the other change repeats is both times.
    """

    starts: time
    ends: time

    def hold(self, wall: time) -> bool:
        """Whether it is quiet while the clock on the wall shows that hour (naive)."""
        if self.starts < self.ends:
            return self.starts <= wall < self.ends
        return wall >= self.starts or wall < self.ends
