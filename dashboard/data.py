"""The only door to `monitor.reports`, with a short cache: visits never reach a live table."""

import asyncio
import gzip
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from dashboard.model import Day, Point, Stretch, View, read_view
from monitor.domain.service_verdict import Span
from monitor.reports import current, history
from monitor.reports.sources import reader_of

SNAPSHOT_FRESH_S = 1.0
DAY_FRESH_S = 15.0
DAYS_KEPT = 512  # services of a country are a tenth of that; beyond, the oldest entry goes

T = TypeVar("T")
log = logging.getLogger(__name__)


class Reader(Protocol):
    """What the screens ask of the reports. Synchronous; called from one thread at a time."""

    def snapshot(self) -> tuple[bytes, str] | None:
        """The published JSON and its tag (without quotes), None before the first snapshot."""
        ...

    def service_day(self, service: str, until: datetime) -> Day:
        """The last 24 h of one service."""
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

    def service_day(self, service: str, until: datetime) -> Day:
        """See `Reader`. The probes are those that hold a verdict."""
        since = until - timedelta(days=1)
        reader = reader_of(self._url)
        verdicts = reader.verdicts() if reader is not None else []
        probes = sorted({v.probe for v in verdicts if v.probe.startswith(f"{service}/")})
        if not probes:
            return Day(since, until, (), ())
        told = history.service_day(self._url, probes, since, until)
        points = [Point(p.at, p.took_ms, p.failure, one.probe) for one in told.probes for p in one.points]
        return Day(since, until, tuple(sorted(points, key=lambda p: p.at)), _stretches(told.spans, until))

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


@dataclass(slots=True)
class _Kept:
    at: float
    value: object


class Data:
    """Reads through one thread, keeps what it read for a moment; many visits at once cause one reading."""

    def __init__(self, reader: Reader) -> None:
        """Nothing is read before it is asked for."""
        self._reader = reader
        self._published: Published | None = None
        self._looked_at = float("-inf")
        self._lock = asyncio.Lock()
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self.trouble: str | None = None  # what keeps the database from being read, for the operator

    async def published(self) -> Published | None:
        """The current snapshot, at most a second old; the last one known while the database cannot be read."""
        if self._fresh(self._looked_at, SNAPSHOT_FRESH_S):
            return self._published
        async with self._lock:
            if not self._fresh(self._looked_at, SNAPSHOT_FRESH_S):
                self._published = await self._ask(self._read, self._published)
                self._looked_at = asyncio.get_running_loop().time()
        return self._published

    async def service_day(self, service: str, until: datetime) -> Day:
        """A service's last 24 h, at most 15 s old; empty while the database cannot be read."""
        empty = Day(until - timedelta(days=1), until, (), ())
        return await self._keep(
            ("day", service), lambda: self._ask(lambda: self._reader.service_day(service, until), empty)
        )

    async def day_spans(self, since: datetime, until: datetime) -> Mapping[str, tuple[Stretch, ...]]:
        """Every service's stretches since an instant, at most 15 s old."""
        nothing: Mapping[str, tuple[Stretch, ...]] = {}
        key = ("spans", since.isoformat())
        return await self._keep(key, lambda: self._ask(lambda: self._reader.day_spans(since, until), nothing))

    def _read(self) -> Published | None:
        found = self._reader.snapshot()
        return self._published if found is None else _publish(found, self._published)

    async def _keep(self, key: tuple[str, ...], read: Callable[[], Awaitable[T]]) -> T:
        async with self._lock:
            kept = self._kept.get(key)
            if kept is None or not self._fresh(kept.at, DAY_FRESH_S):
                kept = _Kept(asyncio.get_running_loop().time(), await read())
                self._kept.pop(key, None)
                self._kept[key] = kept
                while len(self._kept) > DAYS_KEPT:
                    del self._kept[next(iter(self._kept))]
        return kept.value  # type: ignore[return-value]  # the key names the type

    async def _ask(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            found = await asyncio.to_thread(read)
        except Exception as error:  # noqa: BLE001 : no database yet, or gone: the page stays up and says how old it is
            if self.trouble != str(error):
                log.warning("La base de données ne peut pas être lue : %s", error)
            self.trouble = str(error)
            return otherwise
        self.trouble = None
        return found

    def _fresh(self, at: float, seconds: float) -> bool:
        return asyncio.get_running_loop().time() - at < seconds


def _publish(found: tuple[bytes, str], previous: Published | None) -> Published:
    body, tag = found
    etag = f'"{tag.strip(chr(34))}"'
    if previous is not None and previous.etag == etag:
        return previous
    return Published(body, gzip.compress(body, 6, mtime=0), etag, read_view(body))
