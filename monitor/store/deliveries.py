"""What becomes of the rows of `tellings`: claimed, marked, told together, queued again. Each change is conditional."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, case, exists, func, or_, select, update

from monitor.domain.delivery import LEASE, Via, Waiting
from monitor.domain.reason import Reason
from monitor.store.codec import clean, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.tables import tellings
from monitor.store.tellings import telling_of
from monitor.store.values import Mark, Resend, Telling, TellingState, ToldOf

_LIGHT = (
    *(tellings.c.id, tellings.c.subscription, tellings.c.incident, tellings.c.reason, tellings.c.created_at),
    *(tellings.c.attempts, tellings.c.next_try_at, tellings.c.tried_at, tellings.c.via, tellings.c.state),
    tellings.c.requeued_at,
)


def waiting(connection: Connection) -> Iterator[Waiting]:
    """What is queued, in the order it was, and what was given up where something about the same incident is queued.

    Given up is also what lies in a letter that was.
    """
    queued = tellings.alias("queued")
    followed = exists().where(
        queued.c.incident == tellings.c.incident,
        queued.c.subscription == tellings.c.subscription,
        queued.c.state == "queued",
    )
    wanted = or_(tellings.c.state == "queued", (tellings.c.state == "dead") & followed)
    carrier = tellings.alias("carrier")
    in_a_lost_letter = exists().where(carrier.c.id == tellings.c.folded_into, carrier.c.state == "dead")
    wanted |= (tellings.c.state == "folded") & in_a_lost_letter & followed
    query = select(*_LIGHT).where(wanted).order_by(tellings.c.created_at, tellings.c.id)
    carried = _carried(connection)
    return (_waiting_of(row, carried) for row in connection.execute(query))


def _carried(connection: Connection) -> dict[str, set[str]]:
    """The incidents that queued letters tell of beside their own, by the id of the telling that carries the letter."""
    carrier = tellings.alias("carrier")
    queued = (carrier.c.id == tellings.c.folded_into, carrier.c.state == "queued")
    query = select(tellings.c.folded_into, tellings.c.incident).where(
        tellings.c.state == "folded", exists().where(*queued)
    )
    found = defaultdict[str, set[str]](set)
    for letter, incident in connection.execute(query):
        found[letter].add(incident)
    return found


def _waiting_of(row: Any, carried: Mapping[str, set[str]]) -> Waiting:
    created = instant(row.created_at)
    return Waiting(
        id=row.id,
        subscription=row.subscription,
        incident=row.incident,
        reason=word_of(Reason, row.reason),
        created_at=created,
        since=maybe_instant(row.requeued_at) or created,
        attempts=row.attempts,
        next_try_at=maybe_instant(row.next_try_at),
        tried_at=maybe_instant(row.tried_at),
        via=cast("Via | None", row.via),
        lost=row.state != "queued",
        also=frozenset(carried.get(row.id, ())),
    )


def queued(connection: Connection) -> int:
    """How many are queued."""
    return connection.scalar(select(func.count()).where(tellings.c.state == "queued")) or 0


def release(connection: Connection) -> None:
    """End every lease."""
    held = (tellings.c.state == "queued", tellings.c.claimed_until.is_not(None))
    connection.execute(update(tellings).where(*held).values(claimed_until=None))


def claim(connection: Connection, ids: Sequence[str], now: datetime) -> list[Telling]:
    """Those of them that nobody else may be sending now, claimed for the time of a lease; in the order given."""
    until = micros(now + LEASE)
    claimed = {name for name in ids if _changed(connection, name, _free(now), claimed_until=until)}
    found = named(connection, claimed)
    return [found[name] for name in ids if name in claimed]


def _free(now: datetime) -> ColumnElement[bool]:
    until, latest = tellings.c.claimed_until, micros(now + LEASE)
    # A lease that ends later than any may is of a clock that was set back since.
    return (tellings.c.state == "queued") & or_(until.is_(None), until <= micros(now), until > latest)


def named(connection: Connection, ids: Collection[str]) -> dict[str, Telling]:
    """The tellings of these ids, those that are known, by id."""
    rows = connection.execute(select(tellings).where(tellings.c.id.in_(list(ids))))
    return {row.id: telling_of(row) for row in rows}


def mark(connection: Connection, said: Mark) -> bool:
    """Count an attempt and say what came of it, if the telling is still queued; whether it was."""
    return _changed(
        connection,
        said.telling,
        tellings.c.state == "queued",
        state=said.state,
        attempts=tellings.c.attempts + 1,
        tried_at=micros(said.at),
        outcome=clean(said.outcome),
        next_try_at=maybe_micros(said.next_try_at),
        via=func.coalesce(said.via, tellings.c.via),
        claimed_until=None,
    )


def merge(connection: Connection, parts: Sequence[str], last: str, letter: tuple[str, str], now: datetime) -> bool:
    """Let the last say what the parts said too, by a title and a body; unless it left meanwhile. Whether it does."""
    title, body = map(clean, letter)
    if not _changed(connection, last, _free(now), title=title, body=body):
        return False
    undelivered = tellings.c.state.in_(("queued", "dead", "folded"))
    for part in parts:
        _changed(
            connection, part, undelivered, state="merged", outcome="réuni avec le dernier message", next_try_at=None
        )
    return True


def requeue(connection: Connection, wishes: Sequence[Resend]) -> list[str]:
    """Queue again those that were given up; a wish is granted once. The ids of those that were."""
    granted = []
    for wish in wishes:
        at = micros(wish.asked_at)
        first_time = or_(tellings.c.requeued_at.is_(None), tellings.c.requeued_at < at)
        dead = (tellings.c.state == "dead") & first_time
        values = {"state": "queued", "attempts": 0, "next_try_at": None, "requeued_at": at, "claimed_until": None}
        if _changed(connection, wish.telling, dead, **values):
            granted.append(wish.telling)
    return granted


def listed(connection: Connection, state: TellingState | None, most: int | None) -> Iterator[Telling]:
    """Tellings in a state, or in any, the newest queued first."""
    query = select(tellings).order_by(tellings.c.created_at.desc(), tellings.c.id.desc())
    query = query if state is None else query.where(tellings.c.state == state)
    return map(telling_of, connection.execute(query if most is None else query.limit(most)))


def told_of(connection: Connection, incident: str) -> Iterator[ToldOf]:
    """The tellings of an incident counted by reason, the first written first."""
    carrier = tellings.alias("carrier")
    in_a_sent_letter = exists().where(carrier.c.id == tellings.c.folded_into, carrier.c.state == "sent")
    arrived = or_(tellings.c.state == "sent", (tellings.c.state == "folded") & in_a_sent_letter)
    first, last = func.min(tellings.c.created_at), func.max(tellings.c.created_at)
    query = (
        select(tellings.c.reason, func.count(), func.sum(case((arrived, 1), else_=0)), first, last)
        .where(tellings.c.incident == incident)
        .group_by(tellings.c.reason)
        .order_by(first, tellings.c.reason)
    )
    for reason, messages, sent, begin, end in connection.execute(query):
        yield ToldOf(word_of(Reason, reason), messages, int(sent), instant(begin), instant(end))


def _changed(connection: Connection, telling: str, only_if: ColumnElement[bool], **values: Any) -> bool:
    done = connection.execute(update(tellings).where(tellings.c.id == telling, only_if).values(values))
    return done.rowcount == 1
