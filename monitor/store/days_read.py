"""The part of the reader that reads the days of services, and what stands of those that are not kept yet."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from monitor.domain.service_verdict import Span
from monitor.store import service_days, standing
from monitor.store.service_days import Kept, KeptDay


@dataclass(frozen=True, slots=True)
class KeptTotals:
    """What is kept of the days from one on to `last`, included, by service; `unmade`: of whom it must be made again."""

    last: date
    services: dict[str, Kept]
    unmade: frozenset[str]


class DaysRead(ABC):
    """Each method sees one instant of the database; raises StoreError."""

    def kept_totals(self, first: date, last: date, services: Collection[str] | None = None) -> KeptTotals | None:
        """What is kept of the days from `first` to `last`, or to the newest one before it; None where nothing is.

        Of these services, or of all; of one whose own first day is later, from that day on.
        """
        with self._reading() as connection:
            newest = service_days.newest(connection, last)
            if newest is None or newest < first:
                return None
            found = service_days.between(connection, first, newest, services)
            return KeptTotals(newest, found, frozenset(service_days.unmade(connection, first, newest)))

    def kept_days(self, service: str, first: date, last: date) -> list[KeptDay]:
        """The days of a service from `first` to `last`, both included, as far as they are kept; oldest first."""
        return self.kept_days_of((service,), first, last).get(service, [])

    def kept_days_of(self, services: Collection[str], first: date, last: date) -> dict[str, list[KeptDay]]:
        """As `kept_days`, of some services at once, by id; of whom nothing is kept is left out."""
        with self._reading() as connection:
            return service_days.of_services(connection, services, first, last)

    def standing(
        self, since: datetime, until: datetime, names: Collection[str] | None, known: datetime
    ) -> dict[str, list[Span]]:
        """What is held of services, not of their probes, in [since, until): spans as they stand, by name.

        Of these names, or of all (None); the verdict in force is among them, and speaks until `known`.
        """
        with self._reading() as connection:
            return standing.by_service(connection, since, until, names, known)

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Connection]:
        """One transaction."""
