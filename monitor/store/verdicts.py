"""Rows of `verdicts` and `service_verdicts`."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from monitor.domain.observation import Health
from monitor.domain.run import Answer
from monitor.domain.service_verdict import ServiceVerdict
from monitor.domain.verdict import Verdict
from monitor.store.codec import code_of, failure_of, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.codes import Dictionaries
from monitor.store.tables import series, service_verdicts, verdicts


def verdict_row(verdict: Verdict, codes: Dictionaries) -> dict[str, Any]:
    """The columns of `verdicts`."""
    return {
        "series": codes.series[verdict.probe, verdict.vantage],
        "health": verdict.health.value,
        "since": micros(verdict.since),
        "failure": code_of(verdict.failure),
        "settled": None if verdict.settled is None else verdict.settled.value,
        "settled_since": maybe_micros(verdict.settled_since),
        "settled_failure": code_of(verdict.settled_failure),
        "run": json.dumps([_answer_row(one) for one in verdict.run]),
        "good_answers": verdict.good_answers,
        "last_good_at": maybe_micros(verdict.last_good_at),
        "evidence_at": maybe_micros(verdict.evidence_at),
        "last_at": maybe_micros(verdict.last_at),
        "speaks_until": maybe_micros(verdict.speaks_until),
        "proved_at": maybe_micros(verdict.proved_at),
        "recent": verdict.recent,
        "unstable": verdict.unstable,
    }


def verdict_of(row: Row[Any]) -> Verdict:
    """The verdict of a row of `verdicts` joined with its `series`."""
    return Verdict(
        probe=row.probe,
        vantage=row.vantage,
        health=word_of(Health, row.health),
        since=instant(row.since),
        failure=failure_of(row.failure),
        settled=None if row.settled is None else word_of(Health, row.settled),
        settled_since=maybe_instant(row.settled_since),
        settled_failure=failure_of(row.settled_failure),
        run=tuple(map(_answer_of, json.loads(row.run))),
        good_answers=row.good_answers,
        last_good_at=maybe_instant(row.last_good_at),
        evidence_at=maybe_instant(row.evidence_at),
        last_at=maybe_instant(row.last_at),
        speaks_until=maybe_instant(row.speaks_until),
        proved_at=maybe_instant(row.proved_at),
        recent=row.recent,
        unstable=bool(row.unstable),
    )


def all_verdicts(connection: Connection) -> Iterator[Verdict]:
    """Every probe's verdict, by probe and vantage."""
    query = select(verdicts, series.c.probe, series.c.vantage).join(series, verdicts.c.series == series.c.id)
    return map(verdict_of, connection.execute(query.order_by(series.c.probe, series.c.vantage)))


def service_row(verdict: ServiceVerdict) -> dict[str, Any]:
    """The columns of `service_verdicts`."""
    return {
        "service": verdict.service,
        "health": verdict.health.value,
        "since": micros(verdict.since),
        "failure": code_of(verdict.failure),
        "probe": verdict.probe,
        "unwell_since": maybe_micros(verdict.unwell_since),
        "unstable": verdict.unstable,
    }


def service_of(row: Row[Any]) -> ServiceVerdict:
    """The verdict of a row of `service_verdicts`."""
    return ServiceVerdict(
        service=row.service,
        health=word_of(Health, row.health),
        since=instant(row.since),
        failure=failure_of(row.failure),
        probe=row.probe,
        unwell_since=maybe_instant(row.unwell_since),
        unstable=bool(row.unstable),
    )


def all_services(connection: Connection) -> Iterator[ServiceVerdict]:
    """Every service's verdict, by service."""
    return map(service_of, connection.execute(select(service_verdicts).order_by(service_verdicts.c.service)))


def of_services(connection: Connection, names: Collection[str] | None) -> Iterator[ServiceVerdict]:
    """The verdicts in force of these services, or of all (None), by service."""
    query = select(service_verdicts).order_by(service_verdicts.c.service)
    if names is not None:
        query = query.where(service_verdicts.c.service.in_(names))
    return map(service_of, connection.execute(query))


def withdraw(connection: Connection, probes: Collection[str], services: Collection[str]) -> None:
    """Delete the verdicts of probes, from every vantage, and of services."""
    if probes:
        theirs = select(series.c.id).where(series.c.probe.in_(probes))
        connection.execute(delete(verdicts).where(verdicts.c.series.in_(theirs)))
    if services:
        connection.execute(delete(service_verdicts).where(service_verdicts.c.service.in_(services)))


def _answer_row(answer: Answer) -> list[int | str | None]:
    return [micros(answer.at), micros(answer.ended), answer.health.value, code_of(answer.failure)]


def _answer_of(row: tuple[int, int, str, int | None]) -> Answer:
    at, ended, health, code = row
    return Answer(instant(at), instant(ended), word_of(Health, health), failure_of(code))
