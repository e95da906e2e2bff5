"""Everything that is said of services over a period: figures, their parts, outages, incidents, a period compared.

The rules stand in docs/method.md, "Availability", "Parts of a period", "Outages", "Comparing two periods".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Audience, Catalog, Service, Territory
from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.outages import Outage, Responses, begun_in, longest, outages, responses
from monitor.domain.parts import By, Cut, Part, counted_by, cuts
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Availability, Hours, Told, Uptime, Weighted, school_hours, told, weighted
from monitor.domain.weights import Weighting
from monitor.domain.window import Window, about, declared_for
from monitor.reports.availability import histories_of, weights_in
from monitor.reports.declared import windows_ever, windows_of
from monitor.reports.figures import Basis
from monitor.reports.sources import reader_of
from monitor.reports.totals import totals_of

SHOWN = 3  # of the longest outages, where nobody asks for more
COUNTRY = "Europe/Paris"
LOCAL = frozenset({By.HOUR, By.WEEKDAY, By.GRID})  # by the clock of the place; days and months are those of Paris

Parts = Mapping[Hours, Mapping[Part, Availability]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which services, over [since, until), divided by what.

    `place` is the territory whose users they are weighed by, and whose school hours and clock count; None: each
    service's own. `audiences`: whom alone that weight is of, all where it is empty. `shown`: how many of the longest
    outages are wanted; 0 for a whole period: outages are not looked at.
    """

    services: tuple[Service, ...]
    since: datetime
    until: datetime
    by: By = By.PERIOD
    place: Territory | None = None
    audiences: tuple[Audience, ...] = ()
    shown: int = SHOWN


@dataclass(frozen=True, slots=True)
class Counted:
    """One service over the period.

    Attributes:
        said: always twice. parts: by hours, then by part; empty where the period is not divided.
        timezone: name of the clock that cuts it into parts.
        windows: the declared windows about it that touch the period.
        outages: how many began or went on in it; `longest` of them those that count longest, the longest first.
        responses: its incidents.
    """

    service: Service
    said: Uptime
    parts: Parts
    timezone: str
    windows: tuple[Window, ...]
    outages: int
    longest: tuple[Outage, ...]
    responses: Responses


@dataclass(frozen=True, slots=True)
class Together:
    """A territory and the availability of its users, by weight; `parts` as those of a service."""

    place: Territory
    unit: Weighting
    weights: Mapping[str, float]
    all: Weighted
    school: Weighted
    parts: Mapping[Hours, Mapping[Part, Weighted]]

    def of(self, hours: Hours) -> Weighted:
        """The one of these hours."""
        return self.all if hours is Hours.ALL else self.school


@dataclass(frozen=True, slots=True)
class Period:
    """The answer: each service, the territory together, and the incidents and longest outages of all of them.

    `incidents` are those that `responses` counts, the first opened first.
    """

    question: Question
    services: tuple[Counted, ...]
    together: Together | None
    longest: tuple[Outage, ...]
    responses: Responses
    incidents: tuple[Incident, ...] = ()


def period_of(basis: Basis, question: Question) -> Period:
    """What the books say of a period. Raises StoreError, and KeyError for a territory that the catalogue lacks."""
    since, until = question.since, question.until
    reader, windows = reader_of(basis.measures), windows_of(basis.desk, since, until)
    incidents = [] if reader is None else reader.incidents_touching(since, until)
    clocks = _Clocks(basis, question)
    said = _uptimes(basis, clocks)
    # Figures of a whole period need none: for a period that others are only compared with, most of the reading.
    told_of = question.services if question.shown or question.by is not By.PERIOD else ()
    histories = histories_of(basis.measures, told_of, since, until, basis.known)
    found = tuple(
        _counted(basis.catalog, clocks, said[one.id], _Held(one, histories.get(one.id, ()), windows, incidents))
        for one in question.services
    )
    together = None if question.place is None else _together(basis, question, question.place, found)
    worst = longest((one for counted in found for one in counted.longest), question.shown)
    mine = _of(incidents, question.services)
    begun = sorted(begun_in(mine, since, until), key=lambda one: (one.opened_at, one.id))
    return Period(question, found, together, worst, responses(mine, since, until), tuple(begun))


