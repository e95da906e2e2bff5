"""Schools as a search shows them: where they are, for whom, and which services of the catalogue serve them."""

import json
from collections.abc import Iterable

from rich.table import Table

from monitor.commands.base import Shape, out
from monitor.domain.catalog import Audience, Catalog, Service
from monitor.domain.directory import Listed
from monitor.reports.schools import services_of

LEVELS = {Audience.ECOLE: "école", Audience.COLLEGE: "collège", Audience.LYCEE: "lycée"}
SECTORS = {True: "privé", False: "public", None: ""}


def show_schools(schools: Iterable[Listed], catalog: Catalog, shape: Shape) -> None:
    """Print them, the services in the order of the catalogue."""
    found = [(one, services_of(one, catalog)) for one in schools]
    if shape is Shape.JSON:
        print(json.dumps([_as_json(one, services) for one, services in found], ensure_ascii=False, indent=1))
        return
    if not found:
        return
    table = Table("UAI", "Nom", "Commune", "Genre", "Élèves", "Services", box=None, header_style="bold")
    table.columns[4].justify = "right"
    for one, services in found:
        kind = " ".join(filter(None, (LEVELS[one.level], SECTORS[one.private])))
        names = ", ".join(service.id for service in services)
        table.add_row(one.uai, one.name, one.town, kind, "" if one.pupils is None else str(one.pupils), names)
    out.print(table)


def _as_json(school: Listed, services: Iterable[Service]) -> dict[str, object]:
    return {
        "uai": school.uai,
        "name": school.name,
        "town": school.town,
        "place": school.place,
        "level": school.level.value,
        "private": school.private,
        "pupils": school.pupils,
        "services": [one.id for one in services],
    }
