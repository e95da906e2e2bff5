"""Books that hold the roll-ups of a service's answers over long times, written as the monitor would have written them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import insert

from monitor.domain.answer_tally import SLOTS_AN_HOUR, AnswerTally, Slot, encode_slots
from monitor.domain.observation import Failure
from monitor.store import Store
from monitor.store.codec import HOUR_US, instant, micros
from monitor.store.days import PARIS, begins, number_of
from monitor.store.derived_tables import probe_days, probe_hours, probe_slots
from monitor.store.marks import CLOSED, DAYS, write
from monitor.store.tables import series

HOUR = timedelta(hours=1)


def tally(answers: int, took_ms: int, failures: Mapping[Failure, int] | None = None) -> AnswerTally:
    """So many good answers around a duration, from half to twice of it, and failures beside them."""
    took = [took_ms * 1000 * (50 + 150 * n // max(1, answers - 1)) // 100 for n in range(answers)]
    good = [
        (None, us, us // 20, us // 10, us // 5, us // 2, us - us // 20 - us // 10 - us // 5 - us // 2) for us in took
    ]
    bad = [(kind.code, 9_000_000, *[None] * 5) for kind, times in (failures or {}).items() for _ in range(times)]
    return AnswerTally.of([*good, *bad])


def roll_up(
    store: Store, hours: Mapping[str, Iterable[tuple[datetime, bool, AnswerTally]]], *, slots_since: datetime
) -> None:
    """Write what was counted of each probe's hours (when, in school hours or not), oldest first.

    Hours and days; five minutes from `slots_since` on, each a twelfth of its hour's answers by name alone: the same
    tally. Everything before the end of the last is closed.
    """
    with store._engine.begin() as connection:
        for number, (probe, given) in enumerate(hours.items(), 1):
            found = list(given)
            connection.execute(insert(series), {"id": number, "probe": probe, "vantage": "local"})
            connection.execute(insert(probe_hours), list(_hours(number, found)))
            connection.execute(insert(probe_days), list(_days(number, found)))
            if young := [one for one in found if one[0] >= slots_since]:
                connection.execute(insert(probe_slots), list(_slots(number, young)))
            last = micros(found[-1][0]) // HOUR_US
        write(connection, CLOSED, last + 1)
        write(connection, DAYS, number_of(_day(instant((last + 1) * HOUR_US))))


def _hours(number: int, found: list[tuple[datetime, bool, AnswerTally]]) -> Iterator[dict[str, Any]]:
    for at, in_school, one in found:
        yield {"series": number, "hour": micros(at) // HOUR_US, "in_school": in_school, **_columns(one)}


def _days(number: int, found: list[tuple[datetime, bool, AnswerTally]]) -> Iterator[dict[str, Any]]:
    today = _day(found[-1][0] + HOUR)
    for (day, in_school), some in groupby(sorted(found, key=lambda one: (_day(one[0]), one[1])), lambda one: (_day(one[0]), one[1])):  # fmt: skip
        if day < today:
            merged = AnswerTally.merged(one for _, _, one in some)
            yield {"series": number, "day": number_of(day), "in_school": in_school, **_columns(merged)}


def _slots(number: int, found: list[tuple[datetime, bool, AnswerTally]]) -> Iterator[dict[str, Any]]:
    for at, in_school, one in found:
        slots = [Slot(place, in_school, one) for place in range(SLOTS_AN_HOUR)]
        yield {"hour": micros(at) // HOUR_US, "series": number, "slots": encode_slots(slots)}


def _columns(one: AnswerTally) -> dict[str, bytes]:
    return {"sketch": one.sketch.encode(), "counts": one.encode()}


def _day(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def every_hour(first: date, until: datetime) -> Iterator[datetime]:
    """Every hour from the beginning of a day of Paris on."""
    at = begins(first)
    while at < until:
        yield at.astimezone(UTC)
        at += HOUR
