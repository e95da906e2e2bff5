"""Send what is queued: claim it, hand it to the sender, keep what came of it, by way of a line for each destination."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from monitor.alerting import Message, Outcome
from monitor.alerting.gateways import reference, with_headers, with_reference
from monitor.alerting.merged import merged
from monitor.domain.delivery import together
from monitor.domain.notice import Subscription
from monitor.queues import Flight, Queues
from monitor.store import Mark, Resend, StoreError, Telling
from monitor.wiring import Sends, Wiring

log = logging.getLogger(__name__)

WISHES_KEPT = timedelta(days=30)  # a wish for a message of longer ago is granted no more
SOONEST = timedelta(milliseconds=50)


def _unknown(_: Telling, __: Telling) -> None:
    """Of what is no more than two letters nothing more is known."""


class Courier:
    """The sending half of telling. A row is claimed before it leaves, and marked once it is known what came of it."""

    def __init__(self, wiring: Wiring, both: Callable[[Telling, Telling], tuple[str, str] | None] = _unknown) -> None:
        """`both`: title and body in place of a beginning and its end, None where it knows too little of them."""
        self._w, self._both = wiring, both
        self.queues = Queues(lambda: (wiring.addresses, wiring.seconds), wiring.rates)
        self._tasks: set[asyncio.Task[None]] = set()
        self._marks: list[Mark] = []
        self._keeping = asyncio.Lock()
        self._granted: set[Resend] = set()
        self._known: tuple[tuple[Subscription, ...], dict[str, str]] = ((), {})
        self._turning = self._again = self._landing = False
        self._trouble: str | None = None

    async def resume(self) -> None:
        """Take up what was queued before a restart. Raises StoreError."""
        await self._w.work(self._w.store.release_claims)
        self.queues.load(await self._w.work(self._w.store.waiting))

    async def send_due(self, now: datetime) -> None:
        """Look at all that is queued, and let what is due leave. Raises StoreError."""
        if self._w.sender is None:
            return
        await self._keep_marks()
        await self._grant_wishes(now)
        if await self._w.work(self._w.store.queued) != self.queues.queued:
            self.queues.load(await self._w.work(self._w.store.waiting))
        self._marks += self.queues.overdue(now)
        self.queues.line_up(now)
        await self._depart()

    async def go_on(self) -> timedelta | None:
        """Let leave what a rate held up; says how soon the next may. Raises StoreError."""
        if self._w.sender is None:
            return None
        await self._depart()
        wait = self.queues.wait(self._w.now())
        return None if wait is None else max(wait, SOONEST)

    async def land(self, within: timedelta) -> None:
        """Wait a little for what is on its way; the rest is sent again after a restart, under the same id."""
        self._landing = True
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=within.total_seconds())
            for task in late:
                task.cancel()
        self._landing = False
        try:
            await self._keep_marks()
        except StoreError as trouble:
            log.warning("des issues de messages n’ont pas pu être notées : %s", trouble)

    async def _grant_wishes(self, now: datetime) -> None:
        """Queue again what somebody wants to be sent again; a desk that cannot be read holds nothing else up."""
        latest = max((wish.asked_at for wish in self._granted), default=now - WISHES_KEPT)
        try:
            wishes = [wish for wish in await self._w.wishes(latest) if wish not in self._granted]
        except StoreError as trouble:
            if self._trouble != str(trouble):
                log.warning("les demandes de nouvel envoi ne peuvent pas être lues : %s", trouble)
            self._trouble = str(trouble)
            return
        self._trouble = None
        if wishes:
            for name in await self._w.work(partial(self._w.store.requeue, wishes)):
                log.info("message %s : remis dans la file à la demande", name)
            self._granted = {wish for wish in (*self._granted, *wishes) if wish.asked_at >= latest}

    async def _keep_marks(self) -> None:
        """Keep the outcomes that the store has not taken yet: what was delivered must not leave twice."""
        async with self._keeping:
            if marks := list(self._marks):
                await self._w.work(partial(self._w.store.mark_tellings, marks))
                del self._marks[: len(marks)]
                self.queues.kept(marks)

    async def _depart(self) -> None:
        """One turn after the other, whoever asks meanwhile: two at once would count the places twice."""
        self._again = True
        if self._turning:
            return
        self._turning = True
        try:
            while self._again:
                self._again = False
                await self._turn()
        finally:
            self._turning = False

    async def _turn(self) -> None:
        await self._keep_marks()
        if self._landing or self._w.sender is None:
            return
        now = self._w.now()
        flights: list[Flight] = []
        while (flight := self.queues.next(now)) is not None:
            flights.append(flight)
        if not flights:
            return
        try:
            for place, flight in enumerate(flights):
                flights[place] = await self._told_together(flight, now)
            claimed = await self._w.work(partial(self._w.store.claim, [one.row.id for one in flights], now))
        except BaseException:
            self._put_back(flights)
            raise
        ready = {telling.id: telling for telling in claimed}
        for flight in flights:
            if (telling := ready.get(flight.row.id)) is not None:
                self._start(self._w.sender, flight, telling)
        # An attempt that was broken off holds its lease still: it is looked at again later.
        self._put_back([flight for flight in flights if flight.row.id not in ready])

    def _put_back(self, flights: list[Flight]) -> None:
        for flight in flights:
            self.queues.put_back(flight)

    async def _told_together(self, flight: Flight, now: datetime) -> Flight:
        """What leaves: the flight itself, or that of an end that says its missed beginning too."""
        row = flight.row
        parts = together(self.queues.rows_of(row.subscription), row)
        if not parts:
            return flight
        ids = [part.id for part in parts]
        known = await self._w.work(partial(self._w.store.tellings, (ids[0], ids[-1])))
        first, last = known[ids[0]], known[ids[-1]]
        letter = self._both(first, last) or merged(first, last, self._language(row.subscription))
        if await self._w.work(partial(self._w.store.merge_tellings, ids[:-1], ids[-1], letter, now)):
            return self.queues.regroup(flight, parts)
        return flight

    def _start(self, sender: Sends, flight: Flight, telling: Telling) -> None:
        task = asyncio.create_task(self._send(sender, flight, telling), name=telling.id)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, flight))

    def _ended(self, flight: Flight, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.queues.put_back(flight)
        if not task.cancelled() and (defect := task.exception()) is not None:
            log.error("message %s : défaut de Vigie, il sera repris", task.get_name(), exc_info=defect)

    async def _send(self, sender: Sends, flight: Flight, telling: Telling) -> None:
        if flight.url is None:
            outcome = Outcome(telling.id, delivered=False, words="abonnement sans adresse")
        else:
            ref = reference(telling.id)
            ended = "" if self._w.public is None else self._w.public.postscript(telling.subscription)
            body = with_reference(telling.body + ended, ref, self._language(telling.subscription))
            url = with_headers(flight.url, ref, telling.incident)
            outcome = await sender.send(Message(telling.id, url, telling.title, body))
        if not outcome.delivered:  # said once: it may be tried for a day
            level = logging.INFO if flight.row.attempts else logging.WARNING
            log.log(level, "message %s non remis : %s", telling.id, outcome.words)
        now = self._w.now()
        self._marks.append(self.queues.landed(flight, now, outcome.words, delivered=outcome.delivered))
        try:
            await self._keep_marks()
            self.queues.follow(telling.subscription, now)
            await self._depart()
        except StoreError as trouble:
            log.warning("l’issue du message %s sera notée plus tard : %s", telling.id, trouble)

    def _language(self, subscription: str) -> str:
        if self._known[0] is not (readers := self._w.readers):
            self._known = readers, {one.id: one.language for one in readers}
        return self._known[1].get(subscription, "fr")
