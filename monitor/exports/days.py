"""A period in pieces: whole days or months of Paris, its first and last piece cut where it begins and ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from monitor.store.days import ONE_DAY, PARIS, begins, day_of


class By(StrEnum):
    """What a period is cut into."""

    DAY = "day"
    MONTH = "month"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Piece:
    """[since, until) in UTC, and what it is called: ``2021-04-06``, ``2021-04``, or ``2021-04-06/2021-04-08``.

    A period that does not begin and end at midnight is named by its instants.
    """

    name: str
    since: datetime
    until: datetime


def pieces(by: By, since: datetime, until: datetime) -> Iterator[Piece]:
    """[since, until) cut into pieces, oldest first; none where it is empty."""
    begin = since.astimezone(UTC)
    while begin < until:
        day = day_of(begin)
        if by is By.PERIOD:
            name, end = period_name(since, until), until
        elif by is By.DAY:
            name, end = day.isoformat(), begins(day + ONE_DAY)
        else:
            name, end = f"{day:%Y-%m}", begins((day.replace(day=1) + 31 * ONE_DAY).replace(day=1))
        end = min(end, until).astimezone(UTC)
        yield Piece(name, begin, end)
        begin = end


def period_name(since: datetime, until: datetime) -> str:
    """An interval of ISO 8601: of days of Paris where it can be, else of instants of UTC."""
    if is_whole(since, until):
        return "/".join(one.astimezone(PARIS).date().isoformat() for one in (since, until))
    return "/".join(one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in (since, until))


def is_whole(since: datetime, until: datetime) -> bool:
    """Whether [since, until) is made of whole days of Paris."""
    return all(one.astimezone(PARIS).time() == time.min for one in (since, until))
