"""Rows of `gaps`: what was not measured, and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.domain.gap import Gap
from monitor.store.codec import MOST, excuse_of, instant, micros
from monitor.store.codes import Dictionaries
from monitor.store.tables import gaps, series

EVERY_PROBE = ""


def gap_row(gap: Gap, codes: Dictionaries) -> dict[str, Any]:
    """The columns of `gaps`."""
    return {
        "series": codes.series[gap.probe, gap.vantage],
        "since": micros(gap.since),
        "excuse": gap.excuse.code,
        "until": micros(gap.until),
        "slots": min(gap.slots, MOST),
    }


def gap_of(row: Row[Any]) -> Gap:
    """The gap of a row of `gaps` joined with its `series`. Raises DatabaseNewer for an unknown excuse."""
    return Gap(row.probe, row.vantage, instant(row.since), instant(row.until), row.slots, excuse_of(row.excuse))


def overlapping(
    connection: Connection, since: datetime, until: datetime, probes: Sequence[str] | None
) -> Iterator[Gap]:
    """Gaps that touch [since, until), oldest first; of some probes and of every probe, or all there are (None)."""
    query = (
        select(gaps, series.c.probe, series.c.vantage)
        .join_from(gaps, series, gaps.c.series == series.c.id)
        .where(gaps.c.until > micros(since), gaps.c.since < micros(until))
        .order_by(gaps.c.since, series.c.probe, series.c.vantage, gaps.c.excuse)
    )
    if probes is not None:
        query = query.where(series.c.probe.in_([EVERY_PROBE, *probes]))
    return map(gap_of, connection.execute(query))
