"""How an incident went, service by service: their states around it, their first failures, what went on answering."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.service_verdict import Span
from monitor.domain.sheet import EvidenceSheet
from monitor.domain.uptime import standing
from monitor.store import Reader, ToldOf

__all__ = ["Answering", "Around", "Course", "Stretch", "Strip", "ToldOf", "coarse", "course_of"]

STRIPS = 40  # services drawn: people read them
STEPS = 400  # pieces of one strip that can be told apart
LONGEST = timedelta(days=7)  # drawn of an incident; what comes later is told in words
LEAD = timedelta(minutes=15)  # drawn before it and after it, at least
SHARE = 0.1  # of its length, if that is more


@dataclass(frozen=True, slots=True)
class Stretch:
    """A health that held over [since, until)."""

    since: datetime
    until: datetime
    health: Health


@dataclass(frozen=True, slots=True)
class Strip:
    """One service of an incident: its states, oldest first, and its first bad answer as far as the sheet knows it."""

    service: str
    stretches: tuple[Stretch, ...]
    first_bad: datetime | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who was known to be well when an incident was confirmed: inside its culprit, by id, and how many elsewhere."""

    inside: tuple[str, ...]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Course:
    """An incident as it is drawn over [since, until).

    Attributes:
        strips: its services, the first to fail first, `STRIPS` at most; `services`: how many there are.
        cut: whether it lasted longer than what is drawn.
        absorbed: the incidents that turned out to be part of it, the first opened first.
        told: messages about it, by reason.
    """

    since: datetime
    until: datetime
    strips: tuple[Strip, ...]
    services: int
    cut: bool
    answering: Answering
    absorbed: tuple[Incident, ...]
    told: tuple[ToldOf, ...]


class Around(NamedTuple):
    """The services that may be shown, by id: those that an incident's culprit holds, and all of them."""

    inside: frozenset[str]
    everybody: frozenset[str]


def course_of(reader: Reader, incident: Incident, sheet: EvidenceSheet, around: Around, known: datetime) -> Course:
    """How an incident went. `known`: until when states are known. Raises StoreError."""
    since, until, cut = _drawn(incident, known)
    first = _first_failures(sheet)
    order = sorted(incident.services, key=lambda one: (first.get(one, until), one))[:STRIPS]
    held = reader.standing(since, until, order, known)
    step = (until - since) / STEPS
    strips = [
        Strip(one, coarse(standing(held.get(one, ()), since, until), step), _within(first.get(one), since, until))
        for one in order
    ]
    absorbed = reader.incidents_touching(incident.opened_at, incident.closed_at or known)
    return Course(
        since,
        until,
        tuple(strips),
        len(incident.services),
        cut,
        _answering(reader, incident, around, known),
        tuple(one for one in absorbed if one.absorbed_into == incident.id),
        tuple(reader.told_of(incident.id)),
    )


def coarse(pieces: Iterable[tuple[Interval, Span]], step: timedelta) -> tuple[Stretch, ...]:
    """Pieces as stretches of at least `step`, but for the last one: what is shorter joins its like or the worse one."""
    found: list[Stretch] = []
    for (begin, end), span in pieces:
        last = found[-1] if found else None
        if last is None or last.until < begin:
            found.append(Stretch(begin, end, span.health))
        elif last.health is span.health or last.until - last.since < step:
            worse = max(last.health, span.health, key=SEVERITY.__getitem__)
            found[-1] = replace(last, until=end, health=worse)
        else:
            found.append(Stretch(begin, end, span.health))
    return tuple(found)


def _drawn(incident: Incident, known: datetime) -> tuple[datetime, datetime, bool]:
    over = incident.recovered_at if incident.recovered_at is not None else incident.closed_at
    end = max(known if over is None else over, incident.confirmed_at)
    cut = end - incident.opened_at > LONGEST
    end = min(end, incident.opened_at + LONGEST)
    lead = max(LEAD, SHARE * (end - incident.opened_at))
    return incident.opened_at - lead, end + (timedelta() if cut else lead), cut


def _first_failures(sheet: EvidenceSheet) -> Mapping[str, datetime]:
    found: dict[str, datetime] = {}
    for one in sheet.probes:
        mark, service = one.marks.first_bad, one.question.probe.partition("/")[0]
        if mark is not None:
            found[service] = min(mark.at, found.get(service, mark.at))
    return found


def _within(at: datetime | None, since: datetime, until: datetime) -> datetime | None:
    return at if at is not None and since <= at < until else None


def _answering(reader: Reader, incident: Incident, around: Around, known: datetime) -> Answering:
    at = incident.confirmed_at
    moment = at + timedelta(microseconds=1)
    others = around.everybody.difference(incident.services)
    held: Mapping[str, Sequence[Span]] = reader.standing(at, moment, None, known)
    well = {name for name, spans in held.items() if name in others and _well(spans, at, moment)}
    return Answering(tuple(sorted(well & around.inside)), len(well - around.inside))


def _well(spans: Sequence[Span], at: datetime, until: datetime) -> bool:
    return any(span.health is Health.UP for _, span in standing(spans, at, until))
