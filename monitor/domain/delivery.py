"""How messages leave: what is next, how often to try again, and what one destination is still trusted with."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.domain.reason import Reason

Via = Literal["first", "second"]  # which of a subscription's two destinations

AT_ONCE = 40  # messages on their way at the same time: 30 rectorats and a mail gateway at its most
PER_GATEWAY = 8  # of them, to one destination that has delivered and not failed since
DOUBTFUL = AT_ONCE // 2  # of them, to destinations that have not: black holes cannot take all the places
LEASE = timedelta(minutes=2)  # of a claim: above the 90 s that a send may take, its process being started included
RETRY_FIRST, RETRY_MOST = timedelta(seconds=10), timedelta(minutes=15)
PROBE_MOST = timedelta(seconds=60)  # a destination that fails is tried that often, so that its return is seen
GIVE_UP = timedelta(hours=24)
PATIENCE = timedelta(minutes=15)  # then the second destination is used, and the operator told
ENOUGH = 5  # as many subscriptions refused in a row, and it is the destination that fails, not their mailboxes
_DOUBLED_MOST = 7  # 10 s doubled seven times is beyond RETRY_MOST already

OF_A_REGISTER = ":"  # in the ids of heads of school and of whoever signed up; in none of the catalogue
_TURNS = {"head": 1, "public": 2}  # by what stands before it; the subscriptions of the catalogue come first
SIGNED_UP = "abonnement/"  # stands in place of an incident where somebody is asked whether they signed up

ENDS = frozenset({Reason.EASED, Reason.MERGED, Reason.CLOSED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A telling that was not delivered, without its words.

    Attributes:
        since: when it was queued, or queued again by hand: it is given up 24 h later.
        via: the destination of the last attempt.
        refused: its destination delivered others between two of its attempts: it is this mailbox that refuses.
        lost: given up already; it only waits to be told together with what follows it.
        also: the other incidents whose beginning its letter tells too.
    """

    id: str
    subscription: str
    incident: str
    reason: Reason
    created_at: datetime
    since: datetime
    attempts: int = 0
    next_try_at: datetime | None = None
    tried_at: datetime | None = None
    via: Via | None = None
    refused: bool = False
    lost: bool = False
    also: frozenset[str] = frozenset()

    @property
    def signed_up(self) -> bool:
        """Whether it asks somebody, who may not exist, to confirm that they signed up."""
        return self.incident.startswith(SIGNED_UP)

    def due(self, now: datetime) -> bool:
        """Whether its hour has come. An hour further away than any pause is that of a clock that was set back."""
        return self.next_try_at is None or not timedelta() < self.next_try_at - now <= RETRY_MOST

    def late(self, now: datetime) -> bool:
        """Whether it was tried in vain for so long that another way must be found."""
        return self.attempts > 0 and now - self.since >= PATIENCE

    def given_up(self, at: datetime) -> bool:
        """Whether another attempt at that instant would come too late."""
        return at - self.since > GIVE_UP


def pause(attempts: int, most: timedelta) -> timedelta:
    """How long to wait after so many attempts in vain (at least one)."""
    doubled: int = 2 ** min(attempts - 1, _DOUBLED_MOST)
    return min(RETRY_FIRST * doubled, most)


@dataclass(frozen=True, slots=True)
class Gateway:
    """What is known of one destination: its circuit breaker.

    One that fails is asked by one message at a time. Once `ENOUGH` subscriptions were refused in a row nothing leaves
    but a probe, 10 s after the last failure at first, 60 s later on; what delivers closes the breaker at once.

    Attributes:
        failed: subscriptions refused since the last delivery; tries: how many times.
        since: of the first failure since the last delivery.
        last_ok: of the last delivery.
    """

    failed: frozenset[str] = frozenset()
    tries: int = 0
    since: datetime | None = None
    probe_at: datetime | None = None
    last_ok: datetime | None = None

    @property
    def sound(self) -> bool:
        """Whether it has delivered and not failed since."""
        return self.last_ok is not None and not self.failed

    def lets(self, subscription: str, now: datetime) -> bool:
        """Whether a message to this subscription may be tried now."""
        if self.probe_at is None or not timedelta() < self.probe_at - now <= PROBE_MOST:
            return True
        return len(self.failed) < ENOUGH and subscription not in self.failed

    def room(self, flying: int, doubtful: int) -> bool:
        """Whether one more may leave beside the `flying` ones; `doubtful`: those to all unsound destinations."""
        if self.sound:
            return flying < PER_GATEWAY
        return flying == 0 and doubtful < DOUBTFUL

    def failing(self, now: datetime) -> bool:
        """Whether it has failed for longer than anybody should wait."""
        return self.since is not None and now - self.since >= PATIENCE

    def asked(self, now: datetime) -> "Gateway":
        """What is known once a message has left: of one that fails, that it is being probed."""
        return replace(self, probe_at=now + PROBE_MOST) if self.failed else self

    def after(self, subscription: str, now: datetime, *, delivered: bool) -> "Gateway":
        """What is known once a message to a subscription was delivered, or was not."""
        if delivered:
            return Gateway(last_ok=now)
        tries = self.tries + 1
        return replace(
            self,
            failed=self.failed | {subscription},
            tries=tries,
            since=self.since or now,
            probe_at=now + pause(tries, PROBE_MOST),
        )

    def blames(self, waiting: Waiting) -> bool:
        """Whether another refusal of this message says nothing of the destination, which delivers to others.

        Nor does an address that anybody may have typed.
        """
        served_since = waiting.tried_at is not None and self.last_ok is not None and self.last_ok > waiting.tried_at
        return waiting.signed_up or waiting.refused or served_since


