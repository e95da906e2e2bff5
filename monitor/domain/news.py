"""Who should hear what now: each incident beside what each subscription last heard of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.cap import within_cap
from monitor.domain.catalog import Catalog
from monitor.domain.hush import Hush
from monitor.domain.incident import Incident
from monitor.domain.notice import (
    LAST_WORDS,
    UPDATE_EVERY,
    UPDATES,
    Silence,
    Subscription,
    Told,
    asked_for,
    concerns,
    to_tell,
)
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground, share_of

Heard = Mapping[tuple[str, str], Told]  # by subscription and incident
Part = tuple[float, tuple[str, ...]]  # the share affected (0..1) of what is theirs, and which of it is
NOTHING_OF_THEIRS: Part = (0.0, ())

_LASTING = frozenset(
    {
        *(Silence.NOT_THEIRS, Silence.TOO_MILD, Silence.TOO_FEW, Silence.RECOVERING, Silence.WE_ARE_BLIND),
        *(Silence.NEVER_OPENED, Silence.NOT_MEASURED, Silence.NOTHING_NEW, Silence.SAID_ENOUGH),
    }
)


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
    hush: Hush | None = None,
) -> Iterator[News]:
    """Everything that is new to somebody, by subscription and incident in the order given. Silence is the default.

    `hush`: what is kept back now; None: nothing is.
    """
    incidents = tuple(incidents)
    survivors = {one.id: one for one in incidents}
    parts = parts_by_survivor(incidents)
    for subscription in subscriptions:
        for incident in incidents:
            survivor = survivors.get(incident.absorbed_into or "")
            theirs = part_of_theirs(subscription, incident, survivor, catalog, ground)
            told, joining = last_heard(subscription, incident, parts.get(incident.id, ()), heard)
            said = said_of(subscription, incident, told, theirs, now, blind=blind, joining=joining, hush=hush)
            if isinstance(said, Reason):
                yield News(subscription, incident, said, *(theirs or NOTHING_OF_THEIRS), survivor, told)


def said_of(
    subscription: Subscription,
    incident: Incident,
    told: Told | None,
    theirs: Part | None,
    now: datetime,
    *,
    blind: bool,
    joining: bool = False,
    hush: Hush | None = None,
) -> Reason | Silence:
    """What one subscription should hear of one incident after what it last heard; `theirs` as of `part_of_theirs`.

    Who was told of an incident hears how it goes on, even where nothing of it is theirs any more: a service may leave
    the catalogue, and a subscription may be narrowed, while it is down. `joining`: that a part joined it has still to
    be said, which says all that there is to add. `hush`: what is kept back now.
    """
    if told is None and theirs is None:
        return Silence.NOT_THEIRS
    share, touched = theirs or NOTHING_OF_THEIRS
    said = to_tell(subscription, incident, told, share, now, blind=blind, reach=len(touched))
    said = within_cap(subscription.role, told, said)
    if joining and said in UPDATES:
        return Silence.JUST_TOLD
    if isinstance(said, Silence) or hush is None:
        return said
    return hush.silence(said, subscription, incident) or said


def part_of_theirs(
    subscription: Subscription, incident: Incident, survivor: Incident | None, catalog: Catalog, ground: Ground
) -> Part | None:
    """The part affected (0..1) of what they asked for, and which of it; None where the incident does not concern them.

    Of an incident that joined another (`survivor`) both are the other's.
    """
    if not concerns(subscription, incident, catalog):
        return None
    followed = survivor or incident
    share = share_of_theirs(subscription, followed, catalog, ground)
    return share, touched_of_theirs(subscription, followed, catalog, ground)


def look_again(
    subscription: Subscription, incident: Incident, told: Told | None, silence: Silence, now: datetime
) -> datetime | None:
    """When time alone may end a silence; None where it takes a turn of the incident, of our line or of the readers.

    A silence that is not named here is looked at again at once: it costs time, never a message.
    """
    if silence is Silence.SETTLING:
        return incident.confirmed_at + subscription.settle
    if silence is Silence.JUST_TOLD and told is not None:
        return told.at + UPDATE_EVERY
    if silence is Silence.NOTHING_NEW and told is not None and subscription.repeat is not None:
        return told.at + subscription.repeat
    return None if silence in _LASTING else now


def parts_by_survivor(incidents: Iterable[Incident]) -> dict[str, tuple[str, ...]]:
    """Id of an incident → ids of those that it absorbed; only where there are any."""
    found: dict[str, tuple[str, ...]] = {}
    for one in incidents:
        if one.absorbed_into is not None:
            found[one.absorbed_into] = (*found.get(one.absorbed_into, ()), one.id)
    return found


def last_heard(
    subscription: Subscription, incident: Incident, parts: Iterable[str], heard: Heard
) -> tuple[Told | None, bool]:
    """What they last heard about it, or about what it absorbed (`parts`): who was told of a part is not told anew.

    And whether they have still to hear that a part joined it.
    """
    if told := heard.get((subscription.id, incident.id)):
        return told, False
    of_parts = [told for part in parts if (told := heard.get((subscription.id, part))) is not None]
    last = max(of_parts, key=lambda told: told.at, default=None)
    if last is None:
        return None, False
    joining = any(told.reason not in LAST_WORDS for told in of_parts)
    return replace(last, incident=incident.id, reason=Reason.OPENED), joining


def share_of_theirs(subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground) -> float:
    """The part affected (0..1) of the subscription's own territories and schools, for its audiences.

    A service asked for by name or by operator, one that serves the whole country, and a school's own are all of what
    was asked for.
    """
    codes = (*subscription.territories, *(school.code for school in subscription.schools))
    if asked_for(subscription, incident, catalog) or any(
        code in incident.territories for code in codes if code.startswith("U:")
    ):
        return 1.0
    wanted = [(code, subscription.audiences) for code in subscription.territories]
    wanted += [(school.place, school.audiences) for school in subscription.schools]
    shares = (
        share_of(ground, _measured(code, catalog, ground), incident.services, audiences) for code, audiences in wanted
    )
    return max(shares, default=0.0)


def touched_of_theirs(
    subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground
) -> tuple[str, ...]:
    """Which of theirs it affects: départements and collectivités of their territories, services asked for by name."""
    struck = frozenset(incident.services)
    leaves = {
        leaf
        for code in subscription.places
        for one in ground.figures.get(_measured(code, catalog, ground), ())
        for _, (leaf, _) in one.cells
        if catalog.related(code, leaf)
    }
    places = sorted(leaf for leaf in leaves if not struck.isdisjoint(ground.services[leaf]))
    return (*places, *(service for service in subscription.services if service in struck))


def _measured(code: str, catalog: Catalog, ground: Ground) -> str:
    """The territory, or the nearest above it that has services: a school has the share of its département."""
    chain = (code, *catalog.ancestors(code)) if code in catalog.territories else ()
    return next((one for one in chain if ground.services.get(one)), code)
