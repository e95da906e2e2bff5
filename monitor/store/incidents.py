"""Rows of `incidents`."""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from monitor.domain.attribution import Attribution, Count
from monitor.domain.incident import Incident, Turn
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store.codec import code_of, failure_of, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.tables import incidents


def incident_row(incident: Incident) -> dict[str, Any]:
    """The columns of `incidents`."""
    return {
        "id": incident.id,
        "culprit": incident.culprit,
        "opened_at": micros(incident.opened_at),
        "confirmed_at": micros(incident.confirmed_at),
        "health": incident.health.value,
        "worst": incident.worst.value,
        "services": json.dumps(incident.services),
        "territories": json.dumps(incident.territories),
        "failure": code_of(incident.failure),
        "recovered_at": maybe_micros(incident.recovered_at),
        "closed_at": maybe_micros(incident.closed_at),
        "eased_at": maybe_micros(incident.eased_at),
        "watch_until": maybe_micros(incident.watch_until),
        "absorbed_into": incident.absorbed_into,
        "cause": None if incident.cause is None else json.dumps(asdict(incident.cause), ensure_ascii=False),
        "turns": json.dumps([_turn_row(one) for one in incident.turns]),
    }


def incident_of(row: Row[Any]) -> Incident:
    """The incident of a row."""
    return Incident(
        id=row.id,
        culprit=row.culprit,
        opened_at=instant(row.opened_at),
        confirmed_at=instant(row.confirmed_at),
        health=word_of(Health, row.health),
        worst=word_of(Health, row.worst),
        services=tuple(json.loads(row.services)),
        territories=tuple(json.loads(row.territories)),
        failure=failure_of(row.failure),
        recovered_at=maybe_instant(row.recovered_at),
        closed_at=maybe_instant(row.closed_at),
        eased_at=maybe_instant(row.eased_at),
        watch_until=maybe_instant(row.watch_until),
        absorbed_into=row.absorbed_into,
        cause=None if row.cause is None else _cause_of(json.loads(row.cause)),
        turns=tuple(map(_turn_of, json.loads(row.turns or "[]"))),
    )


def _turn_row(turn: Turn) -> list[int | str]:
    return [micros(turn.at), turn.reason.value, turn.health.value, turn.services]


def _turn_of(row: tuple[int, str, str, int]) -> Turn:
    at, reason, health, services = row
    return Turn(instant(at), word_of(Reason, reason), word_of(Health, health), services)


def _cause_of(kept: dict[str, Any]) -> Attribution:
    return Attribution(
        culprit=kept["culprit"],
        services=tuple(kept["services"]),
        explained=kept["explained"],
        test=None if kept["test"] is None else Count(**kept["test"]),
        beaten=tuple(Count(**one) for one in kept["beaten"]),
        ruled_out=tuple(Count(**one) for one in kept["ruled_out"]),
        undeclared=tuple(kept["undeclared"]),
    )


def starting(connection: Connection, beginning: str, most: int) -> Iterator[Incident]:
    """Incidents whose id begins so, in the order of their ids, `most` at most."""
    query = select(incidents).where(incidents.c.id.startswith(beginning, autoescape=True))
    return map(incident_of, connection.execute(query.order_by(incidents.c.id).limit(most)))


def newest(connection: Connection, most: int, before: str | None) -> Iterator[Incident]:
    """Incidents of services, the newest first, `most` at most; those whose id stands before another's, if given."""
    query = select(incidents).where(~incidents.c.culprit.startswith("vantage:"))
    query = query if before is None else query.where(incidents.c.id < before)
    return map(incident_of, connection.execute(query.order_by(incidents.c.id.desc()).limit(most)))


def live(connection: Connection, closed_after: datetime | None) -> Iterator[Incident]:
    """Incidents that are open, or were closed at or after an instant (None: all); the first opened first."""
    query = select(incidents).order_by(incidents.c.opened_at, incidents.c.id)
    if closed_after is not None:
        query = query.where(or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= micros(closed_after)))
    return map(incident_of, connection.execute(query))


def named(connection: Connection, ids: Collection[str]) -> Iterator[Incident]:
    """The incidents of these ids, those that are known."""
    return map(incident_of, connection.execute(select(incidents).where(incidents.c.id.in_(ids))))


def touching(connection: Connection, since: datetime, until: datetime) -> Iterator[Incident]:
    """Incidents that were open at some moment of [since, until); the first opened first."""
    query = (
        select(incidents)
        .where(incidents.c.opened_at < micros(until))
        .where(or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= micros(since)))
        .order_by(incidents.c.opened_at, incidents.c.id)
    )
    return map(incident_of, connection.execute(query))
