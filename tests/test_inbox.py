"""The waiting line: nothing is lost while the store refuses, what is given up is told, excerpts mark changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor import inbox as room
from monitor.domain.gap import Excuse, Gap, Skip
from monitor.domain.observation import Failure, Observation
from monitor.inbox import Inbox
from monitor.ledger import Ledger
from monitor.store import StoreError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def said(minute: float, failure: Failure | None = None, excerpt: str | None = None) -> Observation:
    at = NOON + minute * MINUTE
    return Observation("ent/login", "local", at, timedelta(seconds=1), failure, excerpt=excerpt)


class Books:
    """Takes what it is given, unless it is closed."""

    def __init__(self) -> None:
        self.closed = False
        self.answers: list[Observation] = []
        self.gaps: list[Gap] = []

    async def append(self, answers: Sequence[Observation], missed: Sequence[Gap]) -> None:
        if self.closed:
            raise StoreError("fermé")
        self.answers += answers
        self.gaps += missed


async def test_what_a_closed_book_refuses_waits_in_order() -> None:
    books = Books()
    inbox = Inbox(Ledger("local"), books.append)
    assert await inbox.commit() is None
    books.closed = True
    for minute in range(3):
        inbox.accept(said(minute))
        with pytest.raises(StoreError):
            await inbox.commit()
    books.closed = False
    assert await inbox.commit() == tuple(said(minute) for minute in range(3))
    assert (books.answers, inbox.accepted, inbox.given_up) == ([said(0), said(1), said(2)], 3, 0)


async def test_memory_has_an_end_and_what_is_given_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    books = Books()
    books.closed = True
    inbox = Inbox(Ledger("local"), books.append)
    for minute in range(5):
        inbox.accept(said(minute))
    with pytest.raises(StoreError):
        await inbox.commit()
    books.closed = False
    await inbox.commit()
    assert books.answers == [said(3), said(4)]
    lost = Gap("ent/login", "local", NOON, NOON + 2 * MINUTE + timedelta(seconds=1), 3, Excuse.STORAGE)
    assert (books.gaps, inbox.given_up) == ([lost], 3)


async def test_a_skip_is_a_gap_and_no_answer() -> None:
    books = Books()
    inbox = Inbox(Ledger("local"), books.append)
    skip = Skip("ent/login", NOON, Excuse.BACK_OFF)
    assert inbox.accept(skip, MINUTE) is skip
    assert await inbox.commit() == ()
    assert books.gaps == [Gap("ent/login", "local", NOON, NOON + MINUTE, 1, Excuse.BACK_OFF)]


async def test_what_failed_while_we_slept_is_ours_and_what_went_well_is_not() -> None:
    ledger = Ledger("local")
    inbox = Inbox(ledger, Books().append)
    ledger.absent(Excuse.ASLEEP, NOON, NOON + 10 * MINUTE)
    kept = inbox.accept(said(5, Failure.EXCHANGE_TIMEOUT, "Service saturé"))
    assert isinstance(kept, Observation)
    assert (kept.failure, kept.excerpt) == (Failure.OURS_STALLED, None)
    assert inbox.accept(said(5)) == said(5)
    assert inbox.accept(said(11, Failure.EXCHANGE_TIMEOUT)) == said(11, Failure.EXCHANGE_TIMEOUT)


async def test_an_excerpt_is_kept_where_the_answer_says_something_new() -> None:
    inbox = Inbox(Ledger("local"), Books().append)
    queue, broken = Failure.CONTENT_WAITING_ROOM, Failure.EXCHANGE_SERVER_ERROR
    heard = [said(0), said(1, queue, "a"), said(2, queue, "b"), said(3, broken, "c"), said(4), said(5, queue, "d")]
    kept = [inbox.accept(one) for one in heard]
    assert [replace(one, excerpt=None) for one in heard] == [replace(one, excerpt=None) for one in kept]  # type: ignore[type-var]
    assert [one.excerpt for one in kept] == [None, "a", None, "c", None, "d"]  # type: ignore[union-attr]
