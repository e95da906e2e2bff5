"""The event loop that the monitor runs on: uvloop, with a clock fine enough to measure by.

Rehearsals bring a loop of their own, whose time is virtual; both tell the same failures (tests/probes).
"""

import time

import uvloop


class FineLoop(uvloop.Loop):
    """uvloop counts whole milliseconds, once a round; phases are shorter than that, and a round may be longer."""

    def time(self) -> float:
        """Monotonic seconds, of the same origin as uvloop's own: timers agree with it."""
        return time.monotonic()


def new_event_loop() -> FineLoop:
    """For ``asyncio.Runner(loop_factory=new_event_loop)``."""
    return FineLoop()
