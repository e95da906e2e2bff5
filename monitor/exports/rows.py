"""Rows of observations, spans and incidents, under the columns of `monitor.exports.tables`. All raise StoreError."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain.calendar import SchoolClock
from monitor.domain.history import corrected
from monitor.domain.incident import Incident, Turn
from monitor.domain.plain import plain
from monitor.domain.record import Record
from monitor.domain.service_verdict import Span
from monitor.exports.columns import Row
from monitor.exports.days import Piece
from monitor.store import Reader

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_OPEN = datetime.max.replace(tzinfo=UTC)  # until when a verdict in force lasts: after everything


def observation_rows(reader: Reader, piece: Piece, probes: Collection[str]) -> Iterator[Record]:
    """Observations of these probes: by hour, then vantage and probe, then instant."""
    return reader.records(piece.since, piece.until, probes)


def in_school_hours(records: Iterator[Record], clocks: Mapping[str, SchoolClock]) -> Iterator[Record]:
    """Those whose question began in the school hours of their service (by what stands before the slash)."""
    known: dict[str, tuple[int, int, bool]] = {}
    for record in records:
        begin, end, inside = known.get(record.service, (0, 0, False))
        if not begin <= record.at < end:
            at, clock = _EPOCH + record.at * _US, clocks[record.service]
            begin, end, inside = record.at, micros(clock.next_change(at)), clock.in_school_hours(at)
            known[record.service] = begin, end, inside
        if inside:
            yield record


def span_rows(reader: Reader, piece: Piece, names: Collection[str]) -> Iterator[Row]:
    """States of these services and their probes that touch the piece, as they stand; by service, then beginning."""
    in_force = _in_force(reader, set(names))
    for name in names:
        held = [*reader.spans(piece.since, piece.until, [name]), *in_force.get(name, ())]
        first = min((one.since for one in held), default=piece.since)
        for one in corrected(held, reader.corrections(min(first, piece.since), _OPEN, [name])):
            if one.since < piece.until and one.until > piece.since:
                yield _span(one)


def incident_rows(reader: Reader, piece: Piece, names: Collection[str] | None, *, ours: bool) -> Iterator[Row]:
    """Incidents open at some moment of the piece that held one of these services; all for None.

    `ours`: those of our own line too, where all are asked for.
    """
    for one in reader.incidents_touching(piece.since, piece.until):
        if (ours or not one.ours) if names is None else not (one.ours or set(names).isdisjoint(one.services)):
            yield _incident(one)


def micros(at: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (at - _EPOCH) // _US


def _in_force(reader: Reader, names: Collection[str]) -> Mapping[str, list[Span]]:
    """The verdicts in force of these services and their probes, as spans without an end."""
    found = [Span(one.service, None, "", one.health, one.since, _OPEN, one.failure) for one in reader.services()]
    found += [
        Span(one.probe.partition("/")[0], one.probe, one.vantage, one.health, one.since, _OPEN, one.failure)
        for one in reader.verdicts()
    ]
    by_service = defaultdict[str, list[Span]](list)
    for one in found:
        if one.service in names:
            by_service[one.service].append(one)
    return by_service


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _span(one: Span) -> Row:
    vantage = one.vantage if one.probe is not None else None
    until = None if one.until == _OPEN else micros(one.until)
    failure = None if one.failure is None else one.failure.value
    return one.service, one.probe, vantage, one.health.value, micros(one.since), until, failure


def _incident(one: Incident) -> Row:
    cause = one.cause
    test: Any = None if cause is None else cause.test
    return (
        one.id,
        one.culprit,
        one.explained,
        micros(one.opened_at),
        micros(one.confirmed_at),
        *map(_maybe, (one.recovered_at, one.eased_at, one.closed_at)),
        one.worst.value,
        one.health.value,
        None if one.failure is None else one.failure.value,
        one.services,
        one.territories,
        None if cause is None else cause.culprit,
        *(
            (None,) * 5
            if test is None
            else (test.unwell_inside, test.inside, test.unwell_outside, test.outside, test.chance)
        ),
        one.absorbed_into,
        tuple(map(_turn, one.turns)),
    )


def _turn(one: Turn) -> str:
    return "/".join((plain(one.at), one.reason.value, one.health.value, str(one.services)))
