"""Strips of days: against the plain list of minutes, over changes of time, and inside their box."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import ALWAYS_CLASS
from monitor.domain.interval import Interval, merged
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.uptime import told, uptime
from monitor.dossier.services import Measured
from monitor.dossier.strips import HEIGHT, QUARTERS, STEP, drawn, strips
from tests.domain.small import service
from tests.domain.standing import health_at
from tests.dossier.month import paris

DAY = paris("2021-11-08")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def measured(
    spans: list[Span], declared: tuple[Interval, ...] = (), weight: float = 1.0, since: datetime = DAY
) -> Measured:
    until = since + 24 * HOUR
    said = uptime(spans, declared, ALWAYS_CLASS, since, until)
    return Measured(service("ent"), weight, tuple(spans), told(spans, declared, since, until), said, (), ())


def span(since: float, until: float, health: Health) -> Span:
    return Span("ent", None, "", health, DAY + since * MINUTE, DAY + until * MINUTE)


def test_a_quarter_holds_what_its_users_had() -> None:
    one = measured([span(0, 60, Health.UP), span(60, 65, Health.DOWN), span(65, 90, Health.UP)], weight=3)
    other = measured([span(0, 90, Health.UP)], ((DAY + 80 * MINUTE, DAY + 90 * MINUTE),))
    [(day, strip)] = strips([one, other], DAY, DAY + 24 * HOUR).items()
    assert day == date(2021, 11, 8)
    assert sorted(strip) == list(range(6))
    assert strip[0] == ((Health.UP, 1.0),)
    assert strip[4] == ((Health.DOWN, 0.25), (Health.UP, 0.75))
    assert dict(strip[5]) == {
        Health.MAINTENANCE: pytest.approx(10 / 60, abs=1e-4),
        Health.UP: pytest.approx(50 / 60, abs=1e-4),
    }


def test_who_weighs_nothing_and_what_is_not_known_are_not_drawn() -> None:
    assert strips([measured([span(0, 60, Health.DOWN)], weight=0)], DAY, DAY + 24 * HOUR) == {}
    assert strips([measured([span(0, 60, Health.UNKNOWN)])], DAY, DAY + 24 * HOUR) == {}


@pytest.mark.parametrize(("day", "quarters"), [("2021-10-31", 96), ("2021-03-28", 92), ("2021-11-08", 96)])
def test_a_day_keeps_the_hours_of_its_clock(day: str, quarters: int) -> None:
    since, until = paris(day), paris(f"{day}T00:00") + timedelta(hours=25)
    whole = [Span("ent", None, "", Health.UP, since, until)]
    one = Measured(service("ent"), 1.0, tuple(whole), told(whole, (), since, until), measured([]).said, (), ())
    strip = strips([one], since, until)[date.fromisoformat(day)]
    assert len(strip) == quarters
    assert set(strip.values()) == {((Health.UP, 1.0),)}


MINUTES = st.integers(0, 24 * 60)
SPANS = st.lists(st.builds(span, MINUTES, MINUTES, st.sampled_from(Health)), max_size=6)
DECLARED = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda one: (DAY + one[0] * MINUTE, DAY + one[1] * MINUTE)), max_size=2
)


@given(SPANS, DECLARED.map(merged))
def test_against_the_plain_list_of_minutes(spans: list[Span], declared: tuple[Interval, ...]) -> None:
    strip = strips([measured(spans, declared)], DAY, DAY + 24 * HOUR).get(date(2021, 11, 8), {})
    for quarter in range(0, QUARTERS, 5):
        minutes = [DAY + (quarter * 15 + n) * MINUTE for n in range(15)]
        states = [
            Health.MAINTENANCE if any(a <= at < b for a, b in declared) else health_at(spans, at) for at in minutes
        ]
        known = [one for one in states if one not in (None, Health.UNKNOWN)]
        expected = {one: known.count(one) / len(known) for one in known}
        assert dict(strip.get(quarter, ())) == pytest.approx(expected, abs=1e-4)


@given(SPANS, DECLARED.map(merged), st.floats(0.1, 9))
def test_whatever_is_drawn_lies_in_its_box(spans, declared, weight: float) -> None:
    others = measured([span(0, 1440, Health.UP)], weight=weight)
    strip = strips([measured(spans, declared), others], DAY, DAY + 24 * HOUR).get(date(2021, 11, 8), {})
    for rect in re.findall(r"<rect [^>]*>", drawn(strip, "lundi")):
        x, y, width, height = (
            float(re.search(rf' {name}="([-\d.]+)"', rect)[1]) for name in ("x", "y", "width", "height")
        )
        assert 0 <= x < x + width <= QUARTERS * STEP
        assert 0 <= y <= HEIGHT
        assert height >= 0


def test_the_label_is_a_text() -> None:
    assert '<b>"' not in drawn({}, '<b>"')
