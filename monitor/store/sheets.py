"""Rows of `sheets`, and what a sheet is drawn from."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from monitor.domain.incident import Incident
from monitor.domain.plain import plain, rebuilt
from monitor.domain.sheet import EvidenceSheet
from monitor.domain.tally import Stretch
from monitor.store.codec import instant, maybe_instant, micros, newer
from monitor.store.derived_tables import sheets
from monitor.store.incidents import incident_of
from monitor.store.tables import incidents, series
from monitor.store.upsert import keep

FIRST = 1  # the edition that is frozen when an incident closes; a correction would be another row


def freeze(connection: Connection, sheet: EvidenceSheet, at: datetime) -> None:
    """Keep a sheet, unless its incident has one: the first one frozen stays."""
    text = json.dumps(plain(sheet), ensure_ascii=False, separators=(",", ":"))
    keep(connection, sheets, [{"incident": sheet.incident, "edition": FIRST, "frozen_at": micros(at), "json": text}])


def frozen(connection: Connection, incident: str) -> tuple[EvidenceSheet, datetime] | None:
    """The sheet of an incident and when it was frozen. Raises DatabaseNewer for words that only a newer Vigie knows."""
    query = select(sheets.c.json, sheets.c.frozen_at).where(sheets.c.incident == incident, sheets.c.edition == FIRST)
    row = connection.execute(query).first()
    if row is None:
        return None
    try:
        return rebuilt(EvidenceSheet, json.loads(row.json)), instant(row.frozen_at)
    except (ValueError, TypeError) as unknown:
        raise newer(str(unknown)) from None


def digest(connection: Connection, incident: str) -> str | None:
    """The SHA-256 of a frozen sheet's very text, in hexadecimal; None where none was frozen."""
    query = select(sheets.c.json).where(sheets.c.incident == incident, sheets.c.edition == FIRST)
    text = connection.scalar(query)
    return None if text is None else sha256(text.encode()).hexdigest()


def unfrozen(connection: Connection, since: datetime) -> Iterator[Incident]:
    """Incidents that ended from `since` on, or were found to be over then, and have no sheet; oldest first."""
    query = (
        select(incidents)
        .outerjoin(sheets, incidents.c.id == sheets.c.incident)
        .where(incidents.c.closed_at.is_not(None), sheets.c.incident.is_(None))
        .order_by(incidents.c.closed_at, incidents.c.id)
    )
    for one in map(incident_of, connection.execute(query)):
        # Closed when the watch was over, it is dated to the recovery, which may be a school holiday ago.
        if one.closed_at is not None and max(one.closed_at, *(turn.at for turn in one.turns)) >= since:
            yield one


def blind(connection: Connection, since: datetime, until: datetime) -> Iterator[Stretch]:
    """When our own line showed nothing, as far as it touches [since, until); to `until` where it still does not."""
    query = (
        select(incidents.c.opened_at, incidents.c.recovered_at, incidents.c.closed_at)
        .where(incidents.c.culprit.startswith("vantage:"), incidents.c.opened_at < micros(until))
        .order_by(incidents.c.opened_at)
    )
    for row in connection.execute(query):
        end = maybe_instant(row.recovered_at) or maybe_instant(row.closed_at) or until
        if end > since:
            yield instant(row.opened_at), end


def asked_once(connection: Connection, services: Collection[str]) -> dict[str, list[str]]:
    """Ids of all the probes that were ever asked for these services, sorted, by service."""
    found: dict[str, list[str]] = {}
    for probe in connection.scalars(select(series.c.probe).distinct().order_by(series.c.probe)):
        service = probe.partition("/")[0]
        if service in services:
            found.setdefault(service, []).append(probe)
    return found
