"""From services to territories: the share of users who cannot work, by weight, never worst-of.

Until an official file gives numbers, each (service, département, audience) weighs 1 (docs/method.md, "Weights").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.domain.catalog import AUDIENCES_OF_TOUS, Audience, Catalog, Level, Service
from monitor.domain.observation import SEVERITY, Health

AFFECTED_FROM = 0.25  # share from which a territory takes the health of its troubled services
AT_A_STANDSTILL = frozenset({Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.MAINTENANCE})


@dataclass(frozen=True, slots=True)
class AudienceHealth:
    """Health of one audience of a territory; `share` (0..1) of its users cannot work (are slowed, if it is slow)."""

    audience: Audience
    health: Health
    share: float


@dataclass(frozen=True, slots=True)
class TerritoryHealth:
    """Health of one territory.

    Attributes:
        health: the worst over its audiences, which are kept apart below.
        share_affected: that audience's share (0..1); also printed while it is too small to change the health.
        coverage: share (0..1) of the weight whose health is known.
        services: ids of the services counted, sorted.
    """

    code: str
    health: Health
    share_affected: float
    coverage: float
    services: tuple[str, ...]
    audiences: tuple[AudienceHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """The part of a catalogue that never changes between evaluations: who serves which place.

    `services` maps a territory's code to (service, audience) → weight.
    """

    services: Mapping[str, Mapping[tuple[str, Audience], float]]


def survey(catalog: Catalog) -> Ground:
    """Lay the services over the territories, once per catalogue. National services stand apart."""
    leaves = [t.code for t in catalog.territories.values() if t.level in (Level.DEPARTEMENT, Level.COLLECTIVITE)]
    above = {leaf: (leaf, *catalog.ancestors(leaf)) for leaf in leaves}
    # A collectivité is followed by an académie on paper only: what serves the académie does not serve it.
    reach = {leaf: above[leaf] if leaf.startswith("D:") else (leaf,) for leaf in leaves}
    weights: dict[str, dict[tuple[str, Audience], float]] = {
        t.code: defaultdict(float) for t in catalog.territories.values()
    }
    for service in catalog.services.values():
        if service.national:
            continue
        for leaf in leaves:
            if any(code in reach[leaf] for code in service.territories):
                for code in above[leaf]:
                    for audience in audiences_of(service):
                        weights[code][service.id, audience] += 1.0
    return Ground({code: dict(sorted(held.items())) for code, held in weights.items()})


def audiences_of(service: Service) -> tuple[Audience, ...]:
    """The audiences that a service counts for; `tous` means those of the three kinds of school."""
    listed = (AUDIENCES_OF_TOUS if one is Audience.TOUS else (one,) for one in service.audience)
    return tuple(dict.fromkeys(audience for some in listed for audience in some))


def roll_up(ground: Ground, healths: Mapping[str, Health]) -> tuple[TerritoryHealth, ...]:
    """Health of every territory, in the order of the catalogue. A service without a health is unknown."""
    return tuple(_territory(code, held, healths) for code, held in ground.services.items())


def share_of(ground: Ground, code: str, services: Iterable[str]) -> float:
    """The share (0..1) of a territory's users who depend on these services, for the audience they matter most to."""
    chosen, total = set(services), defaultdict[Audience, float](float)
    hit = defaultdict[Audience, float](float)
    for (service, audience), weight in ground.services.get(code, {}).items():
        total[audience] += weight
        hit[audience] += weight if service in chosen else 0.0
    return max((hit[audience] / total[audience] for audience in total), default=0.0)


def _territory(code: str, held: Mapping[tuple[str, Audience], float], healths: Mapping[str, Health]) -> TerritoryHealth:
    by_audience: dict[Audience, dict[Health, float]] = defaultdict(lambda: defaultdict(float))
    for (service, audience), weight in held.items():
        by_audience[audience][healths.get(service, Health.UNKNOWN)] += weight
    audiences = tuple(_audience(audience, by_audience[audience]) for audience in Audience if audience in by_audience)
    total = sum(held.values())
    unknown = sum(weights.get(Health.UNKNOWN, 0.0) for weights in by_audience.values())
    worst = max(audiences, key=lambda one: (SEVERITY[one.health], one.share), default=None)
    return TerritoryHealth(
        code=code,
        health=worst.health if worst else Health.UNKNOWN,
        share_affected=worst.share if worst else 0.0,
        coverage=1 - unknown / total if total else 0.0,
        services=tuple(sorted({service for service, _ in held})),
        audiences=audiences,
    )


def _audience(audience: Audience, weights: Mapping[Health, float]) -> AudienceHealth:
    """The rule of the quarter: enough users at a standstill, else enough slowed, else well."""
    known = sum(weight for health, weight in weights.items() if health is not Health.UNKNOWN)
    if not known:
        return AudienceHealth(audience, Health.UNKNOWN, 0.0)
    stopped = {health: weight for health, weight in weights.items() if health in AT_A_STANDSTILL}
    share, slowed = sum(stopped.values()) / known, weights.get(Health.SLOW, 0.0) / known
    if share >= AFFECTED_FROM:
        return AudienceHealth(audience, max(stopped, key=SEVERITY.__getitem__), share)
    return (
        AudienceHealth(audience, Health.SLOW, slowed)
        if slowed >= AFFECTED_FROM
        else AudienceHealth(audience, Health.UP, share)
    )
