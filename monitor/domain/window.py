"""Maintenance windows: which instants somebody declared beforehand (docs/method.md, "Maintenance windows").

A window follows the clock on the wall of its territory, and nothing else: it covers exactly the instants, after it was
declared, at which that clock shows an hour within it. So an hour that the change to summer time skips is in no window,
and one that the change to winter time repeats is in it both times. Time zones come in as values.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from monitor.domain.catalog import Catalog, Service
from monitor.domain.interval import Interval, merged

_ONE_DAY = timedelta(days=1)
_TWO_WEEKS = timedelta(days=15)  # of every weekly window one week at least has no change of time, and a day is to spare


class ScopeKind(StrEnum):
    """What a window may be declared for."""

    SERVICE = "service"
    OPERATOR = "operator"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a window is about: `name` is the id of a service or an operator, or the code of a territory."""

    kind: ScopeKind
    name: str


@dataclass(frozen=True, slots=True)
class Once:
    """From one local time to another, both naive: the clock on the wall shows begin <= hour < end."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of each week, from a local hour to another.

    Attributes:
        weekdays: those on which it begins, Monday is 0.
        starts, ends: naive; where `ends` is not later than `starts` it is an hour of the next day.
        first, last: the days on which it may begin, both included; `last` None: without an end.
    """

    weekdays: frozenset[int]
    starts: time
    ends: time
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A declared maintenance window.

    Attributes:
        timezone: whose clock on the wall it follows.
        declared_at: when Vigie was told (aware UTC); nothing before it is covered.
        reason, author: plain text of people.
        ended_at: when somebody called off what was left of it; nothing from then on is covered.
    """

    id: str
    scope: Scope
    when: Once | Weekly
    timezone: tzinfo
    declared_at: datetime
    reason: str = ""
    author: str = ""
    ended_at: datetime | None = None


def declared(window: Window, since: datetime, until: datetime) -> tuple[Interval, ...]:
    """The instants of [since, until) that the window covers: disjoint intervals in UTC, oldest first."""
    begin = max(since, window.declared_at).astimezone(UTC)
    end = min(until, window.ended_at or until).astimezone(UTC)
    found: list[Interval] = []
    for first, last, offset in _stretches(window.timezone, begin, end):
        for local_begin, local_end in _local(window.when, _on_the_wall(first, offset), _on_the_wall(last, offset)):
            covered = (local_begin - offset).replace(tzinfo=UTC), (local_end - offset).replace(tzinfo=UTC)
            found.append((max(covered[0], first), min(covered[1], last)))
    return merged(found)


def declared_for(
    service: Service, windows: Iterable[Window], catalog: Catalog, since: datetime, until: datetime
) -> tuple[Interval, ...]:
    """The instants of [since, until) at which any window that is about a service covers it, as `declared` gives them.

    Raises KeyError for a territory of the service that the catalogue lacks.
    """
    own = (window for window in windows if about(window.scope, service, catalog))
    return merged(one for window in own for one in declared(window, since, until))


def about(scope: Scope, service: Service, catalog: Catalog) -> bool:
    """Whether a window of that scope is about a service: by its id or a former one, its operator, its territories.

    A window of a territory is about the services that lie inside it wholly: works of one académie excuse no service of
    the whole country. Raises KeyError for a territory of the service that the catalogue lacks.
    """
    if scope.kind is ScopeKind.SERVICE:
        return scope.name in {service.id, *service.formerly}
    if scope.kind is ScopeKind.OPERATOR:
        return scope.name == service.operator
    return all(scope.name in {code, *catalog.ancestors(code)} for code in service.territories)


def in_force(window: Window, at: datetime) -> bool:
    """Whether the window covers that instant (aware)."""
    return bool(declared(window, at, at + datetime.resolution))


def upcoming(window: Window, now: datetime) -> Interval | None:
    """What the window covers next, from `now` on (one in force begins at `now`); None where it covers nothing more."""
    if isinstance(window.when, Once):
        horizon = window.when.end.replace(tzinfo=UTC) + _ONE_DAY
    else:
        horizon = max(now, datetime.combine(window.when.first, time(), UTC)) + _TWO_WEEKS
    return next(iter(declared(window, now, horizon)), None)


def _local(when: Once | Weekly, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Its local hours that may touch [begin, end), naive."""
    if isinstance(when, Once):
        yield when.begin, when.end
        return
    first = max(when.first, begin.date() - _ONE_DAY)
    last = min(when.last or end.date(), end.date())
    over_midnight = _ONE_DAY if when.ends <= when.starts else timedelta()
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if day.weekday() in when.weekdays:
            yield datetime.combine(day, when.starts), datetime.combine(day, when.ends) + over_midnight


def _stretches(timezone: tzinfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """[since, until) in stretches during which the clock on the wall runs evenly, each with its offset from UTC.

    Clocks are looked at once a day: two changes that undo each other within one would be overlooked.
    """
    begin = seen = since
    offset = _offset(timezone, since)
    while seen < until:
        later = min(seen + _ONE_DAY, until)
        if _offset(timezone, later) == offset:
            seen = later
        else:
            seen = _change(timezone, seen, later)
            yield begin, seen, offset
            begin, offset = seen, _offset(timezone, seen)
    if begin < until:
        yield begin, until, offset


def _change(timezone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first instant at which the clock runs as it does at `after`, and no more as at `before`."""
    old = _offset(timezone, before)
    while after - before > datetime.resolution:
        between = before + (after - before) // 2
        if _offset(timezone, between) == old:
            before = between
        else:
            after = between
    return after


def _offset(timezone: tzinfo, at: datetime) -> timedelta:
    return _on_the_wall(at.astimezone(timezone), timedelta()) - _on_the_wall(at, timedelta())


def _on_the_wall(at: datetime, offset: timedelta) -> datetime:
    """What a clock `offset` ahead shows, naive."""
    return at.replace(tzinfo=None) + offset