def way(waiting: Waiting, first: Gateway, now: datetime, *, has_second: bool) -> Via:
    """By which destination to try. Late ones take turns; a first one known to be dead is used only as a probe."""
    if not has_second:
        return "first"
    lets = first.lets(waiting.subscription, now)
    if waiting.late(now):
        return "first" if lets and waiting.via == "second" else "second"
    return "second" if first.failing(now) and not lets else "first"


def again_at(waiting: Waiting, gateway: Gateway, via: Via, now: datetime, *, has_second: bool) -> datetime:
    """When to try again what was just refused; `waiting` as it was before that attempt, `gateway` as it is after."""
    turned = replace(waiting, attempts=waiting.attempts + 1, via=via)
    if has_second and via == "first" and (turned.late(now) or gateway.failing(now)):
        return now  # the other destination has not had its turn
    # A mailbox that refuses is asked more and more seldom; a destination often, so that its return is seen.
    return now + pause(turned.attempts, RETRY_MOST if gateway.blames(waiting) else PROBE_MOST)


def head(rows: Iterable[Waiting], now: datetime, busy: Collection[str] = ()) -> Waiting | None:
    """The next of one subscription's messages, given in the order in which they were queued.

    The oldest; one that waits for its next attempt is passed by what is about other incidents, never about its own.
    `busy`: ids whose outcome is known and not yet in the books.
    """
    held: set[str] = set()
    for row in rows:
        if row.lost or row.incident in held:
            continue
        if row.due(now) and row.id not in busy:
            return row
        held |= {row.incident, *row.also}
    return None


def together(rows: Sequence[Waiting], chosen: Waiting) -> tuple[Waiting, ...]:
    """What one message must say when a beginning and its end were both missed, in order; empty where nothing of that.

    `rows`: the subscription's, in order; `chosen`: the one about to leave.
    """
    chain = [row for row in rows if row.incident == chosen.incident]
    last = max((place for place, row in enumerate(chain) if row.reason in ENDS and not row.lost), default=0)
    missed = tuple(chain[: last + 1])
    # A letter that tells of other incidents too leaves as it is, and the end after it.
    whole = len(missed) > 1 and missed[0].reason not in ENDS and not any(row.also for row in missed)
    return missed if whole else ()


def order(row: Waiting) -> tuple[int, bool, datetime, str]:
    """Who goes first at one destination: the catalogue's, heads of school, the public, then who is asked to confirm.

    Of those what was never tried, the oldest first, then the least recently tried. Nobody waits behind more people than
    there are in front of them.
    """
    prefix, register, _ = row.subscription.partition(OF_A_REGISTER)
    turn = len(_TURNS) + 1 if row.signed_up else _TURNS.get(prefix, 0) if register else 0
    return turn, row.tried_at is not None, row.tried_at or row.created_at, row.id


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rate kept: at most a second's worth at once (or one), then `rate` a second."""

    rate: float
    at: datetime
    tokens: float

    @classmethod
    def full(cls, rate: float, now: datetime) -> "Bucket":
        """One of which nothing was taken yet."""
        return cls(rate, now, max(rate, 1.0))

    def filled(self, now: datetime) -> "Bucket":
        """As it is at an instant; a clock that was set back gives nothing."""
        gained = max((now - self.at).total_seconds(), 0.0) * self.rate
        return replace(self, at=now, tokens=min(self.tokens + gained, max(self.rate, 1.0)))

    def taken(self) -> "Bucket | None":
        """One less, None where there is not one."""
        return replace(self, tokens=self.tokens - 1) if self.tokens >= 1 else None

    @property
    def next_in(self) -> timedelta:
        """How long until the next may leave."""
        return timedelta(seconds=max(1 - self.tokens, 0.0) / self.rate)
