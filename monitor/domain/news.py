"""Who should hear what now: each incident beside what each subscription last heard of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.cap import within_cap
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.notice import Silence, Subscription, Told, asked_for, concerns, to_tell
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground, share_of

Heard = Mapping[tuple[str, str], Told]  # by subscription and incident

_LASTING = frozenset(
    {
        *(Silence.NOT_THEIRS, Silence.TOO_MILD, Silence.TOO_FEW, Silence.RECOVERING, Silence.WE_ARE_BLIND),
        *(Silence.NEVER_OPENED, Silence.NOT_MEASURED, Silence.NOTHING_NEW, Silence.SAID_ENOUGH),
    }
)


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
) -> Iterator[News]:
    """Everything that is new to somebody, by subscription and incident in the order given. Silence is the default."""
    incidents = tuple(incidents)
    parts = parts_by_survivor(incidents)
    for subscription in subscriptions:
        for incident in incidents:
            told = last_heard(subscription, incident, parts.get(incident.id, ()), heard)
            share = part_of_theirs(subscription, incident, catalog, ground)
            said = said_of(subscription, incident, told, share, now, blind=blind)
            if isinstance(said, Reason):
                yield News(subscription, incident, said, share or 0.0)


def said_of(
    subscription: Subscription,
    incident: Incident,
    told: Told | None,
    share: float | None,
    now: datetime,
    *,
    blind: bool,
) -> Reason | Silence:
    """What one subscription should hear of one incident after what it last heard; `share` as of `part_of_theirs`.

    Who was told of an incident hears how it goes on, even where nothing of it is theirs any more: a service may leave
    the catalogue, and a subscription may be narrowed, while it is down.
    """
    if told is None and share is None:
        return Silence.NOT_THEIRS
    said = to_tell(subscription, incident, told, share or 0.0, now, blind=blind)
    return within_cap(subscription.role, told, said)


def part_of_theirs(subscription: Subscription, incident: Incident, catalog: Catalog, ground: Ground) -> float | None:
    """The part affected (0..1) of what they asked for; None where the incident does not concern them."""
    if not concerns(subscription, incident, catalog):
        return None
    return share_of_theirs(subscription, incident, catalog, ground)


def look_again(
    subscription: Subscription, incident: Incident, told: Told | None, silence: Silence, now: datetime
) -> datetime | None:
    """When time alone may end a silence; None where it takes a turn of the incident, of our line or of the readers.

    A silence that is not named here is looked at again at once: it costs time, never a message.
    """
    if silence is Silence.SETTLING:
        return incident.confirmed_at + subscription.settle
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


def last_heard(subscription: Subscription, incident: Incident, parts: Iterable[str], heard: Heard) -> Told | None:
    """What they last heard about it, or about what it absorbed (`parts`): who was told of a part is not told anew."""
    if told := heard.get((subscription.id, incident.id)):
        return told
    of_parts = [told for part in parts if (told := heard.get((subscription.id, part))) is not None]
    last = max(of_parts, key=lambda told: told.at, default=None)
    return None if last is None else replace(last, incident=incident.id, reason=Reason.OPENED)


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


def _measured(code: str, catalog: Catalog, ground: Ground) -> str:
    """The territory, or the nearest above it that has services: a school has the share of its département."""
    chain = (code, *catalog.ancestors(code)) if code in catalog.territories else ()
    return next((one for one in chain if ground.services.get(one)), code)
