"""A period in parts: its months and days, the hours of the day, the weekdays (docs/method.md, "Parts of a period").

Parts follow the clock on the wall: a day of the change to summer time has 23 hours, and none at two o'clock; one of the
change to winter time has 25, two of them at two o'clock.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from monitor.domain.interval import Interval
from monitor.domain.uptime import Availability, Hours, Told

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_INTO_THE_NEXT_MONTH = timedelta(days=31)  # from the first day of any


class By(StrEnum):
    """What a period is divided by."""

    PERIOD = "period"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    WEEKDAY = "weekday"
    GRID = "grid"


Part = tuple[int, ...]  # what names one part, by `NAMED`
Cut = tuple[datetime, datetime, Part]  # a stretch [since, until) in UTC, and which part it belongs to

# (2021, 4), (2021, 4, 6), (8,), (1,) with Monday 0, (1, 8): a Tuesday's eight o'clock.
NAMED: Mapping[By, Callable[[datetime], Part]] = {
    By.PERIOD: lambda _: (),
    By.MONTH: lambda local: (local.year, local.month),
    By.DAY: lambda local: (local.year, local.month, local.day),
    By.HOUR: lambda local: (local.hour,),
    By.WEEKDAY: lambda local: (local.weekday(),),
    By.GRID: lambda local: (local.weekday(), local.hour),
}


def cuts(by: By, timezone: tzinfo, since: datetime, until: datetime) -> tuple[Cut, ...]:
    """[since, until) cut where a part of it ends on the clock of `timezone`, oldest first."""
    return tuple(_cuts(by, timezone, since.astimezone(UTC), until.astimezone(UTC)))


def counted_by(cut: Sequence[Cut], told: Told, within: Iterable[Interval], hours: Hours) -> dict[Part, Availability]:
    """What is counted of each part, the parts in order; those without any hour asked about are left out.

    `told` is what was said of a service in the period that was cut, `within` its hours that are asked about, disjoint
    and oldest first. The durations of all parts add up to those of the period.
    """
    asked = _by_part(cut, within)
    chosen = [(since, until, part) for since, until, part in _inside(cut, within)]
    good, bad, declared = (_by_part(chosen, some) for some in told)
    return {
        part: Availability(hours, good[part], bad[part], asked[part] - good[part] - bad[part], declared[part])
        for part in sorted(asked)
    }


def gathered(parts: Mapping[Part, Availability], into: Callable[[Part], Part]) -> dict[Part, Availability]:
    """Parts put together into larger ones, in their order: the days of a month, by its name, are the month."""
    found: dict[Part, Availability] = {}
    for part, one in sorted(parts.items()):
        larger = into(part)
        found[larger] = found[larger].plus(one) if larger in found else one
    return found


def _cuts(by: By, timezone: tzinfo, since: datetime, until: datetime) -> Iterator[Cut]:
    begin = since
    while begin < until:
        local = begin.astimezone(timezone)
        end = min(_next(by, local, until), until)
        yield begin, end, NAMED[by](local)
        begin = end


def _next(by: By, local: datetime, until: datetime) -> datetime:
    """When the part that holds an instant ends, in UTC."""
    if by is By.PERIOD:
        return until
    if by in {By.HOUR, By.GRID}:
        # Clocks change at a whole hour of their own, in every zone of France: no hour is cut in two by it.
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return local.astimezone(UTC) + _HOUR - into
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if by is By.MONTH:
        return (midnight.replace(day=1) + _INTO_THE_NEXT_MONTH).replace(day=1).astimezone(UTC)
    return (midnight + _DAY).astimezone(UTC)


def _inside(cut: Sequence[Cut], within: Iterable[Interval]) -> Iterator[Cut]:
    """The stretches of a cut that lie within some intervals; both oldest first."""
    place = 0
    for since, until in within:
        while place < len(cut) and cut[place][1] <= since:
            place += 1
        at = place
        while at < len(cut) and cut[at][0] < until:
            begin, end, part = cut[at]
            yield max(begin, since), min(end, until), part
            at += 1


def _by_part(cut: Sequence[Cut], some: Iterable[Interval]) -> defaultdict[Part, timedelta]:
    """How long some intervals last in each part."""
    found = defaultdict[Part, timedelta](timedelta)
    for begin, end, part in _inside(cut, some):
        found[part] += end - begin
    return found
