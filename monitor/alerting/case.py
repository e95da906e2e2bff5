"""Everything one letter speaks of, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.subject import Subject, subject_of
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog, Operator, Role, Service
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason

_OVER = frozenset({Reason.EASED, Reason.CLOSED})


@dataclass(frozen=True, slots=True)
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

    @property
    def operators(self) -> list[Operator]:
        """Who runs them, where declared, each once."""
        kind, _, identity = self.incident.culprit.partition(":")
        declared = [identity] if kind == "operator" else [one.operator or "" for one in self.services]
        return [self.catalog.operators[one] for one in dict.fromkeys(declared) if one in self.catalog.operators]
