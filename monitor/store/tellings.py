"""Rows of `tellings`: what was said to whom, stored before it is said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, exists, func, select

from monitor.domain.delivery import Via
from monitor.domain.digest import Sent
from monitor.domain.notice import LAST_WORDS, Told
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store.codec import clean, instant, maybe_instant, maybe_micros, micros, word_of
from monitor.store.tables import incidents, tellings
from monitor.store.upsert import keep
from monitor.store.values import Telling, TellingState


def telling_row(telling: Telling) -> dict[str, Any]:
    """The columns of `tellings`."""
    return {
        "id": telling.id,
        "subscription": telling.subscription,
        "incident": telling.incident,
        "reason": telling.reason.value,
        "health": telling.health.value,
        "title": clean(telling.title),
        "body": clean(telling.body),
        "created_at": micros(telling.created_at),
        "state": telling.state,
        "attempts": telling.attempts,
        "next_try_at": maybe_micros(telling.next_try_at),
        "outcome": clean(telling.outcome),
        "tried_at": maybe_micros(telling.tried_at),
        "claimed_until": maybe_micros(telling.claimed_until),
        "via": telling.via,
        "requeued_at": maybe_micros(telling.requeued_at),
        "share": telling.share,
        "reach": telling.reach,
        "explained": telling.explained,
        "folded_into": telling.folded_into,
    }


def telling_of(row: Row[Any]) -> Telling:
    """The telling of a row."""
    return Telling(
        id=row.id,
        subscription=row.subscription,
        incident=row.incident,
        reason=word_of(Reason, row.reason),
        health=word_of(Health, row.health),
        title=row.title,
        body=row.body,
        created_at=instant(row.created_at),
        state=cast("TellingState", row.state),
        attempts=row.attempts,
        next_try_at=maybe_instant(row.next_try_at),
        outcome=row.outcome,
        tried_at=maybe_instant(row.tried_at),
        claimed_until=maybe_instant(row.claimed_until),
        via=cast("Via | None", row.via),
        requeued_at=maybe_instant(row.requeued_at),
        share=row.share,
        reach=row.reach,
        explained=row.explained,
        folded_into=row.folded_into,
    )


def add(connection: Connection, new: Sequence[Telling]) -> None:
    """Insert tellings; one whose id is known stays as it is.

    Of one subscription and incident, no two keep the same `created_at`: the later comer is dated a microsecond after.
    So the date alone says in which order they were queued, which ids do not ("closed" sorts before "opened").
    """
    if not new:
        return
    rows = [telling_row(telling) for telling in new]
    near = select(tellings.c.subscription, tellings.c.incident, tellings.c.created_at, tellings.c.id).where(
        tellings.c.incident.in_({row["incident"] for row in rows}),
        tellings.c.created_at >= min(row["created_at"] for row in rows),
    )
    taken = {(subscription, incident, at): known for subscription, incident, at, known in connection.execute(near)}
    for row in rows:
        while taken.setdefault((row["subscription"], row["incident"], row["created_at"]), row["id"]) != row["id"]:
            row["created_at"] += 1
    keep(connection, tellings, rows)


def unended(connection: Connection, since: datetime) -> tuple[str, ...]:
    """Incidents that ended since an instant, and of whose end somebody who heard of them has not heard; sorted."""
    ended = tellings.alias("ended")
    heard_it = exists().where(
        ended.c.incident == tellings.c.incident,
        ended.c.subscription == tellings.c.subscription,
        ended.c.reason.in_([one.value for one in LAST_WORDS]),
    )
    query = (
        select(tellings.c.incident)
        .join(incidents, incidents.c.id == tellings.c.incident)
        .where(incidents.c.closed_at >= micros(since), ~heard_it)
        .distinct()
    )
    return tuple(connection.scalars(query.order_by(tellings.c.incident)))


def counted(connection: Connection, since: datetime) -> Sent:
    """What became of the messages of the time since an instant."""
    sent = select(func.count()).where(tellings.c.state == "sent", tellings.c.tried_at >= micros(since))
    dead = select(func.count()).where(tellings.c.state == "dead", tellings.c.tried_at >= micros(since))
    waiting = select(func.count()).where(tellings.c.state == "queued", tellings.c.attempts > 0)
    return Sent(*(connection.scalar(query.select_from(tellings)) or 0 for query in (sent, waiting, dead)))


def last_told(connection: Connection, incidents: Iterable[str]) -> tuple[Told, ...]:
    """The last telling of each subscription about each incident, whatever became of its delivery."""
    latest = func.row_number().over(
        partition_by=(tellings.c.subscription, tellings.c.incident),
        order_by=(tellings.c.created_at.desc(), tellings.c.id.desc()),
    )
    ranked = select(tellings, latest.label("rank")).where(tellings.c.incident.in_(list(incidents))).subquery()
    rows = connection.execute(
        select(ranked).where(ranked.c.rank == 1).order_by(ranked.c.incident, ranked.c.subscription)
    )
    return tuple(
        Told(
            row.subscription,
            row.incident,
            word_of(Reason, row.reason),
            word_of(Health, row.health),
            instant(row.created_at),
            row.share,
            row.reach,
            row.explained,
        )
        for row in rows
    )


def told_of(connection: Connection, beginning: str) -> tuple[Told, ...]:
    """As `last_told`, of all that was ever told about something whose id begins so."""
    named = select(tellings.c.incident).where(tellings.c.incident.startswith(beginning, autoescape=True)).distinct()
    return last_told(connection, connection.execute(named).scalars())
