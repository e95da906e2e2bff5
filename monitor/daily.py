"""The letter of every morning: a row for whoever reads it, once a day, before anything is sent.

It is a telling like any other but for its incident, which there is none of: `digest/2026-11-28` stands for it, and its
reason reads `still_open`, a reminder of what is true. No incident has such an id.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

from monitor.alerting.digest import compose_digest
from monitor.domain.catalog import Role
from monitor.domain.digest import LOOKS_BACK, Digest, Sent, digest_for, operator_digest, wants_digest
from monitor.domain.evaluation import Country
from monitor.domain.hush import Declared
from monitor.domain.notice import Subscription
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.reason import Reason
from monitor.hushing import PARIS, hushed
from monitor.store import StoreError, Telling
from monitor.wiring import Wiring

log = logging.getLogger(__name__)

# Paris time. The hours after the first are for a Vigie that was not running then, and for whose hours are quiet then.
MORNING = "0 7-12 * * *"


class Daily:
    """Queues what each subscription reads this morning, those that have not been served today."""

    def __init__(self, wiring: Wiring, country: Callable[[], Country]) -> None:
        self._w, self._country = wiring, country
        self._served: set[str] = set()  # ids of letters, written or found unnecessary; of this day alone

    async def run(self) -> None:
        """Queue the letters of this morning. A store that refuses is asked again an hour later."""
        now = self._w.now()
        readers = [one for one in self._w.readers if one.id in self._w.addresses and wants_digest(one)]
        self._served &= {_id(one, now) for one in readers}
        waiting = [one for one in readers if _id(one, now) not in self._served]
        if not waiting:
            return
        try:
            declared = await self._w.declared.look(now)
            sent = await self._w.work(partial(self._w.store.sent, now - LOOKS_BACK))
            served, letters = self._letters(waiting, declared, sent, now)
            await self._w.work(partial(self._w.store.queue, letters))
        except StoreError as trouble:
            log.warning("le bilan du matin n’a pas pu être gardé : %s", trouble)
            return
        self._served |= served
        for letter in letters:
            self._w.told(letter)

    def _letters(
        self, readers: list[Subscription], declared: Declared, sent: Sent, now: datetime
    ) -> tuple[set[str], list[Telling]]:
        """The ids of those who are served now, letter or none, and the letters; who is at rest is served later."""
        country, midnight = self._country(), _midnight(now)
        hush = hushed(self._w, declared, country.incidents, now)
        never_seen = self._never_seen(country)
        everything = operator_digest(country.incidents, declared, now, midnight, sent=sent, never_seen=never_seen)
        served, letters = set[str](), list[Telling]()
        for one in readers:
            if hush.rest(one) is not None:
                continue
            served.add(_id(one, now))
            if one.role is Role.OPERATOR:
                letters.append(self._telling(one, everything, now))
            elif not (theirs := digest_for(one, country.incidents, declared, midnight, hush)).empty:
                letters.append(self._telling(one, theirs, now))
        return served, letters

    def _telling(self, reader: Subscription, digest: Digest, now: datetime) -> Telling:
        letter = compose_digest(digest, reader.language, self._w.catalog, now)
        worst = max((one.health for one in digest.going_on), key=SEVERITY.__getitem__, default=Health.UP)
        return Telling(
            id=_id(reader, now),
            subscription=reader.id,
            incident=_incident(now),
            reason=Reason.STILL_OPEN,
            health=worst,
            title=letter.title,
            body=letter.body,
            created_at=now,
            next_try_at=now,
        )

    def _never_seen(self, country: Country) -> list[str]:
        """Services that nobody confirmed and of which no probe was ever seen working."""
        seen = {name.partition("/")[0] for name, verdict in country.verdicts.items() if verdict.seen_working}
        return sorted(one.id for one in self._w.catalog.services.values() if not one.confirmed and one.id not in seen)


def _incident(now: datetime) -> str:
    return f"digest/{now.astimezone(PARIS):%Y-%m-%d}"


def _id(subscription: Subscription, now: datetime) -> str:
    """Computed, never drawn: after a restart the same letter has the same id, and is queued once."""
    return f"{_incident(now)}/{subscription.id}"


def _midnight(now: datetime) -> datetime:
    """The end of the day in Paris."""
    return datetime.combine(now.astimezone(PARIS).date() + timedelta(days=1), time(), PARIS)
