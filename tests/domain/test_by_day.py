"""A day as a bar tells it: its shares add up, its longest outage counts what counts, its school hours are laid anew."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.by_day import Bar, Lived, bar_of, longest_outage, until, with_school
from monitor.domain.calendar import NO_CALENDAR, Closed, Period, SchoolClock, SchoolPlace
from monitor.domain.daybook import Course, Run, Totals, course_of, summed
from monitor.domain.observation import Health
from monitor.domain.outages import outages
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Hours, school_hours, weighted

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
HOUR, US = timedelta(hours=1), timedelta(microseconds=1)
HERE = SchoolClock(NO_CALENDAR, [SchoolPlace(PARIS, None, None)])
THERE = SchoolClock(NO_CALENDAR, [SchoolPlace(NOUMEA, None, None)])
DAY = date(2026, 10, 20)
SINCE = datetime.combine(DAY, time(), PARIS).astimezone(UTC)
END = SINCE + 24 * HOUR

moments = st.integers(-3600, 27 * 3600).map(lambda s: SINCE + timedelta(seconds=s, microseconds=s % 7))
stretches = st.tuples(moments, moments).map(sorted).map(tuple)
spans = st.lists(
    st.builds(lambda when, health: Span("a", None, "", health, *when), stretches, st.sampled_from(Health)), max_size=8
)
windows = st.lists(stretches, max_size=2)
hours_asked = st.sampled_from(Hours)
few = settings(max_examples=40)


def lived(course: Course, weight: float = 1.0, service: str = "a") -> Lived:
    return Lived(service, weight, course, summed(course))


def course(said: list[Span], excused: list[tuple[datetime, datetime]], clock: SchoolClock = HERE) -> Course:
    return course_of(said, excused, school_hours(clock, SINCE, END), SINCE, END)


def hours_of(*told: tuple[float, Health], declared: bool = False) -> Course:
    """A course of school hours alone."""
    return tuple(Run(int(lasts * HOUR / US), health, declared, True) for lasts, health in told)


@few
@given(spans, windows, hours_asked)
def test_a_bar_says_what_its_course_says(said, excused, hours) -> None:
    found = course(said, excused)
    bar, figure = bar_of(DAY, [lived(found)], hours), summed(found).uptime().of(hours)
    assert bar.availability == pytest.approx(figure.availability) if figure.counted else bar.availability is None
    assert bar.coverage == pytest.approx(figure.coverage)
    assert bar.available + bar.unavailable + bar.declared + bar.unknown == pytest.approx(1)
    assert [health for health, _ in bar.lost] == sorted({h for h, _ in bar.lost}, key=ORDER.index)
    assert all(share > 0 for _, share in bar.lost)
    assert bar.worst == (bar.lost[0][0] if bar.lost else None)
    assert (bar.longest > timedelta()) == bool(bar.lost) == (bar.whose == "a")


ORDER = [Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.MAINTENANCE]


@few
@given(spans, windows, hours_asked)
def test_the_longest_outage_is_that_of_the_spans(said, excused, hours) -> None:
    within = tuple(school_hours(HERE, SINCE, END)) if hours is Hours.SCHOOL else ((SINCE, END),)
    most = max((one.during(within) for one in outages(said, excused, SINCE, END)), default=timedelta())
    assert longest_outage(course(said, excused), hours) == most


@few
@given(spans, windows)
def test_a_course_is_laid_anew_in_the_school_hours_of_another_place(said, excused) -> None:
    assert with_school(course(said, excused), school_hours(THERE, SINCE, END), SINCE) == course(said, excused, THERE)
    assert with_school(course(said, excused, THERE), (), SINCE) == course_of(said, excused, (), SINCE, END)


@few
@given(spans, windows, st.integers(0, 25 * 3600))
def test_a_day_that_goes_on_is_cut_where_it_has_come_to(said, excused, seconds) -> None:
    now = SINCE + timedelta(seconds=seconds)
    found = until(course(said, excused), now - SINCE)
    assert sum(one.lasts_us for one in found) * US == min(now, END) - SINCE
    if now > SINCE:
        end = min(now, END)
        assert found == course_of(said, excused, school_hours(HERE, SINCE, end), SINCE, end)


@few
@given(st.lists(st.tuples(spans, st.sampled_from([0.0, 0.5, 1.0, 20_000.0])), min_size=1, max_size=4), hours_asked)
def test_several_services_are_weighed_by_their_users(given_, hours) -> None:
    every = [lived(course(said, []), weight, str(number)) for number, (said, weight) in enumerate(given_)]
    bar = bar_of(DAY, every, hours)
    figure = weighted([(one.weight, one.totals.uptime().of(hours)) for one in every], hours)
    assert replace(bar, whose=None) == replace(bar_of(DAY, every[::-1], hours), whose=None)
    assert bar.coverage == pytest.approx(figure.coverage)
    assert (bar.availability is None) == (figure.availability is None)
    assert bar.availability is None or bar.availability == pytest.approx(figure.availability)


def test_whose_outage_lasted_longest() -> None:
    short = hours_of((1, Health.DOWN), (9, Health.UP))
    long = hours_of((2, Health.WAITING), (1, Health.DOWN), (7, Health.SLOW))
    bar = bar_of(
        DAY,
        [lived(short, 5, "short"), lived(long, 1, "long"), lived(hours_of((10, Health.DOWN)), 0, "none")],
        Hours.ALL,
    )
    assert (bar.longest, bar.whose, bar.worst) == (3 * HOUR, "long", Health.DOWN)
    assert dict(bar.lost) == {Health.DOWN: pytest.approx(0.1), Health.WAITING: pytest.approx(2 / 60)}


def test_a_window_does_not_end_an_outage_and_what_is_not_known_does() -> None:
    hidden = (*hours_of((1, Health.DOWN)), *hours_of((2, Health.DOWN), declared=True), *hours_of((1, Health.DOWN)))
    assert longest_outage(hidden, Hours.ALL) == 2 * HOUR
    broken = hours_of((2, Health.DOWN), (1, Health.UNKNOWN), (3, Health.DOWN))
    assert longest_outage(broken, Hours.ALL) == 3 * HOUR


def test_a_day_without_such_hours_says_why() -> None:
    night = tuple(replace_school(hours_of((24, Health.DOWN))))
    assert bar_of(DAY, [lived(night)], Hours.SCHOOL, Closed.WEEKEND) == Bar(
        DAY, False, Closed.WEEKEND, 0.0, (), 0.0, timedelta(), None
    )
    told = bar_of(DAY, [lived(night)], Hours.ALL, Closed.WEEKEND)
    assert (told.asked, told.closed, told.availability, told.unknown) == (True, None, 0.0, 0.0)
    nobody = bar_of(DAY, [Lived("a", 0.0, night, Totals())], Hours.ALL)
    assert (nobody.asked, nobody.unknown, nobody.availability, nobody.worst) == (False, 0.0, None, None)


def replace_school(course: Course) -> list[Run]:
    return [one._replace(school=False) for one in course]


def test_why_there_is_no_class() -> None:
    toussaint = Period(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")
    calendar = replace(NO_CALENDAR, holidays={"B": (toussaint,)}, public={"N": {date(2026, 11, 11): "Armistice"}})
    b, c = SchoolPlace(PARIS, "B", "N"), SchoolPlace(PARIS, "C", "N")
    one, two = SchoolClock(calendar, [b]), SchoolClock(calendar, [b, c])
    assert [one.closed(date(2026, 10, day)) for day in (16, 19)] == [None, Closed.HOLIDAYS]
    assert [one.closed(date(2026, 11, day)) for day in (7, 11)] == [Closed.WEEKEND, Closed.PUBLIC]
    assert two.closed(date(2026, 10, 19)) is None
    assert SchoolClock(calendar, []).closed(date(2026, 11, 7)) is None
