"""Steps of a period: a few hundred, on the wall of Paris where they are wide, without a hole on days of 23 and 25 hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.reports.lookback import Over, edges_of, width_of
from monitor.store.days import PARIS

NOON = datetime(2026, 11, 23, 11, 7, 30, tzinfo=UTC)
CHANGES = [datetime(2026, 3, 30, 11, tzinfo=UTC), datetime(2026, 10, 26, 11, tzinfo=UTC)]


@pytest.mark.parametrize("over", Over)
@pytest.mark.parametrize("until", [NOON, *CHANGES])
def test_the_steps_cover_the_period(over: Over, until: datetime) -> None:
    edges = edges_of(over, until)
    assert 160 <= len(edges) - 1 <= 367
    assert edges[-2] < until <= edges[-1]
    widths = {later - earlier for earlier, later in pairwise(edges)}
    assert max(widths) - min(widths) <= timedelta(hours=2)
    assert width_of(over) in widths


def test_wide_steps_follow_the_wall_of_paris_where_clocks_change() -> None:
    for until in CHANGES:
        for over, hours in ((Over.MONTH, range(0, 24, 2)), (Over.QUARTER, range(0, 24, 6)), (Over.YEAR, [0])):
            local = [edge.astimezone(PARIS) for edge in edges_of(over, until)]
            # Two o'clock does not exist on a day in March: the step begins when clocks show three.
            assert {one.hour for one in local} - {3} == set(hours)
            assert {one.minute for one in local} == {0}


def test_narrow_steps_follow_utc() -> None:
    edges = edges_of(Over.DAY, NOON)
    assert (edges[0], edges[-1]) == (
        datetime(2026, 11, 22, 11, 5, tzinfo=UTC),
        datetime(2026, 11, 23, 11, 10, tzinfo=UTC),
    )
