"""One figure of availability as plain values: what `/api/v1/availability` and exports give (docs/method.md)."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.domain.catalog import Catalog, Service
from monitor.domain.method import METHOD
from monitor.domain.rollup import Ground
from monitor.domain.snapshot import instant
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Availability, Hours, weighted
from monitor.reports.availability import weights_in
from monitor.reports.declared import windows_ever
from monitor.reports.sources import DeskSource, Source
from monitor.reports.totals import totals_of

_SECOND = timedelta(seconds=1)

Lengths = tuple[float, ...]  # seconds available, unavailable, excluded


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures are counted from.

    Attributes:
        measures, desk: the two books, as readers or as addresses.
        catalog, timetable: the services, and whose school hours they keep.
        ground: what each service weighs where (`monitor.domain.rollup.survey`).
        known: until when the verdicts in force speak (`monitor.reports.availability.known_until`).
    """

    measures: Source
    desk: DeskSource
    catalog: Catalog
    timetable: Timetable
    ground: Ground
    known: datetime


def service_figure(
    basis: Basis, service: Service, since: datetime, until: datetime, hours: Hours = Hours.ALL
) -> dict[str, object]:
    """The availability of one service over [since, until), in its own school hours where those are asked for.

    Keys: service, territory (None), period (ISO 8601, ``since/until`` in UTC), hours (``all`` or ``school``),
    available_s, unavailable_s, excluded_s (they add up to the hours asked about), coverage (0..1), availability (0..1,
    None where nothing is counted), method. Raises StoreError.
    """
    question = _Question(basis, since, until, hours)
    said = _said(question, [service], lambda one: one.territories)[service.id]
    of = {"service": service.id, "territory": None}
    return _plain(of, question, _lengths(said), (said.coverage, said.availability))


def territory_figure(
    basis: Basis, code: str, since: datetime, until: datetime, hours: Hours = Hours.ALL
) -> dict[str, object]:
    """The availability of a territory over [since, until), weighted by users, in the territory's school hours.

    The same keys; service is None, and the three durations are those of its users on the mean. National services
    stand apart, as everywhere. Raises StoreError, and KeyError for a code that the catalogue lacks.
    """
    of = {"service": None, "territory": basis.catalog.territories[code].code}
    question = _Question(basis, since, until, hours)
    weights = weights_in(basis.ground, code)[1]
    said = _said(question, [basis.catalog.services[name] for name in weights], lambda _: (code,))
    parts = [(weight, said[name]) for name, weight in weights.items()]
    whole = weighted(parts, hours)
    return _plain(of, question, _on_the_mean(parts), (whole.coverage, whole.availability))


class _Question(NamedTuple):
    basis: Basis
    since: datetime
    until: datetime
    hours: Hours


def _said(
    asked: _Question, services: Sequence[Service], places: Callable[[Service], Iterable[str]]
) -> dict[str, Availability]:
    """The figure of each service, by id, in the school hours of its `places`."""
    basis, ever = asked.basis, windows_ever(asked.basis.desk)
    found = totals_of(
        basis.measures,
        services,
        basis.catalog,
        lambda one: basis.timetable.clock_of(places(one)),
        ever,
        since=asked.since,
        until=asked.until,
        now=basis.known,
    )
    return {name: one.of(asked.hours) for name, one in found.items()}


def _lengths(said: Availability) -> Lengths:
    return tuple(span / _SECOND for span in (said.available, said.unavailable, said.excluded))


def _on_the_mean(parts: Iterable[tuple[float, Availability]]) -> Lengths:
    """Those of one user among all; 0 where nobody weighs anything."""
    lengths = [(weight, _lengths(said)) for weight, said in parts]
    people = math.fsum(weight for weight, _ in lengths)
    return tuple(math.fsum(weight * one[n] for weight, one in lengths) / (people or 1.0) for n in range(3))


def _plain(
    of: Mapping[str, str | None], asked: _Question, lengths: Lengths, shares: tuple[float, float | None]
) -> dict[str, object]:
    return {
        **of,
        "period": f"{instant(asked.since)}/{instant(asked.until)}",
        "hours": asked.hours.value,
        **dict(zip(("available_s", "unavailable_s", "excluded_s"), lengths, strict=True)),
        **dict(zip(("coverage", "availability"), shares, strict=True)),
        "method": METHOD,
    }
