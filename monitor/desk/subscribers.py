"""The public signs up, confirms, changes and leaves: what the pages below `/abonnement` may write.

A link is judged before the book is asked about whom it names, so that nobody learns by trying who is in it.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.subscriber import Purpose, Subscriber, Wish, named_by, token_of
from monitor.store import DeskReader, open_desk, open_desk_reader


@dataclass(frozen=True, slots=True)
class Holder:
    """A subscriber whose link somebody holds, and the tokens of their other links."""

    subscriber: Subscriber
    tokens: Mapping[Purpose, str]


def sign_up(url: str, wish: Wish, now: datetime) -> bool:
    """Keep a wish until its owner confirms it; False where Vigie was asked too often lately, whoever asks.

    Whether the address was known already is told to nobody. Raises StoreError.
    """
    with closing(open_desk(url)) as desk:
        return desk.sign_up(wish, now)


def held(url: str, purpose: Purpose, token: str) -> Holder | None:
    """Whose link this is; None for one that was never given out, or has done its work. Raises StoreError."""
    with closing(open_desk_reader(url)) as desk:
        name = named_by(desk.secret(), purpose, token)
        found = None if name is None else desk.subscriber(name)
        spent = purpose is Purpose.CONFIRM and found is not None and found.confirmed_at is not None
        return None if found is None or spent else _holder(desk, found)


def confirm(url: str, token: str, now: datetime) -> Holder | None:
    """Confirm by a link; None for one that confirms nothing, or nothing more. Raises StoreError."""
    with closing(open_desk(url)) as desk:
        name = named_by(desk.secret(), Purpose.CONFIRM, token)
        found = None if name is None else desk.confirm(name, now)
        return None if found is None else _holder(desk, found)


def change(url: str, token: str, wish: Wish) -> Holder | None:
    """Ask for something else by a link; the address stays. None for a link that manages nothing. Raises StoreError."""
    with closing(open_desk(url)) as desk:
        name = named_by(desk.secret(), Purpose.MANAGE, token)
        if name is None:
            return None
        found = desk.change_subscriber(name, wish.scope, wish.language, school_hours=wish.school_hours)
        return None if found is None else _holder(desk, found)


def leave(url: str, token: str) -> None:
    """Erase whom a link names, if anybody. Raises StoreError."""
    with closing(open_desk(url)) as desk:
        name = named_by(desk.secret(), Purpose.UNSUBSCRIBE, token)
        if name is not None:
            desk.unsubscribe(name)


def purge(url: str, now: datetime) -> int:
    """Erase who did not confirm within 7 days; how many there were. Raises StoreError."""
    with closing(open_desk(url)) as desk:
        return desk.purge_subscribers(now)


def _holder(desk: DeskReader, found: Subscriber) -> Holder:
    secret = desk.secret()
    return Holder(found, {one: token_of(secret, one, found.id) for one in Purpose})
