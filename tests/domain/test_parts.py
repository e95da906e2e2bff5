"""Parts of a period: by the clock on the wall, over every change of time, and they always add up."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.calendar import ALWAYS_CLASS, NO_CALENDAR, SchoolClock, SchoolPlace
from monitor.domain.observation import Health
from monitor.domain.parts import By, counted_by, cuts, gathered
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import Hours, school_hours, told, uptime

PARIS = ZoneInfo("Europe/Paris")
ZONES = [
    PARIS,
    *(ZoneInfo(f"{name}") for name in ("America/Miquelon", "Pacific/Tahiti", "Pacific/Noumea", "Asia/Kolkata")),
]
SCHOOL = SchoolClock(NO_CALENDAR, [SchoolPlace(PARIS, "B", "N")])
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SPRING, AUTUMN = (datetime(2021, *day, tzinfo=PARIS) for day in ((3, 28), (10, 31)))
MONDAY = datetime(2021, 11, 22, tzinfo=PARIS)


def lengths(by: By, since: datetime, until: datetime, zone: ZoneInfo = PARIS) -> dict[tuple[int, ...], float]:
    """Hours of each part."""
    found = Counter[tuple[int, ...]]()
    for begin, end, part in cuts(by, zone, since, until):
        found[part] += (end - begin) / HOUR
    return dict(found)


@pytest.mark.parametrize(
    ("by", "since", "until", "expected"),
    [
        (By.PERIOD, MONDAY, MONDAY + 25 * HOUR, {(): 25}),
        (By.MONTH, datetime(2021, 1, 31, 12, tzinfo=PARIS), datetime(2021, 4, 1, tzinfo=PARIS), {(2021, 1): 12, (2021, 2): 672, (2021, 3): 743}),
        (By.MONTH, datetime(2020, 12, 31, tzinfo=PARIS), datetime(2021, 1, 2, tzinfo=PARIS), {(2020, 12): 24, (2021, 1): 24}),
        (By.DAY, SPRING, datetime(2021, 3, 30, tzinfo=PARIS), {(2021, 3, 28): 23, (2021, 3, 29): 24}),
        (By.DAY, datetime(2021, 10, 30, 18, tzinfo=PARIS), datetime(2021, 11, 1, tzinfo=PARIS), {(2021, 10, 30): 6, (2021, 10, 31): 25}),
        (By.WEEKDAY, MONDAY - 6 * HOUR, MONDAY + 6 * HOUR, {(6,): 6, (0,): 6}),
        (By.HOUR, SPRING, datetime(2021, 3, 29, tzinfo=PARIS), {(hour,): 1 for hour in range(24) if hour != 2}),
        (By.HOUR, AUTUMN, datetime(2021, 11, 1, tzinfo=PARIS), {(hour,): 2 if hour == 2 else 1 for hour in range(24)}),
        (By.GRID, MONDAY + 30 * MINUTE, MONDAY + 90 * MINUTE, {(0, 0): 0.5, (0, 1): 0.5}),
        (By.DAY, MONDAY, MONDAY, {}),
    ],
)  # fmt: skip
def test_what_each_part_holds(by: By, since: datetime, until: datetime, expected: dict) -> None:
    assert lengths(by, since.astimezone(UTC), until.astimezone(UTC)) == expected


def test_the_hour_is_that_of_the_place() -> None:
    noon = datetime(2021, 11, 22, 12, tzinfo=UTC)
    assert [list(lengths(By.GRID, noon, noon + HOUR, zone)) for zone in ZONES[:4]] == [
        [(0, 13)],
        [(0, 9)],
        [(0, 2)],
        [(0, 23)],
    ]


def test_a_grid_of_school_hours_has_no_night() -> None:
    week = MONDAY.astimezone(UTC), (MONDAY + 7 * 24 * HOUR).astimezone(UTC)
    spans = [
        Span("a", None, "", Health.UP, week[0], week[0] + 8 * HOUR),
        Span("a", None, "", Health.DOWN, week[0] + 8 * HOUR, week[0] + 8.5 * HOUR),
    ]
    grid = counted_by(
        cuts(By.GRID, PARIS, *week), told(spans, [], *week), tuple(school_hours(SCHOOL, *week)), Hours.SCHOOL
    )
    assert [hour for day, hour in grid if day == 0] == list(range(7, 18))
    assert [hour for day, hour in grid if day == 2] == list(range(7, 13))
    assert {day for day, _ in grid} == {0, 1, 2, 3, 4}
    assert [(grid[0, 7].available, grid[0, 7].excluded), (grid[0, 8].unavailable, grid[0, 8].coverage)] == [
        (HOUR / 2, timedelta()),
        (HOUR / 2, 0.5),
    ]
    assert (grid[0, 9].availability, grid[0, 9].coverage, grid[0, 9].hours) == (None, 0.0, Hours.SCHOOL)


def test_what_was_declared_stands_in_its_part() -> None:
    day = MONDAY.astimezone(UTC), (MONDAY + 24 * HOUR).astimezone(UTC)
    windows = [(day[0] - HOUR, day[0] + HOUR), (day[0] + 23.5 * HOUR, day[1] + HOUR)]
    spans = [Span("a", None, "", Health.DOWN, *day)]
    found = counted_by(cuts(By.HOUR, PARIS, *day), told(spans, windows, *day), [day], Hours.ALL)
    assert [found[hour,].declared / HOUR for hour in (0, 1, 23)] == [1, 0, 0.5]
    assert [found[hour,].unavailable / HOUR for hour in (0, 1, 23)] == [0, 1, 0.5]


MINUTES = st.integers(0, 8 * 24 * 60)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Span], list[tuple[datetime, datetime]], datetime, datetime]:
    """A week or less, whole minutes, often over a change of time."""
    day = draw(st.sampled_from([date(2021, 3, 25), date(2021, 10, 28), date(2021, 12, 29), date(2024, 2, 27)]))
    start = datetime.combine(day, datetime.min.time(), UTC)

    def stretch() -> tuple[datetime, datetime]:
        first, last = sorted((draw(MINUTES), draw(MINUTES)))
        return start + first * MINUTE, start + last * MINUTE

    healths = st.sampled_from(list(Health))
    spans = [Span("a", None, "", draw(healths), *stretch()) for _ in range(draw(st.integers(0, 4)))]
    return spans, [stretch() for _ in range(draw(st.integers(0, 2)))], *stretch()


@given(histories(), st.sampled_from(list(By)), st.sampled_from(ZONES))
@settings(max_examples=60)
def test_parts_add_up_to_the_period(history, by: By, zone: ZoneInfo) -> None:
    spans, windows, since, until = history
    said, cut = told(spans, windows, since, until), cuts(by, zone, since, until)
    whole = uptime(spans, windows, SCHOOL, since, until)
    for hours, within, all_of_it in (
        (Hours.ALL, ((since, until),), whole.all),
        (Hours.SCHOOL, tuple(school_hours(SCHOOL, since, until)), whole.school),
    ):
        parts = counted_by(cut, said, within, hours)
        assert list(parts) == sorted(parts)
        for name in ("available", "unavailable", "excluded", "declared"):
            assert sum((getattr(one, name) for one in parts.values()), timedelta()) == getattr(all_of_it, name)
        assert all(one.counted + one.excluded for one in parts.values())


@given(histories(), st.sampled_from(ZONES))
@settings(max_examples=20)
def test_every_minute_is_in_the_part_its_clock_shows(history, zone: ZoneInfo) -> None:
    spans, windows, since, until = history
    found = counted_by(
        cuts(By.GRID, zone, since, until), told(spans, windows, since, until), [(since, until)], Hours.ALL
    )
    expected = Counter[tuple[int, int]]()
    for minute in range((until - since) // MINUTE):
        local = (since + minute * MINUTE).astimezone(zone)
        expected[local.weekday(), local.hour] += 1
    assert {part: (one.counted + one.excluded) / MINUTE for part, one in found.items()} == dict(expected)
    assert uptime(spans, windows, ALWAYS_CLASS, since, until).all.counted == sum(
        (one.counted for one in found.values()), timedelta()
    )


@pytest.mark.parametrize("hours", Hours)
def test_days_gathered_into_months_are_the_months(hours: Hours) -> None:
    since, until = datetime(2021, 9, 30, 12, tzinfo=PARIS), datetime(2021, 11, 3, tzinfo=PARIS)
    spans = [Span("a", None, "", Health.UP, since, MONDAY), Span("a", None, "", Health.DOWN, since + 3 * HOUR, AUTUMN)]
    said = told(spans, [(AUTUMN, AUTUMN + 2 * HOUR)], since, until)
    within = school_hours(SCHOOL, since, until) if hours is Hours.SCHOOL else [(since, until)]
    asked = tuple(within)
    days, months = (counted_by(cuts(by, PARIS, since, until), said, asked, hours) for by in (By.DAY, By.MONTH))
    assert gathered(days, lambda day: day[:2]) == months
    assert gathered({}, lambda day: day) == {}
