"""Pace, patience and confirmation: how often to ask, how long to wait, how many answers make a verdict."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

PROMISE = timedelta(minutes=5)  # from such an interval on, how often we ask is a promise to those who are asked
SPEAKS_AT_LEAST = timedelta(minutes=3)  # no answer goes stale sooner, however often its probe is asked


class Rhythm(StrEnum):
    """What the school clock of a place says of an instant, the densest first (docs/method.md, "Cadence")."""

    OPENING = "opening"
    CLASS = "class"
    OUTSIDE = "outside"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Policy:
    """Pace, patience and confirmation of a probe; the numbers' meaning is in docs/method.md (Cadence, Confirmation).

    `every` is the interval in class hours; the three others hold at the opening of a school day, outside class hours,
    and at night and in holidays (None: as `every`, whatever the hour). `slow` is compared with the whole duration of
    the answer.
    """

    every: timedelta = timedelta(seconds=60)
    every_opening: timedelta | None = None
    every_outside: timedelta | None = None
    every_rest: timedelta | None = None
    timeout: timedelta = timedelta(seconds=10)
    slow: timedelta = timedelta(seconds=4)
    fail_after: int = 3
    fail_for: timedelta = timedelta(seconds=60)
    fail_for_corroborated: timedelta = timedelta(seconds=20)
    recover_after: int = 3
    recover_for: timedelta = timedelta(seconds=30)
    retry_every: timedelta = timedelta(seconds=10)

    def interval(self, rhythm: Rhythm) -> timedelta:
        """How often to ask at that moment of the school clock."""
        if rhythm is Rhythm.CLASS:
            return self.every
        if rhythm is Rhythm.OPENING:
            return self.every_opening or self.every
        return (self.every_outside if rhythm is Rhythm.OUTSIDE else self.every_rest) or self.every

    def stale_after(self, rhythm: Rhythm = Rhythm.CLASS) -> timedelta:
        """How long an answer given at that moment speaks: three intervals and a timeout, at least 3 min of them."""
        return max(3 * self.interval(rhythm), SPEAKS_AT_LEAST) + self.timeout
