"""Reading what is kept of probes for ever: tallies by five minutes, hour or day."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.domain.answer_tally import SLOTS_AN_HOUR, AnswerTally, Grain, decode_slots
from monitor.store.closing import DAY, PARIS, SLOT_US, damaged, day_of, hours_of, number_of, tally_of
from monitor.store.codec import EPOCH, HOUR_US, instant, micros, newer
from monitor.store.derived_tables import probe_days, probe_hours, probe_slots
from monitor.store.marks import DAYS, read
from monitor.store.tables import series

Names = dict[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProbeTally:
    """The answers of a probe at a vantage within five minutes, an hour or a day of Paris that begins at `since` (UTC).

    Of one stretch there are two where school begins or ends within it: `in_school` says which; both together are all.
    """

    probe: str
    vantage: str
    since: datetime
    in_school: bool
    tally: AnswerTally


def tallies(
    connection: Connection, probes: Collection[str], since: datetime, until: datetime, grain: Grain
) -> Iterator[ProbeTally]:
    """Of these probes, of what begins at since <= … < until and is closed; by series, oldest first."""
    query = select(series).where(series.c.probe.in_(list(probes)))
    names = {row.id: (row.probe, row.vantage) for row in connection.execute(query)}
    match grain:
        case Grain.FIVE_MINUTES:
            return _slots(connection, names, since, until)
        case Grain.HOUR:
            return _hours(connection, names, *_hours_within(since, until))
        case Grain.DAY:
            return _days(connection, names, since, until)


def _slots(connection: Connection, names: Names, since: datetime, until: datetime) -> Iterator[ProbeTally]:
    first, last = micros(since), micros(until)
    # The keys one by one: each is a seek. Left to itself a database reads every probe's slots between two hours.
    hours = list(range(first // HOUR_US, -(-last // HOUR_US)))
    found = defaultdict[int, list[tuple[int, bytes]]](list)
    for begin in range(0, len(hours), 24):
        query = select(probe_slots).where(
            probe_slots.c.hour.in_(hours[begin : begin + 24]), probe_slots.c.series.in_(list(names))
        )
        for hour, number, packed in map(tuple, connection.execute(query)):
            found[number].append((hour, packed))
    for number in sorted(found):
        for hour, packed in sorted(found[number]):
            for place, kind, tally in _unpacked(packed, names[number][0]):
                at = (hour * SLOTS_AN_HOUR + place) * SLOT_US
                if first <= at < last:
                    yield ProbeTally(*names[number], instant(at), kind, tally)


def _unpacked(packed: bytes, probe: str) -> list[tuple[int, bool, AnswerTally]]:
    try:
        return [(slot.number, slot.in_school, slot.tally) for slot in decode_slots(packed)]
    except ValueError:
        raise damaged(probe) from None
    except KeyError as unknown:
        raise newer(f"échec n° {unknown}") from None


def _hours(connection: Connection, names: Names, first: int, last: int) -> Iterator[ProbeTally]:
    query = (
        select(probe_hours)
        .where(probe_hours.c.series.in_(list(names)), probe_hours.c.hour >= first, probe_hours.c.hour < last)
        .where(probe_hours.c.counts.is_not(None))
        .order_by(probe_hours.c.series, probe_hours.c.hour, probe_hours.c.in_school)
    )
    for number, hour, kind, sketch, counts in map(tuple, connection.execute(query)):
        probe, vantage = names[number]
        yield ProbeTally(probe, vantage, instant(hour * HOUR_US), kind, tally_of(counts, sketch, probe))


def _days(connection: Connection, names: Names, since: datetime, until: datetime) -> Iterator[ProbeTally]:
    """Closed days as they are kept; those after them, of which the last may go on, from their closed hours."""
    closed = read(connection, DAYS)
    first, last = (_day_from(one) for one in (since, until))
    query = (
        select(probe_days)
        .where(probe_days.c.series.in_(list(names)), probe_days.c.day >= first, probe_days.c.day < min(last, closed))
        .order_by(probe_days.c.series, probe_days.c.day, probe_days.c.in_school)
    )
    found = defaultdict[int, list[ProbeTally]](list)
    for number, day, kind, sketch, counts in map(tuple, connection.execute(query)):
        probe, vantage = names[number]
        found[number].append(ProbeTally(probe, vantage, _midnight(day), kind, tally_of(counts, sketch, probe)))
    young = defaultdict[tuple[int, int, bool], list[AnswerTally]](list)
    numbers = {name: number for number, name in names.items()}
    if max(first, closed) < last:
        begin, end = (micros(_midnight(day)) // HOUR_US for day in (max(first, closed), last))
        for one in _hours(connection, names, begin, end):
            day = number_of(day_of(micros(one.since) // HOUR_US))
            young[numbers[one.probe, one.vantage], day, one.in_school].append(one.tally)
    for (number, day, kind), parts in sorted(young.items()):
        found[number].append(ProbeTally(*names[number], _midnight(day), kind, AnswerTally.merged(parts)))
    return (one for number in sorted(found) for one in found[number])


def _hours_within(since: datetime, until: datetime) -> tuple[int, int]:
    """The first hour that begins at or after `since`, and the first that begins at or after `until`."""
    return -(-micros(since) // HOUR_US), -(-micros(until) // HOUR_US)


def _day_from(at: datetime) -> int:
    """The number of the first day of Paris that begins at or after an instant."""
    day = number_of(at.astimezone(PARIS).date())
    return day if _midnight(day) >= at else day + 1


def _midnight(day: int) -> datetime:
    """When a day of Paris (since 1970) begins."""
    return instant(hours_of(EPOCH.date() + day * DAY)[0] * HOUR_US)
