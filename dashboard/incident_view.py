"""An incident as published: what it holds, how it went, what its services have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.json_values import instant, maybe_failure, maybe_instant
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing in common and how many are unwell inside and outside; `chance` (0..1): as many inside by chance."""

    candidate: str
    unwell_inside: int
    inside: int
    unwell_outside: int
    outside: int
    chance: float


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is known of a cause: its own figures, what it beat, what a control rules out, what nobody declares."""

    culprit: str
    explained: bool
    test: Counted | None
    beaten: tuple[Counted, ...]
    ruled_out: tuple[Counted, ...]
    undeclared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One thing that happened to an incident, how bad it was then, how many services were in it."""

    at: datetime
    reason: Reason
    health: Health
    services: int


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident. What an older snapshot does not say is empty."""

    id: str
    culprit: str
    opened_at: datetime
    confirmed_at: datetime | None
    health: Health
    worst: Health
    services: tuple[str, ...]
    territories: tuple[str, ...]
    share: float | None
    failure: Failure | None
    recovered_at: datetime | None
    closed_at: datetime | None
    eased_at: datetime | None = None
    watch_until: datetime | None = None
    absorbed_into: str | None = None
    cause: CauseView | None = None
    turns: tuple[TurnView, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether it is of our own line: for the operator of Vigie, and told by the page in its own words."""
        return self.culprit.startswith("vantage:")

    @property
    def watched(self) -> bool:
        """Whether it answers again and stays under watch until the next peak has passed."""
        return self.eased_at is not None and self.closed_at is None

    @property
    def current(self) -> bool:
        """Whether it is going on: neither closed, nor under watch."""
        return self.closed_at is None and self.eased_at is None

    @property
    def alone(self) -> bool:
        """Whether it is about one service by itself."""
        return self.culprit.startswith("service:") and len(self.services) <= 1


def read_incident(raw: Mapping[str, Any]) -> IncidentView:
    """The incident of a snapshot's JSON. Raises KeyError or ValueError where it is none."""
    share, cause = raw.get("share_affected"), raw.get("cause")
    return IncidentView(
        id=raw["id"],
        culprit=raw["culprit"],
        opened_at=instant(raw["opened_at"]),
        confirmed_at=maybe_instant(raw.get("confirmed_at")),
        health=Health(raw.get("health", raw["worst"])),
        worst=Health(raw["worst"]),
        services=tuple(raw.get("services", ())),
        territories=tuple(raw.get("territories", ())),
        share=None if share is None else float(share),
        failure=maybe_failure(raw.get("failure")),
        recovered_at=maybe_instant(raw.get("recovered_at")),
        closed_at=maybe_instant(raw.get("closed_at")),
        eased_at=maybe_instant(raw.get("eased_at")),
        watch_until=maybe_instant(raw.get("watch_until")),
        absorbed_into=raw.get("absorbed_into"),
        cause=_cause(cause) if isinstance(cause, Mapping) else None,
        turns=tuple(map(_turn, raw.get("turns") or ())),
    )


def _cause(raw: Mapping[str, Any]) -> CauseView:
    test = raw.get("test")
    return CauseView(
        culprit=raw["culprit"],
        explained=bool(raw.get("explained")),
        test=None if test is None else _counted(test),
        beaten=tuple(map(_counted, raw.get("beaten") or ())),
        ruled_out=tuple(map(_counted, raw.get("ruled_out") or ())),
        undeclared=tuple(raw.get("undeclared") or ()),
    )


def _counted(raw: Mapping[str, Any]) -> Counted:
    return Counted(
        candidate=raw["candidate"],
        unwell_inside=int(raw["unwell_inside"]),
        inside=int(raw["inside"]),
        unwell_outside=int(raw["unwell_outside"]),
        outside=int(raw["outside"]),
        chance=float(raw["chance"]),
    )


def _turn(raw: Mapping[str, Any]) -> TurnView:
    return TurnView(instant(raw["at"]), Reason(raw["reason"]), Health(raw["health"]), int(raw["services"]))
