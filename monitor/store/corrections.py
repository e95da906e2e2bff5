"""Rows of `corrections` and `corrected_spans`: history told anew, beside what was written before."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from monitor.domain.history import Correction, corrected
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.store import spans
from monitor.store.codec import code_of, failure_of, instant, micros, word_of
from monitor.store.codes import Dictionaries
from monitor.store.derived_tables import corrected_spans, corrections


def add(connection: Connection, new: Sequence[Correction], codes: Dictionaries) -> None:
    """Insert corrections, numbered in their order, and the words that they use before them."""
    first = (connection.scalar(select(func.max(corrections.c.id))) or 0) + 1
    rows = [{"id": first + place, **_row_of(one, codes)} for place, one in enumerate(new)]
    told = [{"correction": first + place, **_span_row(span)} for place, one in enumerate(new) for span in one.spans]
    codes.write(connection)
    if rows:
        connection.execute(insert(corrections), rows)
    if told:
        connection.execute(insert(corrected_spans), told)


def touching(
    connection: Connection, since: datetime, until: datetime, services: tuple[str, ...] | None
) -> list[Correction]:
    """Corrections that touch [since, until), in the order they were made; of some services or all (None)."""
    query = spans.touching(corrections, since, until, services).order_by(corrections.c.id)
    rows = connection.execute(query).all()
    told = defaultdict[int, list[Row[Any]]](list)
    theirs = corrected_spans.c.correction.in_([row.id for row in rows])
    for span in connection.execute(select(corrected_spans).where(theirs).order_by(corrected_spans.c.since)):
        told[span.correction].append(span)
    return [_correction_of(row, told[row.id]) for row in rows]


def as_corrected(
    connection: Connection, found: Sequence[Span], services: tuple[str, ...] | None, since: datetime, until: datetime
) -> list[Span]:
    """Spans of [since, until) as they stand: with every correction that touches one of them, or the window."""
    first = min((since, *(one.since for one in found)))
    last = max((until, *(one.until for one in found)))
    told = touching(connection, first, last, services)
    if not told:
        return list(found)
    return [one for one in corrected(found, told) if one.until > since and one.since < until]


def history(
    connection: Connection, since: datetime, until: datetime, services: tuple[str, ...] | None, *, of_services: bool
) -> list[Span]:
    """Ended spans that touch [since, until) as they stand, oldest first."""
    found = list(spans.overlapping(connection, since, until, services, of_services=of_services))
    standing = as_corrected(connection, found, services, since, until)
    return [one for one in standing if one.probe is None] if of_services else standing


def _row_of(correction: Correction, codes: Dictionaries) -> dict[str, Any]:
    return {
        "service": codes.words[correction.service],
        "probe": codes.words[correction.probe or ""],
        "vantage": codes.words[correction.vantage],
        "since": micros(correction.since),
        "until": micros(correction.until),
        "made_at": micros(correction.made_at),
    }


def _span_row(span: Span) -> dict[str, Any]:
    return {
        "since": micros(span.since),
        "until": micros(span.until),
        "health": span.health.value,
        "failure": code_of(span.failure),
    }


def _correction_of(row: Row[Any], told: Sequence[Row[Any]]) -> Correction:
    service, probe, vantage = row.service_text, row.probe_text or None, row.vantage_text
    return Correction(
        service,
        probe,
        vantage,
        instant(row.since),
        instant(row.until),
        instant(row.made_at),
        tuple(
            Span(
                service,
                probe,
                vantage,
                word_of(Health, one.health),
                instant(one.since),
                instant(one.until),
                failure_of(one.failure),
            )
            for one in told
        ),
    )
