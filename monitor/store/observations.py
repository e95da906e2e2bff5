"""Rows of `observations`: integers only, written by the driver's own executemany."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from monitor.domain.observation import Observation, Phases
from monitor.store.codec import HOUR_US, MOST, code_of, duration_us, failure_of, instant, micros
from monitor.store.codes import Codes
from monitor.store.tables import observations, series, verdicts, words

Columns = tuple[int | None, ...]

DAY = timedelta(hours=24)
HOURS_NAMED = 24 * 31
_ADDRESS = words.alias("address_word")
_DETAIL = words.alias("detail_word")


def row_of(observation: Observation, series_of: Codes[tuple[str, str]], word_of: Codes[str]) -> Columns:
    """The columns of `observations`, in the table's order. Raises TypeError for a naive instant."""
    at, phases, status, size = (
        micros(observation.at),
        observation.phases,
        observation.http_status,
        observation.bytes_read,
    )
    return (
        at // HOUR_US,
        series_of[observation.probe, observation.vantage],
        at,
        duration_us(observation.took),
        duration_us(phases.resolve),
        duration_us(phases.connect),
        duration_us(phases.tls),
        duration_us(phases.first_byte),
        duration_us(phases.transfer),
        code_of(observation.failure),
        None if status is None else min(status, 2**15 - 1),
        None if observation.address is None else word_of[observation.address],
        None if size is None else min(size, MOST),
        word_of[observation.detail] if observation.detail else None,
    )


def insert_rows(connection: Connection, rows: Sequence[Columns]) -> None:
    """Add rows; one that is there already (same probe, vantage, instant) stays as it is."""
    if rows:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        marks = ", ".join([mark] * len(observations.columns))
        # Not Core's insert: its handling of parameters costs more than the database (117,000 rows/s against 43,000).
        connection.exec_driver_sql(
            f"INSERT INTO observations VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 -- built from marks alone
            list(rows),
        )


def select_observations() -> Select[Any]:
    """Observations with their texts, as `value_of` reads them; the caller adds what it looks for."""
    return (
        select(observations, series.c.probe, series.c.vantage, _ADDRESS.c.text, _DETAIL.c.text)
        .join_from(observations, series, observations.c.series == series.c.id)
        .outerjoin(_ADDRESS, observations.c.address == _ADDRESS.c.id)
        .outerjoin(_DETAIL, observations.c.detail == _DETAIL.c.id)
    )


def value_of(row: Sequence[Any]) -> Observation:
    """The observation of one row of `select_observations`. Raises DatabaseNewer for an unknown failure."""
    return Observation(
        probe=row[14],
        vantage=row[15],
        at=instant(row[2]),
        took=timedelta(microseconds=row[3]),
        failure=failure_of(row[9]),
        phases=Phases(*(None if us is None else timedelta(microseconds=us) for us in row[4:9])),
        http_status=row[10],
        address=row[16],
        bytes_read=row[12],
        detail=row[17] or "",
    )


def _in_hours(first: int, last: int) -> ColumnElement[bool]:
    """The hours from `first` to `last` (µs): named one by one each is a seek of its own, too many are read in order."""
    hours = range(first // HOUR_US, last // HOUR_US + 1)
    if len(hours) > HOURS_NAMED:
        return observations.c.hour.between(hours[0], hours[-1])
    return observations.c.hour.in_(list(hours))


def between(connection: Connection, probes: Iterable[str], since: datetime, until: datetime) -> Iterator[Observation]:
    """Observations of `probes` with since <= at < until, oldest first."""
    first, last = micros(since), micros(until)
    query = (
        select_observations()
        .where(
            _in_hours(first, last),
            series.c.probe.in_(list(probes)),
        )
        .where(observations.c.at >= first, observations.c.at < last)
        .order_by(observations.c.at, observations.c.series)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))


def newest(connection: Connection) -> datetime | None:
    """The instant of the newest observation, None in an empty database."""
    hour = connection.scalar(select(func.max(observations.c.hour)))
    at = connection.scalar(select(func.max(observations.c.at)).where(observations.c.hour == hour))
    return None if at is None else instant(at)


def unjudged(connection: Connection) -> Iterator[Observation]:
    """Observations newer than the last that their verdict knows, within 24 h of the newest of all; oldest first."""
    end = newest(connection)
    if end is None:
        return iter(())
    floor, last = micros(end - DAY), micros(end)
    query = (
        select_observations()
        .outerjoin(verdicts, verdicts.c.series == series.c.id)
        .where(_in_hours(floor, last))
        .where(observations.c.at > func.coalesce(verdicts.c.last_at, floor - 1), observations.c.at >= floor)
        .order_by(observations.c.at, observations.c.series)
    )
    return (value_of(tuple(row)) for row in connection.execute(query))
