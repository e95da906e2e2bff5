"""Outages of a service over a period, and how fast incidents were detected and over (docs/method.md, "Outages")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain.incident import Incident
from monitor.domain.interval import Interval, common, length, merged, without
from monitor.domain.observation import SEVERITY, Failure, Health
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import UNAVAILABLE, standing


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch during which a service was unavailable without a break, whatever its health meanwhile.

    Attributes:
        since, until: cut to the period asked about.
        worst: the worst health in it. failure: the first that it names, None where it names none.
        counts: the stretches of it that no declared window covers, oldest first.
    """

    service: str
    since: datetime
    until: datetime
    worst: Health
    failure: Failure | None
    counts: tuple[Interval, ...]

    @property
    def counted(self) -> timedelta:
        """How much of it counts against the service."""
        return length(self.counts)

    @property
    def declared(self) -> timedelta:
        """How much of it had been declared beforehand."""
        return self.until - self.since - self.counted

    def during(self, hours: Iterable[Interval]) -> timedelta:
        """How much of what counts lies within these hours, which are disjoint and oldest first."""
        return length(common(self.counts, hours))


@dataclass(frozen=True, slots=True)
class Responses:
    """How many incidents began in a period, and how long they took on the mean.

    Attributes:
        detected_after: from the first bad answer to the confirmation; None without an incident.
        recovered: how many of them are over. recovered_after: from the first bad answer until all was well again; None
            where none is over.
        going_on: how many of them are neither over nor closed: one may be closed without that having been seen.
    """

    incidents: int
    detected_after: timedelta | None
    recovered: int
    recovered_after: timedelta | None
    going_on: int


def outages(spans: Iterable[Span], windows: Iterable[Interval], since: datetime, until: datetime) -> tuple[Outage, ...]:
    """The outages of one service over [since, until), oldest first.

    `spans` and `windows` as `uptime` takes them. What is not known ends an outage, a declared window does not.
    """
    excused = merged(windows)
    return tuple(
        replace(one, counts=tuple(without(((one.since, one.until),), excused)))
        for one in _unbroken(standing(spans, since, until))
    )


def longest(found: Iterable[Outage], most: int) -> tuple[Outage, ...]:
    """The `most` outages that count longest, the longest first; those that do not count at all are left aside."""
    counting = sorted((one for one in found if one.counts), key=lambda one: (-one.counted, one.since, one.service))
    return tuple(counting[:most])


def begun_in(incidents: Iterable[Incident], since: datetime, until: datetime) -> list[Incident]:
    """The incidents that began in [since, until).

    Those of our own line are nobody's outage, and one that was absorbed is told by the one that absorbed it.
    """
    return [one for one in incidents if since <= one.opened_at < until and not one.ours and one.absorbed_into is None]


def responses(incidents: Iterable[Incident], since: datetime, until: datetime) -> Responses:
    """How the incidents that began in [since, until) went (`begun_in`)."""
    own = begun_in(incidents, since, until)
    over = [one.recovered_at - one.opened_at for one in own if one.recovered_at is not None]
    detected = [one.confirmed_at - one.opened_at for one in own]
    going_on = sum(one.recovered_at is None and one.closed_at is None for one in own)
    return Responses(len(own), _mean(detected), len(over), _mean(over), going_on)


def _unbroken(pieces: Iterable[tuple[Interval, Span]]) -> Iterator[Outage]:
    """Pieces that are unavailable and touch, as one; `counts` is still empty."""
    running: Outage | None = None
    for (begin, end), span in pieces:
        if span.health not in UNAVAILABLE:
            continue
        if running is not None and running.until == begin:
            worst = max(running.worst, span.health, key=SEVERITY.__getitem__)
            running = replace(running, until=end, worst=worst, failure=running.failure or span.failure)
            continue
        if running is not None:
            yield running
        running = Outage(span.service, begin, end, span.health, span.failure, ())
    if running is not None:
        yield running


def _mean(spans: list[timedelta]) -> timedelta | None:
    return sum(spans, timedelta()) / len(spans) if spans else None
