"""Rows of availability: services over the pieces of a period, round the clock and in school hours."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog, Service
from monitor.domain.method import METHOD
from monitor.domain.rollup import Ground
from monitor.domain.uptime import Availability, Hours, Uptime, Weighted, weighted
from monitor.domain.window import Window
from monitor.exports.columns import Row
from monitor.exports.days import Piece
from monitor.reports.availability import weights_in
from monitor.reports.totals import totals_of
from monitor.store import Reader


@dataclass(frozen=True, slots=True)
class Figures:
    """What figures of availability rest on.

    Attributes:
        clocks: whose school hours those of some territories are.
        windows: those that were ever declared. known: until when the books speak.
        place: the territory whose school hours count for all, and which is weighed as a whole; None: neither.
        hours: which hours are asked about.
    """

    reader: Reader
    catalog: Catalog
    ground: Ground
    clocks: Callable[[Iterable[str]], SchoolClock]
    windows: tuple[Window, ...]
    known: datetime
    place: str | None = None
    hours: Sequence[Hours] = tuple(Hours)


def availability_rows(figures: Figures, piece: Piece, services: Sequence[Service]) -> Iterator[Row]:
    """A row a service and kind of hours; then, of a territory, one of all its users. Raises StoreError."""
    found = []
    said_of = _figures(figures, piece, services)
    for service in services:
        said = said_of[service.id]
        found.append((service, said))
        for part in (said.all, said.school):
            if part.hours in figures.hours:
                yield _row(service, piece, figures.place, part)
    if figures.place is not None:
        _, weights = weights_in(figures.ground, figures.place)
        for hours in figures.hours:
            parts = [(weights.get(one.id, 0.0), said.all if hours is Hours.ALL else said.school) for one, said in found]
            yield _whole(piece, figures.place, weighted(parts, hours))


def _figures(figures: Figures, piece: Piece, services: Sequence[Service]) -> Mapping[str, Uptime]:
    """The one place where figures are asked for."""

    def clock(service: Service) -> SchoolClock:
        return figures.clocks(service.territories if figures.place is None else (figures.place,))

    return totals_of(
        figures.reader,
        services,
        figures.catalog,
        clock,
        figures.windows,
        since=piece.since,
        until=piece.until,
        now=figures.known,
    )


def _row(service: Service, piece: Piece, place: str | None, part: Availability) -> Row:
    lasting = (part.available, part.unavailable, part.excluded, part.declared)
    seconds = [one.total_seconds() for one in lasting]
    return service.id, place, piece.name, part.hours.value, *seconds, part.coverage, part.availability, METHOD


def _whole(piece: Piece, place: str, part: Weighted) -> Row:
    nothing = (None,) * 4  # a weighted time is no time that anybody lived through
    return None, place, piece.name, part.hours.value, *nothing, part.coverage, part.availability, METHOD
