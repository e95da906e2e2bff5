"""What the kept days of a service rest on: the same number as long as nothing touches their past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import ALWAYS_CLASS, NO_CALENDAR, Period, SchoolClock, SchoolPlace
from monitor.domain.rests import Page, Rests, mark_of
from monitor.domain.uptime import school_hours
from monitor.domain.window import Once, Scope, ScopeKind, Weekly, Window, declared_for
from tests.domain.small import catalog, service

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
DAY, US = timedelta(days=1), timedelta(microseconds=1)
HOLIDAYS = Period(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")
CALENDAR = replace(NO_CALENDAR, holidays={"B": (HOLIDAYS,)}, public={"N": {date(2026, 11, 11): "Armistice"}})
SCHOOL = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "B", "N"), SchoolPlace(NOUMEA, None, None)])
TUESDAY = date(2026, 11, 24)
ENDS = datetime(2026, 11, 24, 23, tzinfo=UTC)
WORKS = Once(datetime.combine(TUESDAY, time(2)), datetime.combine(TUESDAY, time(4)))
WINDOW = Window("w", Scope(ScopeKind.SERVICE, "a"), WORKS, PARIS, ENDS - DAY, "travaux", "moi")


def mark(clock: SchoolClock = SCHOOL, windows: tuple[Window, ...] = (WINDOW,), formerly: tuple[str, ...] = ()) -> int:
    return mark_of(clock, windows, formerly, TUESDAY, ENDS)


def clock(change: Callable[[SchoolPlace], SchoolPlace] = lambda place: place, **facts: object) -> SchoolClock:
    calendar = replace(CALENDAR, **{"holidays": {"B": (HOLIDAYS,)}, **facts})  # type: ignore[arg-type]
    return SchoolClock(calendar, [change(place) for place in reversed(SCHOOL.places)])


@pytest.mark.parametrize(
    "same",
    [
        mark(clock()),  # its places in another order
        mark(
            clock(holidays={"B": (replace(HOLIDAYS, name="autre"), Period(date(2026, 12, 19), date(2027, 1, 3), ""))})
        ),
        mark(clock(public={"N": {date(2026, 11, 11): "autre", date(2026, 12, 25): "Noël"}})),
        mark(windows=(WINDOW, replace(WINDOW, declared_at=ENDS))),  # declared afterwards
        mark(windows=(replace(WINDOW, ended_at=ENDS),)),
        mark(windows=(replace(WINDOW, id="x", reason="", author=""),)),
    ],
)
def test_what_does_not_touch_the_past_leaves_its_mark(same: int) -> None:
    assert same == mark()


@pytest.mark.parametrize(
    "other",
    [
        mark(ALWAYS_CLASS),
        mark(SchoolClock(CALENDAR, SCHOOL.places[:1])),
        mark(clock(lambda place: replace(place, timezone=ZoneInfo("Indian/Reunion")))),
        mark(clock(holidays={"B": (HOLIDAYS, Period(date(2026, 11, 25), date(2027, 1, 3), ""))})),  # Nouméa's Wednesday
        mark(clock(public={"N": {}})),
        mark(windows=()),
        mark(windows=(WINDOW, replace(WINDOW, when=Weekly(frozenset({1}), time(2), time(4), TUESDAY)))),
        mark(windows=(replace(WINDOW, declared_at=ENDS - US),)),
        mark(windows=(replace(WINDOW, ended_at=ENDS - US),)),
        mark(windows=(replace(WINDOW, timezone=NOUMEA),)),
        mark(formerly=("ancien",)),
    ],
)
def test_what_touches_the_past_has_another_mark(other: int) -> None:
    assert other != mark()
    assert 0 <= other < 2**63


WITHIN = ENDS - DAY, ENDS
NOWHERE_AT_ALL = service("nowhere", territories=(), operator=None)
FRANCE = catalog(
    service("a", formerly=("ancien",)), service("b", territories=("D:69", "D:01"), operator=None), NOWHERE_AT_ALL
)
SCOPES = [
    *((ScopeKind.SERVICE, name) for name in ("a", "ancien", "b", "autre")),
    (ScopeKind.OPERATOR, "edifice"),
    *((ScopeKind.TERRITORY, code) for code in ("N", "A:lyon", "D:01", "D:69", "C:988")),
]
WINDOWS = [replace(WINDOW, scope=Scope(*scope), id=str(n)) for n, scope in enumerate(SCOPES)]


@pytest.mark.parametrize("one", FRANCE.services.values(), ids=lambda one: one.id)
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.scope.name)
def test_windows_are_found_by_their_scope_as_by_asking_each(one, window) -> None:
    rests = Rests(FRANCE, lambda _: SCHOOL, [window])
    assert rests.declared(one, WITHIN) == declared_for(one, [window], FRANCE, *WITHIN)
    assert bool(rests.windows(one)) == bool(rests.declared(one, WITHIN))


def test_a_page_says_what_its_figures_rest_on() -> None:
    one, asked = FRANCE.services["a"], []

    def own(whose: object) -> SchoolClock:
        asked.append(whose)
        return SCHOOL

    rests = Rests(FRANCE, own, [WINDOW])
    found = rests.page(one, TUESDAY, WITHIN)
    hours = tuple(school_hours(SCHOOL, *WITHIN))
    assert found == Page(TUESDAY, *WITHIN, rests.declared(one, WITHIN), hours, mark(formerly=("ancien",)))
    assert rests.page(one, TUESDAY, WITHIN) == found
    assert set(asked) == {one}
    assert Rests(FRANCE, own, []).page(one, TUESDAY, WITHIN) == replace(
        found, windows=(), mark=mark(windows=(), formerly=("ancien",))
    )
