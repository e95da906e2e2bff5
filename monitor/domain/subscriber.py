"""People who signed up for themselves: what they asked for, which links are theirs, for how long what is kept."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.recipient import email_of
from monitor.domain.window import Scope, ScopeKind

ASKED_AGAIN = timedelta(hours=24)  # an address gets one confirmation in that time, whoever asks for it
UNCONFIRMED_KEPT = timedelta(days=7)
ASKED_AN_HOUR = 500  # confirmations that the whole of Vigie sends in an hour, at most
# Unconfirmed rows at most, 40 hours of the above: the oldest make room, so that a flood shuts nobody out for days.
PENDING_MOST = 20_000
SETTLE = timedelta(minutes=5)

_PREFIX = "public:"  # no id of the catalogue holds a colon
_PROOF_SIGNS = 32  # of SHA-256 in hexadecimal: 128 bits


class Purpose(StrEnum):
    """What a link is for, as its address says it; a link for one purpose is none for another."""

    CONFIRM = "confirmer"
    MANAGE = "gerer"
    UNSUBSCRIBE = "desabonner"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `email` in the form of `email_of`; `scope`: a service or a territory, a school's too."""

    email: str
    scope: Scope
    language: str
    school_hours: bool = False


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody of the public, one for each e-mail address, as the desk keeps them; until confirmed, told nothing.

    Attributes:
        asked_at: when they last asked; `confirmed_at`: when the owner of the address said yes, None before (aware UTC).
    """

    id: str
    email: str
    scope: Scope
    language: str
    school_hours: bool
    asked_at: datetime
    confirmed_at: datetime | None = None


def subscription_of(one: Subscriber) -> Subscription:
    """What a subscriber is told: whatever keeps people from working, once it has lasted five minutes."""
    named = (one.scope.name,)
    of_service = one.scope.kind is ScopeKind.SERVICE
    return Subscription(
        id=public_id(one.id),
        to_env="",
        territories=() if of_service else named,
        services=named if of_service else (),
        role=Role.PUBLIC,
        from_health=Health.WAITING,
        settle=SETTLE,
        language=one.language,
        school_hours=one.school_hours,
    )


def public_id(subscriber: str) -> str:
    """The id of a subscriber's subscription."""
    return f"{_PREFIX}{subscriber}"


def token_of(secret: str, purpose: Purpose, subscriber: str) -> str:
    """What a link must hold to be that subscriber's, for one purpose. It is kept nowhere: it is computed again."""
    return f"{subscriber}.{_proof(secret, purpose.value, subscriber)}"


def named_by(secret: str, purpose: Purpose, token: str) -> str | None:
    """The id of the subscriber that a sound token names, known or not; None for any other text."""
    name, _, proof = token.partition(".")
    sound = _proof(secret, purpose.value, name).encode()
    return name if hmac.compare_digest(sound, proof.encode("utf-8", "backslashreplace")) else None


def address_key(secret: str, email: str) -> str:
    """What is kept of an address for 24 h, so that nobody has it written to twice: it tells nobody the address."""
    return _proof(secret, "asked", email)


def links(secret: str, public_url: str, subscriber: str) -> Mapping[Purpose, str]:
    """The addresses of a subscriber's own pages, below the public address of Vigie."""
    base = f"{public_url.rstrip('/')}/abonnement"
    return {one: f"{base}/{one.value}/{token_of(secret, one, subscriber)}" for one in Purpose}


def about(subscribers: Iterable[Subscriber], what: str) -> tuple[Subscriber, ...]:
    """Those that an id or an e-mail address names."""
    what = what.strip()
    email = email_of(what)
    return tuple(one for one in subscribers if one.id == what or one.email == email)


def _proof(secret: str, use: str, text: str) -> str:
    message = f"{use}\n{text}".encode("utf-8", "backslashreplace")
    return hmac.new(secret.encode(), message, "sha256").hexdigest()[:_PROOF_SIGNS]