class _Clocks:
    """School hours and cuts of the services of a question, made once for all who share them."""

    def __init__(self, basis: Basis, question: Question) -> None:
        self._basis, self.question = basis, question
        self._cuts: dict[str, tuple[Cut, ...]] = {}
        self._school: dict[SchoolClock, tuple[Interval, ...]] = {}

    def places(self, service: Service) -> tuple[str, ...]:
        """Whose hours count: the territory's that was asked about, or else the service's own."""
        place = self.question.place
        return service.territories if place is None else (place.code,)

    def school(self, service: Service) -> SchoolClock:
        """The school clock of these places."""
        return self._basis.timetable.clock_of(self.places(service))

    def zone(self, service: Service) -> str:
        """The time zone of these places; the country's where they have several."""
        zones = {self._basis.catalog.territories[code].timezone for code in self.places(service)}
        return zones.pop() if len(zones) == 1 else COUNTRY

    def cuts(self, service: Service) -> tuple[Cut, ...]:
        """The period cut: at the hours and weekdays of the service's zone, at the days and months of Paris."""
        asked, zone = self.question, self.zone(service) if self.question.by in LOCAL else COUNTRY
        if zone not in self._cuts:
            self._cuts[zone] = cuts(asked.by, ZoneInfo(zone), asked.since, asked.until)
        return self._cuts[zone]

    def hours(self, service: Service) -> Mapping[Hours, tuple[Interval, ...]]:
        """The hours that are asked about."""
        asked, clock = self.question, self.school(service)
        if clock not in self._school:
            self._school[clock] = tuple(school_hours(clock, asked.since, asked.until))
        return {Hours.ALL: ((asked.since, asked.until),), Hours.SCHOOL: self._school[clock]}


class _Held(NamedTuple):
    """What the books hold of a service; windows and incidents of whomever."""

    service: Service
    spans: Sequence[Span]
    windows: Sequence[Window]
    incidents: Collection[Incident]


def _counted(catalog: Catalog, clocks: _Clocks, said: Uptime, held: _Held) -> Counted:
    asked, service = clocks.question, held.service
    since, until = asked.since, asked.until
    excused = declared_for(service, held.windows, catalog, since, until)
    happened = outages(held.spans, excused, since, until)
    return Counted(
        service,
        said,
        {} if asked.by is By.PERIOD else _parts(clocks, service, told(held.spans, excused, since, until)),
        clocks.zone(service),
        tuple(window for window in held.windows if about(window.scope, service, catalog)),
        sum(one.counted > timedelta() for one in happened),
        longest(happened, asked.shown),
        responses(_of(held.incidents, [service]), since, until),
    )


def _uptimes(basis: Basis, clocks: _Clocks) -> Mapping[str, Uptime]:
    """The one place that asks for the figures of a whole period, by service."""
    asked, ever = clocks.question, windows_ever(basis.desk)
    return totals_of(
        basis.measures,
        asked.services,
        basis.catalog,
        clocks.school,
        ever,
        since=asked.since,
        until=asked.until,
        now=basis.known,
    )


def _parts(clocks: _Clocks, service: Service, said: Told) -> Parts:
    cut = clocks.cuts(service)
    return {hours: counted_by(cut, said, within, hours) for hours, within in clocks.hours(service).items()}


def _of(incidents: Iterable[Incident], services: Iterable[Service]) -> list[Incident]:
    """Those that hold any of these services, under a former id too."""
    names = {name for one in services for name in (one.id, *one.formerly)}
    return [one for one in incidents if not names.isdisjoint(one.services)]


def _together(basis: Basis, asked: Question, place: Territory, found: Sequence[Counted]) -> Together:
    """The figure of a territory: the time of its services' users."""
    unit, weights = weights_in(basis.ground, place.code, asked.audiences)
    of = [(weights.get(one.service.id, 0.0), one) for one in found]
    parts = {
        hours: weighted_parts([(weight, one.parts[hours]) for weight, one in of if one.parts], hours)
        for hours in (Hours if asked.by is not By.PERIOD else ())
    }
    return Together(
        place,
        unit,
        weights,
        weighted([(weight, one.said.all) for weight, one in of], Hours.ALL),
        weighted([(weight, one.said.school) for weight, one in of], Hours.SCHOOL),
        parts,
    )


def weighted_parts(of: Sequence[tuple[float, Mapping[Part, Availability]]], hours: Hours) -> Mapping[Part, Weighted]:
    """Services of one territory are cut alike: each part is one of all of them."""
    named = sorted({part for _, parts in of for part in parts})
    return {part: weighted([(weight, parts[part]) for weight, parts in of], hours) for part in named}
