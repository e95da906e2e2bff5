"""Slow: beside the profile's threshold, and beside what is usual for the probe itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.observation import Failure, Observation
from monitor.domain.policy import Policy
from monitor.domain.sketch import Sketch
from monitor.domain.usual import Latency, Usual, heard, late_after, renewed, usual_of

TODAY = date(2026, 11, 23)
POLICY = Policy(slow=timedelta(seconds=4))
SLOW = Failure.CONTENT_SLOW


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def usual(p95: float, median: float | None = None) -> Usual:
    return Usual(TODAY, 20, 9000, seconds(p95 / 2 if median is None else median), seconds(p95))


def said(took: float, failure: Failure | None = None) -> Observation:
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    return Observation("a/login", "local", at, seconds(took), failure)


def day_of(ago: int, took: float, answers: int = 60) -> Latency:
    """An hour of answers that all took as long, so many days ago."""
    hour = datetime(2026, 11, 23, 9, tzinfo=UTC) - timedelta(days=ago)
    return Latency("a/login", "local", hour, True, Sketch.of([seconds(took)] * answers))


def about(found: Usual | None, p95: float) -> bool:
    return found is not None and abs(found.p95 - seconds(p95)) <= 0.02 * seconds(p95)


def test_without_anything_usual_the_threshold_alone_decides() -> None:
    for answer in (said(3.9), said(5, SLOW), said(0.2, Failure.EXCHANGE_SERVER_ERROR)):
        assert heard(answer, None, POLICY) is answer
    assert late_after(None, POLICY) == POLICY.slow


@pytest.mark.parametrize(
    ("p95", "late"),
    [
        (0.01, 1.0),  # tiny values: nobody minds less than a second
        (0.2, 1.0),
        (0.25, 1.0),
        (0.5, 2.0),
        (0.9, 3.6),
        (1.0, 4.0),  # from here on the threshold comes first
        (2.6, 4.0),
        (3.0, 4.5),  # clearly later than usual
        (5.0, 7.5),  # always slow: above its threshold, and no incident
        (9.0, 13.5),
    ],
)
def test_when_an_answer_is_late(p95: float, late: float) -> None:
    assert late_after(usual(p95), POLICY) == seconds(late)
    on_time, too_late = seconds(late), seconds(late) + timedelta(microseconds=1)
    assert heard(replace(said(0), took=on_time), usual(p95), POLICY).failure is None
    assert heard(replace(said(0, SLOW), took=on_time), usual(p95), POLICY).failure is None
    assert heard(replace(said(0), took=too_late), usual(p95), POLICY).failure is SLOW
    assert heard(replace(said(0, SLOW), took=too_late), usual(p95), POLICY).failure is SLOW


@given(
    st.sampled_from([*Failure, None]),
    st.timedeltas(timedelta(0), seconds(20)),
    st.timedeltas(timedelta(milliseconds=1), seconds(20)),
)
def test_the_rule_only_moves_answers_between_good_and_slow(failure, took, p95) -> None:
    """And changes nothing else of them; what it decides does not depend on what was decided before."""
    raw = replace(said(0, failure), took=took)
    known = Usual(TODAY, 9, 900, p95 / 2, p95)
    judged = heard(raw, known, POLICY)
    assert replace(judged, failure=failure) == raw
    if failure in {None, SLOW}:
        assert judged.failure in {None, SLOW}
        assert heard(judged, known, POLICY) is judged
        assert heard(replace(raw, failure=None), known, POLICY) == heard(replace(raw, failure=SLOW), known, POLICY)
    else:
        assert judged is raw


@given(st.timedeltas(timedelta(milliseconds=1), seconds(20)), st.timedeltas(timedelta(milliseconds=1), seconds(20)))
def test_who_is_usually_slower_is_late_later(one, other) -> None:
    faster, slower = sorted((one, other))
    assert late_after(usual(faster / seconds(1)), POLICY) <= late_after(usual(slower / seconds(1)), POLICY)


def test_a_week_of_days_is_needed_each_of_some_answers() -> None:
    assert usual_of([day_of(ago, 0.2) for ago in range(1, 5)], TODAY) is None
    assert about(usual_of([day_of(ago, 0.2) for ago in range(1, 6)], TODAY), 0.2)
    few = day_of(5, 0.2, answers=9)
    assert usual_of([*(day_of(ago, 0.2) for ago in range(1, 5)), few], TODAY) is None
    later = replace(day_of(5, 0.2, answers=1), hour=few.hour + timedelta(hours=1))
    found = usual_of([*(day_of(ago, 0.2) for ago in range(1, 5)), few, later], TODAY)
    assert found is not None
    assert (found.day, found.days, found.answers) == (TODAY, 5, 250)


def test_today_and_what_is_too_long_ago_say_nothing() -> None:
    assert usual_of([day_of(ago, 0.2) for ago in range(-3, 5)], TODAY) is None
    assert usual_of([day_of(ago, 0.2) for ago in range(25, 35)], TODAY) is None
    assert about(usual_of([day_of(ago, 0.2) for ago in range(24, 35)], TODAY), 0.2)


def test_an_incident_is_not_learned_before_it_has_lasted_for_half_of_the_days() -> None:
    """However many answers were asked during it: a trouble is asked about every 10 s."""
    for bad in range(15):
        days = [day_of(ago, 6.0 if ago <= bad else 0.2, answers=2000 if ago <= bad else 60) for ago in range(1, 29)]
        assert about(usual_of(days, TODAY), 0.2)
    assert about(usual_of([day_of(ago, 6.0 if ago <= 15 else 0.2) for ago in range(1, 29)], TODAY), 6.0)


def test_a_daily_peak_is_usual() -> None:
    """Every twentieth answer of each day at 3 s: that is what a morning is like."""
    hour = Sketch.of([seconds(0.3)] * 94 + [seconds(3)] * 6)
    found = usual_of([replace(day_of(ago, 1), sketch=hour) for ago in range(1, 11)], TODAY)
    assert about(found, 3.0)
    assert found is not None
    assert abs(found.median - seconds(0.3)) <= seconds(0.006)


@given(st.permutations([(ago, 0.1 * ago) for ago in range(1, 12)]))
def test_the_order_of_the_hours_does_not_matter(days) -> None:
    found = usual_of([day_of(ago, took) for ago, took in days], TODAY)
    assert found == usual_of([day_of(ago, 0.1 * ago) for ago in range(1, 12)], TODAY)


def test_what_is_found_counts_else_what_was_found_before_for_a_hundred_days() -> None:
    before, found = replace(usual(1), day=TODAY - timedelta(days=100)), usual(2)
    assert renewed(before, found, TODAY) is found
    assert renewed(before, None, TODAY) is before
    assert renewed(before, None, TODAY + timedelta(days=1)) is None
    assert renewed(None, None, TODAY) is None
