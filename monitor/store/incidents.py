"""Rows of `incidents`."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from monitor.domain.incident import Incident
from monitor.domain.observation import Health
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
    )


def live(connection: Connection, closed_after: datetime | None) -> Iterator[Incident]:
    """Incidents that are open, or were closed at or after an instant (None: all); the first opened first."""
    query = select(incidents).order_by(incidents.c.opened_at, incidents.c.id)
    if closed_after is not None:
        query = query.where(or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= micros(closed_after)))
    return map(incident_of, connection.execute(query))


def touching(connection: Connection, since: datetime, until: datetime) -> Iterator[Incident]:
    """Incidents that were open at some moment of [since, until); the first opened first."""
    query = (
        select(incidents)
        .where(incidents.c.opened_at < micros(until))
        .where(or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= micros(since)))
        .order_by(incidents.c.opened_at, incidents.c.id)
    )
    return map(incident_of, connection.execute(query))
