"""Were we there? Two clocks read every second tell a stall, a suspended machine and a wall clock that was set."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.gap import NOTICED, Excuse

EVERY_S = 1.0

Absent = Callable[[Excuse, datetime, datetime], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clocks say at one moment.

    Attributes:
        awake: seconds of a clock that goes on while the machine is suspended (Linux's CLOCK_BOOTTIME).
        wall: aware UTC.
    """

    awake: float
    wall: datetime


def absences(
    before: Reading, after: Reading, expected_s: float = EVERY_S
) -> Iterator[tuple[Excuse, datetime, datetime]]:
    """What happened between two readings that should lie `expected_s` apart: (excuse, since, until), wall time.

    Where the wall clock was set back, the instants that come twice are named: they are nobody's.
    """
    lasted = timedelta(seconds=after.awake - before.awake)
    without_step = before.wall + lasted
    if lasted - timedelta(seconds=expected_s) > NOTICED:
        yield Excuse.ASLEEP, before.wall, without_step
    if abs(after.wall - without_step) > NOTICED:
        yield Excuse.CLOCK, min(without_step, after.wall), max(without_step, after.wall)


class Pulse:
    """Reads the clocks every second while it is open, and says what it finds to `absent`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, read: Callable[[], Reading], absent: Absent) -> None:
        self._loop, self._read, self._absent = loop, read, absent
        self._before = read()
        self._timer = loop.call_later(EVERY_S, self._beat)

    def close(self) -> None:
        """Read no more."""
        self._timer.cancel()

    def _beat(self) -> None:
        after = self._read()
        for absence in absences(self._before, after):
            self._absent(*absence)
        self._before = after
        self._timer = self._loop.call_later(EVERY_S, self._beat)
