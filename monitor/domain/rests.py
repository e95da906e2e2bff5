"""What the kept days of a service rest on beside its spans, as one number: equal ones were counted alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog, Service
from monitor.domain.interval import Interval, merged
from monitor.domain.method import METHOD
from monitor.domain.uptime import school_hours
from monitor.domain.window import Scope, ScopeKind, Window, about, declared

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Page:
    """A day of a service that is to be written: which it is, when it begins and ends, and what its figures rest on.

    `windows` and `school`: those of the day; `mark`: as `mark_of` gives it.
    """

    day: date
    since: datetime
    until: datetime
    windows: tuple[Interval, ...]
    school: tuple[Interval, ...]
    mark: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A service of which days are to be written: the names it has or had, and its pages, in order, a day each."""

    service: str
    names: tuple[str, ...]
    pages: tuple[Page, ...]


def mark_of(clock: SchoolClock, windows: Iterable[Window], formerly: Iterable[str], day: date, ends: datetime) -> int:
    """What the totals of a service up to a day of Paris, which ends at `ends`, rest on beside its spans.

    Its school clock, the windows about it (whatever was declared or called off later does not touch that day), its
    former ids, the method. Where two such numbers are equal, whatever came before that day was counted alike.
    """
    told = sorted(
        (repr(one.when), str(one.timezone), repr(one.declared_at), repr(_called_off(one, ends)))
        for one in windows
        if one.declared_at < ends
    )
    # Places east of Paris are in the next day already before Paris is.
    rests_on = (METHOD, clock.rests_on(day + _ONE_DAY), told, sorted(formerly))
    return int.from_bytes(sha256(repr(rests_on).encode()).digest()[:8]) >> 1  # what a signed column of 8 bytes holds


class Rests:
    """What the days of many services rest on beside spans: clocks, windows, and the marks of both. Most share a few."""

    def __init__(self, catalog: Catalog, clock: Callable[[Service], SchoolClock], windows: Iterable[Window]) -> None:
        """`windows`: every window that was ever declared; those of a period alone give other marks."""
        self._catalog, self._clock = catalog, clock
        self._windows = defaultdict[Scope, list[Window]](list)
        for window in windows:
            self._windows[window.scope].append(window)
        self._marks: dict[tuple[SchoolClock, tuple[Window, ...], tuple[str, ...], date], int] = {}
        self._school: dict[tuple[SchoolClock, Interval], tuple[Interval, ...]] = {}

    def windows(self, service: Service) -> tuple[Window, ...]:
        """Those that are about a service. Raises KeyError for a territory of it that the catalogue lacks."""
        if not self._windows:
            return ()
        scopes = {Scope(ScopeKind.SERVICE, name) for name in (service.id, *service.formerly)}
        scopes |= {Scope(ScopeKind.OPERATOR, service.operator)} if service.operator is not None else set()
        if not service.territories:  # it lies wholly inside any
            scopes |= {scope for scope in self._windows if scope.kind is ScopeKind.TERRITORY}
        for code in service.territories:
            scopes |= {Scope(ScopeKind.TERRITORY, place) for place in (code, *self._catalog.ancestors(code))}
        found = (scope for scope in sorted(scopes, key=repr) if scope in self._windows)
        return tuple(one for scope in found if about(scope, service, self._catalog) for one in self._windows[scope])

    def declared(self, service: Service, within: Interval) -> tuple[Interval, ...]:
        """The instants that were declared for a service, as `window.declared_for` gives them."""
        return merged(one for window in self.windows(service) for one in declared(window, *within))

    def school(self, service: Service, within: Interval) -> tuple[Interval, ...]:
        """The school hours of a service's clock."""
        key = self._clock(service), within
        found = self._school.get(key)
        if found is None:
            found = self._school[key] = tuple(school_hours(key[0], *within))
        return found

    def mark(self, service: Service, day: date, ends: datetime) -> int:
        """As `mark_of`, for a day of Paris that ends at `ends`."""
        key = self._clock(service), self.windows(service), service.formerly, day
        found = self._marks.get(key)
        if found is None:
            found = self._marks[key] = mark_of(*key, ends)
        return found

    def page(self, service: Service, day: date, within: Interval) -> Page:
        """A day of a service that is to be written; `within`: when it begins and ends."""
        mark = self.mark(service, day, within[1])
        return Page(day, *within, self.declared(service, within), self.school(service, within), mark)


def _called_off(window: Window, ends: datetime) -> datetime | None:
    return window.ended_at if window.ended_at is not None and window.ended_at < ends else None
