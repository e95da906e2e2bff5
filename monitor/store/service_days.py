"""Rows of `service_days`: what is kept of each day of a service for ever."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select, update

from monitor.domain.daybook import Course, Sums, Totals, decode, encode
from monitor.domain.rests import Page
from monitor.store.days import ONE_DAY, begins, day_numbered, day_of, each_day, number_of
from monitor.store.derived_tables import service_days
from monitor.store.errors import DatabaseDamaged
from monitor.store.tables import words

_KEYS = [f"{hours}_{name}" for hours in ("all", "school") for name in Sums._fields]
_SUMS = [service_days.c[key] for key in _KEYS]
_SCHOOL = len(Sums._fields)


class Kept(NamedTuple):
    """What is kept of a service of some days in a row: of many services at a time, hence a bare tuple.

    `first_day`: of the service, as a table numbers it; days before it are not among them. `mark`: see `rests.mark_of`;
    None: not to be used. The others: `Totals.counted`.
    """

    first_day: int
    mark: int | None
    good_us: int
    bad_us: int
    declared_us: int
    asked_us: int
    school_good_us: int
    school_bad_us: int
    school_declared_us: int
    school_asked_us: int


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day of a service, from its first instant to its last; `mark` as of `Kept`."""

    day: date
    mark: int | None
    course: Course


def newest(connection: Connection, most: date | None = None) -> date | None:
    """The last day, not after `most`, of which anything is kept."""
    query = select(func.max(service_days.c.day))
    if most is not None:
        query = query.where(service_days.c.day <= number_of(most))
    found = connection.scalar(query)
    return None if found is None else day_numbered(found)


def oldest(connection: Connection) -> date | None:
    """The first day of which anything is kept."""
    found = connection.scalar(select(func.min(service_days.c.day)))
    return None if found is None else day_numbered(found)


def between(connection: Connection, first: date, last: date, services: Collection[str] | None) -> dict[str, Kept]:
    """What is kept of the days from `first` to `last`, both included: of services that have a row of the last one.

    The rows of the day before the first one are taken from those of the last day by the database.
    """
    earlier = service_days.alias("earlier")
    found = [
        one - func.coalesce(other, 0) for one, other in zip(_counted(service_days), _counted(earlier), strict=True)
    ]
    query = (
        select(words.c.text, service_days.c.first_day, service_days.c.mark, *found)
        .join_from(service_days, words, service_days.c.service == words.c.id)
        .outerjoin(
            earlier,
            (earlier.c.day == number_of(first - ONE_DAY)) & (earlier.c.service == service_days.c.service),
        )
        .where(service_days.c.day == number_of(last))
    )
    if services is not None:
        query = query.where(words.c.text.in_(services))
    return {name: Kept._make(row) for name, *row in connection.execute(query)}


def of_service(connection: Connection, service: str, first: date, last: date) -> Iterator[KeptDay]:
    """The days of a service from `first` to `last`, both included, as far as they are kept; oldest first."""
    yield from of_services(connection, (service,), first, last).get(service, ())


def of_services(connection: Connection, services: Collection[str], first: date, last: date) -> dict[str, list[KeptDay]]:
    """As `of_service`, of some services at once, by id; of whom nothing is kept is left out."""
    numbers = [number_of(day) for day in each_day(first, last)]
    chosen = select(words.c.text, words.c.id).where(words.c.text.in_(services))
    names = {row[1]: row[0] for row in connection.execute(chosen)}
    query = (
        select(service_days.c.service, service_days.c.day, service_days.c.mark, service_days.c.course)
        .where(service_days.c.day.in_(numbers), service_days.c.service.in_(names))
        .order_by(service_days.c.day)
    )
    found: dict[str, list[KeptDay]] = {}
    for whose, number, mark, written in connection.execute(query):
        found.setdefault(names[whose], []).append(KeptDay(day_numbered(number), mark, _read(names[whose], written)))
    return found


def until(connection: Connection, service: str, day: date) -> tuple[date, Totals] | None:
    """The first day of a service, and its totals from then until the end of a day; None where that is not kept."""
    row = connection.execute(_of_service(service, day, day, service_days.c.first_day, *_SUMS)).first()
    return None if row is None else (day_numbered(row[0]), _totals(row, 1))


def marks(connection: Connection, service: str, first: date, last: date) -> dict[date, int | None]:
    """The marks of those days of a service that are kept."""
    query = _of_service(service, first, last, service_days.c.day, service_days.c.mark)
    return {day_numbered(row[0]): row[1] for row in connection.execute(query)}


