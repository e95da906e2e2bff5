"""Where to look for news: at what turned, and where time alone may end a silence; thousands are left alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from monitor.domain.catalog import Catalog
from monitor.domain.hush import Hush
from monitor.domain.incident import Incident
from monitor.domain.news import (
    NOTHING_OF_THEIRS,
    Heard,
    News,
    Part,
    last_heard,
    look_again,
    part_of_theirs,
    parts_by_survivor,
    said_of,
)
from monitor.domain.notice import Silence, Subscription
from monitor.domain.rollup import Ground
from monitor.domain.roster import Roster

State = tuple[Incident, tuple[str, ...], bool]  # an incident, the parts it absorbed, whether we are blind
Waiting = Mapping[datetime, Sequence[Subscription]]  # whom to look at again, and from when on


@dataclass(frozen=True, slots=True)
class _Seen:
    """An incident as it was looked at, and who is looked at again although it does not turn."""

    state: State
    waiting: Waiting

    def due(self, now: datetime) -> list[Subscription]:
        return [one for at, some in self.waiting.items() if at <= now for one in some]


class Attention:
    """What was looked at, so that it is not looked at again in vain. Gives the same news as `domain.news.news`."""

    def __init__(self, catalog: Catalog, ground: Ground, roster: Roster) -> None:
        self._catalog, self._ground = catalog, ground
        self._seen: dict[str, _Seen] = {}
        self._roster = roster
        self._hush: Hush | None = None

    def follow(self, roster: Roster) -> None:
        """Other readers: everything is looked at again."""
        self._roster = roster
        self.forget()

    def forget(self) -> None:
        """Something that was found may not have been kept: everything is looked at again."""
        self._seen.clear()

    def quiet(self, incidents: Sequence[Incident], now: datetime, *, blind: bool) -> bool:
        """Whether there is nothing to look at; takes microseconds, however many readers there are."""
        return not any(self._stirs(state, now) for state in _states(incidents, blind))

    def news(
        self, incidents: Sequence[Incident], heard: Heard, now: datetime, *, blind: bool, hush: Hush | None = None
    ) -> Iterator[News]:
        """Everything that is new to somebody, incident by incident, heads last. `hush`: what is kept back now.

        An incident counts as looked at once all that is new about it was taken from this iterator.
        """
        live = {one.id for one in incidents}
        self._seen = {name: seen for name, seen in self._seen.items() if name in live}
        readers = defaultdict[str, set[str]](set)
        for subscription, incident in heard:
            readers[incident].add(subscription)
        known, self._hush = {one.id: one for one in incidents}, hush
        told_of: set[str] = set()
        for state in _states(incidents, blind):
            if self._stirs(state, now):
                for one in self._look(state, known.get(state[0].absorbed_into or ""), readers, heard, now):
                    if one.survivor is not None:
                        told_of.add(one.survivor.id)
                    yield one
        for name in told_of:  # whoever is told of a part has heard of the whole
            self._seen.pop(name, None)

    def _stirs(self, state: State, now: datetime) -> bool:
        seen = self._seen.get(state[0].id)
        return seen is None or seen.state != state or any(at <= now for at in seen.waiting)

    def _look(
        self, state: State, survivor: Incident | None, readers: Mapping[str, set[str]], heard: Heard, now: datetime
    ) -> Iterator[News]:
        incident, parts, blind = state
        before = self._seen.get(incident.id)
        waiting = defaultdict[datetime, list[Subscription]](list)
        if before is not None and before.state == state:
            again: Iterable[Subscription] = before.due(now)
            waiting |= {at: list(some) for at, some in before.waiting.items() if at > now}
        else:
            names = {name for one in (incident.id, *parts) for name in readers.get(one, ())}
            again = self._roster.near(incident, names)
        part_for = self._parts(incident, survivor)
        for one in again:
            (told, joining), theirs = last_heard(one, incident, parts, heard), part_for(one)
            said = said_of(one, incident, told, theirs, now, blind=blind, joining=joining, hush=self._hush)
            if isinstance(said, Silence):
                at = look_again(one, incident, told, said, now)
            else:
                yield News(one, incident, said, *(theirs or NOTHING_OF_THEIRS), survivor, told)
                at = now  # from now on they know more
            if at is not None:
                waiting[at].append(one)
        self._seen[incident.id] = _Seen(state, waiting)

    def _parts(self, incident: Incident, survivor: Incident | None) -> Callable[[Subscription], Part | None]:
        """`part_of_theirs` of an incident; it is worked out once for all who asked for the same."""
        hit = {*incident.territories, *(() if survivor is None else survivor.territories)}

        def part_of(one: Subscription) -> Part | None:
            return part_of_theirs(one, incident, survivor, self._catalog, self._ground)

        alike = cache(lambda wish: part_of(self._roster.wishes[wish]))

        def part_for(one: Subscription) -> Part | None:
            if any(school.code in hit for school in one.schools):  # its own service
                return part_of(one)
            return alike(self._roster.wish_of[one.id])

        return part_for


def _states(incidents: Sequence[Incident], blind: bool) -> list[State]:
    parts = parts_by_survivor(incidents)
    return [(one, parts.get(one.id, ()), blind) for one in incidents]
