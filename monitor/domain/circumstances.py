"""What surrounds a judgement: the instant, our own line, the catalogue's word, the school clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.line import Line
from monitor.domain.policy import Rhythm


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalogue says that bears on a verdict: a day somebody saw it working; switched off outside crises."""

    confirmed: bool = False
    dormant: bool = False


def always_class(_: datetime) -> Rhythm:
    """The school clock of what is asked at one pace, whatever the hour."""
    return Rhythm.CLASS


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds one judgement.

    Attributes:
        now: the instant.
        line: our own line.
        standing: the catalogue's word on the service.
        corroborated: whether others fail alike.
        rhythm: the school clock of the service: an answer speaks for as long as the pace at which it was given.
    """

    now: datetime
    line: Line
    standing: Standing = Standing()
    corroborated: bool = False
    rhythm: Callable[[datetime], Rhythm] = always_class
