"""From services to territories: the share of users who cannot work, by weight, never worst-of.

Weights, minimum sample and thresholds: docs/method.md, "Weights and territories".
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.domain.catalog import Audience, Catalog
from monitor.domain.observation import SEVERITY, Health
from monitor.domain.weights import Cell, Pupils, Shares, Weighting, in_departements, in_people, served

AFFECTED_FROM = 0.25  # share from which a territory takes the health of its troubled services
KNOWN_FROM = 0.5  # part of an audience's weight whose health must be known before it takes a colour
AT_A_STANDSTILL = frozenset({Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.MAINTENANCE})

_HAIR = 1e-9  # weights in people are fractions: a quarter that lacks the last bit of a float is a quarter


@dataclass(frozen=True, slots=True)
class AudienceHealth:
    """Health of one audience of a territory.

    Attributes:
        health: unknown where less than half of the weight is known.
        share: part (0..1) of its users, among those whose service is known, who cannot work (are slowed, if that is
            what there is to say); also told while it changes no health.
        coverage: part (0..1) of its weight whose health is known.
        weighting: the unit of its weights.
    """

    audience: Audience
    health: Health
    share: float
    coverage: float = 1.0
    weighting: Weighting = Weighting.DEPARTEMENT


@dataclass(frozen=True, slots=True)
class TerritoryHealth:
    """Health of one territory.

    Attributes:
        health: the worst over its audiences, which are kept apart below.
        share_affected: that audience's share (0..1); also printed while it is too small to change the health.
        coverage: share (0..1) of the weight whose health is known.
        services: ids of the services that serve it or a part of it, sorted.
    """

    code: str
    health: Health
    share_affected: float
    coverage: float
    services: tuple[str, ...]
    audiences: tuple[AudienceHealth, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One audience of one territory, all in one unit.

    Attributes:
        weights: what each service weighs there; total: their sum, never 0.
        cells: the départements and collectivités that it is summed over, keys of `Ground.cells`.
    """

    audience: Audience
    weighting: Weighting
    weights: Mapping[str, float]
    total: float
    cells: tuple[tuple[Weighting, Cell], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """The part of a catalogue that never changes between evaluations: who serves which place.

    Attributes:
        figures: a territory's code → its audiences, in the order of `Audience`.
        cells: what figures are summed over → the services there, put together by weight. A territory is rolled up from
            its cells rather than from its services: with 10,000 of them that is ten times as fast.
        services: a territory's code → ids of the services that serve a part of it, sorted; those whose users nobody
            counted weigh nothing but are named.
        weighting: what the country is weighed in; a figure for which that gives nothing is weighed in départements.
    """

    figures: Mapping[str, tuple[Figure, ...]]
    cells: Mapping[tuple[Weighting, Cell], tuple[tuple[float, tuple[str, ...]], ...]]
    services: Mapping[str, tuple[str, ...]]
    weighting: Weighting


def survey(catalog: Catalog, pupils: Pupils | None = None) -> Ground:
    """Lay the services over the territories, once per catalogue. National services stand apart.

    `pupils` are the numbers of the official directory by (département, audience), None without one.
    """
    there = served(catalog)
    people = in_people(there, pupils)
    units = ((Weighting.PUPILS, people or {}), (Weighting.DEPARTEMENT, in_departements(there)))
    layers = [_figures(unit, shares, catalog) for unit, shares in units]
    found = {
        code: tuple(
            next(layer[code, audience] for layer in layers if (code, audience) in layer)
            for audience in Audience
            if (code, audience) in layers[-1]
        )
        for code in catalog.territories
    }
    used = {key for figures in found.values() for one in figures for key in one.cells}
    names: dict[str, set[str]] = {code: set() for code in catalog.territories}
    for (code, _), figure in layers[-1].items():
        names[code] |= figure.weights.keys()
    return Ground(
        found,
        {(unit, cell): _by_weight(shares[cell]) for unit, shares in units for cell in shares if (unit, cell) in used},
        {code: tuple(sorted(services)) for code, services in names.items()},
        Weighting.DEPARTEMENT if people is None else Weighting.PUPILS,
    )


def roll_up(ground: Ground, healths: Mapping[str, Health]) -> tuple[TerritoryHealth, ...]:
    """Health of every territory, in the order of the catalogue. A service without a health is unknown."""
    counted = {key: _counted(groups, healths) for key, groups in ground.cells.items()}
    return tuple(_territory(code, ground, counted) for code in ground.figures)


def share_of(ground: Ground, code: str, services: Iterable[str], audiences: Collection[Audience] = ()) -> float:
    """The share (0..1) of a territory's users who depend on these services, for the audience they matter most to.

    Of these audiences alone, if any are given.
    """
    chosen = tuple(dict.fromkeys(services))
    figures = [one for one in ground.figures.get(code, ()) if not audiences or one.audience in audiences]
    shares = (sum(one.weights.get(name, 0.0) for name in chosen) / one.total for one in figures)
    return min(1.0, max(shares, default=0.0))


_Counted = Mapping[Health, float]  # the weight of the services of each health


def _figures(unit: Weighting, shares: Shares, catalog: Catalog) -> Mapping[tuple[str, Audience], Figure]:
    """The cells added up to every territory above them."""
    weights: dict[tuple[str, Audience], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    cells = defaultdict[tuple[str, Audience], list[tuple[Weighting, Cell]]](list)
    for (leaf, audience), there in shares.items():
        for code in (leaf, *catalog.ancestors(leaf)):
            cells[code, audience].append((unit, (leaf, audience)))
            sums = weights[code, audience]
            for name, weight in there.items():
                sums[name] += weight
    return {
        (code, audience): Figure(audience, unit, dict(sums), sum(sums.values()), tuple(cells[code, audience]))
        for (code, audience), sums in weights.items()
    }


def _by_weight(shares: Mapping[str, float]) -> tuple[tuple[float, tuple[str, ...]], ...]:
    found = defaultdict[float, list[str]](list)
    for name, weight in shares.items():
        found[weight].append(name)
    return tuple((weight, tuple(names)) for weight, names in found.items())


def _counted(groups: Iterable[tuple[float, tuple[str, ...]]], healths: Mapping[str, Health]) -> _Counted:
    """The weight of each health in one cell."""
    found = defaultdict[Health, float](float)
    for weight, names in groups:
        for health, number in Counter(map(healths.get, names)).items():
            found[health or Health.UNKNOWN] += weight * number
    return found


def _territory(code: str, ground: Ground, counted: Mapping[tuple[Weighting, Cell], _Counted]) -> TerritoryHealth:
    figures = ground.figures[code]
    audiences = tuple(_audience(one, [counted[cell] for cell in one.cells]) for one in figures)
    worst = max(audiences, key=lambda one: (SEVERITY[one.health], one.share), default=None)
    return TerritoryHealth(
        code=code,
        health=worst.health if worst else Health.UNKNOWN,
        share_affected=worst.share if worst else 0.0,
        coverage=_coverage(figures, audiences, ground.weighting),
        services=ground.services[code],
        audiences=audiences,
    )


def _coverage(figures: Iterable[Figure], audiences: Iterable[AudienceHealth], unit: Weighting) -> float:
    """The part of the weight that is known over all audiences of the country's unit; of any, where there are none."""
    pairs = [(figure.total, one) for figure, one in zip(figures, audiences, strict=True)]
    counted = [(total, one.coverage) for total, one in pairs if one.weighting is unit] or [
        (total, one.coverage) for total, one in pairs
    ]
    weight = sum(total for total, _ in counted)
    return sum(total * coverage for total, coverage in counted) / weight if counted else 0.0


def _audience(figure: Figure, cells: Iterable[_Counted]) -> AudienceHealth:
    weights = defaultdict[Health, float](float)
    for counted in cells:
        for health, weight in counted.items():
            weights[health] += weight
    unknown = weights.pop(Health.UNKNOWN, 0.0)
    if not weights:
        return AudienceHealth(figure.audience, Health.UNKNOWN, 0.0, 0.0, figure.weighting)
    health, share = _said(weights)
    known = sum(weights.values())
    coverage = known / (known + unknown)
    if coverage < KNOWN_FROM - _HAIR:
        health = Health.UNKNOWN
    return AudienceHealth(figure.audience, health, share, coverage, figure.weighting)


def _said(weights: Mapping[Health, float]) -> tuple[Health, float]:
    """The rule of the quarter: enough users at a standstill, else enough slowed, else well."""
    known = sum(weights.values())
    stopped = {health: weight for health, weight in weights.items() if health in AT_A_STANDSTILL}
    share, slowed = sum(stopped.values()) / known, weights.get(Health.SLOW, 0.0) / known
    if share >= AFFECTED_FROM - _HAIR:
        return max(stopped, key=SEVERITY.__getitem__), share
    return (Health.SLOW, slowed) if slowed >= AFFECTED_FROM - _HAIR else (Health.UP, share)
