"""From what was chosen to its rows: the one place that knows whose data an export may hold."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import CANARY, Catalog, Service
from monitor.domain.rollup import Ground
from monitor.domain.uptime import Hours
from monitor.exports.figures import Figures, availability_rows
from monitor.exports.rows import in_school_hours, incident_rows, span_rows
from monitor.exports.saving import RowsOf
from monitor.exports.tables import What
from monitor.reports.availability import known_until
from monitor.reports.declared import windows_ever
from monitor.reports.raw import records_of
from monitor.reports.seals import proofs
from monitor.reports.sources import DeskSource
from monitor.store import Reader
from monitor.store.days import bounds, day_of

SEALS = ".seals.json"
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Books:
    """Where rows come from: the books, the archive, and the catalogue and school clocks that they are read by."""

    reader: Reader
    desk: DeskSource
    catalog: Catalog
    ground: Ground
    clocks: Callable[[Iterable[str]], SchoolClock]
    now: datetime
    archive: Path | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose data.

    Attributes:
        services: of the catalogue; a probe that no service of it claims is in no export, for nobody could say whose
            it is: schools of a fleet are asked in private.
        place: the territory that was named.
        fleet: the fleet whose schools are meant, and nothing else; for whoever runs this Vigie.
        hours: the hours that count; None: all of them, and of availability both figures.
        everything: whether what belongs to no service comes too: our reference sites, incidents of our own line.
    """

    services: tuple[Service, ...]
    place: str | None = None
    fleet: str | None = None
    hours: Hours | None = None
    everything: bool = False

    @property
    def names(self) -> list[str]:
        """Ids of the services, those they had before too."""
        return list(dict.fromkeys(name for one in self.services for name in (one.id, *one.formerly)))


def rows_of(books: Books, what: What, choice: Choice) -> RowsOf:
    """What gives the rows of a piece of a period. Raises StoreError."""
    if what is What.OBSERVATIONS:
        return _observations(books, choice)
    if what is What.SPANS:
        return lambda piece: span_rows(books.reader, piece, choice.names)
    if what is What.INCIDENTS:
        names = None if choice.everything else choice.names
        return lambda piece: incident_rows(books.reader, piece, names, ours=choice.everything)
    figures = Figures(
        books.reader,
        books.catalog,
        books.ground,
        books.clocks,
        windows_ever(books.desk),
        known_until(books.reader, books.now),
        choice.place,
        tuple(Hours) if choice.hours is None else (choice.hours,),
    )
    return lambda piece: availability_rows(figures, piece, choice.services)


def probes_of(reader: Reader, choice: Choice) -> list[str]:
    """Ids of the probes whose observations are meant: every one that was ever asked for them. Raises StoreError."""
    names = [*choice.names, *([CANARY] if choice.everything else ())]
    if choice.fleet is not None:
        names = [choice.fleet]
    return [probe for some in reader.asked_once(names).values() for probe in some]


def seals_of(books: Books, what: What, choice: Choice, since: datetime, until: datetime) -> Mapping[str, str]:
    """What an export of observations can be verified by, under the ending of its file's name.

    Nothing where no day in it is sealed, or where less than every answer to its probes is exported. Raises StoreError.
    """
    if what is not What.OBSERVATIONS or choice.hours is Hours.SCHOOL:
        return {}
    found = proofs(books.reader, since, until, probes_of(books.reader, choice))
    return {SEALS: json.dumps(found, ensure_ascii=False) + "\n"} if found["seals"] else {}


def unproved_days(books: Books, what: What, choice: Choice, since: datetime, until: datetime) -> list[date]:
    """Days of Paris whose rows in an export of observations cannot be verified: to be said to whoever makes it.

    Not (wholly) sealed yet, or exported in part. Raises StoreError.
    """
    if what is not What.OBSERVATIONS or choice.hours is Hours.SCHOOL:
        return []
    found = {day for day in books.reader.unsealed(until) if bounds(day)[1] > since}
    if since < until:
        for day in (day_of(since), day_of(until - _MOMENT)):
            begin, end = bounds(day)
            if begin < since or end > until:
                found.add(day)
    return sorted(found)


def corrected_seals(reader: Reader, since: datetime, until: datetime) -> list[str]:
    """Roots of the seals that replaced others: answers came late to their days. Raises StoreError."""
    return [one.root for one in reader.seals(day_of(since), day_of(until)) if one.corrects is not None]


def _observations(books: Books, choice: Choice) -> RowsOf:
    if choice.hours is not Hours.SCHOOL:
        probes = probes_of(books.reader, choice)
        return lambda piece: records_of(books.reader, books.archive, piece.since, piece.until, probes)
    clocks = {
        name: books.clocks(one.territories if choice.place is None else (choice.place,))
        for one in choice.services
        for name in (one.id, *one.formerly)
    }
    without = replace(choice, everything=False)  # our reference sites are in no territory, hence without school hours
    theirs = probes_of(books.reader, without)
    return lambda piece: in_school_hours(
        records_of(books.reader, books.archive, piece.since, piece.until, theirs), clocks
    )
