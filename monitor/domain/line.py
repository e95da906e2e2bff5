"""Our own line: before accusing anybody, ask whether we can see at all (docs/method.md, "Our own line")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SUSPECT = 2  # intervals of the canaries before the last moment we saw, in which a bad answer may be our own line's


@dataclass(frozen=True, slots=True)
class Canary:
    """What one canary last said: the start of its last good answer and of its last answer of any kind."""

    last_good_at: datetime | None
    last_at: datetime | None

    @property
    def silent(self) -> bool:
        """Whether its last answer was a failure. One that was never asked is not silent: it has said nothing yet."""
        return self.last_at is not None and (self.last_good_at is None or self.last_at > self.last_good_at)


@dataclass(frozen=True, slots=True)
class Line:
    """Whether we see, and the last moment at which a majority of canaries answered (None: never in this database).

    `every`: how often canaries are asked.
    """

    blind: bool
    seen_at: datetime | None
    every: timedelta = timedelta(seconds=10)

    def seen_after(self, instant: datetime) -> bool:
        """Whether a majority of canaries answered questions asked after `instant`."""
        return self.seen_at is not None and self.seen_at > instant

    def suspects(self, ended: datetime) -> bool:
        """Whether an answer that ended then came so shortly before the line was lost that it may be our own fault.

        Counted back from the last moment we saw: the loss is recognised after it, so that more than the two intervals
        before that are covered.
        """
        return self.blind and (self.seen_at is None or ended > self.seen_at - SUSPECT * self.every)


def own_line(canaries: Sequence[Canary], every: timedelta = timedelta(seconds=10)) -> Line:
    """Judge our own line; `every`: how often the slowest canary is asked.

    Without canaries nothing can ever be confirmed: never blind, never seen.
    """
    majority = len(canaries) // 2 + 1
    silent = sum(canary.silent for canary in canaries)
    good = sorted((c.last_good_at for c in canaries if c.last_good_at is not None), reverse=True)
    return Line(silent >= majority, good[majority - 1] if len(good) >= majority else None, every)
