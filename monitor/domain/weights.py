"""What each service weighs where: in départements (one each), or in people as soon as numbers are known for all.

The rule: docs/method.md, "Weights and territories". The country switches from one unit to the other as a whole.
"""

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum

from monitor.domain.catalog import AUDIENCES_OF_TOUS, Audience, Catalog, Level, Service, spelled_out

Cell = tuple[str, Audience]  # a département or a collectivité, and one of its audiences
Served = Mapping[Cell, tuple[Service, ...]]
Pupils = Mapping[Cell, int]
Shares = Mapping[Cell, Mapping[str, float]]  # id of a service → its weight in that cell


class Weighting(StrEnum):
    """The unit of a weight: one for each (service, département, audience), or people."""

    DEPARTEMENT = "departement"
    PUPILS = "pupils"


def audiences_of(service: Service) -> tuple[Audience, ...]:
    """The audiences that a service counts for; `tous` means those of the three kinds of school."""
    return spelled_out(service.audience)


def served(catalog: Catalog) -> Served:
    """Who serves which département or collectivité, for whom; in the order of codes, then of ids.

    National services stand apart and serve no cell.
    """
    leaves = [t.code for t in catalog.territories.values() if t.level in (Level.DEPARTEMENT, Level.COLLECTIVITE)]
    below: dict[str, list[str]] = defaultdict(list)
    for leaf in leaves:
        # A collectivité is followed by an académie on paper only: what serves the académie does not serve it.
        for code in (leaf, *catalog.ancestors(leaf)) if leaf.startswith("D:") else (leaf,):
            below[code].append(leaf)
    found: dict[Cell, list[Service]] = defaultdict(list)
    for service in catalog.services.values():
        if not service.national:
            reached = dict.fromkeys(leaf for code in service.territories for leaf in below.get(code, ()))
            for leaf in reached:
                for audience in audiences_of(service):
                    found[leaf, audience].append(service)
    return {cell: tuple(sorted(found[cell], key=lambda one: one.id)) for cell in sorted(found)}


def lacking(cells: Served, pupils: Pupils) -> tuple[Cell, ...]:
    """The cells for which a directory would have to know pupils before it can weigh this country.

    Every département has écoles, collèges and lycées: where it knows none, it is an extract. Private schools and
    collectivités may be without numbers: they then weigh nothing in what lies above them.
    """
    return tuple(
        (leaf, audience)
        for leaf, audience in cells
        if leaf.startswith("D:") and audience in AUDIENCES_OF_TOUS and not pupils.get((leaf, audience))
    )


def in_departements(cells: Served) -> Shares:
    """One for each service in each cell."""
    return {cell: dict.fromkeys((one.id for one in services), 1.0) for cell, services in cells.items()}


def in_people(cells: Served, pupils: Pupils | None) -> Shares | None:
    """Weights in people, from the directory or else from `users`; None where the numbers do not suffice for all.

    Only cells with people are named. Staff are in no directory: `personnels` is weighed by `users` or not at all.
    """
    if pupils and not lacking(cells, pupils) and any(pupils.get(cell) for cell in cells):
        return _by_directory(cells, pupils)
    if cells and all(one.users for services in cells.values() for one in services):
        return _by_users(cells)
    return None


def _by_directory(cells: Served, pupils: Pupils) -> Shares:
    """The pupils of each cell, split over the services there: by `users` where all of them say so, else evenly.

    A service's `users` lie where its pupils are: what it claims of a cell is `users` over all pupils it serves.
    """
    reach: dict[str, int] = defaultdict(int)
    for cell, services in cells.items():
        for one in services:
            reach[one.id] += pupils.get(cell, 0)
    found = {}
    for cell, services in cells.items():
        if people := pupils.get(cell, 0):
            said = all(one.users for one in services)
            claims = {one.id: (one.users or 0) / reach[one.id] if said else 1.0 for one in services}
            total = sum(claims.values())
            found[cell] = {name: people * claim / total for name, claim in claims.items()}
    return found


def _by_users(cells: Served) -> Shares:
    """The users of each service, spread evenly over the cells that it serves."""
    spread: dict[str, int] = defaultdict(int)
    for services in cells.values():
        for one in services:
            spread[one.id] += 1
    return {cell: {one.id: (one.users or 0) / spread[one.id] for one in services} for cell, services in cells.items()}
