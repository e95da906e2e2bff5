"""The days of a service: their course there and back, their totals equal to what spans say, at any width."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import NO_CALENDAR, Period, SchoolClock, SchoolPlace
from monitor.domain.daybook import Course, Run, Totals, course_of, decode, encode, slots, summed
from monitor.domain.interval import Interval
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Hours, school_hours, uptime

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
DAY, HOUR, US = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
HOLIDAYS = Period(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")
CALENDAR = replace(NO_CALENDAR, holidays={"B": (HOLIDAYS,)}, public={"N": {date(2026, 11, 11): "Armistice"}})
SCHOOL = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "B", "N"), SchoolPlace(NOUMEA, None, None)])
MIDNIGHT = datetime(2026, 10, 24, tzinfo=PARIS)  # two days of 24 hours, and one of 25 between them
MIDNIGHTS = tuple(datetime.combine(MIDNIGHT.date() + n * DAY, time(), PARIS).astimezone(UTC) for n in range(4))

moments = st.integers(-5 * 3600, 78 * 3600).map(lambda s: MIDNIGHTS[0] + timedelta(seconds=s, microseconds=s % 7))
stretches = st.tuples(moments, moments).map(sorted).map(tuple)
spans = st.lists(
    st.builds(
        lambda when, health, probe: Span("a", probe, "", health, *when),
        stretches,
        st.sampled_from(Health),
        st.sampled_from([None, None, None, "a/login"]),
    ),
    max_size=8,
)
windows = st.lists(stretches, max_size=3)


def course(said: list[Span], excused: list[Interval], since: datetime, until: datetime) -> Course:
    return course_of(said, excused, school_hours(SCHOOL, since, until), since, until)


@given(spans, windows)
def test_days_add_up_to_what_the_spans_say_of_all_of_them(said, excused) -> None:
    days = [course(said, excused, *MIDNIGHTS[n : n + 2]) for n in range(3)]
    running = [Totals()]
    for one in days:
        running.append(running[-1].plus(summed(one)))
    for first, last in ((0, 3), (1, 3), (0, 1), (2, 2)):
        found = running[last].minus(running[first]).uptime()
        assert found == uptime(said, excused, SCHOOL, MIDNIGHTS[first], MIDNIGHTS[last])


@given(spans, windows, st.sampled_from([5 * timedelta(minutes=1), HOUR, DAY, 7 * US * 10**9]))
def test_a_course_is_read_at_any_width(said, excused, width) -> None:
    since, until = MIDNIGHTS[1:3]
    whole = course(said, excused, since, until)
    assert decode(encode(whole)) == whole
    assert sum(one.lasts_us for one in whole) * US == until - since
    found = list(slots(whole, width))
    assert len(found) == -((since - until) // width)
    for place in (0, len(found) // 2, len(found) - 1):
        begin = since + place * width
        assert found[place].uptime() == uptime(said, excused, SCHOOL, begin, min(begin + width, until))
    together = Totals()
    for one in found:
        together = together.plus(one)
    assert together == summed(whole)


def test_a_declared_window_hides_no_health_from_the_course() -> None:
    since = MIDNIGHTS[2]
    said = [Span("a", None, "", Health.DOWN, since, since + 2 * HOUR)]
    found = course_of(said, [(since + HOUR, since + 3 * HOUR)], [], since, since + 4 * HOUR)
    hour = HOUR // US
    assert found == (
        Run(hour, Health.DOWN, declared=False, school=False),
        Run(hour, Health.DOWN, declared=True, school=False),
        Run(hour, Health.UNKNOWN, declared=True, school=False),
        Run(hour, Health.UNKNOWN, declared=False, school=False),
    )
    sums = summed(found).all
    assert (sums.down_us, sums.declared_us, sums.asked_us) == (hour, 2 * hour, 4 * hour)
    assert (sums.availability(Hours.ALL).availability, sums.availability(Hours.ALL).coverage) == (0, 0.25)


def test_an_ordinary_school_day_takes_nine_bytes() -> None:
    since, until = (datetime.combine(date(2026, 11, day), time(), PARIS).astimezone(UTC) for day in (23, 24))
    paris = school_hours(SchoolClock(CALENDAR, [SchoolPlace(PARIS, "B", "N")]), since, until)
    assert len(encode(course_of([Span("a", None, "", Health.UP, since, until)], [], paris, since, until))) == 9
    assert course_of([], [], [], since, since) == ()
    assert list(slots((), DAY)) == []


@pytest.mark.parametrize("written", [b"\x01", b"\x01\x80", b"\x07\x02", b"\x27\x02", b"\x01\x02\x01"])
def test_what_is_no_course_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError, match="course"):
        decode(written)


def test_a_roll_up_has_a_width() -> None:
    with pytest.raises(ValueError, match="width"):
        list(slots((), timedelta()))
