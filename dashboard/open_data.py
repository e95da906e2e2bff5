"""What the programming interface reads beyond the snapshot: through a short cache of its own, with bounded keys.

Apart from the cache of the pages, so that no number of questions drives out what the pages show.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from dashboard.dumps import Dumps
from dashboard.reading import Lane, Patience, Shelf, Terms
from monitor.domain.observation import Observation
from monitor.reports.open_shares import Asked

AT_ONCE = 2
WAITING_MOST = 40  # questions that may wait for their turn; beyond, whoever asks is told to come back
KEPT = 256
LIVE, PAST = 30.0, 600.0  # seconds: how long a reading of the month that goes on holds, and of one that is over

FIRST_YEAR = 2000
_DATED = re.compile(r"(\d{4})(\d{2})\d{2}-.+", re.ASCII)

log = logging.getLogger(__name__)


class OpenReader(Protocol):
    """What the programming interface asks of the reports. Synchronous; called from several threads."""

    def incidents_of(self, month: date) -> Sequence[Mapping[str, Any]]:
        """The incidents that were open in that month (UTC), our own line's left out, as documents."""
        ...

    def newest(
        self, service: str, probes: Sequence[str], since: datetime, until: datetime, most: int
    ) -> Sequence[Observation]:
        """The newest answers of these probes of one service with since <= at < until, the newest first."""
        ...

    def share(self, asked: Asked, now: datetime) -> Sequence[Mapping[str, Any]] | None:
        """The figures of that availability, as documents."""
        ...

    def seals(self) -> Sequence[Mapping[str, Any]]:
        """Every seal, by vantage and number, as documents."""
        ...


class OpenData:
    """The cache. Each question is answered with None while the database is slow, gone, or asked too much."""

    def __init__(self, reader: OpenReader, patience: Patience, dumps: Dumps) -> None:
        """Nothing is read before it is asked for."""
        self._reader, self.dumps = reader, dumps
        self._lane = Lane(AT_ONCE, patience.reading, WAITING_MOST)
        self._shelf = Shelf(KEPT, patience)
        self._day_fresh = patience.day_fresh
        self._trouble: str | None = None

    async def incidents(self, since: datetime, until: datetime, now: datetime) -> list[Mapping[str, Any]] | None:
        """The incidents that were open at some moment of [since, until), the last opened first."""
        found: dict[str, Mapping[str, Any]] = {}
        for month in months(since, min(until, now + timedelta(days=1))):
            one = await self.month(month, now)
            if one is None:
                return None
            found |= {incident["id"]: incident for incident in one}
        touching = [
            one
            for one in found.values()
            if _at(one["opened_at"]) < until and (one["closed_at"] is None or _at(one["closed_at"]) >= since)
        ]
        return sorted(touching, key=lambda one: (one["opened_at"], one["id"]), reverse=True)

    async def incident(self, name: str, now: datetime) -> tuple[bool, Mapping[str, Any] | None]:
        """Whether the books could be read, and the incident of that id, None where there is none.

        An id begins with the day of its opening, which says in which month to look.
        """
        month = _month_of(name)
        every = () if month is None else await self.month(month, now)
        found = None if every is None else next((one for one in every if one["id"] == name), None)
        return every is not None, found

    async def month(self, month: date, now: datetime) -> Sequence[Mapping[str, Any]] | None:
        """The incidents of one month; none of one to come."""
        if month > now.date():
            return ()
        over = (now - timedelta(days=2)).date() > _next(month)
        terms = self._terms(PAST if over else LIVE, 3600.0)
        found: Sequence[Mapping[str, Any]] | None = await self._shelf.get(
            terms, ("incidents", month.isoformat()), lambda: self._reader.incidents_of(month)
        )
        return found

    async def newest(
        self, service: str, probes: Sequence[str], since: datetime, until: datetime, most: int
    ) -> Sequence[Observation] | None:
        """See `OpenReader`; at most 15 s old."""
        key = ("newest", service, *probes, since.isoformat(), until.isoformat(), str(most))
        found: Sequence[Observation] | None = await self._shelf.get(
            self._terms(self._day_fresh, 60.0), key, lambda: self._reader.newest(service, probes, since, until, most)
        )
        return found

    async def share(self, asked: Asked, now: datetime) -> Sequence[Mapping[str, Any]] | None:
        """See `OpenReader`; at most 10 minutes old, half a minute where the period reaches into today."""
        key = ("share", asked.service or "", asked.territory or "", asked.since.isoformat(), asked.until.isoformat())
        over = asked.until < now - timedelta(days=1)
        found: Sequence[Mapping[str, Any]] | None = await self._shelf.get(
            self._terms(PAST if over else LIVE, 3600.0),
            (*key, *(one.value for one in asked.hours)),
            lambda: self._reader.share(asked, now),
        )
        return found

    async def seals(self) -> Sequence[Mapping[str, Any]] | None:
        """Every seal, by vantage and number, at most half a minute old."""
        found: Sequence[Mapping[str, Any]] | None = await self._shelf.get(
            self._terms(LIVE, 86_400.0), ("seals",), self._reader.seals
        )
        return found

    def _terms(self, fresh: float, known: float) -> Terms:
        return Terms(self._lane, fresh, known, self._hear)

    def _hear(self, error: Exception | None) -> None:
        if error is not None and self._trouble != str(error):
            log.warning("Les données ouvertes ne peuvent pas être lues\u00a0: %s", error)
        self._trouble = None if error is None else str(error)


def months(since: datetime, until: datetime) -> list[date]:
    """The first days of the months (UTC) that [since, until) touches."""
    found, month = [], since.astimezone(UTC).date().replace(day=1)
    while datetime(month.year, month.month, 1, tzinfo=UTC) < until:
        found.append(month)
        month = _next(month)
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _month_of(name: str) -> date | None:
    dated = _DATED.fullmatch(name)
    try:
        return date(int(dated[1]), int(dated[2]), 1) if dated and int(dated[1]) >= FIRST_YEAR else None
    except ValueError:
        return None


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
