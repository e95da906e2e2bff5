"""The only door to `monitor.reports`, with a short cache: visits neither reach a live table nor wait for one."""

import gzip
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from dashboard.beside import Beside
from dashboard.dumps import Dumps
from dashboard.model import Day, Month, Point, School, ServiceView, Stretch, View, read_view
from dashboard.open_data import OpenData, OpenReader
from dashboard.reading import Kept, Lane, Patience, Shelf, Terms
from dashboard.records import Records
from monitor.domain.service_verdict import Span
from monitor.reports import current, history
from monitor.reports.by_day import ByDay
from monitor.reports.declared import Ahead, Said
from monitor.reports.gaps import Excused, excused

DAYS_AT_ONCE = 4
BESIDE_AT_ONCE = 2
SEARCHES_MOST = 40  # that may wait for schools; beyond, a search is answered without them, and says so
KEPT = 2048  # a country has 50 services, each with four entries; beyond, the one asked for longest ago goes

log = logging.getLogger(__name__)


class Reader(OpenReader, Protocol):
    """What the screens ask of the reports. Synchronous; called from several threads."""

    def snapshot(self) -> tuple[bytes, str] | None:
        """The published JSON and its tag (without quotes), None before the first snapshot."""
        ...

    def service_day(self, service: str, until: datetime, probes: Sequence[str]) -> Day:
        """The last 24 h of one service; of the probes that hold a verdict where none are given."""
        ...

    def day_spans(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stretch, ...]]:
        """What each service's own verdict was between two instants, oldest first."""
        ...

    def said(self, at: datetime, *, incident: str | None = None, service: str | None = None) -> tuple[Said, ...]:
        """What people said of an incident, or of a service; see `dashboard.beside`."""
        ...

    def windows(self, services: Sequence[ServiceView], at: datetime) -> tuple[Ahead, ...]:
        """The maintenance windows of any of these services, in force or soon."""
        ...

    def month(self, service: ServiceView, at: datetime) -> Month:
        """The availability of a service over the last days."""
        ...

    def days_of_service(self, service: ServiceView, at: datetime) -> ByDay:
        """The last 90 days of a service, one by one."""
        ...

    def days_of_place(self, code: str, at: datetime) -> ByDay:
        """The same of the users of a territory."""
        ...

    def schools(self, text: str, most: int) -> tuple[School, ...] | None:
        """Schools that a text finds; None where nobody knows any."""
        ...

    def excused(self, since: datetime, until: datetime) -> tuple[Excused, ...]:
        """What was not measured between two instants, by reason."""
        ...


class DatabaseReader(Beside, Records):
    """The reports of one database. Raises the store's errors, whose text is a French sentence."""

    def __init__(self, database_url: str, config: Path | None = None) -> None:
        """Opened at the first question, so that a database may appear later; `config`: see `Beside`."""
        super().__init__(database_url, config)

    def snapshot(self) -> tuple[bytes, str] | None:
        """See `Reader`."""
        found = current.snapshot(self._url)
        return None if found is None else (found.raw, found.etag)

    def service_day(self, service: str, until: datetime, probes: Sequence[str]) -> Day:
        """See `Reader`."""
        since = until - timedelta(days=1)
        probes = probes or self.judged(service)
        if not probes:
            return Day(since, until, (), ())
        told = history.service_day(self._url, probes, since, until)
        points = [Point(p.at, p.took_ms, p.failure, one.probe) for one in told.probes for p in one.points]
        return Day(since, until, tuple(sorted(points, key=lambda p: p.at)), _stretches(told.spans, until))

    def excused(self, since: datetime, until: datetime) -> tuple[Excused, ...]:
        """See `Reader`."""
        return excused(self._url, since, until)

    def day_spans(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stretch, ...]]:
        """See `Reader`."""
        found = history.day_spans(self._url, since, until)
        return {service: _stretches(spans, until) for service, spans in found.items()}


def _stretches(spans: Iterable[Span], until: datetime) -> tuple[Stretch, ...]:
    """The reports cut the verdict in force at the end of the window: for a reader it is still open."""
    return tuple(Stretch(s.health, s.since, None if s.until >= until else s.until, s.failure) for s in spans)


@dataclass(frozen=True, slots=True)
class Published:
    """One snapshot, ready to be served. `etag` is a quoted strong tag."""

    body: bytes
    zipped: bytes
    etag: str
    view: View


