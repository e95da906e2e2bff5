"""What is whose: the territories that an incident hits, and what a school has to do with them."""

from collections.abc import Collection
from dataclasses import dataclass

from monitor.domain.catalog import Audience, Catalog, Service, spelled_out
from monitor.domain.incident import Incident


@dataclass(frozen=True, slots=True)
class SchoolScope:
    """One school as somebody asks for it: its own services, and those for its kind of school in the places around it.

    Attributes:
        place: code of its département or collectivité (`D:59`, `C:988`).
        audiences: whom it has; empty where nobody knows, then services for anybody are its own.
    """

    uai: str
    place: str
    audiences: tuple[Audience, ...] = ()

    @property
    def code(self) -> str:
        """Its code as a territory."""
        return f"U:{self.uai}"


def known(incident: Incident, catalog: Catalog) -> list[Service]:
    """The services of an incident that the catalogue still knows."""
    return [catalog.services[one] for one in incident.services if one in catalog.services]


def serves(service: Service, audiences: Collection[Audience]) -> bool:
    """Whether a service is for one of these audiences; for none in particular: whether it is for anybody."""
    return not audiences or any(one in audiences for one in spelled_out(service.audience))


def places_hit(incident: Incident, catalog: Catalog, audiences: Collection[Audience]) -> frozenset[str]:
    """Codes of the territories that an incident hits, for these audiences alone if any are given.

    For whom a service was that left the catalogue nobody knows: it counts for those who ask for every audience.
    """
    if not audiences:
        return frozenset(incident.territories)
    services = (one for one in known(incident, catalog) if serves(one, audiences))
    return frozenset(code for one in services for code in one.territories)


def touches(catalog: Catalog, wanted: str, hit: str) -> bool:
    """Whether a territory hit touches one asked for; what serves the whole country touches only the country."""
    if hit not in catalog.territories or wanted not in catalog.territories:  # a place that an older catalogue knew
        return False
    return catalog.related(wanted, hit) and (hit != "N" or wanted == "N")


def around(school: SchoolScope, catalog: Catalog) -> tuple[str, ...]:
    """The codes that serve a school when they are served: its own, its place and what lies above, without the country.

    A collectivité is followed by an académie on paper only: what serves the académie does not serve its schools.
    """
    if not school.place.startswith("D:") or school.place not in catalog.territories:
        return (school.code, school.place)
    return (school.code, school.place, *(code for code in catalog.ancestors(school.place) if code != "N"))


def serves_school(service: Service, school: SchoolScope, catalog: Catalog) -> bool:
    """Whether a school may use a service: its own, or one around it or of the whole country for its kind of school."""
    if school.code in service.territories:
        return True
    near = service.national or not set(around(school, catalog)).isdisjoint(service.territories)
    return near and serves(service, school.audiences)


def touches_school(school: SchoolScope, incident: Incident, catalog: Catalog) -> bool:
    """Whether an incident hits a school's own services, or those for its kind of school around it."""
    if school.code in incident.territories:
        return True
    hit = places_hit(incident, catalog, school.audiences)
    return any(code in hit for code in around(school, catalog))
