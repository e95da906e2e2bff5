"""`/academie/SLUG`, `/departement/CODE`, `/region/CODE`, `/collectivite/CODE`: one place and its services."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.components import phrases
from dashboard.model import TerritoryView, View, severity
from dashboard.public.ninety import ninety_days
from dashboard.public.past import past
from dashboard.public.press import PageFunction, Sheet, Visit
from dashboard.tongue import N_, _
from monitor.domain.catalog import Level
from monitor.reports.places import surroundings


@dataclass(frozen=True, slots=True)
class Kind:
    """How the pages of a level are named: the letter of its codes, its word, whether people may follow such a place."""

    letter: str
    french_word: str
    french_of: str
    follow: str | None

    @property
    def word(self) -> str:
        """``Académie``."""
        return _(self.french_word)

    @property
    def of(self) -> str:
        """``de cette académie``."""
        return _(self.french_of)

    def named(self, name: str) -> str:
        """A place of this kind among others: ``Département : Nord``."""
        return _("{kind}\u00a0: {name}").format(kind=self.word, name=name)


KINDS: Mapping[Level, Kind] = {
    Level.REGION: Kind("R", N_("Région académique"), N_("de cette région académique"), None),
    Level.ACADEMIE: Kind("A", N_("Académie"), N_("de cette académie"), "academie"),
    Level.DEPARTEMENT: Kind("D", N_("Département"), N_("de ce département"), "departement"),
    Level.COLLECTIVITE: Kind("C", N_("Collectivité"), N_("de cette collectivité"), "departement"),
}
# By the folder that the pages of a level stand in.
PLACES: Mapping[str, Kind] = {phrases.PLACES[kind.letter]: kind for kind in KINDS.values()}


def place_of(view: View, folder: str, key: str) -> tuple[TerritoryView, str] | None:
    """The place whose page is `/folder/key`, and its name among others (``Département : Nord``); None: no such one."""
    kind = PLACES[folder]
    found = view.territories.get(f"{kind.letter}:{key}")
    return None if found is None else (found, kind.named(found.name))


def page_of(level: Level) -> PageFunction:
    """What fills the pages of a level."""
    kind = KINDS[level]

    async def page(visit: Visit, key: str) -> Sheet | None:
        view = visit.view
        territory = view.territories.get(f"{kind.letter}:{key}") if view else None
        if view is None or territory is None:
            return None
        days, over = await asyncio.gather(
            visit.data.days_of_place(territory.code, view.at), past(visit.data, view, territory.services)
        )
        values = _values(view, territory, kind) | ninety_days(days, lambda key: _name(view, key)) | {"past": over}
        title = f"{kind.named(territory.name)} · Vigie"
        return Sheet("territory.html", title, values, partial=days is None or not over.read)

    return page


def _name(view: View, service: str) -> str:
    found = view.services.get(service)
    return service if found is None else found.name


def _values(view: View, territory: TerritoryView, kind: Kind) -> dict[str, object]:
    services = sorted(
        (view.services[s] for s in territory.services if s in view.services),
        key=lambda s: (-severity(s.health), s.name.casefold()),
    )
    mine = {s.id for s in services}
    touching = [i for i in view.theirs if i.closed_at is None and not mine.isdisjoint(i.services)]
    around = surroundings(territory.code)
    return {
        "territory": territory,
        "kind": kind,
        "place_name": kind.named(territory.name),
        "folder": phrases.PLACES[kind.letter],
        "services": services,
        "incidents": [i for i in touching if i.current],
        "watched": [i for i in touching if i.watched],
        "above": phrases.places(view, tuple(one.code for one in around.above)),
        "below": [view.territories[one.code] for one in around.below if one.code in view.territories],
    }
