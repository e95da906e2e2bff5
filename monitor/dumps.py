"""Nightly dumps of open data: files that anybody may fetch, so that no visitor ever asks the books anything heavy.

A finished day of Paris gives its observations, once it is sealed; a month its states, its incidents and its figures,
the running one up to the last midnight. Never in them: schools of fleets, which are asked in private; our reference
sites and our own line; anything that people wrote. `docs/exports.md` says what is kept for how long.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog
from monitor.domain.method import METHOD
from monitor.domain.plain import plain
from monitor.domain.record import VERSION
from monitor.domain.rollup import survey
from monitor.exports import package
from monitor.exports.about import LICENCE, LICENCE_TITLES, LICENCE_URL, About
from monitor.exports.books import SEALS, Books, Choice, rows_of, seals_of
from monitor.exports.days import By, Piece, pieces
from monitor.exports.delivery import deliver
from monitor.exports.formats import Dress, Format
from monitor.exports.saving import Order, RowsOf, save_text
from monitor.exports.tables import What
from monitor.reports.availability import known_until
from monitor.reports.declared import windows_of
from monitor.reports.sources import DeskSource
from monitor.store import Reader
from monitor.store.days import begins, bounds, day_of

INDEX = "index.json"
KEPT = timedelta(days=90)  # of observations; a day of the whole country takes some 500 MB in both formats
_CSV, _PARQUET, _JSON = Dress(Format.CSV, raw=True, gzip=True), Dress(Format.PARQUET), Dress(Format.JSON)
_DAILY, _MONTHLY = (_PARQUET, _CSV), (_CSV, _PARQUET, _JSON)
_OURS = re.compile(
    r"(observations-\d{4}-\d\d-\d\d|(spans|incidents|availability)-\d{4}-\d\d)\.(csv\.gz|parquet|json)"
    r"(\.datapackage\.json|\.seals\.json|\.part|\.part\.json)?"
)


@dataclass(frozen=True, slots=True)
class Dump:
    """One file, as the index has it.

    `package`, `seals`: names of the files that describe it and that it can be verified by. `stamp`: of what it was
    made; the same stamp, the same rows.
    """

    name: str
    what: str
    begin: str
    end: str
    format: str
    bytes: int
    sha256: str
    rows: int
    package: str
    seals: str | None
    stamp: str


@dataclass(frozen=True, slots=True)
class Source:
    """What dumps are made from and of: the books, the catalogue that says what is public, the school clocks, now.

    `program`: which version of Vigie; `public_url`: where it stands. `kept`: for how long a day's observations are.
    """

    reader: Reader
    desk: DeskSource
    archive: Path | None
    catalog: Catalog
    clocks: Callable[[Iterable[str]], SchoolClock]
    now: datetime
    program: str
    public_url: str | None = None
    kept: timedelta = KEPT


def make_dumps(source: Source, folder: Path) -> Iterator[Dump]:
    """Make what is missing or has changed, each file as it is done; then the index, then room.

    To be run to its end: files stand under their names at once, but only those of the index are all there is. Raises
    StoreError, ArchiveTrouble and OSError, the index and what it names being left as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {one.name: one for one in read_index(folder)}
    books = Books(
        source.reader,
        source.desk,
        source.catalog,
        survey(source.catalog),
        source.clocks,
        source.now,
        source.archive,
    )
    rows = lru_cache(maxsize=1)(partial(_rows, books))
    found = []
    for wanted in _wanted(source):
        there = known.get(wanted.name)
        if there is None or there.stamp != wanted.stamp or not _stands(folder, there):
            there = _made(source, books, folder, wanted, rows(wanted.what, wanted.piece))
            yield there
        found.append(there)
    save_text(folder / INDEX, _index(found, source.now))
    _make_room(folder, found)


def read_index(folder: Path) -> list[Dump]:
    """The dumps that the folder's index names, none without one that can be read."""
    with suppress(FileNotFoundError, ValueError, TypeError, KeyError):
        files = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]
        return [Dump(**{_FIELDS.get(key, key): value for key, value in one.items()}) for one in files]
    return []


_FIELDS = {"from": "begin", "to": "end"}


@dataclass(frozen=True, slots=True)
class _File:
    """One file that should stand in the folder."""

    what: What
    piece: Piece
    dress: Dress
    stamp: str

    @property
    def name(self) -> str:
        return f"{self.what}-{self.piece.name}.{self.dress.ending}"


