"""Whom a declaration is about, and whose clock its hours are of.

Each function adds one French sentence to `troubles` for what people have to mend, and gives None.
"""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.commands.places import HOUR_OF, territory_of
from monitor.commands.shown import visible
from monitor.domain.catalog import Catalog
from monitor.domain.window import Scope, ScopeKind, about

HoursOf = Annotated[
    str | None, typer.Option("--hours-of", metavar="CODE", help="Le territoire dont les heures sont données.")
]
PARIS = "Europe/Paris"
_LONGEST_WORD = 100  # the comparison is quadratic


def scope_of(
    catalog: Catalog, troubles: list[str], *, service: str | None, operator: str | None, territory: str | None
) -> Scope | None:
    """Whom a window is about: exactly one of the three."""
    given = [
        Scope(kind, name)
        for kind, name in zip(ScopeKind, (service, operator, territory), strict=True)
        if name is not None
    ]
    if len(given) != 1:
        troubles.append("Donnez --service, --operator ou --territory, un seul des trois.")
        return None
    [scope] = given
    if scope.kind is ScopeKind.TERRITORY:
        try:
            return Scope(scope.kind, territory_of(scope.name, catalog.territories).code)
        except ValueError as trouble:
            troubles.append(f"--territory\u00a0: {trouble}")
            return None
    known = catalog.services if scope.kind is ScopeKind.SERVICE else catalog.operators
    return scope if known_id(f"--{scope.kind.value}", scope.name, known, troubles) else None


def known_id(option: str, name: str, known: Collection[str], troubles: list[str]) -> bool:
    """Whether the catalogue knows that id."""
    if name in known:
        return True
    near = get_close_matches(name[:_LONGEST_WORD], known, n=1)
    rather = f"Vouliez-vous écrire {near[0]}\u202f?" if near else "Les noms sont ceux du catalogue."
    troubles.append(f"{option}\u00a0: «\u00a0{visible(name[:_LONGEST_WORD])}\u00a0» est inconnu du catalogue. {rather}")
    return False


def clock_of(scope: Scope, catalog: Catalog, troubles: list[str], *, place: str | None) -> ZoneInfo | None:
    """The time zone whose hours are meant: of `place` (a code) if given, else of the territories concerned."""
    try:
        if place is not None:
            return ZoneInfo(territory_of(place, catalog.territories).timezone)
        if scope.kind is ScopeKind.TERRITORY:
            return ZoneInfo(territory_of(scope.name, catalog.territories).timezone)
    except ValueError as trouble:
        troubles.append(f"--hours-of\u00a0: {trouble}")
        return None
    return clock_of_services(
        [one.id for one in catalog.services.values() if about(scope, one, catalog)], catalog, troubles
    )


def clock_of_services(services: Collection[str], catalog: Catalog, troubles: list[str]) -> ZoneInfo | None:
    """The time zone of the territories of these services, those that the catalogue knows; Paris for none."""
    places = {code for name in services if name in catalog.services for code in catalog.services[name].territories}
    zones = sorted({catalog.territories[code].timezone for code in places}) or [PARIS]
    if len(zones) == 1:
        return ZoneInfo(zones[0])
    hours = ", ".join(f"heure {HOUR_OF.get(zone, zone)}" for zone in zones)
    troubles.append(f"Plusieurs fuseaux sont concernés ({hours}). Dites lequel par --hours-of, avec un territoire.")
    return None
