"""Days of Paris as the books count them: instants to days and back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.store.codec import HOUR_US, instant

PARIS = ZoneInfo("Europe/Paris")
_ONE = timedelta(days=1)


def day_of(at: datetime) -> date:
    """The day of Paris that an instant belongs to."""
    return at.astimezone(PARIS).date()


def day_of_us(us: int) -> date:
    """The day of Paris of microseconds since 1970. Midnight of Paris is a full hour of UTC."""
    return _day_of_hour(us // HOUR_US)


@lru_cache(maxsize=64)
def _day_of_hour(hour: int) -> date:
    return day_of(instant(hour * HOUR_US))


def bounds(day: date) -> tuple[datetime, datetime]:
    """The instants [from, to) of a day of Paris, in UTC: 23, 24 or 25 hours."""
    begin, end = (datetime.combine(one, time.min, PARIS).astimezone(UTC) for one in (day, day + _ONE))
    return begin, end


def days(since: datetime, until: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """The days of Paris that touch [since, until), each with its part of it."""
    while since < until:
        day = day_of(since)
        end = min(bounds(day)[1], until)
        yield day, since, end
        since = end
