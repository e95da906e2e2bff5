"""When the letter of every morning is written: seven in Paris, on both sides of a change of time."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.daily import MORNING
from monitor.pace import calendar


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2026-11-28T12:30:00Z", "2026-11-29T06:00:00Z"),
        ("2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"),  # the night of the change to summer time
        ("2026-10-24T23:00:00Z", "2026-10-25T06:00:00Z"),
    ],
)
def test_seven_in_paris_every_day_and_each_full_hour_until_noon(since: str, first: str) -> None:
    async def nothing() -> None:
        """No letter is written here."""

    (job,) = calendar([("bilan du matin", MORNING, nothing)]).get_jobs()
    at, fired = datetime.fromisoformat(since), []
    for _ in range(7):
        at = job.trigger.get_next_fire_time(None, at).astimezone(UTC)
        fired.append(at)
        at += timedelta(seconds=1)
    seven = datetime.fromisoformat(first)
    assert fired[:6] == [seven + timedelta(hours=n) for n in range(6)]
    assert timedelta(hours=22) < fired[6] - seven < timedelta(hours=26)
