"""Incidents: something with a culprit, a beginning, a worst moment and an end, and what happened in between."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain.attribution import Attribution
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason

TURNS_KEPT = 200  # of one incident; what goes on turning beyond that is told by its spans
SAME_SPREAD = timedelta(minutes=10)  # services that join one after the other are one spreading
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened to an incident: when, what, how bad it was then, how many services were in it."""

    at: datetime
    reason: Reason
    health: Health
    services: int


@dataclass(frozen=True, slots=True)
class Incident:
    """A culprit, an opening, what it affects, the worst health, an end.

    Attributes:
        id: ``YYYYMMDD-HHMMSS-name``, UTC second of the opening; computed, hence the same after a restart.
        culprit: ``service:ID``, ``operator:ID``, ``platform:ID``, ``hoster:NAME``… (`monitor.domain.attribution`), or
            ``vantage:ID`` (our own line; told to the operator alone).
        opened_at: the first bad answer. confirmed_at: when the verdict turned.
        health: what it is now; `worst`: the worst it has been.
        services, territories: all that it has ever held, sorted.
        recovered_at: since when all is well again, None while it is not.
        eased_at: when that had been stable long enough to be said; it stays under watch until `watch_until`, the end
            of the next usual peak. None again when it relapses.
        closed_at: the moment of recovery, set once the watch is over.
        absorbed_into: id of the incident that turned out to hold it; `closed_at` is then the moment of that finding.
        cause: what is known of what its services have in common, with its counts; None for a single service that has
            nothing in common with another.
        turns: what happened to it, oldest first.
    """

    id: str
    culprit: str
    opened_at: datetime
    confirmed_at: datetime
    health: Health
    worst: Health
    services: tuple[str, ...]
    territories: tuple[str, ...]
    failure: Failure | None = None
    recovered_at: datetime | None = None
    eased_at: datetime | None = None
    watch_until: datetime | None = None
    closed_at: datetime | None = None
    absorbed_into: str | None = None
    cause: Attribution | None = None
    turns: tuple[Turn, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether it is about our own line: then only the operator of Vigie hears of it."""
        return self.culprit.startswith("vantage:")

    @property
    def explained(self) -> bool:
        """Whether the exact test established what its services have in common."""
        return self.cause is not None and self.cause.explained

    @property
    def single(self) -> bool:
        """Whether its culprit is one service."""
        return self.culprit.startswith("service:")

    def turned(self, at: datetime, reason: Reason) -> "Incident":
        """The incident with one more turn; services that join within ten minutes are one spreading."""
        last = self.turns[-1] if self.turns else None
        turn = Turn(at, reason, self.health, len(self.services))
        if last is not None and reason is last.reason is Reason.SPREAD and at - last.at <= SAME_SPREAD:
            return replace(self, turns=(*self.turns[:-1], replace(turn, at=last.at)))
        return replace(self, turns=(*self.turns, turn)[-TURNS_KEPT:])


def incident_id(culprit: str, opened_at: datetime) -> str:
    """The id of an incident: what it is of and when it began, hence the same whoever computes it."""
    kind, _, name = culprit.partition(":")
    known = name if kind in {"service", "vantage"} else f"{kind}-{name}"
    return f"{opened_at:%Y%m%d-%H%M%S}-{_NOT_IN_A_NAME.sub('-', known)}"
