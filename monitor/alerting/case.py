"""Everything one letter speaks of, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from monitor.alerting.subject import Subject, subject_of
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog, Operator, Role, Service, ServiceKind
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.scope import serves, serves_school

_OVER = frozenset({Reason.EASED, Reason.CLOSED})


def far(service: Service) -> bool:
    """Whether it is an ENT of the whole country: hardly anybody's in particular."""
    return service.kind is ServiceKind.ENT and service.national


@dataclass(frozen=True)  # without slots: what follows from it is found out once, for thousands of schools
class Case:
    """Everything one letter speaks of."""

    reason: Reason
    incident: Incident
    subscription: Subscription
    catalog: Catalog
    share: float | None
    now: datetime
    page: str | None
    words: Words
    healths: Mapping[str, Health]
    survivor: Incident | None
    touched: Sequence[str] = ()
    share_before: float | None = None

    @property
    def over(self) -> bool:
        """Whether the letter tells of an end."""
        return self.reason in _OVER

    @property
    def began(self) -> datetime:
        """When it began; while it is a relapse, when it began again."""
        again = [turn.at for turn in self.incident.turns if turn.reason is Reason.RELAPSED]
        return again[-1] if again and not self.over else self.incident.opened_at

    @property
    def brief(self) -> bool:
        """Whether the reader has little time: a head of school."""
        return self.subscription.role is Role.HEAD

    @property
    def end(self) -> datetime:
        """The instant at which all was well again, or now."""
        return self.incident.recovered_at or self.incident.closed_at or self.now

    @property
    def subject(self) -> Subject:
        """Who the incident is about."""
        return subject_of(self.incident.culprit, self.incident.services, self.catalog, self.words)

    @property
    def services(self) -> list[Service]:
        """Its services, as far as the catalogue knows them; of a service that others need, that service alone."""
        kind, _, identity = self.incident.culprit.partition(":")
        wanted = (identity,) if kind == "service" else self.incident.services
        return [self.catalog.services[one] for one in wanted if one in self.catalog.services]

    @cached_property
    def own(self) -> list[Service]:
        """The services of the incident that the reader's places use; all of them where none is known to be theirs."""
        known = [self.catalog.services[one] for one in self.incident.services if one in self.catalog.services]
        serving = [one for one in known if self.serves(one)] or known
        own = [one for one in serving if not far(one)] or serving
        return sorted(own, key=lambda one: (one.national, one.name.casefold()))

    def serves(self, service: Service) -> bool:
        """Whether a service is for the reader's schools and territories, above them or part of them, or asked for."""
        asked = self.subscription
        if service.id in asked.services:
            return True
        if any(serves_school(service, school, self.catalog) for school in asked.schools):
            return True
        return self._there(service) and serves(service, asked.audiences)

    def _there(self, service: Service) -> bool:
        if not self._above.isdisjoint(service.territories):
            return True
        known = (code for code in service.territories if code in self.catalog.territories)
        return any(not self._wanted.isdisjoint(self.catalog.ancestors(code)) for code in known)

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return frozenset(self.subscription.territories) & self.catalog.territories.keys()

    @cached_property
    def _above(self) -> frozenset[str]:
        return self._wanted.union(*(self.catalog.ancestors(code) for code in self._wanted))

    @property
    def operators(self) -> list[Operator]:
        """Who runs them, where declared, each once."""
        kind, _, identity = self.incident.culprit.partition(":")
        declared = [identity] if kind == "operator" else [one.operator or "" for one in self.services]
        return [self.catalog.operators[one] for one in dict.fromkeys(declared) if one in self.catalog.operators]
