"""Days one by one: the same from kept days and from spans, and what they add up to is the figure said elsewhere."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import Closed, Period, SchoolCalendar
from monitor.domain.daybook import course_of, summed
from monitor.domain.observation import Health
from monitor.domain.rollup import survey
from monitor.domain.service_verdict import Span
from monitor.domain.timetable import Timetable
from monitor.domain.uptime import Hours, school_hours
from monitor.domain.window import Once, Scope, ScopeKind, Window
from monitor.reports.availability import histories_of
from monitor.reports.by_day import ByDay, Row, service_by_day, territory_by_day
from monitor.reports.figures import Basis, territory_figure
from monitor.reports.totals import totals_of
from monitor.store import open_desk
from monitor.store.days import begins, day_of
from tests.domain.small import catalog, service
from tests.test_daybook import Book

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 10, 19)
TUESDAY = datetime(2026, 10, 20)  # noqa: DTZ001 - a window is declared by the clock on the wall
PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
ENT, FAR = service("ent"), service("far", territories=("D:69", "C:988"))
FRANCE = catalog(ENT, FAR)
HOLIDAYS = {"A": (Period(MONDAY, MONDAY + 6 * DAY, "Toussaint"),)}
CALENDAR = SchoolCalendar(HOLIDAYS, {}, {}, {"Europe/Paris": PARIS, "Pacific/Noumea": NOUMEA})
PLACES = {
    **FRANCE.territories,
    "D:01": replace(FRANCE.territories["D:01"], zone="A"),
    "D:69": replace(FRANCE.territories["D:69"], zone="A"),
    "A:lyon": replace(FRANCE.territories["A:lyon"], zone="A"),
    "C:988": replace(FRANCE.territories["C:988"], timezone="Pacific/Noumea"),
}
FRANCE = replace(FRANCE, territories=PLACES)


class Kept(Book):
    """Its days are kept by holidays, and by the clock of Nouméa."""

    @property
    def timetable(self) -> Timetable:
        return Timetable(self.village.catalog, CALENDAR)


@pytest.fixture
def book(database_url: str):
    """Two services over nine days: the second begins on Tuesday, the last day is not over."""
    made = Kept(database_url, FRANCE)
    made.lived(
        "ent",
        (3, Health.UP),
        (30, Health.DOWN),
        (32.5, Health.WAITING),
        (34, Health.UP),
        (150, Health.UNKNOWN),
        (160, Health.UP),
    )
    made.lived("far", (26, Health.SLOW), (180, Health.RESTRICTED), (183, Health.UP))
    made.clock.at = begins(MONDAY) + 8 * DAY + 13 * HOUR
    window = Window(
        "w",
        Scope(ScopeKind.SERVICE, "ent"),
        Once(TUESDAY + 9 * HOUR, TUESDAY + 16 * HOUR),
        PARIS,
        begins(MONDAY),
        "r",
        "x",
    )
    desk = open_desk(database_url)
    desk.declare(window)
    desk.close()
    made.windows = (window,)
    yield made
    made.close()


def basis(book: Book) -> Basis:
    return Basis(book.reader, book.url, FRANCE, book.timetable, survey(FRANCE), book.clock.at)


def told(book: Book) -> list[ByDay]:
    found = basis(book)
    places = [territory_by_day(found, code, 12) for code in ("D:01", "A:lyon", "C:988")]
    return [*places, service_by_day(found, ENT, 12), service_by_day(found, FAR, 12)]


async def test_kept_days_and_spans_say_the_same_and_add_up(book: Book) -> None:
    from_spans = told(book)
    await book.steps()
    assert len(book.reader.kept_days("ent", MONDAY, MONDAY + 9 * DAY)) == 8
    kept = told(book)
    assert kept == from_spans
    alone = kept[3]
    assert alone.since == begins(day_of(book.clock.at) - 11 * DAY)
    asked = {"since": alone.since, "until": alone.until, "now": book.clock.at}
    figure = totals_of(book.reader, [ENT], FRANCE, lambda _: book.clock_of(ENT), book.windows or (), **asked)["ent"]
    for row in alone.rows:
        counted = figure.of(row.hours)
        assert (row.lost, row.declared) == (counted.unavailable, counted.declared)
        assert row.whole.availability == pytest.approx(counted.availability)
        assert row.whole.coverage == pytest.approx(counted.coverage)
    for place, code in zip(kept, ("D:01", "A:lyon", "C:988"), strict=False):
        for row in place.rows:
            said = territory_figure(basis(book), code, place.since, place.until, row.hours)
            assert (row.whole.availability, row.whole.coverage) == (said["availability"], said["coverage"])


async def test_what_each_day_says(book: Book) -> None:
    await book.steps()
    place, _, far_place, alone, far = told(book)
    assert alone.begun == MONDAY
    assert far.begun == MONDAY + DAY
    bars = {bar.day: bar for bar in alone.rows[0].bars}
    tuesday = bars[MONDAY + DAY]
    assert tuesday.worst is Health.DOWN
    assert tuesday.longest == 3 * HOUR  # the window takes the last of it
    assert dict(tuesday.lost) == {Health.DOWN: pytest.approx(2.5 / 24), Health.WAITING: pytest.approx(0.5 / 24)}
    assert tuesday.declared == pytest.approx(7 / 24)
    assert bars[MONDAY - DAY].unknown == 1
    assert bars[MONDAY].unknown == pytest.approx(3 / 24)
    assert bars[MONDAY + 8 * DAY].coverage == 1  # as far as it has come
    school = {bar.day: bar for bar in alone.rows[1].bars}
    assert {bar.closed for day, bar in school.items() if MONDAY <= day < MONDAY + 5 * DAY} == {Closed.HOLIDAYS}
    assert school[MONDAY + 7 * DAY].asked
    assert [bar.asked for bar in far_place.rows[1].bars][3:6] == [True, True, True]  # they keep no holidays there
    assert place.unit is not None
    assert alone.unit is None
    assert [row.hours for row in alone.rows] == [Hours.ALL, Hours.SCHOOL]


async def test_a_day_that_nobody_measured_is_not_before_the_first_measure(book: Book) -> None:
    await book.steps()
    well, lost, back = (begins(MONDAY + number * DAY) for number in (8, 9, 11))
    book.says("ent", Health.UNKNOWN, lost, Span("ent", None, "local", Health.UP, well, lost))
    book.says("ent", Health.UP, back, Span("ent", None, "local", Health.UNKNOWN, lost, back))
    book.clock.at = back + 13 * HOUR
    await book.steps()
    found = service_by_day(basis(book), ENT, 3)
    assert found.begun == day_of(found.since) == MONDAY + 9 * DAY
    assert found.rows[0].bars[0].unknown == 1
    assert service_by_day(basis(book), ENT, 14).begun == MONDAY


async def test_days_kept_by_other_school_hours_are_laid_anew(book: Book) -> None:
    """`far` is kept by the hours of Lyon and Nouméa together; in each of them it has those of the place."""
    await book.steps()
    asked = begins(MONDAY + 7 * DAY), begins(MONDAY + 8 * DAY)
    spans = histories_of(book.reader, [FAR], *asked, book.clock.at)["far"]
    for code in ("C:988", "D:69"):
        row: Row = territory_by_day(basis(book), code, 12).rows[1]
        clock = book.timetable.clock_of([code])
        wanted = summed(course_of(spans, (), school_hours(clock, *asked), *asked)).school
        bar = next(bar for bar in row.bars if bar.day == MONDAY + 7 * DAY)
        assert bar.available == pytest.approx((wanted.up_us + wanted.slow_us) / wanted.asked_us)
        assert bar.unavailable == pytest.approx(wanted.restricted_us / wanted.asked_us)


def test_where_nothing_was_ever_measured_nothing_has_begun(database_url: str) -> None:
    book = Kept(database_url, FRANCE)
    found = service_by_day(basis(book), ENT, 3)
    assert found.begun is None
    assert {bar.unknown for bar in found.rows[0].bars[:2]} == {1.0}
    nobody = territory_by_day(basis(book), "C:975", 3)
    assert (nobody.begun, nobody.rows[0].whole.availability) == (None, None)
    with pytest.raises(KeyError):
        territory_by_day(basis(book), "A:atlantis", 3)
    book.close()


def test_without_a_database_nothing_has_begun(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    now = begins(MONDAY) + 9 * HOUR
    found = service_by_day(Basis(url, url, FRANCE, Timetable(FRANCE, CALENDAR), survey(FRANCE), now), ENT)
    assert (found.begun, len(found.rows[0].bars)) == (None, 90)
