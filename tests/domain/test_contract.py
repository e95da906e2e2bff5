"""A contract's clause: each word of the rule, then properties, and the plain list of minutes as an oracle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.contract import (
    Exclusions,
    Outcome,
    OwnHours,
    Slot,
    Tally,
    Target,
    conclude,
    excused,
    own_hours,
    tally,
)
from monitor.domain.interval import length, merged
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import AVAILABLE, UNAVAILABLE, Hours
from monitor.domain.window import Once, Scope, ScopeKind, Window
from tests.domain.standing import health_at

PARIS = ZoneInfo("Europe/Paris")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEKDAYS = frozenset(range(5))
OFFICE = OwnHours((Slot(WEEKDAYS, 7 * HOUR, 19 * HOUR),))
NONE = Exclusions()


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


MONDAY = paris("2026-11-23")


def at(minute: float) -> datetime:
    return MONDAY + minute * MINUTE


def span(since: float, until: float, health: Health = Health.DOWN) -> Span:
    return Span("ent", None, "", health, at(since), at(until))


@pytest.mark.parametrize(
    ("own", "days", "hours"),
    [
        (OFFICE, ("2026-11-23", "2026-11-30"), 60),
        (replace(OFFICE, holidays=False), ("2026-11-09", "2026-11-16"), 48),  # Armistice falls on a Wednesday
        (OFFICE, ("2026-11-09", "2026-11-16"), 60),
        (OFFICE, ("2026-11-28", "2026-11-30"), 0),  # a weekend
        (OwnHours((Slot(frozenset({6}), timedelta(), 24 * HOUR),)), ("2026-03-23", "2026-03-30"), 23),  # summer time
        (OwnHours((Slot(frozenset({6}), timedelta(), 24 * HOUR),)), ("2026-10-19", "2026-10-26"), 25),
        (OwnHours((Slot(frozenset({6}), 2 * HOUR, 3 * HOUR),)), ("2026-03-23", "2026-03-30"), 0),  # a skipped hour
    ],
)
def test_own_hours_follow_the_clock_on_the_wall(own: OwnHours, days: tuple[str, str], hours: float) -> None:
    since, until = map(paris, days)
    found = own_hours(own, PARIS, {date(2026, 11, 11)}, since, until)
    assert length(found) == hours * HOUR


def test_own_hours_are_cut_to_the_period() -> None:
    found = own_hours(OFFICE, PARIS, (), paris("2026-11-23T08:00"), paris("2026-11-24T07:30"))
    assert found == (
        (paris("2026-11-23T08:00"), paris("2026-11-23T19:00")),
        (paris("2026-11-24T07:00"), paris("2026-11-24T07:30")),
    )


def window(begin: str, end: str, declared: str = "2026-01-01") -> Window:
    when = Once(datetime.fromisoformat(begin), datetime.fromisoformat(end))
    return Window("w", Scope(ScopeKind.SERVICE, "ent"), when, PARIS, paris(declared))


WINTER = ((paris("2026-11-01"), paris("2027-01-01")),)


def left_out(*windows: Window, hours=WINTER, **exclusions) -> list[float]:
    return [(b - a) / HOUR for a, b in excused(windows, Exclusions(**exclusions), hours, PARIS)]


def test_declared_maintenance_is_left_out_up_to_its_allowance() -> None:
    night, long = window("2026-11-10T22:00", "2026-11-11T01:00"), window("2026-11-20T00:00", "2026-11-20T10:00")
    assert left_out(night, long) == [3, 10]
    assert left_out(long, night, declared_a_month=5 * HOUR) == [2, 1, 2]  # the earliest first, whoever declared first
    assert left_out(night, declared_a_month=timedelta()) == []
    over_the_end = window("2026-11-30T20:00", "2026-12-01T06:00")
    assert left_out(long, over_the_end, declared_a_month=11 * HOUR) == [10, 1, 6]  # each month has its own
    assert left_out(hours=()) == left_out(night, hours=()) == []


def test_only_what_lies_in_the_hours_uses_up_the_allowance() -> None:
    hours = own_hours(OFFICE, PARIS, (), paris("2026-11-01"), paris("2026-12-01"))
    early = window("2026-11-10T04:00", "2026-11-10T08:00"), window("2026-11-12T18:00", "2026-11-12T23:00")
    assert left_out(*early, hours=hours, declared_a_month=HOUR * 1.5) == [1, 0.5]


def test_a_window_declared_too_late_excuses_nothing() -> None:
    late = window("2026-11-10T22:00", "2026-11-11T01:00", declared="2026-11-08T22:00")
    assert left_out(late, notice=timedelta(days=2)) == [3]
    assert left_out(late, notice=timedelta(days=2, minutes=1)) == []
    began_before = window("2026-10-31T22:00", "2026-11-01T02:00", declared="2026-10-31T00:00")
    assert left_out(began_before, notice=timedelta(hours=22)) == [2]
    assert left_out(began_before, notice=timedelta(hours=23)) == []  # nearer to its own beginning than that


DAY = ((at(0), at(1440)),)
PERIOD = DAY[0]


def test_what_is_counted_adds_up_to_the_hours() -> None:
    spans = [span(-60, 60, Health.UP), span(60, 63), span(63, 500, Health.SLOW), span(500, 560, Health.WAITING)]
    found = tally(spans, ((at(30), at(40)), (at(540), at(600))), DAY, replace(NONE, shortest_outage=5 * MINUTE), PERIOD)
    assert found == Tally(487 * MINUTE, 40 * MINUTE, 3 * MINUTE, 70 * MINUTE, 840 * MINUTE)
    assert found.known == 530 * MINUTE


def test_an_outage_is_as_long_as_it_is_whatever_hours_it_lies_in() -> None:
    hours, rule = ((at(420), at(1140)),), replace(NONE, shortest_outage=5 * MINUTE)
    assert tally([span(300, 422)], (), hours, rule, PERIOD).unavailable == 2 * MINUTE
    assert tally([span(418, 422)], (), hours, rule, PERIOD).borne == 2 * MINUTE
    assert tally([span(400, 422)], (), (), rule, PERIOD) == Tally(*[timedelta()] * 5)


def told(available: float, unavailable: float, unknown: float = 0) -> Tally:
    return Tally(available * HOUR, unavailable * HOUR, timedelta(), timedelta(), unknown * HOUR)


NINETY = Target(Hours.ALL, Fraction(9, 10))


@pytest.mark.parametrize(
    ("part", "outcome", "spare"),
    [
        (told(9, 1), Outcome.MET, timedelta()),  # to the microsecond
        (
            replace(told(9, 1), unavailable=HOUR + timedelta(microseconds=1)),
            Outcome.NOT_MET,
            timedelta(microseconds=-1),
        ),
        (told(10, 0), Outcome.MET, HOUR),
        (told(0, 10), Outcome.NOT_MET, -9 * HOUR),
    ],
)
def test_met_or_not(part: Tally, outcome: Outcome, spare: timedelta) -> None:
    said = conclude(NINETY, NONE, [(1, part)])
    assert (said.outcome, said.spare, said.coverage) == (outcome, spare, 1)
    assert said.availability is not None
    assert said.margin == said.availability - Fraction(9, 10)


def test_what_is_borne_with_counts_as_available() -> None:
    assert conclude(NINETY, NONE, [(1, replace(told(9, 0), borne=HOUR))]).availability == 1


def test_below_the_coverage_nothing_is_concluded() -> None:
    rule = replace(NONE, coverage=Fraction(1, 2))
    assert conclude(NINETY, rule, [(1, told(5, 0, 5))]).outcome is Outcome.MET
    unsure = conclude(NINETY, rule, [(1, told(4.9, 0, 5.1))])
    assert (unsure.outcome, unsure.availability) == (Outcome.INCONCLUSIVE, 1)
    nothing = conclude(NINETY, NONE, [(1, told(0, 0, 3))])
    assert (nothing.outcome, nothing.availability, nothing.coverage, nothing.margin, nothing.spare) == (
        Outcome.INCONCLUSIVE, None, 0, None, None,
    )  # fmt: skip
    assert conclude(NINETY, NONE, []).coverage == 0
    # Declared maintenance that is left out lowers no coverage.
    assert conclude(NINETY, rule, [(1, replace(told(1, 0, 1), excused=90 * HOUR))]).outcome is Outcome.MET


def test_several_services_are_weighed() -> None:
    said = conclude(NINETY, NONE, [(300, told(10, 0)), (100, told(6, 4)), (0, told(0, 10))])
    assert (said.availability, said.outcome, said.spare) == (Fraction(9, 10), Outcome.MET, None)
    assert conclude(NINETY, NONE, [(299, told(10, 0)), (100, told(6, 4))]).outcome is Outcome.NOT_MET


MINUTES = st.integers(-5, 65)
SPANS = st.lists(st.builds(span, MINUTES, MINUTES, st.sampled_from(Health)), max_size=8)
STRETCHES = st.lists(st.tuples(MINUTES.map(at), MINUTES.map(at)), max_size=4).map(merged)


@pytest.mark.no_cover  # the same lines very often: the others here trace them
@given(SPANS, STRETCHES, STRETCHES, st.integers(0, 9))
def test_every_minute_is_counted_once(spans, windows, hours, shortest) -> None:
    window = (at(0), at(60))
    hours = tuple((max(a, at(0)), min(b, at(60))) for a, b in hours if max(a, at(0)) < min(b, at(60)))
    out = tuple((max(a, c), min(b, d)) for a, b in windows for c, d in hours if max(a, c) < min(b, d))
    found = tally(spans, out, hours, replace(NONE, shortest_outage=shortest * MINUTE), window)
    parts = (found.available, found.unavailable, found.borne, found.excused, found.unknown)
    assert sum(parts, timedelta()) == length(hours)
    assert all(part >= timedelta() for part in parts)
    assert found.excused == length(out)
    strict = tally(spans, out, hours, NONE, window)
    assert strict.borne == timedelta()
    assert strict.unavailable == found.unavailable + found.borne
    assert found.unavailable == timedelta() or shortest * MINUTE <= HOUR


@given(SPANS)
def test_without_any_exclusion_it_is_the_share_of_known_minutes(spans: list[Span]) -> None:
    states = [health_at(spans, at(minute)) for minute in range(60)]
    good, bad = (sum(state in healths for state in states) for healths in (AVAILABLE, UNAVAILABLE))
    hours = ((at(0), at(60)),)
    said = conclude(NINETY, NONE, [(1, tally(spans, (), hours, NONE, hours[0]))])
    assert said.availability == (Fraction(good, good + bad) if good + bad else None)
    assert said.coverage == Fraction(good + bad, 60)


WEIGHTS = st.floats(0.001, 1e6)
TALLIES = st.builds(told, st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))


@given(st.lists(st.tuples(WEIGHTS, TALLIES), min_size=1, max_size=6), st.fractions(0, 1), st.randoms())
def test_a_mean_lies_between_its_parts_whatever_their_order(parts, share: Fraction, chance) -> None:
    target = Target(Hours.ALL, share)
    said = conclude(target, NONE, parts)
    alone = [one.availability for _, t in parts if (one := conclude(target, NONE, [(1, t)])).availability is not None]
    if said.availability is None:
        assert not alone
    else:
        assert min(alone) <= said.availability <= max(alone)
        assert (said.outcome is Outcome.MET) == (said.availability >= share)
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert conclude(target, NONE, shuffled) == said
    assert conclude(target, NONE, [(weight * 2, one) for weight, one in parts]) == said


@given(TALLIES, st.fractions(0, 1))
def test_the_spare_time_is_what_the_target_left(part: Tally, share: Fraction) -> None:
    said = conclude(Target(Hours.ALL, share), NONE, [(1, part)])
    if said.spare is not None and said.outcome is Outcome.MET:
        used_up = replace(part, available=part.available - said.spare, unavailable=part.unavailable + said.spare)
        assert conclude(Target(Hours.ALL, share), NONE, [(1, used_up)]).outcome is Outcome.MET


DAYS = st.integers(0, 400).map(lambda n: paris("2026-01-01") + timedelta(days=n))
SLOTS = st.lists(
    st.builds(
        lambda days, edges: Slot(frozenset(days), min(edges) * HOUR, max(edges) * HOUR),
        st.sets(st.integers(0, 6), min_size=1),
        st.sets(st.integers(0, 24), min_size=2, max_size=2),
    ),
    max_size=3,
)


@given(SLOTS, st.tuples(DAYS, DAYS), st.sets(st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))))
def test_own_hours_against_the_clock_on_the_wall(slots: list[Slot], edges, closed: set[date]) -> None:
    since, until = min(edges), min(max(edges), min(edges) + timedelta(days=9))
    found = own_hours(OwnHours(tuple(slots), holidays=False), PARIS, closed, since, until)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    probe = since
    while probe < until:
        local = probe.astimezone(PARIS)
        passed = timedelta(hours=local.hour, minutes=local.minute)
        held = local.date() not in closed and any(
            local.weekday() in slot.weekdays and slot.starts <= passed < slot.ends for slot in slots
        )
        assert any(a <= probe < b for a, b in found) is held
        probe += 30 * MINUTE
