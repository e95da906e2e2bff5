"""What people order about messages: to keep silent for a while, and not to remind whoever is working on it already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.reason import Reason
from monitor.domain.window import Scope, ScopeKind, about

LONGEST_SILENCE = timedelta(days=30)


class Silenced(StrEnum):
    """What a silence may be declared for."""

    SERVICE = "service"
    OPERATOR = "operator"
    TERRITORY = "territory"
    INCIDENT = "incident"
    EVERYTHING = "everything"


_SCOPES = {
    Silenced.SERVICE: ScopeKind.SERVICE,
    Silenced.OPERATOR: ScopeKind.OPERATOR,
    Silenced.TERRITORY: ScopeKind.TERRITORY,
}


@dataclass(frozen=True, slots=True)
class DeclaredSilence:
    """Somebody's order to tell nothing of something, to everybody or to one subscription.

    Attributes:
        name: id of the service, operator or incident, code of the territory; "" for everything.
        since, until: aware UTC, `until` excluded; at most `LONGEST_SILENCE` apart.
        reason, author: plain text of people.
        subscription: the only one that hears nothing; None: nobody does.
        ended_at: when somebody called off what was left of it.
    """

    id: str
    what: Silenced
    name: str
    since: datetime
    until: datetime
    reason: str
    author: str
    declared_at: datetime
    subscription: str | None = None
    ended_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """When it ends, or ended."""
        return self.until if self.ended_at is None else min(self.until, self.ended_at)

    def in_force(self, at: datetime) -> bool:
        """Whether it is in force at that instant (aware)."""
        return self.since <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody says that they are working on an incident; `note` may be empty. Until `withdrawn_at`, if ever."""

    id: str
    incident: str
    author: str
    note: str
    at: datetime
    withdrawn_at: datetime | None = None


def covers(silence: DeclaredSilence, incident: Incident, catalog: Catalog) -> bool:
    """Whether a silence is about an incident: about its culprit, or about every one of its services.

    What reaches further than the silence is told. Our own line is silenced by name, or for one subscription's
    everything, never along with the country.
    """
    if silence.what is Silenced.INCIDENT:
        return silence.name == incident.id
    if silence.what is Silenced.EVERYTHING:
        return not incident.ours or silence.subscription is not None
    if incident.culprit == f"{silence.what.value}:{silence.name}":
        return True
    scope = Scope(_SCOPES[silence.what], silence.name)
    return bool(incident.services) and all(_belongs(name, scope, catalog) for name in incident.services)


def _belongs(name: str, scope: Scope, catalog: Catalog) -> bool:
    """Whether a service is in the scope; of one that the catalogue no longer holds only its id is known."""
    service = catalog.services.get(name)
    if service is None:
        return scope == Scope(ScopeKind.SERVICE, name)
    return about(scope, service, catalog)


def taken_by(acknowledgements: Iterable[Acknowledgement], incident: Incident) -> Acknowledgement | None:
    """Who works on an incident, the last to say so; nobody any more once it has relapsed since."""
    relapsed_at = max((turn.at for turn in incident.turns if turn.reason is Reason.RELAPSED), default=None)
    standing = (
        one
        for one in acknowledgements
        if one.incident == incident.id and one.withdrawn_at is None and (relapsed_at is None or one.at >= relapsed_at)
    )
    return max(standing, key=lambda one: (one.at, one.id), default=None)