def _wanted(source: Source) -> Iterator[_File]:
    """Every file that should stand in the folder: of months, then of days, each the newest first."""
    for month in _months(source):
        for what in (What.SPANS, What.INCIDENTS, What.AVAILABILITY):
            stamp = _stamp(what, month.until.isoformat(), sorted(source.catalog.services), _behind(source, what, month))
            yield from (_File(what, month, dress, stamp) for dress in _MONTHLY)
    for day, stamp in _days(source):
        for dress in _DAILY:
            yield _File(What.OBSERVATIONS, Piece(day.isoformat(), *bounds(day)), dress, stamp)


def _days(source: Source) -> Iterator[tuple[date, str]]:
    """Sealed days that can still be read; their stamps are the roots of their seals."""
    reader, oldest = source.reader, source.reader.oldest()
    first = day_of(source.now - source.kept)
    for day in sorted(reader.sealed_days(), reverse=True):
        if day < first or oldest is None or bounds(day)[1] <= oldest:
            continue
        yield day, _stamp(VERSION, [one.root for one in reader.seals(day, day)], sorted(source.catalog.services))


def _months(source: Source) -> list[Piece]:
    """Months since the books began, the running one up to the last midnight; the newest first."""
    identity = source.reader.identity()
    begun = source.now if identity is None else min(identity.created_at, source.now)
    since, until = begins(day_of(begun).replace(day=1)), begins(day_of(source.now))
    return list(pieces(By.MONTH, since, until))[::-1]


def _behind(source: Source, what: What, month: Piece) -> object:
    """What the rows of a month may change by, after it is over."""
    reader = source.reader
    if what is What.INCIDENTS:
        return plain(tuple(reader.incidents_touching(month.since, month.until)))
    corrections = plain(tuple(reader.corrections(month.since, month.until)))
    if what is What.AVAILABILITY:
        windows = [plain(one) for one in windows_of(source.desk, month.since, month.until)]
        return METHOD, corrections, windows
    # A state that lasts beyond the month has no end yet when the month is written.
    begun = [one.since.isoformat() for one in reader.services() if one.since < month.until]
    return corrections, begun, [one.since.isoformat() for one in reader.verdicts() if one.since < month.until]


def _stamp(*said: object) -> str:
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


def _stands(folder: Path, one: Dump) -> bool:
    with suppress(FileNotFoundError):
        return (folder / one.name).stat().st_size == one.bytes and (folder / one.package).exists()
    return False


def _rows(books: Books, what: What, piece: Piece) -> RowsOf:  # noqa: ARG001 -- what is kept is of one piece at a time
    """The rows of one day or month. Figures cost more than what they take: they are counted once for all formats."""
    found = rows_of(books, what, _public(books.catalog))
    return lru_cache(maxsize=None)(lambda part: list(found(part))) if what is What.AVAILABILITY else found


def _public(catalog: Catalog) -> Choice:
    """Whose data everybody may have."""
    return Choice(tuple(catalog.services.values()))


def _made(source: Source, books: Books, folder: Path, wanted: _File, rows: RowsOf) -> Dump:
    what, since, until = wanted.what, wanted.piece.since, wanted.piece.until
    known = known_until(books.reader, source.now)
    about = About(what, since, until, {}, source.now, source.program, METHOD, source.public_url, known=known)
    parts = list(pieces(By.DAY if what is What.AVAILABILITY else By.PERIOD, since, until))
    seals = seals_of(books, what, _public(source.catalog), since, until)
    order = Order(about, wanted.dress, parts, rows)
    saved = deliver(folder / wanted.name, order, lambda: seals)
    return Dump(
        wanted.name,
        what.value,
        _instant(since),
        _instant(until),
        wanted.dress.ending,
        saved.bytes,
        saved.sha256,
        saved.rows,
        package.beside(saved.path).name,
        f"{wanted.name}{SEALS}" if seals else None,
        wanted.stamp,
    )


def _index(found: Iterable[Dump], now: datetime) -> str:
    words = {field: key for key, field in _FIELDS.items()}
    files = [
        {words.get(key, key): value for key, value in asdict(one).items()}
        for one in sorted(found, key=lambda one: one.name)
    ]
    licence = {"name": LICENCE, "title": LICENCE_TITLES["fr"], "path": LICENCE_URL}
    said = {"made_at": _instant(now), "licence": licence, "method": METHOD, "files": files}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _make_room(folder: Path, found: Iterable[Dump]) -> None:
    """Remove files of ours that the index no longer names; whatever else lies there is somebody else's."""
    named = {name for one in found for name in (one.name, one.package, one.seals)}
    for path in folder.iterdir():
        if path.name not in named and _OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
