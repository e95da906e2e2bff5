"""Tell: compare each incident with what each subscriber last heard, keep the difference, then send it."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from monitor.alerting import Message, Outcome, compose
from monitor.domain.evaluation import Country
from monitor.domain.news import News, news
from monitor.domain.notice import Told
from monitor.domain.reason import Reason
from monitor.domain.rollup import Ground
from monitor.domain.subscriber import is_public
from monitor.store import StoreError, Telling, TellingState
from monitor.wiring import Sends, Wiring

log = logging.getLogger(__name__)

RETRY_FIRST, RETRY_MOST, GIVE_UP = timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=24)
DOUBLED_MOST = 7  # 10 s doubled seven times is beyond RETRY_MOST already
Mark = tuple[TellingState, datetime, str, datetime]  # new state, when, what the gateway said, next try
_AGAIN = frozenset({Reason.EASED, Reason.RELAPSED})  # what may happen to one incident more than once
AT_ONCE = 20  # messages on their way at the same time; one that hangs must not hold up the others


class Teller:
    """What each subscription last heard, and the two steps of telling: keep a row, then send it."""

    def __init__(self, wiring: Wiring, ground: Ground) -> None:
        self._w = wiring
        self._ground = ground
        self._told: dict[tuple[str, str], Told] = {}
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._unmarked: dict[str, Mark] = {}

    async def resume(self) -> None:
        """Take up what was said before a restart. Raises StoreError."""
        self._told = {(told.subscription, told.incident): told for told in await self._w.work(self._w.store.told)}

    async def queue_news(self, country: Country, now: datetime) -> None:
        """Keep a row for everything that is new to somebody; nothing is sent yet. Raises StoreError."""
        if self._w.public is not None:  # who signed up or left, and whom to ask for a confirmation
            await self._w.work(partial(self._w.public.take_up, self._w.store.queue, now))
        new = list(self._news(country, now))
        if new:
            await self._w.work(partial(self._w.store.queue, new))
            for telling in new:
                self._w.told(telling)
            said = (Told(t.subscription, t.incident, t.reason, t.health, t.created_at) for t in new)
            self._told |= {(told.subscription, told.incident): told for told in said}

    async def send_due(self, now: datetime) -> None:
        """Let what is queued and due leave; outcomes are kept as they come. Raises StoreError."""
        if self._w.sender is None:
            return
        await self._mark_outcomes()
        due = await self._w.work(partial(self._w.store.due_tellings, now, AT_ONCE + len(self._flying)))
        for telling in due:
            if telling.id not in self._flying and len(self._flying) < AT_ONCE:
                task = asyncio.create_task(self._send(self._w.sender, telling), name=telling.id)
                self._flying[telling.id] = task
                task.add_done_callback(self._landed)

    async def land(self, within: timedelta) -> None:
        """Wait a little for what is on its way; the rest is sent again after a restart, under the same id."""
        if self._flying:
            _, late = await asyncio.wait(set(self._flying.values()), timeout=within.total_seconds())
            for task in late:
                task.cancel()

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.pop(task.get_name(), None)
        if not task.cancelled() and (defect := task.exception()) is not None:
            log.error("message %s : défaut de Vigie, il sera repris", task.get_name(), exc_info=defect)

    async def _mark_outcomes(self) -> None:
        """Keep the outcomes that the store has not taken yet: what was delivered must not leave twice."""
        for name, mark in list(self._unmarked.items()):
            await self._w.work(partial(self._w.store.mark_telling, name, *mark))
            self._unmarked.pop(name, None)

    def _news(self, country: Country, now: datetime) -> Iterator[Telling]:
        reachable = (one for one in self._w.subscriptions if one.id in self._w.addresses)
        signed = () if self._w.public is None else self._w.public.subscriptions
        for one in news(
            chain(reachable, signed),
            country.incidents,
            self._told,
            self._w.catalog,
            self._ground,
            now=now,
            blind=country.line.blind,
        ):
            yield self._telling(one, country, now)

    def _telling(self, new: News, country: Country, now: datetime) -> Telling:
        subscription, incident, reason = new.subscription, new.incident, new.reason
        survivor = next((one for one in country.incidents if one.id == incident.absorbed_into), None)
        followed = survivor or incident
        letter = compose(
            reason,
            incident,
            subscription,
            self._w.catalog,
            new.share,
            now,
            page=f"{self._w.public_url}/incidents/{followed.id}" if self._w.public_url else None,
            rehearsal=", ".join(filter(None, (self._w.rehearsal, self._w.rehearsal_note))) or None,
            healths={verdict.service: verdict.health for verdict in country.services.values()},
            survivor=survivor,
        )
        # Computed, never drawn: the same word about the same thing has the same id after a crash.
        repeated = incident.worst.value
        if reason is Reason.STILL_OPEN:
            repeated = f"{now:%Y%m%d%H%M}"
        elif reason in _AGAIN:
            repeated = str(sum(turn.reason is reason for turn in incident.turns))
        return Telling(
            id=f"{incident.id}/{subscription.id}/{reason.value}-{repeated}",
            subscription=subscription.id,
            incident=incident.id,
            reason=reason,
            health=incident.worst,
            title=letter.title,
            body=letter.body,
            created_at=now,
            next_try_at=now,
        )

    async def _send(self, sender: Sends, telling: Telling) -> None:
        message = self._message(telling)
        if message is None:
            outcome = Outcome(telling.id, delivered=False, words="abonnement sans adresse")
        else:
            outcome = await sender.send(message)
        if not outcome.delivered:
            log.warning("message %s non remis : %s", telling.id, outcome.words)
        self._unmarked[telling.id] = self._mark(telling, outcome)
        try:
            await self._mark_outcomes()
        except StoreError as trouble:
            log.warning("l’issue du message %s sera notée plus tard : %s", telling.id, trouble)

    def _message(self, telling: Telling) -> Message | None:
        if self._w.public is not None and is_public(telling.subscription):
            return self._w.public.message(telling)
        address = self._w.addresses.get(telling.subscription)
        return None if address is None else Message(telling.id, address, telling.title, telling.body)

    def _mark(self, telling: Telling, outcome: Outcome) -> Mark:
        """The note of an outcome: sent, to be tried again later and later, or given up after 24 h."""
        now = self._w.now()
        again = now + min(RETRY_FIRST * 2 ** min(telling.attempts, DOUBLED_MOST), RETRY_MOST)
        state: TellingState = "sent"
        if not outcome.delivered:
            state = "dead" if again - telling.created_at > GIVE_UP else "queued"
        return state, now, outcome.words, again
