"""A small France for the pure rules: one region, two départements, four services."""

from datetime import UTC, datetime, timedelta

from monitor.domain.catalog import (
    Audience,
    Catalog,
    Level,
    Operator,
    Probe,
    ProbeKind,
    Service,
    ServiceKind,
    Territory,
)
from monitor.domain.observation import Failure, Observation
from monitor.domain.policy import Policy

T0 = datetime(2021, 4, 6, 6, 0, tzinfo=UTC)
POLICY = Policy()


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def said(probe: str, seconds: float, failure: Failure | None = None, took: float = 0.2) -> Observation:
    return Observation(probe, "local", at(seconds), timedelta(seconds=took), failure)


def service(name: str, **facts: object) -> Service:
    probe = Probe(f"{name}/login", name, ProbeKind.HTTP, url=f"https://{name}.example/")
    given: dict[str, object] = {
        "id": name,
        "name": name.upper(),
        "kind": ServiceKind.ENT,
        "probes": (probe,),
        "territories": ("D:01",),
        "audience": (Audience.COLLEGE,),
        "operator": "edifice",
        "platform": "entcore",
    }
    return Service(**{**given, **facts})  # type: ignore[arg-type]


def catalog(*services: Service) -> Catalog:
    places = [
        Territory("N", "France", Level.PAYS, None),
        Territory("R:84", "Auvergne-Rhône-Alpes", Level.REGION, "N"),
        Territory("A:lyon", "Lyon", Level.ACADEMIE, "R:84"),
        Territory("D:01", "Ain", Level.DEPARTEMENT, "A:lyon"),
        Territory("D:69", "Rhône", Level.DEPARTEMENT, "A:lyon"),
        Territory("C:988", "Nouvelle-Calédonie", Level.COLLECTIVITE, "N"),
        Territory("C:975", "Saint-Pierre-et-Miquelon", Level.COLLECTIVITE, "A:lyon"),
    ]
    return Catalog(
        {place.code: place for place in places},
        {one.id: one for one in services},
        {"edifice": Operator("edifice", "Edifice")},
        tuple(Probe(f"canary/{n}", None, ProbeKind.HTTP, url="http://canary.example/") for n in range(4)),
    )


def small_france() -> Catalog:
    return catalog(
        service("a"),
        service("b", territories=("D:69",)),
        service("c", territories=("R:84",), audience=(Audience.LYCEE,)),
        service("d", territories=("N",), audience=(Audience.TOUS,), operator=None, platform=None, depends_on=("a",)),
    )
