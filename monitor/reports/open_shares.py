"""Availability for whoever asks over the web: of one service or one territory, over one period, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.uptime import Hours
from monitor.reports.basis import Books, basis_of
from monitor.reports.country import country
from monitor.reports.figures import service_figure, territory_figure

__all__ = ["Asked", "Books", "shares"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose availability over [since, until), in which hours: of a service that serves `territories`, or of a place."""

    service: str | None
    territory: str | None
    territories: tuple[str, ...]
    since: datetime
    until: datetime
    hours: Sequence[Hours]


def shares(books: Books, asked: Asked, now: datetime) -> tuple[dict[str, object], ...]:
    """One figure for each kind of hours (`monitor.reports.figures`).

    Raises StoreError, CatalogInvalid and OSError; KeyError for a territory that the catalogue lacks.
    """
    basis = basis_of(books, now)
    since, until = asked.since, asked.until
    if asked.territory is not None:
        return tuple(territory_figure(basis, asked.territory, since, until, hours) for hours in asked.hours)
    service = country(books.config, books.calendar).service(asked.service or "", asked.territories)
    return tuple(service_figure(basis, service, since, until, hours) for hours in asked.hours)
