"""Which services are meant: those of the catalogue that are all that was asked for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monitor.domain.catalog import Audience, Catalog, Service, ServiceKind
from monitor.domain.rollup import Ground
from monitor.domain.weights import audiences_of


@dataclass(frozen=True, slots=True)
class Selection:
    """The services asked for, in the order of the catalogue.

    Attributes:
        place: the code of the territory, where one was named. audiences: whose users count; empty: everybody's.
    """

    services: tuple[Service, ...]
    place: str | None
    audiences: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, by the ids and codes of the catalogue; whatever is empty or None may be anything.

    `place`: the services that serve a part of it, national ones not among them.
    """

    services: Collection[str] = ()
    place: str | None = None
    operator: str | None = None
    audiences: tuple[Audience, ...] = ()
    kind: ServiceKind | None = None


def selection(catalog: Catalog, ground: Ground, wanted: Wanted) -> Selection:
    """The services that are all of it. Raises KeyError for a territory that the catalogue lacks."""
    chosen: Iterable[Service] = catalog.services.values()
    if wanted.services:
        chosen = (one for one in chosen if one.id in wanted.services)
    if wanted.place is not None:
        here = frozenset(ground.services[wanted.place])
        chosen = (one for one in chosen if one.id in here)
    if wanted.operator is not None:
        chosen = (one for one in chosen if one.operator == wanted.operator)
    if wanted.audiences:
        chosen = (one for one in chosen if not set(wanted.audiences).isdisjoint(audiences_of(one)))
    if wanted.kind is not None:
        chosen = (one for one in chosen if one.kind is wanted.kind)
    return Selection(tuple(chosen), wanted.place, wanted.audiences)
