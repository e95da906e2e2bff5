"""Official contacts of schools: merging lists of them, and forgetting whoever asks for it."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from monitor.domain.plain import plain
from monitor.domain.recipient import Contact, Merge, Recipient, concerned, masked_email, masked_phone, merge
from monitor.domain.subscriber import Subscriber, about
from monitor.store import open_desk, open_desk_reader


def planned(url: str, contacts: Sequence[Contact]) -> Merge:
    """What `take` would change, nothing being written. Raises StoreError."""
    with closing(open_desk_reader(url)) as desk:
        return merge(desk.recipients(), contacts)


def take(url: str, contacts: Sequence[Contact], now: datetime) -> Merge:
    """Merge contacts, each school and address once, into the recipients, in one move. Raises StoreError."""
    with closing(open_desk(url)) as desk:
        return desk.take(contacts, now)


def forget(url: str, what: str) -> tuple[Recipient | Subscriber, ...]:
    """Erase the recipients and subscribers that an id, an e-mail address or a telephone number names; those that were.

    Raises ValueError where there is none (the sentence does not repeat what was asked), and StoreError.
    """
    with closing(open_desk(url)) as desk:
        found = desk.forget(what)
    if not found:
        raise ValueError(
            "Aucun destinataire de ce numéro ni de cette adresse\u00a0: «\u00a0vigie recipients list\u00a0» les montre."
        )
    return found


def kept_about(url: str, what: str) -> list[dict[str, Any]]:
    """All that is kept about an address, unmasked, as plain values. Raises StoreError."""
    with closing(open_desk_reader(url)) as desk:
        found = (*concerned(desk.recipients(), what), *about(desk.subscribers(), what))
        return [plain(one) for one in found]


Person = TypeVar("Person", Recipient, Subscriber)


def shown(one: Person, *, masked: bool) -> Person:
    """A recipient or subscriber as they may be shown: with addresses masked, unless whoever asks wants them."""
    if not masked:
        return one
    if isinstance(one, Subscriber):
        return replace(one, email=masked_email(one.email))
    return replace(one, email=masked_email(one.email), phone=one.phone and masked_phone(one.phone))
