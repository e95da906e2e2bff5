"""Who shares something with whom: the groups among which services are compared, each beside its control group.

The control group of a group is every other service of the same kinds that does not share it, as in docs/method.md,
"Common cause": what is not declared of a service neither holds nor clears it, and leaves it among the controls.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.catalog import Catalog, Level, Service, ServiceKind
from monitor.domain.grouping import ENOUGH
from monitor.domain.ties import ALONE, Bonds, Ties, bonded, bonds_of, kind_of
from monitor.reports.sources import Source, reader_of
from monitor.store import DatabaseMissing

TERRITORY = "territory"  # no candidate of the exact test: what lies in one place is not held together by it


class Shared(StrEnum):
    """What groups are made by: what stands before the colon of a candidate."""

    OPERATOR = "operator"
    PLATFORM = "platform"
    HOSTER = "hoster"
    ISSUER = "issuer"
    TERRITORY = TERRITORY


@dataclass(frozen=True, slots=True)
class Group:
    """Services that share `candidate` (``operator:edifice``, ``territory:A:lille``), and their control group.

    `name` is what people call it: hostile text. Both sides are in the order of their names.
    """

    candidate: str
    name: str
    inside: tuple[Service, ...]
    control: tuple[Service, ...]

    @property
    def ranked(self) -> bool:
        """Whether it has enough services to stand in a row with others."""
        return len(self.inside) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Sharing:
    """All the groups of one kind, by name; `undeclared`: how many services say nothing of it."""

    groups: tuple[Group, ...]
    undeclared: int


def public(services: Iterable[Service], catalog: Catalog) -> tuple[Service, ...]:
    """The services that may be compared in public: none of a single school (docs/method.md, "Comparing groups")."""
    return tuple(one for one in services if not all(_is_school(code, catalog) for code in one.territories))


def sharing(
    services: Iterable[Service], catalog: Catalog, bonds: Bonds, by: Shared, kind: ServiceKind | None = None
) -> Sharing:
    """The groups that these services form, of one kind of service or of all. National services are in no territory."""
    chosen = sorted(
        (one for one in services if kind in (None, one.kind)), key=lambda one: (one.name.casefold(), one.id)
    )
    held: dict[str, list[Service]] = defaultdict(list)
    silent = 0
    for one in chosen:
        mine = tuple(_candidates(one, catalog, bonds, by))
        silent += not mine
        for candidate in mine:
            held[candidate].append(one)
    groups = (
        Group(candidate, name_of(candidate, catalog), tuple(inside), tuple(_control(chosen, inside)))
        for candidate, inside in held.items()
    )
    return Sharing(tuple(sorted(groups, key=lambda one: (one.name.casefold(), one.candidate))), silent)


def bonds_seen(source: Source, catalog: Catalog, vantage: str) -> Bonds:
    """What services share as declared, and the authorities that their last good answers showed. Raises StoreError."""
    declared = bonds_of(catalog)
    try:
        reader = reader_of(source)
        found = [] if reader is None else reader.last_good(vantage)
    except DatabaseMissing:
        found = []
    issued: dict[str, set[str]] = defaultdict(set)
    for answer in found:
        service, issuer = answer.probe.partition("/")[0], answer.certificate and answer.certificate.issuer
        if issuer and service in declared.ties:
            issued[service].add(f"issuer:{issuer}")
    return declared if not issued else bonded(_with(declared.ties, issued))


def name_of(candidate: str, catalog: Catalog) -> str:
    """What people call a candidate; its identifier where the catalogue has no name for it."""
    kind, _, identity = candidate.partition(":")
    if kind == Shared.OPERATOR and identity in catalog.operators:
        return catalog.operators[identity].name
    if kind == TERRITORY and identity in catalog.territories:
        return catalog.territories[identity].name
    return identity


def _with(ties: Mapping[str, Ties], issued: Mapping[str, set[str]]) -> Mapping[str, Ties]:
    return {name: Ties(one.shared | issued.get(name, set()), one.depends_on) for name, one in ties.items()}


def _candidates(service: Service, catalog: Catalog, bonds: Bonds, by: Shared) -> Iterator[str]:
    if by is not Shared.TERRITORY:
        yield from (one for one in sorted(bonds.ties.get(service.id, ALONE).shared) if kind_of(one) == by)
    elif not service.national:
        for place in catalog.territories.values():
            if place.level in (Level.ACADEMIE, Level.COLLECTIVITE) and _serves(service, place.code, catalog):
                yield f"{TERRITORY}:{place.code}"


def _serves(service: Service, place: str, catalog: Catalog) -> bool:
    return any(code in catalog.territories and catalog.related(code, place) for code in service.territories)


def _control(chosen: Iterable[Service], inside: Iterable[Service]) -> Iterator[Service]:
    kinds, ids = {one.kind for one in inside}, {one.id for one in inside}
    return (one for one in chosen if one.kind in kinds and one.id not in ids)


def _is_school(code: str, catalog: Catalog) -> bool:
    known = catalog.territories.get(code)
    return code.startswith("U:") or (known is not None and known.level is Level.SCHOOL)
