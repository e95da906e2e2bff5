"""Who should hear what now: each incident beside what each subscription last heard of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.catalog import Catalog
from monitor.domain.hush import Hush
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription, Told, concerns, to_tell
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground, share_of

Heard = Mapping[tuple[str, str], Told]  # by subscription and incident


@dataclass(frozen=True, slots=True)
class News:
    """What one subscription should hear of one incident; `share` (0..1) is the part of its territories affected."""

    subscription: Subscription
    incident: Incident
    reason: Reason
    share: float


def news(
    subscriptions: Iterable[Subscription],
    incidents: Iterable[Incident],
    heard: Heard,
    catalog: Catalog,
    ground: Ground,
    *,
    now: datetime,
    blind: bool,
    hush: Hush | None = None,
) -> Iterator[News]:
    """Everything that is new to somebody, by subscription and incident in the order given. Silence is the default.

    `hush`: what is kept back now; None: nothing is.
    """
    incidents = tuple(incidents)
    for subscription in subscriptions:
        for incident in incidents:
            if not concerns(subscription, incident, catalog):
                continue
            share = share_of_theirs(subscription, incident, catalog, ground)
            told = _last_heard(subscription, incident, incidents, heard)
            said = to_tell(subscription, incident, told, share, now, blind=blind)
            if isinstance(said, Reason) and hush is not None:
                said = hush.silence(said, subscription, incident) or said
            if isinstance(said, Reason):
                yield News(subscription, incident, said, share)


def _last_heard(
    subscription: Subscription, incident: Incident, incidents: Iterable[Incident], heard: Heard
) -> Told | None:
    """What they last heard about it, or about what it absorbed: who was told of a part is not told anew."""
    if told := heard.get((subscription.id, incident.id)):
        return told
    parts = (one.id for one in incidents if one.absorbed_into == incident.id)
    of_parts = [told for part in parts if (told := heard.get((subscription.id, part))) is not None]
    last = max(of_parts, key=lambda told: told.at, default=None)
    return None if last is None else replace(last, incident=incident.id, reason=Reason.OPENED)


def share_of_theirs(subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground) -> float:
    """The part affected (0..1) of the subscription's own territories.

    A service asked for by name, or one that serves the whole country, is all of what was asked for.
    """
    if "N" in incident.territories or any(service in subscription.services for service in incident.services):
        return 1.0
    places = (_measured(code, catalog, ground) for code in subscription.territories)
    return max((share_of(ground, code, incident.services) for code in places), default=0.0)


def _measured(code: str, catalog: Catalog, ground: Ground) -> str:
    """The territory, or the nearest above it that has services: a school has the share of its département."""
    chain = (code, *catalog.ancestors(code))
    return next((one for one in chain if ground.services.get(one)), code)
