"""The public's subscribers, as telling needs them: whom to tell, where, and whom to ask for a confirmation.

Read from the desk, never written there. `look` reads it, and may block; all else answers from what was read. Letters
to the public get their links by `postscript`, as they leave: no book holds one.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from monitor.alerting.invitation import invitation, postscript
from monitor.alerting.mailbox import mailbox
from monitor.domain.catalog import Catalog, Role
from monitor.domain.delivery import SIGNED_UP
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.scope import SchoolScope
from monitor.domain.subscriber import UNCONFIRMED_KEPT, Purpose, Subscriber, links, public_id, subscription_of
from monitor.store import DeskReader, StoreError, Telling, open_desk_reader

log = logging.getLogger(__name__)

AT_ONCE = 500  # confirmations kept at one beat: answers are committed in between
Queue = Callable[[Sequence[Telling]], None]


class Signups:
    """Everybody who signed up, as the desk had them when it was last read."""

    def __init__(
        self,
        database_url: str,
        gateway: str,
        public_url: str,
        catalog: Catalog,
        scope_of: Callable[[str], SchoolScope],
    ) -> None:
        """Nothing is read yet.

        Args:
            database_url: the books.
            gateway: Apprise URL of the mail gateway, a secret.
            public_url: where the pages of Vigie are, ``https://…``.
            catalog: names, and the places that are known.
            scope_of: a UAI → what a school is told; raises KeyError where nobody knows its place.
        """
        self._url, self._gateway, self._public_url = database_url, gateway, public_url
        self._catalog, self._scope_of = catalog, scope_of
        self._secret, self._revision = "", -1
        self._people: dict[str, Subscriber] = {}
        self._heard: dict[str, Subscription | None] = {}
        self._asked: set[str] = set()
        self._behind = False
        self._desk: DeskReader | None = None
        self._trouble: str | None = None

    @property
    def revision(self) -> int:
        """A number that is another after every change that was read."""
        return self._revision

    def close(self) -> None:
        """Give back what is open. May be repeated."""
        if self._desk is not None:
            self._desk.close()
        self._desk = None

    def read(self) -> list[tuple[Subscription, str]]:
        """The subscription of everybody who is there, and their Apprise URL; who has not confirmed asks for nothing.

        As last read: `look` reads.
        """
        people = self._people
        return [(self._heard.get(name) or _nothing_yet(name, one), self._address(one)) for name, one in people.items()]

    def look(self) -> None:
        """Read the desk if it changed. One that cannot be read is said in the log, once; who is known is told on."""
        try:
            self._behind = self._look() or self._behind
        except StoreError as trouble:
            if self._trouble != str(trouble):
                log.warning("abonnements du public : %s", trouble)
            self._trouble = str(trouble)
            return
        self._trouble = None

    def ask(self, queue: Queue, now: datetime) -> None:
        """Hand a telling for each confirmation that is not asked for yet to `queue`, which may raise."""
        if self._behind:
            self._behind = self._ask(queue, now)

    def postscript(self, subscription: str) -> str:
        """What their letters end with as they leave: links, which stand in no book; "" for one who has left."""
        one = self._people.get(subscription)
        return "" if one is None else postscript(one, self._links(one))

    def _opened(self) -> DeskReader:
        """Opened once, at the first look; it notices by itself a book that was replaced."""
        if self._desk is None:
            self._desk = open_desk_reader(self._url)
        return self._desk

    def _look(self) -> bool:
        """Read what changed in the desk; whether anything did."""
        desk = self._opened()
        newest = desk.subscribers_revision()
        if newest == self._revision:
            return False
        since = self._revision if newest > self._revision else -1  # an older copy was put in its place
        revision, changed, everybody = desk.subscribers_changed(since)
        self._secret = desk.secret()
        there = {public_id(name) for name in everybody}
        # As a whole each: letters leave meanwhile, and look up whom they are for.
        kept = {name: one for name, one in self._people.items() if name in there}
        self._people = {**kept, **{public_id(one.id): one for one in changed}}
        heard = {name: one for name, one in self._heard.items() if name in there}
        placed = {public_id(one.id): self._placed(subscription_of(one)) for one in changed if one.confirmed_at}
        self._heard = {**heard, **placed}
        self._revision = revision
        return True

    def _ask(self, queue: Queue, now: datetime) -> bool:
        """Each confirmation once, so many at a beat; whether more are left.

        Its id is known by heart, and a telling whose id is kept stays as it is: a restart asks nobody anew.
        """
        waiting = self._waiting(now)
        self._asked &= waiting.keys()
        new = [(name, one) for name, one in waiting.items() if name not in self._asked]
        if some := new[:AT_ONCE]:
            queue([self._confirmation(one) for _, one in some])
        self._asked |= {name for name, _ in some}
        return len(new) > len(some)

    def _waiting(self, now: datetime) -> Mapping[str, Subscriber]:
        return {
            name: one
            for name, one in self._people.items()
            if one.confirmed_at is None and now < one.asked_at + UNCONFIRMED_KEPT
        }

    def _confirmation(self, one: Subscriber) -> Telling:
        """About no incident: ``abonnement/ID`` stands in its place, which no incident is called."""
        letter = invitation(one, self._catalog)
        return Telling(
            id=f"abonnement/{public_id(one.id)}/confirm-{one.asked_at:%Y%m%d%H%M%S}",
            subscription=public_id(one.id),
            incident=f"{SIGNED_UP}{one.id}",
            reason=Reason.OPENED,
            health=Health.UNKNOWN,
            title=letter.title,
            body=letter.body,
            created_at=one.asked_at,
            next_try_at=one.asked_at,
        )

    def _placed(self, one: Subscription) -> Subscription | None:
        """With places that the catalogue has, and schools as what is told them; None where nothing of it is left."""
        territories = tuple(code for code in one.territories if code in self._catalog.territories)
        schools = tuple(self._schools(one))
        known = replace(one, territories=() if schools else territories, schools=schools)
        return known if known.territories or schools or one.services else None

    def _schools(self, one: Subscription) -> Iterator[SchoolScope]:
        for code in one.territories:
            if code.startswith("U:"):
                with suppress(KeyError):
                    scope = self._scope_of(code[2:])
                    if scope.place in self._catalog.territories:
                        yield scope

    def _links(self, one: Subscriber) -> Mapping[Purpose, str]:
        return links(self._secret, self._public_url, one.id)

    def _address(self, one: Subscriber) -> str:
        """RFC 8058: mail programs show their own button, which leaves without any page."""
        headers = {
            "List-Unsubscribe": f"<{self._links(one)[Purpose.UNSUBSCRIBE]}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        return mailbox(self._gateway, one.email, headers)


def _nothing_yet(name: str, one: Subscriber) -> Subscription:
    """Who has not confirmed is written to once, and told nothing."""
    return Subscription(id=name, to_env="", role=Role.PUBLIC, language=one.language)
