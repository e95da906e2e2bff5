"""Rows of `spans`: verdicts that have ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.store.codec import code_of, failure_of, instant, micros, word_of
from monitor.store.codes import Dictionaries
from monitor.store.tables import spans, words

_SERVICE = words.alias("service_word")
_PROBE = words.alias("probe_word")
_VANTAGE = words.alias("vantage_word")


def span_row(span: Span, codes: Dictionaries) -> dict[str, Any]:
    """The columns of `spans`."""
    return {
        "service": codes.words[span.service],
        "probe": codes.words[span.probe or ""],
        "vantage": codes.words[span.vantage],
        "since": micros(span.since),
        "until": micros(span.until),
        "health": span.health.value,
        "failure": code_of(span.failure),
    }


def span_of(row: Row[Any]) -> Span:
    """The span of a row of `spans` with its texts."""
    return Span(
        service=row.service_text,
        probe=row.probe_text or None,
        vantage=row.vantage_text,
        health=word_of(Health, row.health),
        since=instant(row.since),
        until=instant(row.until),
        failure=failure_of(row.failure),
    )


def touching(
    table: Table, since: datetime, until: datetime, services: tuple[str, ...] | None
) -> Select[tuple[Any, ...]]:
    """What of a table of stretches touches [since, until), with its texts; of some services or all (None)."""
    query = (
        select(
            table,
            _SERVICE.c.text.label("service_text"),
            _PROBE.c.text.label("probe_text"),
            _VANTAGE.c.text.label("vantage_text"),
        )
        .join_from(table, _SERVICE, table.c.service == _SERVICE.c.id)
        .join(_PROBE, table.c.probe == _PROBE.c.id)
        .join(_VANTAGE, table.c.vantage == _VANTAGE.c.id)
        .where(table.c.until > micros(since), table.c.since < micros(until))
    )
    return query if services is None else query.where(_SERVICE.c.text.in_(services))


def overlapping(
    connection: Connection, since: datetime, until: datetime, services: tuple[str, ...] | None, *, of_services: bool
) -> Iterator[Span]:
    """Spans that touch [since, until), oldest first; of some services or all (None); `of_services`: none of probes."""
    query = touching(spans, since, until, services)
    query = query.order_by(spans.c.since, spans.c.service, spans.c.probe, spans.c.vantage)
    if of_services:
        query = query.where(spans.c.probe == 0)
    return map(span_of, connection.execute(query))
