"""Two periods beside each other: the points between them, and each reason not to compare them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.compared import Compared, Doubt, Side, little

DAY = timedelta(days=1)
MAY, JUNE = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6))
BEFORE = Side(MAY, MAY + 30 * DAY, 0.98, 0.9, frozenset({"a", "b"}))
NOW = Side(JUNE, JUNE + 30 * DAY, 0.995, 0.95, frozenset({"a", "b"}))


def test_points() -> None:
    assert Compared(NOW, BEFORE).points == pytest.approx(1.5, abs=1e-12)
    assert Compared(BEFORE, NOW).points == pytest.approx(-1.5, abs=1e-12)
    assert Compared(NOW, BEFORE).doubts == ()


@pytest.mark.parametrize("empty", ["now", "before"])
def test_nothing_counted_is_not_compared(empty: str) -> None:
    sides = {"now": NOW, "before": BEFORE}
    sides[empty] = replace(sides[empty], availability=None, coverage=0.0, services=frozenset())
    found = Compared(**sides)
    assert (found.points, found.doubts) == (None, (Doubt.NOTHING,))


@pytest.mark.parametrize(
    ("now", "before", "doubts"),
    [
        ({"coverage": 0.5}, {"coverage": 0.5}, ()),
        ({"coverage": 0.5 - 1e-12}, {"coverage": 0.5}, ()),
        ({"coverage": 0.499}, {"coverage": 0.5}, (Doubt.LITTLE,)),
        ({"coverage": 0.5}, {"coverage": 0.499}, (Doubt.LITTLE,)),
        ({"coverage": 0.9}, {"coverage": 0.7}, ()),
        ({"coverage": 0.7}, {"coverage": 0.901}, (Doubt.APART,)),
        ({"coverage": 0.901}, {"coverage": 0.7}, (Doubt.APART,)),
        ({"services": frozenset({"a"})}, {}, (Doubt.SERVICES,)),
        ({"since": MAY + 29 * DAY}, {}, (Doubt.OVERLAP,)),
        ({"since": MAY + 30 * DAY}, {}, ()),
        ({"since": MAY - DAY, "until": MAY}, {}, ()),
        ({"since": MAY - DAY, "until": MAY + DAY}, {}, (Doubt.OVERLAP,)),
        (
            {"coverage": 0.2, "since": MAY, "services": frozenset({"c"})},
            {},
            (Doubt.LITTLE, Doubt.APART, Doubt.SERVICES, Doubt.OVERLAP),
        ),
    ],
)
def test_every_doubt(now: dict, before: dict, doubts: tuple[Doubt, ...]) -> None:
    assert Compared(replace(NOW, **now), replace(BEFORE, **before)).doubts == doubts


@pytest.mark.parametrize(
    ("coverage", "is_little"), [(0, True), (0.4999, True), (0.5, False), (0.5 - 1e-12, False), (1, False)]
)
def test_what_is_little(coverage: float, is_little: bool) -> None:
    assert little(coverage) is is_little
