"""Tell: compare each incident with what each subscription last heard, keep the difference, then send it."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from monitor.alerting import Message, Outcome, compose
from monitor.domain.evaluation import Country
from monitor.domain.incident import Incident
from monitor.domain.notice import Reason, Subscription, Told, concerns, to_tell
from monitor.domain.rollup import Ground, share_of
from monitor.store import Telling, TellingState
from monitor.wiring import Sends, Wiring

log = logging.getLogger(__name__)

RETRY_FIRST, RETRY_MOST, GIVE_UP = timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=24)
SENT_AT_ONCE = 20  # tellings sent in one tick: the next tick takes the rest


class Teller:
    """What each subscription last heard, and the two steps of telling: keep a row, then send it."""

    def __init__(self, wiring: Wiring, ground: Ground) -> None:
        self._w = wiring
        self._ground = ground
        self._told: dict[tuple[str, str], Told] = {}

    async def resume(self) -> None:
        """Take up what was said before a restart. Raises StoreError."""
        self._told = {(told.subscription, told.incident): told for told in await self._w.work(self._w.store.told)}

    async def queue_news(self, country: Country, now: datetime) -> None:
        """Keep a row for everything that is new to somebody; nothing is sent yet. Raises StoreError."""
        new = list(self._news(country, now))
        if new:
            await self._w.work(partial(self._w.store.queue, new))
            for telling in new:
                self._w.told(telling)
            said = (Told(t.subscription, t.incident, t.reason, t.health, t.created_at) for t in new)
            self._told |= {(told.subscription, told.incident): told for told in said}

    async def send_due(self, now: datetime) -> None:
        """Send what is queued and due, and keep each outcome. Raises StoreError."""
        if self._w.sender is None:
            return
        due = await self._w.work(partial(self._w.store.due_tellings, now, SENT_AT_ONCE))
        # Together: a mail server that does not answer must not hold up the others.
        await asyncio.gather(*(self._send(self._w.sender, telling) for telling in due))

    def _news(self, country: Country, now: datetime) -> Iterator[Telling]:
        for subscription in self._w.subscriptions:
            if subscription.id not in self._w.addresses:
                continue
            for incident in country.incidents:
                if not concerns(subscription, incident, self._w.catalog):
                    continue
                told, share = self._told.get((subscription.id, incident.id)), self._share(subscription, incident)
                said = to_tell(subscription, incident, told, share, now, blind=country.line.blind)
                if isinstance(said, Reason):
                    yield self._telling(subscription, incident, said, now)

    def _share(self, subscription: Subscription, incident: Incident) -> float:
        """The part affected of the subscription's own territories.

        A service asked for by name, or one that serves the whole country, is all of what was asked for.
        """
        if "N" in incident.territories or any(service in subscription.services for service in incident.services):
            return 1.0
        return max((share_of(self._ground, code, incident.services) for code in subscription.territories), default=0.0)

    def _telling(self, subscription: Subscription, incident: Incident, reason: Reason, now: datetime) -> Telling:
        page = f"{self._w.public_url}/incidents/{incident.id}" if self._w.public_url else None
        share = self._share(subscription, incident)
        letter = compose(
            reason, incident, subscription, self._w.catalog, share, now, page=page, rehearsal=self._w.rehearsal
        )
        # Computed, never drawn: the same word about the same thing has the same id after a crash.
        repeated = f"{now:%Y%m%d%H%M}" if reason is Reason.STILL_OPEN else incident.worst.value
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
        address = self._w.addresses.get(telling.subscription)
        if address is None:
            outcome = Outcome(telling.id, delivered=False, words="abonnement sans adresse")
        else:
            outcome = await sender.send(Message(telling.id, address, telling.title, telling.body))
        now = self._w.now()
        again = now + min(RETRY_FIRST * 2**telling.attempts, RETRY_MOST)
        state: TellingState = (
            "sent" if outcome.delivered else "dead" if again - telling.created_at > GIVE_UP else "queued"
        )
        await self._w.work(partial(self._w.store.mark_telling, telling.id, state, now, outcome.words, again))
        if not outcome.delivered:
            log.warning("message %s non remis : %s", telling.id, outcome.words)
