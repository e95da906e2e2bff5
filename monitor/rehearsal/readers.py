"""Who was told how much in a rehearsal, by role."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription
from monitor.domain.reason import Reason
from monitor.store import Telling

_ROLES = {
    Role.RECTORAT: "rectorats",
    Role.HEAD: "chefs d’établissement",
    Role.BUYER: "collectivités",
    Role.OPERATOR: "exploitant de Vigie",
}
_REASONS = {
    Reason.OPENED: "début",
    Reason.WORSENED: "aggravation",
    Reason.SPREAD: "extension",
    Reason.EXPLAINED: "explication",
    Reason.EASED: "retour",
    Reason.RELAPSED: "rechute",
    Reason.STILL_OPEN: "rappel",
    Reason.MERGED: "regroupement",
    Reason.CLOSED: "fin",
}


class Readers(TypedDict):
    """What those of one role were told: how many there are, how many heard anything, and the messages by reason."""

    role: str
    subscriptions: int
    told: int
    messages: int
    most: int
    reasons: dict[str, int]


def by_role(tellings: Sequence[Telling], subscriptions: Iterable[Subscription]) -> list[Readers]:
    """The messages of each role that has readers; `most`: to one reader."""
    roles = {one.id: one.role for one in subscriptions}
    found = []
    for role in Role:
        theirs = [one for one in tellings if roles.get(one.subscription) is role]
        each = Counter(one.subscription for one in theirs)
        reasons = Counter(one.reason for one in theirs)
        if role in roles.values():
            found.append(
                Readers(
                    role=role.value,
                    subscriptions=sum(one is role for one in roles.values()),
                    told=len(each),
                    messages=len(theirs),
                    most=max(each.values(), default=0),
                    reasons={reason.value: reasons[reason] for reason in Reason if reason in reasons},
                )
            )
    return found


def in_words(readers: Iterable[Readers]) -> Iterator[str]:
    """The same in French, a line a role."""
    for one in readers:
        reasons = ", ".join(f"{_REASONS[Reason(name)]} {number}" for name, number in one["reasons"].items())
        said = f" ({reasons} ; au plus {one['most']} à un même destinataire)" if reasons else ""
        yield (
            f"{_ROLES[Role(one['role'])]} : {one['subscriptions']} inscrits, {one['told']} prévenus, "
            f"{one['messages']} messages{said}."
        )
