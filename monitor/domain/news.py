"""Who should hear what now: each incident beside what each subscription last heard of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import LAST_WORDS, UPDATES, Subscription, Told, concerns, to_tell
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground, share_of

Heard = Mapping[tuple[str, str], Told]  # by subscription and incident


@dataclass(frozen=True, slots=True)
class News:
    """What one subscription should hear of one incident.

    Attributes:
        share: the part affected (0..1) of its own territories; touched: which of its places and services are.
        survivor: what an absorbed incident is followed with from now on; share and touched are then the survivor's.
        before: what it last heard of it, None of what it never heard of.
    """

    subscription: Subscription
    incident: Incident
    reason: Reason
    share: float
    touched: tuple[str, ...] = ()
    survivor: Incident | None = None
    before: Told | None = None

    @property
    def followed(self) -> Incident:
        """The incident whose state, extent and cause are told: itself, or what it has joined."""
        return self.survivor or self.incident

    def told(self, now: datetime) -> Told:
        """What is last heard once this is said."""
        one = self.followed
        said = (self.share, len(self.touched), one.explained)
        return Told(self.subscription.id, self.incident.id, self.reason, one.worst, now, *said)


def news(
    subscriptions: Iterable[Subscription],
    incidents: Iterable[Incident],
    heard: Heard,
    catalog: Catalog,
    ground: Ground,
    *,
    now: datetime,
    blind: bool,
) -> Iterator[News]:
    """Everything that is new to somebody, by subscription and incident in the order given. Silence is the default."""
    incidents = tuple(incidents)
    known = {one.id: one for one in incidents}
    for subscription in subscriptions:
        for incident in incidents:
            if not concerns(subscription, incident, catalog):
                continue
            survivor = known.get(incident.absorbed_into or "")
            followed = survivor or incident
            share = share_of_theirs(subscription, followed, catalog, ground)
            touched = touched_of_theirs(subscription, followed, catalog, ground)
            told, joining = _last_heard(subscription, incident, incidents, heard)
            said = to_tell(subscription, incident, told, share, now, blind=blind, reach=len(touched))
            if isinstance(said, Reason) and not (joining and said in UPDATES):
                yield News(subscription, incident, said, share, touched, survivor, told)


def _last_heard(
    subscription: Subscription, incident: Incident, incidents: Iterable[Incident], heard: Heard
) -> tuple[Told | None, bool]:
    """What they last heard about it, or about what it absorbed: who was told of a part is not told anew.

    And whether they have still to hear that a part joined it, which says all that there is to say of it.
    """
    if told := heard.get((subscription.id, incident.id)):
        return told, False
    parts = (one.id for one in incidents if one.absorbed_into == incident.id)
    of_parts = [told for part in parts if (told := heard.get((subscription.id, part))) is not None]
    last = max(of_parts, key=lambda told: told.at, default=None)
    if last is None:
        return None, False
    joining = any(told.reason not in LAST_WORDS for told in of_parts)
    return replace(last, incident=incident.id, reason=Reason.OPENED), joining


def share_of_theirs(subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground) -> float:
    """The part affected (0..1) of the subscription's own territories.

    A service asked for by name, or one that serves the whole country, is all of what was asked for.
    """
    if "N" in incident.territories or any(service in subscription.services for service in incident.services):
        return 1.0
    places = (_measured(code, catalog, ground) for code in subscription.territories)
    return max((share_of(ground, code, incident.services) for code in places), default=0.0)


def touched_of_theirs(
    subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground
) -> tuple[str, ...]:
    """Which of theirs it affects: départements and collectivités of their territories, services asked for by name."""
    struck = frozenset(incident.services)
    leaves = {
        leaf
        for code in subscription.territories
        for one in ground.figures.get(_measured(code, catalog, ground), ())
        for _, (leaf, _) in one.cells
        if catalog.related(code, leaf)
    }
    places = sorted(leaf for leaf in leaves if not struck.isdisjoint(ground.services[leaf]))
    return (*places, *(service for service in subscription.services if service in struck))


def _measured(code: str, catalog: Catalog, ground: Ground) -> str:
    """The territory, or the nearest above it that has services: a school has the share of its département."""
    chain = (code, *catalog.ancestors(code))
    return next((one for one in chain if ground.services.get(one)), code)
