"""What a sheet says of one probe: plain counts, dates and durations; no word of any site."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.catalog import ProbeKind
from monitor.domain.observation import Failure, Health


class Where(StrEnum):
    """What the answers of a sheet are counted by, beside their failure."""

    VANTAGE = "vantage"
    ADDRESS = "address"
    FINAL_HOST = "final_host"
    STATUS = "status"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Question:
    """A probe as a sheet names it: `kind` None and `target` "" where the catalogue no longer holds it."""

    probe: str
    service: str | None
    kind: ProbeKind | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """What a sheet looks at: [since, until), around an incident that lasts from `opened` to `ended` (both included)."""

    since: datetime
    opened: datetime
    ended: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer that a sheet names: its start, what it said alone, how long it took."""

    at: datetime
    health: Health
    took: timedelta
    failure: Failure | None = None
    http_status: int | None = None


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the good and the merely slow answers took; the percentiles are answers (nearest rank)."""

    answers: int
    median: timedelta
    p95: timedelta


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many answers failed in one way."""

    failure: Failure
    answers: int


@dataclass(frozen=True, slots=True)
class Side:
    """What was heard before an incident, or while it lasted.

    Attributes:
        asked, good, bad, ours: answers; of them those without a failure, those that speak against what was asked, and
            those that say nothing of it because they failed on our side.
        failures: all of the failures, the most frequent first.
        cadence: the median time from one question to the next; None where there were no two.
    """

    asked: int = 0
    good: int = 0
    bad: int = 0
    ours: int = 0
    failures: tuple[FailureCount, ...] = ()
    latency: Latency | None = None
    cadence: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The answers that date an incident.

    The last good one before the opening; since then the first and the last bad and good ones; and the first good one
    after the last bad one.
    """

    good_before: Mark | None = None
    first_bad: Mark | None = None
    last_bad: Mark | None = None
    first_good: Mark | None = None
    last_good: Mark | None = None
    good_after: Mark | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one probe was asked, and what it said.

    `unread_since`, `unread_until`: between these instants more was answered than a sheet reads; None: all was read.
    `never_seen`: never seen working; such a probe accuses nobody.
    """

    question: Question
    before: Side = Side()
    during: Side = Side()
    marks: Marks = Marks()
    unread_since: datetime | None = None
    unread_until: datetime | None = None
    never_seen: bool = False
