"""Whether Vigie's own messages arrive, and whether there is anybody to hear them: told to its operator, once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.alerting.alarm_words import alarm
from monitor.domain.catalog import Role
from monitor.domain.evaluation import Country
from monitor.domain.incident import Incident
from monitor.domain.notice import Subscription, concerns
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.queues import Queues
from monitor.store import Telling
from monitor.wiring import Wiring

OURS = "vigie/"  # what the ids of these troubles begin with, where messages about incidents have the incident's
EMPTY = f"{OURS}abonnements"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the operator was told of and that is not over: since when, and which subscriptions it concerns."""

    since: datetime
    names: tuple[str, ...] = ()


class Alarms:
    """Looks at the destinations and at the subscriptions; what it says is a telling like any other."""

    def __init__(self, wiring: Wiring, queues: Queues) -> None:
        self._w, self._queues = wiring, queues
        self._open: dict[str, Trouble] = {}
        self._heard: dict[str, tuple[tuple[object, ...], bool]] = {}
        self.warnings: tuple[str, ...] = ()

    async def resume(self) -> None:
        """Take up what was said before a restart. Raises StoreError."""
        said = await self._w.work(partial(self._w.store.told_of, OURS))
        self._open = {told.incident: Trouble(told.at) for told in said if told.reason is Reason.OPENED}

    async def look(self, country: Country, now: datetime) -> None:
        """Queue what the operator should be told of all this, and renew the warnings. Raises StoreError."""
        if self._w.sender is None or self._w.rehearsal is not None:
            return
        found = dict(self._troubles(country, now))
        over = [name for name in self._open if name not in found and self._over(name)]
        new = [name for name in found if name not in self._open]
        letters = [one for name in new for one in self._letters(name, Reason.OPENED, found[name], now)]
        letters += [one for name in over for one in self._letters(name, Reason.CLOSED, self._open[name], now)]
        if letters:
            await self._w.work(partial(self._w.store.queue, letters))
        self._open = {name: one for name, one in (self._open | found).items() if name not in over}
        self.warnings = tuple(self._sentences(now))

    def _troubles(self, country: Country, now: datetime) -> Iterator[tuple[str, Trouble]]:
        for gateway, since in self._queues.failing(now).items():
            yield _named(gateway), Trouble(since, tuple(sorted(self._queues.gateways[gateway].failed)))
        roles = {one.id: one.role for one in self._w.readers}
        for name in sorted(self._queues.stuck(now)):
            if roles.get(name) not in {
                None,
                Role.HEAD,
                Role.PUBLIC,
            }:  # of thousands of schools some always refuse: `tellings list`
                yield f"{OURS}refus-{name}", Trouble(now, (name,))
        reachable = [one for one in self._w.readers if one.id in self._w.addresses]
        # Whoever signed up speaks for nobody: that no rectorat or school hears is an alarm still.
        others = [one for one in reachable if one.role not in {Role.OPERATOR, Role.PUBLIC}]
        if not others:
            yield EMPTY, Trouble(now)
        for incident in () if country.line.blind else country.incidents:
            if incident.closed_at is None and not incident.ours and not self._anybody(incident, others):
                yield f"{OURS}sans-abonne/{incident.id}", Trouble(incident.confirmed_at)

    def _anybody(self, incident: Incident, others: list[Subscription]) -> bool:
        """Whether somebody wants to hear of it. Looked for once for each extent: there may be thousands."""
        if incident.absorbed_into is not None or incident.recovered_at is not None:
            return True  # told with another one, or not any more
        extent = (incident.services, incident.territories, len(others))
        known = self._heard.get(incident.id)
        if known is None or known[0] != extent:
            known = extent, any(concerns(one, incident, self._w.catalog) for one in others)
            self._heard[incident.id] = known
        return known[1]

    def _over(self, name: str) -> bool:
        """Whether what was told is over. A destination is, once it has delivered; that nobody heard stays as it was."""
        if name.startswith(f"{OURS}envoi-"):
            return any(_named(one) == name and state.sound for one, state in self._queues.gateways.items())
        return not name.startswith(f"{OURS}sans-abonne/")

    def _letters(self, name: str, reason: Reason, trouble: Trouble, now: datetime) -> Iterator[Telling]:
        kind, incident = _kind(name, reason), name.removeprefix(f"{OURS}sans-abonne/")
        for one in self._w.readers:
            if one.role is Role.OPERATOR and one.id in self._w.addresses:
                letter = alarm(kind, one.language, since=trouble.since, names=trouble.names, incident=incident)
                yield Telling(
                    id=f"{name}/{one.id}/{reason.value}-{now:%Y%m%dT%H%M%S}",
                    subscription=one.id,
                    incident=name,
                    reason=reason,
                    health=Health.DOWN if reason is Reason.OPENED else Health.UP,
                    title=letter.title,
                    body=letter.body,
                    created_at=now,
                    next_try_at=now,
                )

    def _sentences(self, now: datetime) -> Iterator[str]:
        """What anybody may read; no address in it, nor whose it is."""
        if count := len(self._queues.failing(now)):
            said = "Une destination d’envoi ne répond" if count == 1 else f"{count} destinations d’envoi ne répondent"
            yield f"{said} plus depuis 15 minutes ou davantage\u00a0: des messages attendent."


def _named(gateway: str) -> str:
    """The name of a trouble with a destination, which may itself be a secret."""
    return f"{OURS}envoi-{hashlib.sha256(gateway.encode()).hexdigest()[:8]}"


def _kind(name: str, reason: Reason) -> str:
    if name == EMPTY:
        return "empty" if reason is Reason.OPENED else "peopled"
    if name.startswith(f"{OURS}sans-abonne/"):
        return "nobody"
    if name.startswith(f"{OURS}refus-"):
        return "refused" if reason is Reason.OPENED else "accepted"
    return "down" if reason is Reason.OPENED else "back"