def unmade(connection: Connection, first: date, last: date, most: int | None = None) -> dict[str, list[date]]:
    """The kept days that must be made again, from `first` to `last`, by service; oldest first, `most` at most."""
    query = (
        select(words.c.text, service_days.c.day)
        .join_from(service_days, words, service_days.c.service == words.c.id)
        .where(service_days.c.mark.is_(None), service_days.c.day.between(number_of(first), number_of(last)))
        .order_by(service_days.c.day)
        .limit(most)
    )
    found: dict[str, list[date]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(day_numbered(row[1]))
    return found


def unmake(connection: Connection, service: str, which: Iterable[date]) -> None:
    """Say of days of a service that they must be made again; of those that are not kept nothing is said."""
    numbers = [number_of(day) for day in which]
    chosen = service_days.c.day.in_(numbers), service_days.c.service == _number_of(service)
    connection.execute(update(service_days).where(*chosen).values(mark=None))


def unmake_between(
    connection: Connection, service: str, since: datetime, until: datetime | None, last: date | None
) -> None:
    """As `unmake`, for the days up to the newest kept one, `last`, that touch [since, until); None: all of them."""
    if last is not None and since < begins(last + ONE_DAY):
        end = last if until is None else min(day_of(until - datetime.resolution), last)
        unmake(connection, service, each_day(day_of(since), end))


def heads(connection: Connection, services: Iterable[str]) -> dict[str, tuple[date, int | None]]:
    """The last kept day of each of these services, and its mark; of those of which anything is kept."""
    last = newest(connection)
    if last is None:
        return {}
    query = (
        select(words.c.text, service_days.c.day, service_days.c.mark)
        .join_from(service_days, words, service_days.c.service == words.c.id)
        .where(service_days.c.day.in_([number_of(last - ONE_DAY), number_of(last)]))
        .order_by(service_days.c.day)
    )
    found = {row[0]: (day_numbered(row[1]), row[2]) for row in connection.execute(query)}
    first = oldest(connection) or last
    chosen = {}
    for name in services:
        if name not in found and (older := marks(connection, name, first, last)):
            found[name] = max(older.items())
        if name in found:
            chosen[name] = found[name]
    return chosen


def row_of(number: int, page: Page, first_day: date, totals: Totals, course: Course) -> dict[str, Any]:
    """The columns of `service_days`; `number`: the word of the service."""
    return {
        "day": number_of(page.day),
        "service": number,
        "first_day": number_of(first_day),
        "mark": page.mark,
        **dict(zip(_KEYS, (*totals.all, *totals.school), strict=True)),
        "course": encode(course),
    }


def rewrite(connection: Connection, service: str, page: Page, course: Course, moved: Totals) -> None:
    """Write a kept day again, and add to it and to every later day of the service what it changed by."""
    last = newest(connection) or page.day
    numbers = [number_of(day) for day in each_day(page.day, last)]
    change = zip(_SUMS, (*moved.all, *moved.school), strict=True)
    if moved != Totals():
        chosen = service_days.c.day.in_(numbers), service_days.c.service == _number_of(service)
        more = {column.name: column + one for column, one in change if one}
        connection.execute(update(service_days).where(*chosen).values(more))
    itself = service_days.c.day == number_of(page.day), service_days.c.service == _number_of(service)
    connection.execute(update(service_days).where(*itself).values(mark=page.mark, course=encode(course)))


def _of_service(service: str, first: date, last: date, *columns: Any) -> Select[tuple[Any, ...]]:
    # Day by day: with the day leading the key a range of days would be read for all services.
    numbers = [number_of(day) for day in each_day(first, last)]
    return select(*columns).where(service_days.c.day.in_(numbers), service_days.c.service == _number_of(service))


def _read(service: str, written: bytes) -> Course:
    try:
        return decode(written)
    except ValueError:
        raise DatabaseDamaged(
            f"Une journée de {service} est illisible dans la base. Rétablissez une sauvegarde."
        ) from None


def _counted(table: FromClause) -> Iterator[ColumnElement[int]]:
    """As `Totals.counted`."""
    for hours in ("all", "school"):
        columns: list[Any] = [table.c[f"{hours}_{name}"] for name in Sums._fields]
        yield from cast("tuple[ColumnElement[int], ...]", Sums(*columns).counted)  # columns add up as numbers do


def _number_of(service: str) -> Any:
    return select(words.c.id).where(words.c.text == service).scalar_subquery()


def _totals(row: Sequence[Any], place: int) -> Totals:
    return Totals(Sums(*row[place : place + _SCHOOL]), Sums(*row[place + _SCHOOL : place + 2 * _SCHOOL]))
