"""Hours and days that are over are closed: rows of `probe_hours`, `probe_slots` and `probe_days`, in small parts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select

from monitor.domain.answer_tally import SLOTS_AN_HOUR, AnswerTally, Slot, encode_slots
from monitor.domain.sketch import Sketch
from monitor.store.codec import EPOCH, HOUR_US, instant, micros, newer
from monitor.store.derived_tables import late_hours, probe_days, probe_hours, probe_slots
from monitor.store.errors import DatabaseDamaged
from monitor.store.marks import CLOSED, DAYS, KEPT, Marks, read, write
from monitor.store.tables import observations, series
from monitor.store.upsert import replace

InSchool = Callable[[str, datetime], bool]  # whether it is school time for a probe at an instant
Part = Mapping[int, str]  # numbers of series, and their probes

SERIES_A_PART = 50  # about 5,000 answers at the opening of a school day: some 50 ms of the writer's time
SERIES_A_DAY_PART = 40  # a thousand hours of them
PARIS = ZoneInfo("Europe/Paris")
SLOT_US = HOUR_US // SLOTS_AN_HOUR
# Hours of school begin and end at full and half hours of the wall clock, which everywhere are quarters of UTC's.
_SLOTS_A_QUARTER = 3
DAY = timedelta(days=1)
_COUNTED = (
    observations.c.series,
    observations.c.at,
    observations.c.failure,
    observations.c.took_us,
    observations.c.resolve_us,
    observations.c.connect_us,
    observations.c.tls_us,
    observations.c.first_byte_us,
    observations.c.transfer_us,
)


def open_hour(connection: Connection) -> datetime | None:
    """The oldest hour with answers that is not closed yet."""
    floor = max(read(connection, CLOSED), read(connection, KEPT))
    hour = connection.scalar(select(func.min(observations.c.hour)).where(observations.c.hour >= floor))
    return None if hour is None else instant(hour * HOUR_US)


def close_part(connection: Connection, marks: Marks, began: datetime, after: int, in_school: InSchool) -> int | None:
    """Roll up the answers of an hour, of the next series after number `after`; the last of them, None at the end.

    Made from the rows themselves, in place of what was there: again is as once. The end moves the mark.
    """
    hour = micros(began) // HOUR_US
    marks.begin(connection, hour)
    part = _next_series(connection, after, SERIES_A_PART)
    if part:
        _make_hour(connection, hour, part, in_school)
    if len(part) == SERIES_A_PART:
        return max(part)
    write(connection, CLOSED, hour + 1)
    return None


def close_late(connection: Connection, in_school: InSchool) -> bool:
    """Make some closed hours again that answers came late to, and their days; whether there were any."""
    closed = read(connection, CLOSED)
    hour = connection.scalar(select(func.min(late_hours.c.hour)).where(late_hours.c.hour < closed))
    if hour is None:
        return False
    query = select(late_hours.c.series).where(late_hours.c.hour == hour).order_by(late_hours.c.series)
    numbers = connection.scalars(query.limit(SERIES_A_PART)).all()
    named = connection.execute(select(series.c.id, series.c.probe).where(series.c.id.in_(numbers)))
    _make_hour(connection, hour, {row.id: row.probe for row in named}, in_school)
    day = day_of(hour)
    if hours_of(day)[-1] < closed:
        _make_day(connection, day, numbers)
    connection.execute(delete(late_hours).where(late_hours.c.hour == hour, late_hours.c.series.in_(numbers)))
    return True


def open_day(connection: Connection) -> date | None:
    """The oldest day of Paris with roll-ups whose hours are all closed and that is not closed itself."""
    first = hours_of(EPOCH.date() + read(connection, DAYS) * DAY)[0]
    hour = connection.scalar(select(func.min(probe_slots.c.hour)).where(probe_slots.c.hour >= first))
    if hour is None or hours_of(day_of(hour))[-1] >= read(connection, CLOSED):
        return None
    return day_of(hour)


def close_day_part(connection: Connection, day: date, after: int) -> int | None:
    """Roll up the hours of a day, of the next series after number `after`; as `close_part`."""
    part = _next_series(connection, after, SERIES_A_DAY_PART)
    if part:
        _make_day(connection, day, list(part))
    if len(part) == SERIES_A_DAY_PART:
        return max(part)
    write(connection, DAYS, number_of(day) + 1)
    return None


def day_of(hour: int) -> date:
    """The day of Paris that an hour (since 1970) lies in: no time zone of Paris parts an hour of UTC."""
    return instant(hour * HOUR_US).astimezone(PARIS).date()


def hours_of(day: date) -> range:
    """The 23 to 25 hours (since 1970) of a day of Paris."""
    first, last = (datetime(one.year, one.month, one.day, tzinfo=PARIS).astimezone(UTC) for one in (day, day + DAY))
    return range(micros(first) // HOUR_US, micros(last) // HOUR_US)


def number_of(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH.date()) // DAY


def tally_of(counts: bytes, sketch: bytes, probe: object) -> AnswerTally:
    """The tally of a row. Raises DatabaseDamaged for a broken one, DatabaseNewer for an unknown failure."""
    try:
        return AnswerTally.decode(counts, Sketch.decode(sketch))
    except ValueError:
        raise damaged(probe) from None
    except KeyError as unknown:
        raise newer(f"échec n° {unknown}") from None


def damaged(probe: object) -> DatabaseDamaged:
    """What to raise for a roll-up that cannot be read."""
    return DatabaseDamaged(f"Les durées de {probe} sont illisibles dans la base. Rétablissez une sauvegarde.")


def _next_series(connection: Connection, after: int, most: int) -> Part:
    query = select(series.c.id, series.c.probe).where(series.c.id > after).order_by(series.c.id).limit(most)
    return {row.id: row.probe for row in connection.execute(query)}


def _make_hour(connection: Connection, hour: int, part: Part, in_school: InSchool) -> None:
    """Where a series has no answer any more, what is there stays: it cannot be made again."""
    query = (
        select(*_COUNTED)
        .where(observations.c.hour == hour, observations.c.series.in_(list(part)))
        .order_by(observations.c.series)
    )
    hours, packed = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, rows in groupby(connection.execute(query), itemgetter(0)):
        slots = list(_slots(rows, part[number], hour, in_school))
        packed.append({"hour": hour, "series": number, "slots": encode_slots(slots)})
        for kind in {slot.in_school for slot in slots}:
            tally = AnswerTally.merged(slot.tally for slot in slots if slot.in_school is kind)
            hours.append({"series": number, "hour": hour, "in_school": kind, **_columns(tally)})
    found = [row["series"] for row in packed]
    connection.execute(delete(probe_hours).where(probe_hours.c.hour == hour, probe_hours.c.series.in_(found)))
    replace(connection, probe_hours, hours)
    replace(connection, probe_slots, packed)


def _slots(rows: Iterable[Sequence[Any]], probe: str, hour: int, in_school: InSchool) -> Iterator[Slot]:
    numbered = defaultdict[int, list[Sequence[int | None]]](list)
    for row in rows:
        numbered[row[1] // SLOT_US % SLOTS_AN_HOUR].append(row[2:])
    kinds = dict[int, bool]()
    for number, answers in sorted(numbered.items()):
        quarter = number // _SLOTS_A_QUARTER
        if quarter not in kinds:
            kinds[quarter] = in_school(probe, instant(hour * HOUR_US + quarter * HOUR_US // 4))
        yield Slot(number, kinds[quarter], _counted(answers))


def _counted(answers: Collection[Sequence[int | None]]) -> AnswerTally:
    try:
        return AnswerTally.of(answers)
    except KeyError as unknown:
        raise newer(f"échec n° {unknown}") from None


def _make_day(connection: Connection, day: date, numbers: Sequence[int]) -> None:
    """From the rows of its hours, in place of what was there."""
    hours = hours_of(day)
    query = (
        select(probe_hours)
        .where(probe_hours.c.series.in_(numbers), probe_hours.c.hour.between(hours[0], hours[-1]))
        .where(probe_hours.c.counts.is_not(None))
    )
    found = defaultdict[tuple[int, bool], list[AnswerTally]](list)
    for number, _, kind, sketch, counts in map(tuple, connection.execute(query)):
        found[number, kind].append(tally_of(counts, sketch, number))
    rows = [
        {"series": number, "day": number_of(day), "in_school": kind, **_columns(AnswerTally.merged(tallies))}
        for (number, kind), tallies in found.items()
    ]
    made = probe_days.c.day == number_of(day), probe_days.c.series.in_({number for number, _ in found})
    connection.execute(delete(probe_days).where(*made))
    replace(connection, probe_days, rows)


def _columns(tally: AnswerTally) -> dict[str, bytes]:
    return {"sketch": tally.sketch.encode(), "counts": tally.encode()}
