"""Availability: each word of the rule, then 1,000 histories against a second implementation in plain SQL."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.calendar import ALWAYS_CLASS, NO_CALENDAR, Period, SchoolClock, SchoolPlace
from monitor.domain.interval import Interval
from monitor.domain.observation import Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import AVAILABLE, UNAVAILABLE, Availability, Hours, open_span, uptime, weighted

PARIS = ZoneInfo("Europe/Paris")
HOUR, US = timedelta(hours=1), timedelta(microseconds=1)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday: no school hours
HOLIDAYS = Period(date(2026, 10, 17), date(2026, 11, 1), "Toussaint")
CALENDAR = replace(NO_CALENDAR, holidays={"B": (HOLIDAYS,)}, public={"N": {date(2026, 11, 11): "Armistice"}})
SCHOOL = SchoolClock(CALENDAR, [SchoolPlace(PARIS, "B", "N")])
# What the rule says of a health, written down a second time.
WORTH = {
    "up": "good", "slow": "good",
    "waiting": "bad", "down": "bad", "restricted": "bad", "maintenance": "bad",
    "unknown": "not counted",
}  # fmt: skip


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def span(since: float, until: float, health: Health = Health.UP, probe: str | None = None) -> Span:
    return Span("a", probe, "local", health, at(since), at(until))


def counted(*spans: Span, windows: list[Interval] = [], hours: float = 10) -> tuple[float, float, float]:  # noqa: B006
    """Hours available, unavailable and excluded of [noon, noon + hours)."""
    found = uptime(spans, windows, ALWAYS_CLASS, NOON, at(hours))
    assert replace(found.all, hours=Hours.SCHOOL) == found.school  # it is always class
    return found.all.available / HOUR, found.all.unavailable / HOUR, found.all.excluded / HOUR


@pytest.mark.parametrize("health", Health)
def test_what_each_health_is_worth(health: Health) -> None:
    expected = {"good": (10, 0, 0), "bad": (0, 10, 0), "not counted": (0, 0, 10)}
    assert counted(span(0, 10, health)) == expected[WORTH[health.value]]
    assert counted(span(0, 10, health), windows=[(at(0), at(10))]) == (0, 0, 10)
    assert health in AVAILABLE | UNAVAILABLE | {Health.UNKNOWN}


@pytest.mark.parametrize(
    ("spans", "windows", "expected"),
    [
        ([], [], (0, 0, 10)),
        ([span(-5, 2), span(8, 20, Health.DOWN)], [], (2, 2, 6)),  # cut by the period; a hole between is not counted
        ([span(-5, 0), span(10, 20)], [], (0, 0, 10)),  # they touch the period from outside
        ([span(0, 4), span(4, 10, Health.DOWN)], [], (4, 6, 0)),  # touching
        ([span(0, 10), span(4, 6, Health.DOWN)], [], (8, 2, 0)),  # what began later counts while it lasts
        ([span(4, 6, Health.DOWN), span(0, 10)], [], (8, 2, 0)),  # in any order
        ([span(0, 6), span(4, 10, Health.DOWN)], [], (4, 6, 0)),
        ([span(0, 10, Health.DOWN), span(4, 6)], [], (2, 8, 0)),
        ([span(2, 6, Health.DOWN), span(2, 8)], [], (2, 4, 4)),  # begun together: the worse
        ([span(2, 6, Health.UNKNOWN), span(2, 8)], [], (6, 0, 4)),
        ([span(0, 10), span(3, 3, Health.DOWN)], [], (10, 0, 0)),  # without length
        ([span(0, 10), span(6, 3, Health.DOWN)], [], (10, 0, 0)),  # backwards
        ([span(0, 10), span(0, 10, Health.DOWN, probe="a/login")], [], (10, 0, 0)),  # a probe's is not the service's
        ([span(0, 10, Health.MAINTENANCE)], [(at(2), at(5))], (0, 7, 3)),
        ([span(0, 10)], [(at(2), at(5)), (at(4), at(6)), (at(-3), at(1)), (at(9), at(30))], (4, 0, 6)),
        ([span(0, 4), span(4, 10, Health.DOWN)], [(at(3), at(5))], (3, 5, 2)),
    ],
)
def test_what_is_counted(spans, windows, expected) -> None:
    assert counted(*spans, windows=windows) == expected


@pytest.mark.parametrize(
    ("spans", "windows", "hours"),
    [
        ([span(0, 10)], [], 0),
        ([span(0, 10)], [(at(2), at(5)), (at(4), at(6)), (at(-3), at(1)), (at(9), at(30))], 6),
        ([], [(at(2), at(5))], 3),  # of what nobody knows, too
        ([span(0, 4, Health.UNKNOWN), span(4, 10, Health.DOWN)], [(at(3), at(5))], 2),
    ],
)
def test_how_much_of_what_is_excluded_was_declared(spans, windows, hours) -> None:
    found = uptime(spans, windows, ALWAYS_CLASS, NOON, at(10))
    assert (found.all.declared, found.school.declared) == (hours * HOUR, hours * HOUR)
    assert found.all.declared <= found.all.excluded
    assert uptime(spans, windows, SCHOOL, NOON, at(10)).school.declared == timedelta()


def test_shares_and_coverage() -> None:
    found = uptime([span(0, 6), span(6, 8, Health.DOWN)], [], SCHOOL, NOON, at(10))
    assert (found.all.availability, found.all.coverage) == (0.75, 0.8)
    assert (found.of(Hours.ALL), found.of(Hours.SCHOOL)) == (found.all, found.school)
    assert (found.school.availability, found.school.coverage, found.school.excluded) == (None, 0.0, timedelta())
    nothing = uptime([span(0, 10, Health.UNKNOWN)], [], ALWAYS_CLASS, NOON, at(10)).all
    assert (nothing.availability, nothing.coverage) == (None, 0.0)
    empty = uptime([span(0, 10)], [], ALWAYS_CLASS, at(3), at(3))
    assert (empty.all.availability, empty.all.coverage, empty.school.counted) == (None, 0.0, timedelta())


def test_exact_to_the_microsecond() -> None:
    third = 10 * HOUR / 3
    found = uptime([Span("a", None, "local", Health.DOWN, NOON, NOON + third)], [], ALWAYS_CLASS, NOON, at(10)).all
    assert (found.unavailable, found.excluded) == (12_000 * 10**6 * US, 24_000 * 10**6 * US)
    close = uptime([Span("a", None, "local", Health.UP, NOON, NOON + US)], [], ALWAYS_CLASS, NOON, NOON + 3 * US).all
    assert (close.available, close.excluded, close.coverage) == (US, 2 * US, pytest.approx(1 / 3, abs=1e-15))


def test_the_verdict_in_force_says_nothing_of_what_comes() -> None:
    verdict = ServiceVerdict("a", Health.DOWN, at(1), None, "a/login")
    assert counted(span(0, 1), open_span(verdict, at(4))) == (1, 3, 6)


def test_school_hours_are_those_of_the_school_clock() -> None:
    monday = datetime(2026, 11, 23, 0, tzinfo=PARIS)
    week = uptime([Span("a", None, "local", Health.UP, NOON, at(400))], [], SCHOOL, monday, monday + 7 * 24 * HOUR)
    assert week.school.available == 4 * 10.5 * HOUR + 5.5 * HOUR
    assert week.all.available == 7 * 24 * HOUR


def part(available: float, unavailable: float, excluded: float, hours: Hours = Hours.ALL) -> Availability:
    return Availability(hours, available * HOUR, unavailable * HOUR, excluded * HOUR)


def test_a_territory_counts_the_time_of_its_users() -> None:
    both = weighted([(300, part(10, 0, 0)), (100, part(0, 4, 6))], Hours.ALL)
    assert both.availability == pytest.approx(3000 / 3400, abs=1e-15)
    assert both.coverage == pytest.approx(3400 / 4000, abs=1e-15)
    assert both.services == 2
    assert weighted([(1, part(9, 1, 0)), (0, part(0, 10, 0))], Hours.ALL) == weighted([(7, part(9, 1, 0))], Hours.ALL)
    for nothing in ([], [(0, part(1, 1, 1))]):
        assert (weighted(nothing, Hours.ALL).availability, weighted(nothing, Hours.ALL).coverage) == (None, 0.0)
    assert weighted([(1, part(0, 0, 3))], Hours.ALL).availability is None
    rng = random.Random(7)
    many = [(rng.random() * 1e6, part(rng.random(), rng.random(), rng.random())) for _ in range(200)]
    assert weighted(many, Hours.ALL) == weighted(many[::-1], Hours.ALL)


@pytest.mark.parametrize("weight", [-1, float("inf"), float("nan")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weights"):
        weighted([(weight, part(1, 0, 0))], Hours.ALL)


def test_hours_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="hours"):
        weighted([(1, part(1, 0, 0, Hours.SCHOOL))], Hours.ALL)


SQL = """
WITH edges(at) AS (
  SELECT since FROM spans UNION SELECT until FROM spans UNION SELECT since FROM windows UNION SELECT until FROM windows
  UNION SELECT since FROM school UNION SELECT until FROM school UNION SELECT :since UNION SELECT :until
), pieces AS (
  SELECT at AS first, lead(at) OVER (ORDER BY at) AS last FROM edges WHERE at BETWEEN :since AND :until
), said AS (
  SELECT last - first AS lasts,
    coalesce((SELECT worth FROM spans WHERE since <= first AND until > first ORDER BY since DESC, severity DESC LIMIT 1), 'not counted') AS worth,
    EXISTS (SELECT 1 FROM windows WHERE since <= first AND until > first) AS declared,
    EXISTS (SELECT 1 FROM school WHERE since <= first AND until > first) AS school
  FROM pieces WHERE last IS NOT NULL
)
SELECT coalesce(sum(CASE WHEN worth = 'good' AND NOT declared THEN lasts ELSE 0 END), 0) AS good,
       coalesce(sum(CASE WHEN worth = 'bad' AND NOT declared THEN lasts ELSE 0 END), 0) AS bad,
       coalesce(sum(lasts), 0) AS whole
