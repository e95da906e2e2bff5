"""Everything that a report says of its services, counted once from the books (docs/method.md, "Report")."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.domain.catalog import Service
from monitor.domain.compared import Compared, Side
from monitor.domain.incident import Incident
from monitor.domain.interval import Interval, length, merged
from monitor.domain.outages import Outage, Responses, longest, responses
from monitor.domain.parts import By, Part, counted_by, cuts
from monitor.domain.uptime import Availability, Hours, Weighted, weighted
from monitor.domain.weights import Weighting
from monitor.dossier.judged import Judged, judge
from monitor.dossier.services import PARIS, Asked, Measured, school_of, services_over
from monitor.reports.availability import weights_in
from monitor.reports.figures import Basis
from monitor.store import Reader

LONGEST = 10  # outages that people read; the twin of the page has them all


@dataclass(frozen=True, slots=True)
class Whole:
    """The services together, in all hours and in school hours, and how long they were unavailable on the mean."""

    all: Weighted
    school: Weighted


@dataclass(frozen=True, slots=True)
class Day:
    """One day of Paris: what was counted of it; `unavailable` is the mean over users."""

    day: date
    all: Weighted
    school: Weighted | None
    unavailable: timedelta


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it.

    Attributes:
        unit: what the services of a territory are weighed in; None for services on their own.
        grid: by weekday (Monday 0) and hour of Paris, for the hours of which something is counted.
        compared: the period beside the earlier one, in all hours and in school hours.
        known: until when the books speak.
    """

    asked: Asked
    known: datetime
    services: tuple[Measured, ...]
    unit: Weighting | None
    whole: Whole
    days: tuple[Day, ...]
    grid: Mapping[Part, Weighted]
    longest: tuple[Outage, ...]
    incidents: tuple[Incident, ...]
    responses: Responses
    blind: tuple[Interval, ...]
    judged: tuple[Judged, ...]
    compared: Mapping[Hours, Compared]
    earlier_responses: Responses
    earlier_outages: int


def measure(basis: Basis, reader: Reader, asked: Asked) -> Findings:
    """Count everything. Raises StoreError, and KeyError for a territory that the catalogue lacks."""
    unit, weights = _weights(basis, asked)
    period, before = (asked.since, asked.until), asked.earlier
    services = tuple(services_over(basis, asked, period, weights))
    earlier = tuple(services_over(basis, asked, before, weights))
    touching = [one for one in reader.incidents_touching(*period) if _concerns(one, asked.services)]
    past = [one for one in reader.incidents_touching(*before) if _concerns(one, asked.services)]
    return Findings(
        asked=asked, known=basis.known, services=services, unit=unit, whole=_whole(services),
        days=tuple(_days(basis, asked, services)), grid=_grid(services, asked),
        longest=longest((one for each in services for one in each.outages), LONGEST),
        incidents=tuple(touching), responses=responses(touching, *period),
        blind=merged((max(begin, asked.since), min(end, asked.until)) for begin, end in reader.blind(*period)),
        judged=tuple(judge(basis, asked, services)),
        compared={
            hours: Compared(_side(services, period, hours), _side(earlier, before, hours)) for hours in Hours
        },
        earlier_responses=responses(past, *before),
        earlier_outages=sum(bool(one.counts) for each in earlier for one in each.outages),
    )  # fmt: skip


def _weights(basis: Basis, asked: Asked) -> tuple[Weighting | None, Mapping[str, float]]:
    if asked.place is None:
        return None, {one.id: 1.0 for one in asked.services}
    return weights_in(basis.ground, asked.place.code)


def _whole(services: Collection[Measured]) -> Whole:
    return Whole(
        weighted(((one.weight, one.said.all) for one in services), Hours.ALL),
        weighted(((one.weight, one.said.school) for one in services), Hours.SCHOOL),
    )


def _days(basis: Basis, asked: Asked, services: Collection[Measured]) -> Iterator[Day]:
    """Each day, in the order of the calendar."""
    cut = cuts(By.DAY, PARIS, asked.since, asked.until)
    counted = [
        (
            one.weight,
            counted_by(cut, one.told, ((asked.since, asked.until),), Hours.ALL),
            counted_by(cut, one.told, school_of(basis, asked, one.service), Hours.SCHOOL),
        )
        for one in services
    ]
    for _, _, part in cut:
        whole = [(weight, everything[part]) for weight, everything, _ in counted]
        school = [(weight, found[part]) for weight, _, found in counted if part in found]
        yield Day(
            date(*part),
            weighted(whole, Hours.ALL),
            weighted(school, Hours.SCHOOL) if school else None,
            mean_unavailable(whole),
        )


def mean_unavailable(parts: Collection[tuple[float, Availability]]) -> timedelta:
    """How long the users were without their service on the mean."""
    weight = sum(weight for weight, _ in parts)
    return (
        sum((part.unavailable * (weight_of / weight) for weight_of, part in parts), timedelta())
        if weight
        else timedelta()
    )


def _grid(services: Collection[Measured], asked: Asked) -> Mapping[Part, Weighted]:
    cut = cuts(By.GRID, PARIS, asked.since, asked.until)
    whole = ((asked.since, asked.until),)
    counted = [(one.weight, counted_by(cut, one.told, whole, Hours.ALL)) for one in services]
    parts = sorted({part for _, found in counted for part in found})
    return {
        part: weighted([(weight, found[part]) for weight, found in counted if part in found], Hours.ALL)
        for part in parts
    }


def _concerns(incident: Incident, services: Iterable[Service]) -> bool:
    """Whether an incident is about one of these services, and is told by itself."""
    names = {name for one in services for name in (one.id, *one.formerly)}
    return not incident.ours and incident.absorbed_into is None and not names.isdisjoint(incident.services)


def part_of(one: Measured, hours: Hours) -> Availability:
    """The figure of those hours."""
    return one.said.all if hours is Hours.ALL else one.said.school


def _side(services: Collection[Measured], period: Interval, hours: Hours) -> Side:
    figure = weighted([(one.weight, part_of(one, hours)) for one in services], hours)
    names = frozenset(one.service.id for one in services if one.weight and part_of(one, hours).counted)
    return Side(*period, figure.availability, figure.coverage, names)


def unavailable_of(services: Collection[Measured], hours: Hours) -> timedelta:
    """How long the services were unavailable, on the mean over users."""
    return mean_unavailable([(one.weight, part_of(one, hours)) for one in services])


def blind_time(found: Findings) -> timedelta:
    """How long our own line showed nothing."""
    return length(found.blind)
