"""The letter of every morning as facts: what goes on, what ended since yesterday, what people declared for the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.domain.catalog import Catalog, Role, Service
from monitor.domain.hush import Declared, Hush
from monitor.domain.incident import Incident
from monitor.domain.interval import Interval
from monitor.domain.notice import Subscription, concerns
from monitor.domain.observation import Health
from monitor.domain.silence import Acknowledgement, DeclaredSilence, taken_by
from monitor.domain.window import Window, about, declared

LOOKS_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the messages of a while: delivered, waiting to be tried again, given up."""

    delivered: int = 0
    waiting: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """A maintenance window, and what it covers next."""

    window: Window
    covers: Interval


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscription reads in the morning.

    Attributes:
        going_on: incidents that are open; ended: those that closed within `LOOKS_BACK`, absorbed ones left out.
        taken: who works on an open incident, by its id.
        planned: maintenance in force or to come before the end of the day, the next first.
        silences, sent, never_seen: for the operator of Vigie alone (`sent` None: for others). `never_seen` are ids of
            services.
    """

    going_on: tuple[Incident, ...] = ()
    ended: tuple[Incident, ...] = ()
    planned: tuple[Planned, ...] = ()
    taken: Mapping[str, Acknowledgement] = field(default_factory=dict)
    silences: tuple[DeclaredSilence, ...] = ()
    sent: Sent | None = None
    never_seen: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be said; messages that were delivered are nothing to say."""
        undelivered = self.sent is not None and (self.sent.waiting or self.sent.given_up)
        return not (self.going_on or self.ended or self.planned or self.silences or self.never_seen or undelivered)


def operator_digest(
    incidents: Iterable[Incident],
    known: Declared,
    now: datetime,
    until: datetime,
    *,
    sent: Sent,
    never_seen: Iterable[str],
) -> Digest:
    """What the operator of Vigie reads: everything. `until`: the end of the day."""
    going_on, ended = _sorted_out(incidents, now)
    return Digest(
        going_on,
        ended,
        _planned(known.windows, now, until),
        _taken(going_on, known),
        silences=tuple(one for one in known.silences if one.in_force(now)),
        sent=sent,
        never_seen=tuple(never_seen),
    )


def digest_for(
    subscription: Subscription, incidents: Iterable[Incident], known: Declared, until: datetime, hush: Hush
) -> Digest:
    """What anybody else reads: what concerns them, without what is silenced for them. `until`: the end of the day."""
    catalog = hush.catalog
    theirs = (one for one in incidents if concerns(subscription, one, catalog) and not hush.silences(subscription, one))
    going_on, ended = _sorted_out(theirs, hush.now)
    services = [one for one in catalog.services.values() if _would_concern(subscription, one, catalog)]
    windows = (one for one in known.windows if any(about(one.scope, service, catalog) for service in services))
    return Digest(going_on, ended, _planned(windows, hush.now, until), _taken(going_on, known))


def wants_digest(subscription: Subscription) -> bool:
    """Whether a subscription reads the letter of every morning: the operator of Vigie, and whoever asked for it."""
    return subscription.digest or subscription.role is Role.OPERATOR


def _sorted_out(incidents: Iterable[Incident], now: datetime) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
    """Those that are open and those that ended lately, each the first opened first."""
    ordered = sorted(incidents, key=lambda one: (one.opened_at, one.id))
    ended = (one for one in ordered if one.closed_at is not None and now - one.closed_at <= LOOKS_BACK)
    return tuple(one for one in ordered if one.closed_at is None), tuple(one for one in ended if not one.absorbed_into)


def _planned(windows: Iterable[Window], now: datetime, until: datetime) -> tuple[Planned, ...]:
    found = [Planned(one, covers[0]) for one in windows if (covers := declared(one, now, until))]
    return tuple(sorted(found, key=lambda one: (one.covers, one.window.id)))


def _taken(incidents: Iterable[Incident], known: Declared) -> dict[str, Acknowledgement]:
    return {
        incident.id: one for incident in incidents if (one := taken_by(known.acknowledgements, incident)) is not None
    }


def _would_concern(subscription: Subscription, service: Service, catalog: Catalog) -> bool:
    """Whether an incident of that service alone would be theirs."""
    at = datetime.min.replace(tzinfo=UTC)
    alone = Incident("", f"service:{service.id}", at, at, Health.DOWN, Health.DOWN, (service.id,), service.territories)
    return concerns(subscription, alone, catalog)
