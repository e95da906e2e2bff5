"""The only door to `monitor.reports`, with a short cache: visits neither reach a live table nor wait for one."""

import asyncio
import gzip
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from dashboard.model import Day, Point, Stretch, View, read_view
from dashboard.reading import Kept, Lane, Patience
from monitor.domain.service_verdict import Span
from monitor.reports import current, history
from monitor.reports.sources import reader_of

DAYS_AT_ONCE = 4
DAYS_KEPT = 512  # services of a country are a tenth of that; beyond, the oldest entry goes

log = logging.getLogger(__name__)


class Reader(Protocol):
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


class DatabaseReader:
    """The reports of one database. Raises the store's errors, whose text is a French sentence."""

    def __init__(self, database_url: str) -> None:
        """Opened at the first question, so that a database may appear later."""
        self._url = database_url

    def snapshot(self) -> tuple[bytes, str] | None:
        """See `Reader`."""
        found = current.snapshot(self._url)
        return None if found is None else (found.raw, found.etag)

    def service_day(self, service: str, until: datetime, probes: Sequence[str]) -> Day:
        """See `Reader`."""
        since = until - timedelta(days=1)
        probes = probes or self._judged(service)
        if not probes:
            return Day(since, until, (), ())
        told = history.service_day(self._url, probes, since, until)
        points = [Point(p.at, p.took_ms, p.failure, one.probe) for one in told.probes for p in one.points]
        return Day(since, until, tuple(sorted(points, key=lambda p: p.at)), _stretches(told.spans, until))

    def _judged(self, service: str) -> Sequence[str]:
        reader = reader_of(self._url)
        verdicts = reader.verdicts() if reader is not None else []
        return sorted({v.probe for v in verdicts if v.probe.startswith(f"{service}/")})

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

    def __init__(self, reader: Reader, patience: Patience | None = None) -> None:
        """Nothing is read before it is asked for."""
        self._reader = reader
        self._patience = patience or Patience()
        self._days = Lane(DAYS_AT_ONCE, self._patience.reading)
        lane = Lane(1, self._patience.reading)
        self._snapshot: Kept[Published] = Kept(lane, self._patience.snapshot_fresh, self._patience, self._hear)
        self._kept: dict[tuple[str, ...], Kept[Any]] = {}
        self.trouble: str | None = None  # what keeps the database from being read, for the operator

    async def published(self) -> Published | None:
        """The current snapshot, at most a second old; the last one known while the database is slow or gone."""
        return await self._snapshot.get(self._read)

    async def service_day(self, service: str, until: datetime, probes: Sequence[str] = ()) -> Day:
        """A service's last 24 h, at most 15 s old; marked as not read while the database is slow or gone."""
        found: Day | None = await self._keep(("day", service), lambda: self._reader.service_day(service, until, probes))
        return Day(until - timedelta(days=1), until, (), (), read=False) if found is None else found

    async def day_spans(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stretch, ...]] | None:
        """Every service's stretches since an instant, at most 15 s old; None while they cannot be read."""
        found: Mapping[str, tuple[Stretch, ...]] | None = await self._keep(
            ("spans", since.isoformat()), lambda: self._reader.day_spans(since, until)
        )
        return found

    def _read(self) -> Published | None:
        found = self._reader.snapshot()
        return None if found is None else _publish(found, self._snapshot.value)

    async def _keep(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        kept = self._kept.pop(key, None) or Kept(self._days, self._patience.day_fresh, self._patience, self._hear)
        self._kept[key] = kept  # the one asked for last goes last
        while len(self._kept) > DAYS_KEPT:
            del self._kept[next(iter(self._kept))]
        found = await kept.get(ask)
        too_old = asyncio.get_running_loop().time() - kept.known_at > self._patience.day_known
        return None if too_old else found

    def _hear(self, error: Exception | None) -> None:
        if error is not None and self.trouble != str(error):
            log.warning("La base de données ne peut pas être lue : %s", error)
        self.trouble = None if error is None else str(error)


def _publish(found: tuple[bytes, str], previous: Published | None) -> Published:
    body, tag = found
    etag = f'"{tag.strip(chr(34))}"'
    if previous is not None and previous.etag == etag:
        return previous
    return Published(body, gzip.compress(body, 6, mtime=0), etag, read_view(body))
