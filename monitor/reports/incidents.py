"""Incidents of any age with what stands behind them: their evidence sheet, frozen when they closed or drawn now."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.rollup import survey
from monitor.domain.sheet import EvidenceSheet
from monitor.drafting import Scene, drafted
from monitor.store import Identity, Reader

LATELY = timedelta(days=7)
NAMED = 6  # incidents that a beginning may mean before there are too many to tell


class NoSuchIncident(LookupError):  # noqa: N818 - what people read is the sentence of the command
    """No incident's id begins so, or several do: `others` holds the first few of them."""

    def __init__(self, beginning: str, others: tuple[str, ...] = ()) -> None:
        super().__init__(beginning)
        self.beginning, self.others = beginning, others


@dataclass(frozen=True, slots=True)
class Explained:
    """An incident and all that is known of it.

    Attributes:
        sheet: frozen at `frozen_at`; drawn now from the books where that is None.
        survivor: the incident that absorbed it, directly or through others; None where none did.
        identity: what the book says of itself: real or a rehearsal, and of which scenario.
        at: the instant at which this is true: now, or in a rehearsal where the played time stands.
        digest: SHA-256 of the text of the frozen sheet, in hexadecimal; None where it is not frozen.
    """

    incident: Incident
    sheet: EvidenceSheet
    frozen_at: datetime | None
    survivor: Incident | None
    identity: Identity | None
    at: datetime
    digest: str | None = None


def lately(reader: Reader, now: datetime) -> tuple[Incident, ...]:
    """Incidents that are open, or were closed in the last 7 days; of a rehearsal all; oldest first.

    Raises StoreError.
    """
    return tuple(reader.incidents(None if _rehearsed(reader.identity()) else now - LATELY))


def find(reader: Reader, beginning: str) -> Incident:
    """The incident of that id, or the only one whose id begins so. Raises NoSuchIncident, StoreError."""
    found = reader.incidents_starting(beginning, NAMED) if beginning else []
    whole = [one for one in found if one.id == beginning]
    if len(whole or found) != 1:
        raise NoSuchIncident(beginning, tuple(one.id for one in found))
    return (whole or found)[0]


def explain(reader: Reader, incident: Incident, catalog: Callable[[], Catalog], now: datetime) -> Explained:
    """What stands behind an incident. `catalog` is asked for only where there is no frozen sheet. Raises StoreError."""
    identity = reader.identity()
    at, frozen = _at(reader, identity, now), reader.sheet(incident.id)
    sheet, frozen_at = frozen or (_drawn(reader, incident, catalog(), at, identity), None)
    digest = None if frozen_at is None else reader.sheet_digest(incident.id)
    return Explained(incident, sheet, frozen_at, _survivor(reader, incident), identity, at, digest)


def _drawn(
    reader: Reader, incident: Incident, catalog: Catalog, now: datetime, identity: Identity | None
) -> EvidenceSheet:
    """The sheet as it is now."""
    asked = {one.probe: one for one in reader.verdicts()}

    def seen_working(probe: str) -> bool:
        # The fake France counts as seen working (docs/operating.md, "Rehearsing").
        return _rehearsed(identity) or (probe in asked and asked[probe].seen_working)

    sheet = None
    for sheet in drafted(reader, incident, Scene(catalog, survey(catalog), now, seen_working)):  # noqa: B007 - the last
        pass
    assert sheet is not None
    return sheet


def _survivor(reader: Reader, incident: Incident) -> Incident | None:
    """Where a chain of absorptions ends."""
    seen, one = {incident.id}, incident
    while one.absorbed_into is not None and one.absorbed_into not in seen:
        seen.add(one.absorbed_into)
        further = [other for other in reader.incidents_starting(one.absorbed_into, 1) if other.id == one.absorbed_into]
        if not further:
            break
        one = further[0]
    return None if one is incident else one


def _at(reader: Reader, identity: Identity | None, now: datetime) -> datetime:
    """Now; in a rehearsal where its time stands, as the last snapshot says."""
    published = reader.snapshot() if _rehearsed(identity) else None
    return now if published is None else datetime.fromisoformat(json.loads(published[0])["at"])


def _rehearsed(identity: Identity | None) -> bool:
    return identity is not None and identity.kind == "rehearsal"
