"""The messages in the store: queued before they are sent, claimed while they are, marked with what came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from monitor.domain.delivery import Waiting
from monitor.domain.notice import Told
from monitor.store import deliveries, tellings
from monitor.store.afterwards import Afterwards
from monitor.store.values import Mark, Resend, Telling
from monitor.store.writing_book import START


class Outgoing(Afterwards):
    """The part of the store that holds what is said to people. Every method raises StoreError; then nothing changed."""

    def queue(self, new: Sequence[Telling]) -> None:
        """Store tellings before they are sent; one whose id is known already is ignored.

        Where two of a subscription and incident have the same `created_at`, the later comer's is moved by 1 µs.
        """
        with self._writing() as connection:
            tellings.add(connection, new)

    def waiting(self) -> list[Waiting]:
        """All that was not delivered and may still be, in the order in which it was queued."""
        with self._writing(START) as connection:
            return list(deliveries.waiting(connection))

    def queued(self) -> int:
        """How many tellings are queued."""
        with self._writing() as connection:
            return deliveries.queued(connection)

    def release_claims(self) -> None:
        """End every lease: whoever claimed before this book was opened is dead, there is one writer at a time."""
        with self._writing() as connection:
            deliveries.release(connection)

    def claim(self, ids: Sequence[str], now: datetime) -> list[Telling]:
        """Those of these queued tellings that nobody may be sending now, claimed for `delivery.LEASE`."""
        with self._writing() as connection:
            return deliveries.claim(connection, ids, now)

    def tellings(self, ids: Collection[str]) -> dict[str, Telling]:
        """The tellings of these ids, those that are known, by id."""
        with self._writing() as connection:
            return deliveries.named(connection, ids)

    def mark_tellings(self, marks: Sequence[Mark]) -> list[str]:
        """Keep what came of attempts, of those tellings that are still queued; the ids of those that were."""
        with self._writing() as connection:
            return [one.telling for one in marks if deliveries.mark(connection, one)]

    def merge_tellings(self, parts: Sequence[str], last: str, letter: tuple[str, str], now: datetime) -> bool:
        """Let `last` say by this title and body what `parts` would have said, which are sent no more; whether it does.

        It does not where it may be on its way.
        """
        with self._writing() as connection:
            return deliveries.merge(connection, parts, last, letter, now)

    def requeue(self, wishes: Sequence[Resend]) -> list[str]:
        """Queue again what was given up, once for each wish; the ids of those that were."""
        with self._writing() as connection:
            return deliveries.requeue(connection, wishes)

    def told_of(self, beginning: str) -> list[Told]:
        """The last telling of each subscription about each thing whose id begins so."""
        with self._writing(START) as connection:
            return list(tellings.told_of(connection, beginning))
