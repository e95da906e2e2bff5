"""Days of Paris as the books count them: instants to days and back. Every figure of a day is of a day of Paris."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.store.codec import HOUR_US, instant

PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)
_FIRST = date(1970, 1, 1).toordinal()


def day_of(at: datetime) -> date:
    """The day of Paris that an aware instant lies in."""
    return at.astimezone(PARIS).date()


def day_of_us(us: int) -> date:
    """The day of Paris of microseconds since 1970. Midnight of Paris is a full hour of UTC."""
    return _day_of_hour(us // HOUR_US)


@lru_cache(maxsize=64)
def _day_of_hour(hour: int) -> date:
    return day_of(instant(hour * HOUR_US))


def begins(day: date) -> datetime:
    """The first instant (UTC) of a day of Paris."""
    return datetime.combine(day, time.min, PARIS).astimezone(UTC)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The instants [from, to) of a day of Paris, in UTC: 23, 24 or 25 hours."""
    return begins(day), begins(day + ONE_DAY)


def number_of(day: date) -> int:
    """How a table numbers a day."""
    return day.toordinal() - _FIRST


def day_numbered(number: int) -> date:
    """The day of `number_of`."""
    return date.fromordinal(number + _FIRST)


def each_day(first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included."""
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def days(since: datetime, until: datetime) -> Iterator[tuple[date, datetime, datetime]]:
    """The days of Paris that touch [since, until), each with its part of it."""
    while since < until:
        day = day_of(since)
        end = min(bounds(day)[1], until)
        yield day, since, end
        since = end
