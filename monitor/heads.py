"""Heads of school: the official contacts of the desk as readers, behind the mail gateway and the SMS gateway."""

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from monitor.alerting.mailbox import mailbox
from monitor.domain.catalog import Role
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.recipient import Recipient
from monitor.domain.scope import SchoolScope
from monitor.readership import Reader
from monitor.store import DeskReader

log = logging.getLogger(__name__)

PREFIX = "head:"  # a sign that no id of the catalogue has: nobody can be taken for another
PHONE = "{phone}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What every head is told: from which health, after which settling time, and whether of national services too."""

    from_health: Health = Health.RESTRICTED
    settle: timedelta = timedelta(minutes=5)
    national: bool = False

    def subscription(self, one: Recipient, schools: tuple[SchoolScope, ...]) -> Subscription:
        """The subscription of the head of these schools; its id is that of the recipient who came first."""
        return Subscription(
            id=f"{PREFIX}{one.id}",
            to_env="",
            role=Role.HEAD,
            from_health=self.from_health,
            settle=self.settle,
            language=one.language,
            schools=schools,
            national=self.national,
        )


@dataclass(frozen=True, slots=True)
class Gateways:
    """The Apprise URLs that letters to heads leave by, both secrets. `sms` has the place `{phone}` for a number.

    Raises ValueError for what could not reach anybody.
    """

    mail: str = field(repr=False)
    sms: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse at the start what would fail at the first outage."""
        mailbox(self.mail, "essai@example.org")
        if self.sms is not None and PHONE not in self.sms:
            raise ValueError(f"VIGIE_SMS_URL\u00a0: écrivez {PHONE} là où va le numéro.")

    def by_mail(self, one: Recipient) -> str:
        """Where their letters go."""
        return mailbox(self.mail, one.email)

    def by_phone(self, one: Recipient) -> str | None:
        """Where they go if mail fails, for those whose number is known."""
        if self.sms is None or one.phone is None:
            return None
        return self.sms.replace(PHONE, quote(one.phone, safe=""))


@dataclass(frozen=True, slots=True)
class Heads:
    """The recipients of a desk, as a source of `Readership`. `gateways`: None where nothing is sent (a rehearsal)."""

    desk: DeskReader
    gateways: Gateways | None
    terms: Terms
    scope_of: Callable[[str], SchoolScope]
    name: str = "contacts officiels des établissements"

    def mark(self) -> Hashable:
        """How many there are, and when one last changed. Raises StoreError."""
        return self.desk.recipients_mark()

    def readers(self) -> Iterator[Reader]:
        """All of them; one mailbox is one reader, however many schools it answers for. Raises StoreError."""
        boxes = defaultdict[str, list[Recipient]](list)
        for one in sorted(self.desk.recipients(), key=lambda one: (one.added_at, one.id)):
            boxes[one.email].append(one)
        for first, *others in boxes.values():
            schools = tuple(self._scopes((first, *others)))
            subscription = self.terms.subscription(first, schools)
            if self.gateways is None:
                yield Reader(subscription, "")
            else:
                numbered = next((one for one in (first, *others) if one.phone is not None), first)
                yield Reader(subscription, self.gateways.by_mail(first), self.gateways.by_phone(numbered))

    def _scopes(self, recipients: Iterable[Recipient]) -> Iterator[SchoolScope]:
        """Their schools. A code of nowhere, which no import lets in, must not hide the others."""
        for one in recipients:
            try:
                yield self.scope_of(one.uai)
            except KeyError:
                log.warning("contact %s : code UAI inconnu, son établissement n’est pas suivi", one.id)
