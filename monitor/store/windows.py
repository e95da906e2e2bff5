"""Rows of `windows`: maintenance declared beforehand. Never deleted: a figure rests on them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, or_, select, update

from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window
from monitor.store.codec import clean, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.desk_tables import windows


def window_row(window: Window) -> dict[str, Any]:
    """The columns of `windows`."""
    return {
        "id": window.id,
        "scope": window.scope.kind.value,
        "name": window.scope.name,
        **_when_row(window.when),
        "timezone": str(window.timezone),  # of a ZoneInfo, its IANA name
        "declared_at": micros(window.declared_at),
        "reason": clean(window.reason),
        "author": clean(window.author),
        "ended_at": maybe_micros(window.ended_at),
    }


def window_of(row: Row[Any]) -> Window:
    """The window of a row. Raises DatabaseNewer for an unknown scope."""
    return Window(
        id=row.id,
        scope=Scope(word_of(ScopeKind, row.scope), row.name),
        when=_when_of(row),
        timezone=ZoneInfo(row.timezone),
        declared_at=instant(row.declared_at),
        reason=row.reason,
        author=row.author,
        ended_at=maybe_instant(row.ended_at),
    )


def touching(connection: Connection, since: datetime, until: datetime) -> Iterator[Window]:
    """Windows that may cover an instant of [since, until), the first declared first.

    More are given than do: the clock on the wall is the domain's business.
    """
    begin, end = micros(since), micros(until)
    query = (
        select(windows)
        .where(windows.c.declared_at < end, or_(windows.c.ended_at.is_(None), windows.c.ended_at > begin))
        .order_by(windows.c.declared_at, windows.c.id)
    )
    return map(window_of, connection.execute(query))


def near(connection: Connection, at: datetime) -> Iterator[Window]:
    """Windows that may cover an instant from `at` to a day later, as `touching`; what is long past is left out."""
    day, spare = at.date(), timedelta(days=3)  # its days are local, and it may end on the day after its last
    query = (
        select(windows)
        .where(windows.c.ended_at.is_(None), windows.c.first_day <= (day + spare).isoformat())
        .where(or_(windows.c.last_day.is_(None), windows.c.last_day >= (day - spare).isoformat()))
        .order_by(windows.c.declared_at, windows.c.id)
    )
    return map(window_of, connection.execute(query))


def every(connection: Connection) -> Iterator[Window]:
    """All windows, the first declared first."""
    return map(window_of, connection.execute(select(windows).order_by(windows.c.declared_at, windows.c.id)))


def end(connection: Connection, window: str, at: datetime) -> bool:
    """Call off what is left of a window from `at` on, unless somebody did already; whether it was."""
    changed = connection.execute(
        update(windows).where(windows.c.id == window, windows.c.ended_at.is_(None)).values(ended_at=micros(at))
    )
    return changed.rowcount == 1


def _when_row(when: Once | Weekly) -> dict[str, str | None]:
    if isinstance(when, Once):
        begin, finish = when.begin, when.end
        return _hours_row("", (begin.date(), begin.time()), (finish.date(), finish.time()))
    weekdays = ",".join(map(str, sorted(when.weekdays)))
    return _hours_row(weekdays, (when.first, when.starts), (when.last, when.ends))


def _hours_row(weekdays: str, begin: tuple[date, time], finish: tuple[date | None, time]) -> dict[str, str | None]:
    (first, starts), (last, ends) = begin, finish
    return {
        "weekdays": weekdays,
        "first_day": first.isoformat(),
        "starts": starts.isoformat(),
        "last_day": None if last is None else last.isoformat(),
        "ends": ends.isoformat(),
    }


def _when_of(row: Row[Any]) -> Once | Weekly:
    first, starts, ends = (
        date.fromisoformat(row.first_day),
        time.fromisoformat(row.starts),
        time.fromisoformat(row.ends),
    )
    last = None if row.last_day is None else date.fromisoformat(row.last_day)
    if row.weekdays:
        return Weekly(frozenset(map(int, row.weekdays.split(","))), starts, ends, first, last)
    return Once(datetime.combine(first, starts), datetime.combine(last or first, ends))