class Data:
    """Keeps what it read for a moment; the snapshot and the days are read apart, so that neither waits."""

    def __init__(self, reader: Reader, patience: Patience | None = None, dumps: Path | None = None) -> None:
        """Nothing is read before it is asked for; `dumps`: the folder of the files of open data."""
        self._reader = reader
        given = patience or Patience()
        self.open = OpenData(reader, given, Dumps(dumps))
        self._days = Terms(Lane(DAYS_AT_ONCE, given.reading), given.day_fresh, given.day_known, self._hear)
        # Apart, so that a desk that answers late, or a catalogue that cannot be read, holds up no measure.
        beside = Lane(BESIDE_AT_ONCE, given.reading)
        self._desk = Terms(beside, given.day_fresh, given.day_known, self._hear_beside)
        self._months = Terms(beside, given.month_fresh, given.month_known, self._hear_beside)
        self._beside_trouble: str | None = None
        self._schools = Lane(
            BESIDE_AT_ONCE, given.reading, SEARCHES_MOST
        )  # 60,000 names are read through: 20 ms a question
        lane = Lane(1, given.reading)
        self._snapshot: Kept[Published] = Kept(lane, given.snapshot_fresh, given, self._hear)
        self._shelf = Shelf(KEPT, given)
        self.trouble: str | None = None  # what keeps the database from being read, for the operator

    async def published(self) -> Published | None:
        """The current snapshot, at most a second old; the last one known while the database is slow or gone."""
        return await self._snapshot.get(self._read)

    async def service_day(self, service: str, until: datetime, probes: Sequence[str] = ()) -> Day:
        """A service's last 24 h, at most 15 s old; marked as not read while the database is slow or gone."""
        found: Day | None = await self._shelf.get(
            self._days, ("day", service), lambda: self._reader.service_day(service, until, probes)
        )
        return Day(until - timedelta(days=1), until, (), (), read=False) if found is None else found

    async def day_spans(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stretch, ...]] | None:
        """Every service's stretches since an instant, at most 15 s old; None while they cannot be read."""
        found: Mapping[str, tuple[Stretch, ...]] | None = await self._shelf.get(
            self._days, ("spans", since.isoformat()), lambda: self._reader.day_spans(since, until)
        )
        return found

    async def said(
        self, at: datetime, *, incident: str | None = None, service: str | None = None
    ) -> tuple[Said, ...] | None:
        """What people said of an incident or a service, at most 15 s old; None while it cannot be read."""
        found: tuple[Said, ...] | None = await self._shelf.get(
            self._desk,
            ("said", incident or "", service or ""),
            lambda: self._reader.said(at, incident=incident, service=service),
        )
        return found

    async def windows(self, services: Sequence[ServiceView], at: datetime) -> tuple[Ahead, ...] | None:
        """The maintenance windows of any of these services, at most 15 s old; None while they cannot be read."""
        if not services:
            return ()
        key = ("windows", *sorted(one.id for one in services))
        found: tuple[Ahead, ...] | None = await self._shelf.get(
            self._desk, key, lambda: self._reader.windows(services, at)
        )
        return found

    async def month(self, service: ServiceView, at: datetime) -> Month | None:
        """A service's availability over the last days, at most 5 min old; None while it cannot be read."""
        found: Month | None = await self._shelf.get(
            self._months, ("month", service.id), lambda: self._reader.month(service, at)
        )
        return found

    async def days_of_service(self, service: ServiceView, at: datetime) -> ByDay | None:
        """The last 90 days of a service, at most 5 min old; None while they cannot be read."""
        found: ByDay | None = await self._shelf.get(
            self._months, ("90 days", service.id), lambda: self._reader.days_of_service(service, at)
        )
        return found

    async def days_of_place(self, code: str, at: datetime) -> ByDay | None:
        """The same of the users of a territory."""
        found: ByDay | None = await self._shelf.get(
            self._months, ("90 days", "place", code), lambda: self._reader.days_of_place(code, at)
        )
        return found

    async def excused(self, at: datetime) -> tuple[Excused, ...] | None:
        """What was not measured in the last 24 h, by reason, at most 15 s old; None while it cannot be read."""
        since = at - timedelta(days=1)
        found: tuple[Excused, ...] | None = await self._shelf.get(
            self._days, ("excused",), lambda: self._reader.excused(since, at)
        )
        return found

    async def schools(self, text: str, most: int) -> tuple[tuple[School, ...] | None, bool]:
        """Schools that a text finds, `most` at most, asked anew each time, and whether they could be looked for.

        None where nobody knows any: no directory was imported.
        """
        try:
            return await self._schools.read(lambda: self._reader.schools(text, most)), True
        except Exception as error:  # noqa: BLE001 : a directory that cannot be read: the rest of the search stands
            self._hear_beside(error)
            return None, False

    def _read(self) -> Published | None:
        found = self._reader.snapshot()
        return None if found is None else _publish(found, self._snapshot.value)

    def _hear(self, error: Exception | None) -> None:
        if error is not None and self.trouble != str(error):
            log.warning("La base de données ne peut pas être lue : %s", error)
        self.trouble = None if error is None else str(error)

    def _hear_beside(self, error: Exception | None) -> None:
        """Said in the log alone: the measures can be read, and `/health` speaks of them."""
        if error is not None and self._beside_trouble != str(error):
            log.warning("Ce qui est déclaré, ou la disponibilité, ne peut pas être lu : %s", error)
            self._beside_trouble = str(error)


def _publish(found: tuple[bytes, str], previous: Published | None) -> Published:
    body, tag = found
    etag = f'"{tag.strip(chr(34))}"'
    if previous is not None and previous.etag == etag:
        return previous
    return Published(body, gzip.compress(body, 6, mtime=0), etag, read_view(body))
