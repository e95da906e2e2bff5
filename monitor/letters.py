"""From news to rows: the letter that each makes, and one letter for a burst of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerting import Case, Letter, burst_letter, letter_of, past, words_of
from monitor.domain.burst import Burst
from monitor.domain.catalog import Role
from monitor.domain.evaluation import Country
from monitor.domain.news import News
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store import Telling
from monitor.wiring import Wiring

HEADS_AFTER = timedelta(milliseconds=1)  # the oldest leaves first: thousands of heads do not overtake a rectorat
_AGAIN = frozenset({Reason.EASED, Reason.RELAPSED})  # what may happen to one incident more than once


class Letters:
    """Writes what there is to say about a country at one instant."""

    def __init__(self, wiring: Wiring, country: Country, now: datetime) -> None:
        self._w = wiring
        self._country = country
        self._now = now
        self._written: dict[tuple[str, Reason, float, tuple[str, ...], float | None, Subscription], Letter] = {}
        self._rehearsal = ", ".join(filter(None, (wiring.rehearsal, wiring.rehearsal_note))) or None
        self._healths: Mapping[str, Health] = {verdict.service: verdict.health for verdict in country.services.values()}

    def rows(self, found: News | Burst) -> Iterator[Telling]:
        """A row for each news; of a burst the first carries the letter of them all, and the others lie in it."""
        if isinstance(found, News):
            yield self._row(found, self._letter(found))
            return
        letter = burst_letter(
            [self._case(one) for one in found.news],
            [self._case(one) for one in found.again],
            page=f"{self._w.public_url}/incidents" if self._w.public_url else None,
            rehearsal=self._rehearsal,
        )
        carrier = self._row(found.news[0], letter)
        yield carrier
        for one in found.news[1:]:
            row = self._row(one, self._letter(one))
            yield replace(row, state="folded", folded_into=carrier.id, next_try_at=None)

    def both(self, first: Telling, last: Telling) -> tuple[str, str] | None:
        """Title and body in place of an opening and an end that were both not delivered; None of what is not known."""
        incident = next((one for one in self._country.incidents if one.id == last.incident), None)
        subscription = next((one for one in self._w.readers if one.id == first.subscription), None)
        if incident is None or subscription is None:
            return None
        page, catalog = self._page(incident.absorbed_into or incident.id), self._w.catalog
        letter = past(last.reason, incident, subscription, catalog, self._now, page=page, rehearsal=self._rehearsal)
        return letter.title, letter.body

    def _page(self, incident: str) -> str | None:
        return f"{self._w.public_url}/incidents/{incident}" if self._w.public_url else None

    def _letter(self, new: News) -> Letter:
        """Thousands who asked for the same are written the same: a letter knows what was asked, not by whom."""
        before = None if new.before is None else new.before.share
        alike = (new.incident.id, new.reason, new.share, new.touched, before, new.subscription.wish)
        if alike not in self._written:
            self._written[alike] = letter_of(self._case(new), self._rehearsal)
        return self._written[alike]

    def _case(self, new: News) -> Case:
        return Case(
            new.reason,
            new.incident,
            new.subscription.wish,
            self._w.catalog,
            new.share,
            self._now,
            self._page(new.followed.id),
            words_of(new.subscription),
            self._healths,
            new.survivor,
            new.touched,
            None if new.before is None else new.before.share,
        )

    def _row(self, new: News, letter: Letter) -> Telling:
        told = new.told(self._now)
        return Telling(
            id=f"{told.incident}/{told.subscription}/{told.reason.value}-{self._turn(new)}",
            subscription=told.subscription,
            incident=told.incident,
            reason=told.reason,
            health=told.health,
            title=letter.title,
            body=letter.body,
            created_at=self._now + (HEADS_AFTER if new.subscription.role is Role.HEAD else timedelta()),
            next_try_at=self._now,
            share=told.share,
            reach=told.reach,
            explained=told.explained,
        )

    def _turn(self, new: News) -> str:
        """What tells one telling from another of the same reason.

        Computed, never drawn: the same word about the same thing has the same id after a crash.
        """
        if new.reason is Reason.STILL_OPEN:
            return f"{self._now:%Y%m%d%H%M}"
        if new.reason is Reason.SPREAD:
            return f"{len(new.touched)}-{round(100 * new.share)}"
        if new.reason in _AGAIN:
            return str(sum(turn.reason is new.reason for turn in new.incident.turns))
        return new.incident.worst.value
