"""The part of the store that keeps the days of services: written once they are settled, made again where they must."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from monitor.domain.daybook import Course, Totals, course_of, summed
from monitor.domain.history import Correction
from monitor.domain.rests import Behind, Page
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.store import service_days as rows
from monitor.store import standing
from monitor.store.days import ONE_DAY
from monitor.store.derived_tables import service_days
from monitor.store.tables import service_verdicts
from monitor.store.upsert import replace
from monitor.store.writing_book import START, WritingBook


class DaysWritten(WritingBook):
    """Every method is one transaction and raises StoreError; then nothing was written."""

    def heads(self, services: Collection[str]) -> dict[str, tuple[date, int | None]]:
        """The last kept day of each of these services, and its mark; of those of which anything is kept."""
        with self._writing(START) as connection:
            return rows.heads(connection, services)

    def first_known(self, services: Mapping[str, Collection[str]]) -> dict[str, datetime]:
        """The first instant of which anything is known of each service; `services`: the names it has, or had."""
        with self._writing() as connection:
            found = {name: standing.first(connection, names) for name, names in services.items()}
            return {name: at for name, at in found.items() if at is not None}

    def day_marks(self, service: str, last: date) -> dict[date, int | None]:
        """The marks of the days of a service that are kept, up to a day."""
        with self._writing(START) as connection:
            return rows.marks(connection, service, rows.oldest(connection) or last, last)

    def unmake(self, service: str, which: Collection[date]) -> None:
        """Say of kept days of a service that they must be made again: no report rests on them until they are."""
        with self._writing() as connection:
            rows.unmake(connection, service, which)

    def unmade(self, most: int) -> dict[str, list[date]]:
        """Kept days that must be made again, by service, oldest first; `most` at most."""
        with self._writing() as connection:
            return rows.unmade(connection, date.min, date.max, most)

    def keep_days(self, behind: Sequence[Behind], known: datetime) -> None:
        """Write days of services: each one's in order, from the day after its last kept one on. Again is as once.

        `known` is until when the verdicts in force speak.
        """
        begin = min(one.pages[0].since for one in behind)
        end = max(one.pages[-1].until for one in behind)
        names = [name for one in behind for name in one.names]
        with self._writing() as connection:
            told = standing.by_service(connection, begin, end, names, known)
            found = [row for one in behind for row in _rows(connection, self._codes.words[one.service], one, told)]
            self._codes.write(connection)
            replace(connection, service_days, found)

    def remake_day(self, one: Behind, known: datetime) -> None:
        """Make the day of the only page of `one` again, if it is kept; its later days are moved by as much."""
        (page,) = one.pages
        with self._writing() as connection:
            for kept in rows.of_service(connection, one.service, page.day, page.day):
                told = standing.by_service(connection, page.since, page.until, one.names, known)
                course = _course(page, one.names, told)
                rows.rewrite(connection, one.service, page, course, summed(course).minus(summed(kept.course)))


def touch(connection: Connection, spans: Iterable[Span], services: Iterable[ServiceVerdict]) -> None:
    """Before an evaluation is saved: which kept days its spans and its services' verdicts change.

    A span that ends within a kept day says that the verdict which that day was cut from had ended already: verdicts
    are dated to the first answer that proves them. A first verdict may begin there too.
    """
    changed = {(one.service, one.until) for one in spans if one.probe is None}
    said = {one.service: one.since for one in services}
    if said:
        known = select(service_verdicts.c.service).where(service_verdicts.c.service.in_(said))
        changed |= {(name, said[name]) for name in said.keys() - set(connection.scalars(known))}
    last = rows.newest(connection) if changed else None
    for name, since in changed:
        rows.unmake_between(connection, name, since, None, last)


def touch_corrected(connection: Connection, corrections: Iterable[Correction]) -> None:
    """Which kept days corrections of history change."""
    last = rows.newest(connection)
    for one in corrections:
        if one.probe is None:
            rows.unmake_between(connection, one.service, one.since, one.until, last)


def _rows(
    connection: Connection, number: int, one: Behind, told: Mapping[str, Sequence[Span]]
) -> Iterator[dict[str, Any]]:
    first = one.pages[0].day
    first_day, totals = rows.until(connection, one.service, first - ONE_DAY) or (first, Totals())
    for page in one.pages:
        course = _course(page, one.names, told)
        totals = totals.plus(summed(course))
        yield rows.row_of(number, page, first_day, totals, course)


def _course(page: Page, names: Iterable[str], told: Mapping[str, Sequence[Span]]) -> Course:
    spans = [span for name in names for span in told.get(name, ())]
    return course_of(spans, page.windows, page.school, page.since, page.until)
