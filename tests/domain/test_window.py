"""Maintenance windows follow the clock on the wall: examples, and an oracle that looks at that clock every minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.config.territories import load_territories
from monitor.domain.catalog import Catalog, Level, Territory
from monitor.domain.window import (
    Once,
    Scope,
    ScopeKind,
    Weekly,
    Window,
    about,
    declared,
    declared_for,
    in_force,
    upcoming,
)
from tests.domain.small import service

PARIS = ZoneInfo("Europe/Paris")
ZONES = sorted({place.timezone for place in load_territories().values()})
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ANY = Scope(ScopeKind.SERVICE, "a")


def window(when: Once | Weekly, zone: ZoneInfo = PARIS, declared_at: datetime = LONG_AGO, **fields) -> Window:
    return Window("w", ANY, when, zone, declared_at, **fields)


def utc(*texts: str) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in texts)


def once(begin: str, end: str) -> Once:
    return Once(datetime.fromisoformat(begin), datetime.fromisoformat(end))


def on_the_wall(one: Window, at: datetime, local: datetime) -> bool:
    """The oracle: is the hour that the clock on the wall shows within the window?"""
    if at < one.declared_at or (one.ended_at is not None and at >= one.ended_at):
        return False
    if isinstance(one.when, Once):
        return one.when.begin <= local < one.when.end
    rule = one.when
    for day in (local.date(), local.date() - DAY):
        if day.weekday() in rule.weekdays and rule.first <= day <= (rule.last or date.max):
            ends = datetime.combine(day, rule.ends) + (DAY if rule.ends <= rule.starts else timedelta())
            if datetime.combine(day, rule.starts) <= local < ends:
                return True
    return False


def clock(zone: tzinfo, since: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """What the clock on the wall shows at each minute."""
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in (since + n * MINUTE for n in range(minutes))]


def agrees(one: Window, shown: list[tuple[datetime, datetime]]) -> None:
    """Minute by minute; edges are whole minutes, so that nothing hides between two of them."""
    found = declared(one, shown[0][0], shown[-1][0] + MINUTE)
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges))
    assert all(edge == edge.replace(second=0, microsecond=0) and edge.utcoffset() == timedelta() for edge in edges)
    covered = {begin + n * MINUTE for begin, end in found for n in range((end - begin) // MINUTE)}
    assert covered == {at for at, local in shown if on_the_wall(one, at, local)}, one


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """Every change of a zone's clock from 2024 to 2035, to the hour, found by looking at it every day, then hour."""
    zone = ZoneInfo(name)

    def found(since: datetime, until: datetime, step: timedelta) -> Iterator[datetime]:
        before = since.astimezone(zone).utcoffset()
        for at in (since + n * step for n in range(1, (until - since) // step + 1)):
            if (after := at.astimezone(zone).utcoffset()) != before:
                yield at
                before = after

    return tuple(change for day in found(FIRST, LAST, DAY) for change in found(day - DAY, day, HOUR))


def near(change: datetime, zone: ZoneInfo) -> Iterator[Window]:
    """Windows that begin, end or lie in the hour that a change skips or repeats, or span it."""
    day = (change - HOUR).astimezone(zone).date()
    hours = [datetime.combine(day, time(hour, minute)) for hour in (1, 2) for minute in (0, 30)]
    hours += [datetime.combine(day - DAY, time(22)), datetime.combine(day, time(3)), datetime.combine(day, time(3, 15))]
    for begin in hours:
        for end in hours:
            if begin < end:
                yield window(Once(begin, end), zone)
    all_days, nights = frozenset(range(7)), frozenset({day.weekday(), (day - DAY).weekday()})
    for starts, ends in ((2, 3), (23, 2), (1, 4), (0, 0), (3, 1)):
        yield window(Weekly(nights, time(starts), time(ends), day - 30 * DAY), zone)
    yield window(Weekly(all_days, time(2, 30), time(2, 45), day, day), zone)
    yield window(Weekly(frozenset({(day - DAY).weekday()}), time(22), time(2, 30), day - DAY, day - DAY), zone)
    for minute in (-61, -1, 0, 1, 30, 61):
        yield window(Weekly(all_days, time(1), time(4), day), zone, declared_at=change + minute * MINUTE)
        yield window(Weekly(all_days, time(1), time(4), day), zone, ended_at=change + minute * MINUTE)


def test_the_zones_of_france_are_looked_at() -> None:
    assert len(ZONES) == 12
    assert {name: len(changes(name)) for name in ZONES if changes(name)} == {"Europe/Paris": 24, "America/Miquelon": 24}


@pytest.mark.no_cover  # the same lines very often: the others here trace them
@pytest.mark.parametrize("name", ["Europe/Paris", "America/Miquelon"])
def test_minute_by_minute_around_every_change(name: str) -> None:
    for change in changes(name):
        shown = clock(ZoneInfo(name), change - 3 * HOUR, 360)
        for one in near(change, ZoneInfo(name)):
            agrees(one, shown)


LOCAL = st.datetimes(*(datetime.fromisoformat(day) for day in ("2024-01-01", "2035-12-28"))).map(
    lambda at: at.replace(second=0, microsecond=0)
)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
ONCE = st.builds(lambda begin, lasts: Once(begin, begin + lasts * MINUTE), LOCAL, st.integers(1, 5000))
WEEKLY = st.builds(
    lambda days, starts, ends, first, weeks: Weekly(days, starts, ends, first.date(), weeks and first.date() + weeks * DAY),
    st.frozensets(st.integers(0, 6), min_size=1), TIMES, TIMES, LOCAL, st.none() | st.integers(1, 30),
)  # fmt: skip


@given(
    st.sampled_from(ZONES),
    ONCE | WEEKLY,
    st.integers(-3000, 3000),
    st.integers(-2000, 2000),
    st.none() | st.integers(0, 3000),
)
@example("Europe/Paris", Weekly(frozenset({5}), time(22), time(6), date(2025, 10, 4)), 0, 30_000, None)
def test_anywhere_and_at_any_time(name: str, when: Once | Weekly, since: int, told: int, ended: int | None) -> None:
    local = when.begin if isinstance(when, Once) else datetime.combine(when.first, when.starts)
    about_then = local.replace(tzinfo=UTC)
    one = window(
        when,
        ZoneInfo(name),
        about_then + told * MINUTE,
        ended_at=None if ended is None else about_then + ended * MINUTE,
    )
    agrees(one, clock(one.timezone, about_then + since * MINUTE, 600))


@given(st.sampled_from(ZONES), ONCE | WEEKLY, st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_period_cut_in_two_gives_the_same_instants(name: str, when: Once | Weekly, first: int, second: int) -> None:
    local = when.begin if isinstance(when, Once) else datetime.combine(when.first, when.starts)
    start, one = local.replace(tzinfo=UTC) - DAY, window(when, ZoneInfo(name))
    middle, end = start + first * MINUTE, start + (first + second) * MINUTE
    lasts = [
        sum((u - s for s, u in declared(one, *period)), timedelta())
        for period in ((start, end), (start, middle), (middle, end))
    ]
    assert lasts[0] == lasts[1] + lasts[2]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        # Sunday 29 March 2026: 2:00 to 3:00 is skipped.
        (once("2026-03-29T02:00", "2026-03-29T03:00"), ()),
        (once("2026-03-29T01:30", "2026-03-29T02:30"), (utc("2026-03-29T00:30", "2026-03-29T01:00"),)),
        (once("2026-03-29T02:30", "2026-03-29T04:00"), (utc("2026-03-29T01:00", "2026-03-29T02:00"),)),
        # Sunday 25 October 2026: 2:00 to 3:00 comes twice.
        (once("2026-10-25T01:00", "2026-10-25T04:00"), (utc("2026-10-24T23:00", "2026-10-25T03:00"),)),
        (once("2026-10-25T02:00", "2026-10-25T03:00"), (utc("2026-10-25T00:00", "2026-10-25T02:00"),)),
        (
            once("2026-10-25T02:15", "2026-10-25T02:45"),
            (utc("2026-10-25T00:15", "2026-10-25T00:45"), utc("2026-10-25T01:15", "2026-10-25T01:45")),
        ),
    ],
)  # fmt: skip
def test_the_hour_that_is_skipped_or_comes_twice(when: Once, expected) -> None:
    assert declared(window(when), FIRST, LAST) == expected


def test_a_weekly_window_keeps_its_local_hours_over_the_change() -> None:
    one = window(Weekly(frozenset({2}), time(22), time(0, 30), date(2026, 10, 21), date(2026, 10, 28)))
    assert declared(one, FIRST, LAST) == (
        utc("2026-10-21T20:00", "2026-10-21T22:30"),
        utc("2026-10-28T21:00", "2026-10-28T23:30"),
    )


def test_only_what_was_declared_beforehand_counts() -> None:
    when = once("2026-11-23T20:00", "2026-11-23T22:00")
    [told] = utc("2026-11-23T19:45:30.000001")
    assert declared(window(when, declared_at=told), FIRST, LAST) == ((told, *utc("2026-11-23T21:00")),)
    assert declared(window(when, declared_at=told + 2 * HOUR), FIRST, LAST) == ()
    [lifted] = utc("2026-11-23T20:15")
    assert declared(window(when, ended_at=lifted), FIRST, LAST) == (utc("2026-11-23T19:00", "2026-11-23T20:15"),)
    assert declared(window(when), LAST, FIRST) == ()


def test_the_period_may_be_given_in_any_zone() -> None:
    one = window(once("2026-11-23T20:00", "2026-11-23T22:00"))
    local = tuple(at.astimezone(ZoneInfo("Pacific/Noumea")) for at in (FIRST, LAST))
    assert declared(one, *local) == declared(one, FIRST, LAST)


def test_now_and_next() -> None:
    weekly = window(Weekly(frozenset({0}), time(20), time(22), date(2026, 11, 23)))
    before, within, after = utc("2026-11-20T12:00", "2026-11-23T20:00", "2026-11-23T21:00")
    assert [in_force(weekly, at) for at in (before, within, after)] == [False, True, False]
    assert upcoming(weekly, before) == utc("2026-11-23T19:00", "2026-11-23T21:00")
    assert upcoming(weekly, within) == (within, after)
    assert upcoming(weekly, after) == utc("2026-11-30T19:00", "2026-11-30T21:00")
    assert upcoming(weekly, FIRST) == utc("2026-11-23T19:00", "2026-11-23T21:00")
    # A week whose hour is skipped does not hide the next.
    assert upcoming(window(Weekly(frozenset({6}), time(2), time(3), date(2026, 3, 29))), FIRST) == utc(
        "2026-04-05T00:00", "2026-04-05T01:00"
    )
    single = window(once("2026-11-23T20:00", "2026-11-23T22:00"), ZoneInfo("Pacific/Tahiti"))
    assert upcoming(single, before) == utc("2026-11-24T06:00", "2026-11-24T08:00")
    assert upcoming(single, LAST) is None


PLACES = {
    code: Territory(code, code, level, parent)
    for code, level, parent in (
        ("N", Level.PAYS, None), ("R:32", Level.REGION, "N"), ("A:lille", Level.ACADEMIE, "R:32"),
        ("A:amiens", Level.ACADEMIE, "R:32"), ("D:59", Level.DEPARTEMENT, "A:lille"),
    )
}  # fmt: skip
CATALOG = Catalog(PLACES, {}, {}, ())
ENT = service("ent", territories=("A:lille", "D:59"), operator="edifice", formerly=("ent-2021",))


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (ScopeKind.SERVICE, "ent", True),
        (ScopeKind.SERVICE, "ent-2021", True),
        (ScopeKind.SERVICE, "edifice", False),
        (ScopeKind.OPERATOR, "edifice", True),
        (ScopeKind.OPERATOR, "ent", False),
        (ScopeKind.TERRITORY, "A:lille", True),
        (ScopeKind.TERRITORY, "R:32", True),
        (ScopeKind.TERRITORY, "N", True),
        (ScopeKind.TERRITORY, "D:59", False),  # the service reaches beyond it
        (ScopeKind.TERRITORY, "A:amiens", False),
    ],
)
def test_whom_a_window_is_about(kind: ScopeKind, name: str, expected: bool) -> None:
    assert about(Scope(kind, name), ENT, CATALOG) is expected


def test_the_windows_of_a_service_together() -> None:
    evening, night = once("2026-11-23T20:00", "2026-11-23T22:00"), once("2026-11-23T21:00", "2026-11-24T01:00")
    windows = [
        Window("1", Scope(ScopeKind.SERVICE, "ent"), evening, PARIS, LONG_AGO),
        Window("2", Scope(ScopeKind.OPERATOR, "edifice"), night, PARIS, LONG_AGO),
        Window("3", Scope(ScopeKind.OPERATOR, "other"), once("2026-11-01T00:00", "2026-11-30T00:00"), PARIS, LONG_AGO),
    ]
    assert declared_for(ENT, windows, CATALOG, FIRST, LAST) == (utc("2026-11-23T19:00", "2026-11-24T00:00"),)