FROM said WHERE school OR NOT :in_school
"""
WORST = ("unknown", "up", "slow", "maintenance", "restricted", "waiting", "down")  # docs/method.md, the worst last


def us(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // US


def history(seed: int) -> tuple[list[Span], list[Interval], datetime, datetime]:
    """Spans in a row as the judge leaves them, some disturbed: holes, overlaps, doubles, none at all; windows over them."""
    rng = random.Random(seed)
    since = datetime(2026, 10, 12, tzinfo=UTC) + rng.randrange(40 * 24 * 3600 * 10**6) * US
    until = since + rng.choice([1, 60, 3600, 86_400, 7 * 86_400, 12 * 86_400]) * 10**6 * US + rng.randrange(10**6) * US
    lasts = until - since
    spans, begin = [], since - rng.random() * lasts
    if rng.random() < 0.4:
        spans.append(Span("a", None, "local", rng.choice([Health.UP, Health.DOWN]), since - 2 * lasts, until + lasts))
    for _ in range(rng.randrange(14)):
        end = begin + rng.choice([0.0, rng.random() / 3, rng.random() / 30]) * lasts
        spans.append(Span("a", None, "local", rng.choice(list(Health)), begin, end))
        begin = end if rng.random() < 0.7 else begin + rng.uniform(-0.1, 0.3) * lasts
    rng.shuffle(spans)
    windows = []
    for _ in range(rng.choice([0, 0, 1, 3, 6])):
        first = since + rng.uniform(-0.2, 1.1) * lasts
        windows.append((first, first + rng.random() / 4 * lasts))
    return spans, windows, since, until


def school_days(since: datetime, until: datetime) -> Iterator[Interval]:
    """The school hours of zone B in autumn 2026, written down a second time."""
    day = since.astimezone(PARIS).date()
    while day <= until.astimezone(PARIS).date():
        if day.weekday() < 5 and day != date(2026, 11, 11) and not date(2026, 10, 17) <= day <= date(2026, 11, 1):
            ends = time(13) if day.weekday() == 2 else time(18)
            yield tuple(datetime.combine(day, hour, PARIS).astimezone(UTC) for hour in (time(7, 30), ends))
        day += timedelta(days=1)


@pytest.fixture(scope="module")
def book() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE spans(since INTEGER, until INTEGER, worth TEXT, severity INTEGER)")
    for name in ("windows", "school"):
        opened.execute(f"CREATE TABLE {name}(since INTEGER, until INTEGER)")
    yield opened
    opened.close()


def by_sql(book: sqlite3.Connection, seed: int) -> Iterator[tuple[int, int, int]]:
    spans, windows, since, until = history(seed)
    for name in ("spans", "windows", "school"):
        book.execute(f"DELETE FROM {name}")
    rows = [(us(one.since), us(one.until), WORTH[one.health.value], WORST.index(one.health.value)) for one in spans]
    book.executemany("INSERT INTO spans VALUES (?, ?, ?, ?)", rows)
    book.executemany("INSERT INTO windows VALUES (?, ?)", [(us(one), us(other)) for one, other in windows])
    book.executemany("INSERT INTO school VALUES (?, ?)", [(us(one), us(end)) for one, end in school_days(since, until)])
    for in_school in (False, True):
        yield book.execute(SQL, {"since": us(since), "until": us(until), "in_school": in_school}).fetchone()


@pytest.mark.no_cover
@pytest.mark.no_cover  # the same lines very often: the others here trace them
def test_a_thousand_histories_in_plain_sql(book: sqlite3.Connection) -> None:
    seen = set()
    for seed in range(1000):
        spans, windows, since, until = history(seed)
        found = uptime(spans, windows, SCHOOL, since, until)
        for mine, (good, bad, whole) in zip((found.all, found.school), by_sql(book, seed), strict=True):
            assert (mine.available // US, mine.unavailable // US) == (good, bad), seed
            assert (mine.excluded // US) == whole - good - bad, seed
            assert mine.availability == (pytest.approx(good / (good + bad), abs=1e-9) if good + bad else None)
            assert mine.coverage == pytest.approx((good + bad) / whole if whole else 0.0, abs=1e-9)
            seen.add((mine.hours, good > 0, bad > 0, good + bad < whole))
    assert len(seen) >= 12  # histories of every sort were among them, in both kinds of hours


def test_two_figures_of_the_same_hours_add_up_and_others_do_not() -> None:
    one = Availability(Hours.ALL, 3 * HOUR, 2 * HOUR, HOUR, US)
    assert one.plus(Availability(Hours.ALL, HOUR, US, US, US)) == Availability(
        Hours.ALL, 4 * HOUR, 2 * HOUR + US, HOUR + US, 2 * US
    )
    with pytest.raises(ValueError, match="hours"):
        one.plus(Availability(Hours.SCHOOL, HOUR, HOUR, HOUR))
