"""Days of Paris as the tables number them: since 1970. Every figure of a day is of a day of Paris."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
ONE_DAY = timedelta(days=1)
_FIRST = date(1970, 1, 1).toordinal()


def day_of(at: datetime) -> date:
    """The day of Paris that an aware instant lies in."""
    return at.astimezone(PARIS).date()


def begins(day: date) -> datetime:
    """The first instant (UTC) of a day of Paris."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def number_of(day: date) -> int:
    """How a table numbers a day."""
    return day.toordinal() - _FIRST


def day_numbered(number: int) -> date:
    """The day of `number_of`."""
    return date.fromordinal(number + _FIRST)


def days(first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included."""
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]
