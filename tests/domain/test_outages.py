"""Outages: each word of the rule, then against the plain list of minutes and against `uptime`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import ALWAYS_CLASS
from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.observation import SEVERITY, Failure, Health
from monitor.domain.outages import Outage, longest, outages, responses
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import UNAVAILABLE, uptime
from tests.domain.standing import health_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: float) -> datetime:
    return NOON + minute * MINUTE


def span(
    since: float, until: float, health: Health = Health.DOWN, failure: Failure | None = None, probe: str | None = None
) -> Span:
    return Span("ent", probe, "", health, at(since), at(until), failure)


def found(*spans: Span, windows: tuple[Interval, ...] = (), until: float = 60) -> list[tuple[float, float]]:
    return [
        ((one.since - NOON) / MINUTE, (one.until - NOON) / MINUTE) for one in outages(spans, windows, NOON, at(until))
    ]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([span(0, 60, Health.UP)], []),
        ([span(0, 10), span(10, 20, Health.WAITING)], [(0, 20)]),  # whatever its health meanwhile: one outage
        ([span(0, 10), span(10, 11, Health.UP), span(11, 20)], [(0, 10), (11, 20)]),
        ([span(0, 10), span(10, 20, Health.UNKNOWN), span(20, 30)], [(0, 10), (20, 30)]),  # nobody knows: no outage
        ([span(0, 10), span(20, 30)], [(0, 10), (20, 30)]),
        ([span(-30, 5), span(55, 90)], [(0, 5), (55, 60)]),  # cut to the period
        ([span(0, 60), span(20, 30, Health.SLOW)], [(0, 20), (30, 60)]),  # what began later counts while it lasts
        ([span(0, 60, probe="ent/login")], []),  # a probe's is not the service's
    ],
)
def test_what_is_one_outage(spans: list[Span], expected: list[tuple[float, float]]) -> None:
    assert found(*spans) == expected
    assert found(*reversed(spans)) == expected


def test_the_worst_of_it_and_what_failed_first() -> None:
    spans = [
        span(0, 5, Health.WAITING),
        span(5, 9, Health.DOWN, Failure.EXCHANGE_SERVER_ERROR),
        span(9, 12, Health.RESTRICTED, Failure.CONNECT_TIMEOUT),
    ]
    [one] = outages(spans, (), NOON, at(60))
    assert (one.service, one.worst, one.failure) == ("ent", Health.DOWN, Failure.EXCHANGE_SERVER_ERROR)


def test_a_declared_window_ends_no_outage_and_does_not_count() -> None:
    windows = ((at(10), at(20)), (at(15), at(25)), (at(58), at(90)))
    [one] = outages([span(5, 60)], windows, NOON, at(60))
    assert (one.since, one.until) == (at(5), at(60))
    assert one.counts == ((at(5), at(10)), (at(25), at(58)))
    assert (one.counted, one.declared) == (38 * MINUTE, 17 * MINUTE)
    assert one.during(((at(0), at(7)), (at(30), at(31)))) == 3 * MINUTE


def outage(since: float, counted: float, service: str = "ent") -> Outage:
    counts = ((at(since), at(since + counted)),) if counted else ()
    return Outage(service, at(since), at(since + 30), Health.DOWN, None, counts)


def test_the_longest_are_those_that_count_longest() -> None:
    short, long, excused, alike = outage(0, 5), outage(40, 20), outage(80, 0), outage(0, 5, "other")
    assert longest([alike, short, excused, long], 2) == (long, short)
    assert longest([alike, short, excused, long], 9) == (long, short, alike)
    assert longest([], 3) == ()


def incident(opened: float, confirmed: float, recovered: float | None = None, culprit: str = "service:ent") -> Incident:
    return Incident(
        id=f"{culprit}-{opened}", culprit=culprit, opened_at=at(opened), confirmed_at=at(confirmed),
        health=Health.DOWN, worst=Health.DOWN, services=("ent",), territories=(),
        recovered_at=None if recovered is None else at(recovered),
    )  # fmt: skip


def test_how_fast_incidents_were_detected_and_over() -> None:
    counted = [incident(0, 2, 30), incident(59, 62), incident(10, 14, 20)]
    others = [
        incident(-1, 9, 9),  # began before
        incident(60, 69, 69),  # began afterwards
        incident(5, 9, 9, culprit="vantage:local"),  # our own line
        replace(incident(5, 9, 9), absorbed_into="another"),
    ]
    said = responses([*counted, *others], NOON, at(60))
    assert (said.incidents, said.recovered, said.going_on) == (3, 2, 1)
    seen_by_nobody = replace(incident(20, 21), closed_at=at(40))  # closed, and no recovery is claimed
    assert responses([*counted, seen_by_nobody], NOON, at(60)).going_on == 1
    assert (said.detected_after, said.recovered_after) == (3 * MINUTE, 20 * MINUTE)
    nothing = responses(others, NOON, at(60))
    assert (nothing.incidents, nothing.detected_after, nothing.recovered_after) == (0, None, None)


MINUTES = st.integers(-5, 35)
SPANS = st.lists(
    st.builds(
        span,
        MINUTES,
        MINUTES,
        st.sampled_from(Health),
        st.sampled_from([None, Failure.EXCHANGE_SERVER_ERROR, Failure.TLS_EXPIRED]),
    ),
    max_size=10,
)
WINDOWS = st.lists(st.tuples(MINUTES.map(at), MINUTES.map(at)), max_size=4)


def said_of(spans: list[Span], minute: int) -> Health | None:
    return health_at(spans, at(minute))


@given(SPANS, WINDOWS)
def test_outages_are_the_unavailable_minutes(spans: list[Span], windows: list[Interval]) -> None:
    held = outages(spans, windows, NOON, at(30))
    bad = {minute for minute in range(30) if said_of(spans, minute) in UNAVAILABLE}
    inside = {m for one in held for m in range(30) if one.since <= at(m) < one.until}
    assert inside == bad
    assert all(one.until < other.since for one, other in pairwise(held))
    for one in held:
        told = [said_of(spans, m) for m in range(30) if one.since <= at(m) < one.until]
        assert one.worst is max((health for health in told if health), key=SEVERITY.__getitem__)
        assert one.counted + one.declared == one.until - one.since


@given(SPANS, WINDOWS)
def test_what_counts_of_them_is_what_uptime_calls_unavailable(spans: list[Span], windows: list[Interval]) -> None:
    held = outages(spans, windows, NOON, at(30))
    whole = uptime(spans, windows, ALWAYS_CLASS, NOON, at(30)).all
    assert sum((one.counted for one in held), timedelta()) == whole.unavailable
    assert all(one.during([(NOON, at(30))]) == one.counted for one in held)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 9), st.integers(0, 50) | st.none()), max_size=8))
def test_means_lie_within_what_they_are_means_of(told: list[tuple[int, int, int | None]]) -> None:
    held = [incident(o, o + c, None if r is None else o + r) for o, c, r in told]
    said = responses(held, NOON, at(60))
    own = [one for one in held if one.opened_at < at(60)]
    assert said.incidents == len(own)
    assert (said.detected_after is None) is (not own)
    if said.detected_after is not None:
        waits = [one.confirmed_at - one.opened_at for one in own]
        assert min(waits) <= said.detected_after <= max(waits)
    assert (said.recovered_after is None) is (said.recovered == 0)
