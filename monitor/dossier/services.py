"""What a report is about, and what is held of each of its services over a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.config.contract import ContractFile
from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Service, Territory
from monitor.domain.interval import Interval, merged
from monitor.domain.outages import Outage, outages
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Told, Uptime, school_hours, told, uptime
from monitor.domain.window import Window, about, declared_for
from monitor.reports.availability import histories_of
from monitor.reports.declared import windows_of
from monitor.reports.figures import Basis

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: services, whether as a territory, when, and what it is compared with.

    Attributes:
        title: what people call the whole.
        earlier: the period that it is compared with.
        months: whether both periods are whole months of the calendar.
    """

    title: str
    services: tuple[Service, ...]
    place: Territory | None
    since: datetime
    until: datetime
    earlier: Interval
    months: bool
    contract: ContractFile | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One service over the period. `weight`: what it weighs in the whole; 1 where nothing is weighed."""

    service: Service
    weight: float
    spans: tuple[Span, ...]
    told: Told
    said: Uptime
    outages: tuple[Outage, ...]
    windows: tuple[Window, ...]


def services_over(basis: Basis, asked: Asked, period: Interval, weights: Mapping[str, float]) -> Iterator[Measured]:
    """Each service of a period, in the order asked for; `weights` by id. Raises StoreError."""
    windows = windows_of(basis.desk, *period)
    histories = histories_of(basis.measures, asked.services, *period, basis.known)
    for one in asked.services:
        spans = tuple(histories[one.id])
        declared = declared_for(one, windows, basis.catalog, *period)
        clock = basis.timetable.clock_of(places_of(asked, one))
        yield Measured(
            one,
            weights.get(one.id, 0.0),
            spans,
            told(spans, declared, *period),
            uptime(spans, declared, clock, *period),
            outages(spans, declared, *period),
            tuple(window for window in windows if about(window.scope, one, basis.catalog)),
        )


def places_of(asked: Asked, service: Service) -> tuple[str, ...]:
    """Whose school hours count: those of the territory asked about, else the service's own."""
    return service.territories if asked.place is None else (asked.place.code,)


def school_of(basis: Basis, asked: Asked, service: Service) -> tuple[Interval, ...]:
    """The school hours of the period that count for a service."""
    return _hours_of(basis.timetable.clock_of(places_of(asked, service)), asked.since, asked.until)


@lru_cache(maxsize=64)  # the services of a territory share one clock, and each is asked for several times
def _hours_of(clock: SchoolClock, since: datetime, until: datetime) -> tuple[Interval, ...]:
    return merged(school_hours(clock, since, until))
