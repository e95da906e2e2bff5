"""Rows of `excerpts`: redacted text of the few answers that said something new."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.domain.observation import Observation
from monitor.store.codec import clean, instant, micros
from monitor.store.codes import Dictionaries
from monitor.store.tables import excerpts, series
from monitor.store.values import Excerpt


def excerpt_row(observation: Observation, codes: Dictionaries) -> dict[str, Any]:
    """The columns of `excerpts`, of an observation that carries one."""
    return {
        "series": codes.series[observation.probe, observation.vantage],
        "at": micros(observation.at),
        "text": clean(observation.excerpt or ""),
    }


def excerpt_of(row: Row[Any]) -> Excerpt:
    """The excerpt of a row of `excerpts` joined with its `series`."""
    return Excerpt(row.probe, row.vantage, instant(row.at), row.text)


def between(connection: Connection, probes: Iterable[str], since: datetime, until: datetime) -> Iterator[Excerpt]:
    """Excerpts of `probes` with since <= at < until, oldest first."""
    query = (
        select(excerpts, series.c.probe, series.c.vantage)
        .join_from(excerpts, series, excerpts.c.series == series.c.id)
        .where(series.c.probe.in_(list(probes)), excerpts.c.at >= micros(since), excerpts.c.at < micros(until))
        .order_by(excerpts.c.at, excerpts.c.series)
    )
    return map(excerpt_of, connection.execute(query))
