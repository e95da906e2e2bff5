"""`vigie availability`: how long the users of a service could work, round the clock and in school hours."""

import json
from contextlib import closing
from difflib import get_close_matches
from typing import Annotated

import typer

from monitor import app
from monitor.backtest import held
from monitor.commands import counted
from monitor.commands.backtest import FirstDay, LastDay
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, explained, out
from monitor.commands.concerned import known_id
from monitor.commands.counted import Counted, Report, Together
from monitor.commands.places import territory_of
from monitor.commands.shown import visible
from monitor.commands.window import window
from monitor.config.directory_table import load_pupils
from monitor.domain.calendar import SchoolClock
from monitor.domain.catalog import Catalog, Operator, Service, Territory
from monitor.domain.rollup import Ground, survey
from monitor.domain.uptime import Hours, weighted
from monitor.domain.window import about
from monitor.reports.availability import known_until, weights_in
from monitor.reports.declared import windows_ever, windows_of
from monitor.reports.totals import totals_of
from monitor.store import Identity, open_desk_reader, open_reader

_LONGEST_WORD = 100  # the comparison is quadratic

Services = Annotated[list[str] | None, typer.Option("--service", metavar="ID", help="Ce service ; répétable.")]
InTerritory = Annotated[
    str | None, typer.Option("--territory", metavar="CODE", help="Ceux de ce territoire, et leur ensemble : A:lille…")
]
OperatedBy = Annotated[
    str | None,
    typer.Option("--operator", metavar="NOM", help="Ceux de cet exploitant, par son nom ou son identifiant."),
]


@explained
def availability(  # noqa: PLR0917 - typer reads options as parameters
    since: FirstDay,
    until: LastDay,
    services: Services = None,
    territory: InTerritory = None,
    operator: OperatedBy = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """La disponibilité, jour et nuit puis aux heures scolaires. Code 1 si rien n’est compté."""
    now = app.clock()
    begin, end = window(since, until, now, last_day_whole=False)
    settings = app.settings(config=config)
    configured = app.configured(settings)
    with (
        closing(open_reader(settings.database_url)) as reader,
        closing(open_desk_reader(settings.database_url)) as desk,
    ):
        identity = reader.identity()
        country = held(identity, configured, settings)
        # Rehearsals are weighed without the directory, as they were played (docs/operating.md).
        ground = survey(country.catalog, None if _rehearsed(identity) else load_pupils(settings.directory))
        chosen, place = chosen_services(country.catalog, ground, services, territory, operator)
        windows, ever, known = windows_of(desk, begin, end), windows_ever(desk), known_until(reader, now)

        def clock(one: Service) -> SchoolClock:
            return country.timetable.clock_of(one.territories if place is None else (place,))

        said = totals_of(reader, chosen, country.catalog, clock, ever, since=begin, until=end, now=known)
        found = []
        for one in chosen:
            own = tuple(window for window in windows if about(window.scope, one, country.catalog))
            found.append(Counted(one, said[one.id], own))
    together = None if place is None else _together(ground, country.catalog.territories[place], found)
    report = Report(begin, end, known, tuple(found), together, _rehearsed(identity))
    if shape is Shape.JSON:
        print(json.dumps(counted.as_json(report), ensure_ascii=False, indent=1))
    else:
        for part in counted.as_text(report):
            out.print(part)
    return FINE if any(one.said.all.counted for one in found) else NO


def chosen_services(
    catalog: Catalog, ground: Ground, services: list[str] | None, territory: str | None, operator: str | None
) -> tuple[tuple[Service, ...], str | None]:
    """The services asked for, in the order of the catalogue, and the code of the territory where one was named.

    Raises ValueError with every fault.
    """
    troubles: list[str] = []
    if sum(map(bool, (services, territory is not None, operator is not None))) > 1:
        troubles.append(
            "Donnez --service, --territory ou --operator, un seul des trois, ou aucun pour tout le catalogue."
        )
    for name in services or ():
        known_id("--service", name, catalog.services, troubles)
    place = None if territory is None else _place(catalog, territory, troubles)
    runs = None if operator is None else _operator(catalog, operator, troubles)
    if troubles:
        raise ValueError("\n".join(troubles))
    names = set(services or ())
    if place is not None:
        names = set(ground.services[place])
    elif runs is not None:
        names = {one.id for one in catalog.services.values() if one.operator == runs.id}
    everything = not services and place is None and runs is None
    return tuple(one for one in catalog.services.values() if everything or one.id in names), place


def _place(catalog: Catalog, code: str, troubles: list[str]) -> str | None:
    try:
        found = territory_of(code, catalog.territories).code
    except ValueError as trouble:
        troubles.append(f"--territory\u00a0: {trouble}")
        return None
    if found in catalog.territories:
        return found
    troubles.append("--territory\u00a0: un établissement n’a pas de services à lui. Donnez son département, D:59.")
    return None


def _operator(catalog: Catalog, name: str, troubles: list[str]) -> Operator | None:
    """By its id, its name, or another name that people know."""
    called: dict[str, Operator] = {}
    for one in catalog.operators.values():
        for known in (one.id, one.name, *one.aliases):
            called.setdefault(known.casefold(), one)
    if (found := called.get(name.casefold())) is None:
        near = get_close_matches(name.casefold()[:_LONGEST_WORD], called, n=1)
        rather = f"Vouliez-vous écrire {called[near[0]].id}\u202f?" if near else "Les noms sont ceux du catalogue."
        shown = visible(name[:_LONGEST_WORD])
        troubles.append(f"--operator\u00a0: «\u00a0{shown}\u00a0» est inconnu du catalogue. {rather}")
    return found


def _together(ground: Ground, place: Territory, found: list[Counted]) -> Together:
    """The figure of a territory: the time of its services' users."""
    unit, weights = weights_in(ground, place.code)
    parts = [(weights.get(one.service.id, 0.0), one.said) for one in found]
    return Together(
        place,
        unit,
        weighted([(weight, said.all) for weight, said in parts], Hours.ALL),
        weighted([(weight, said.school) for weight, said in parts], Hours.SCHOOL),
    )


def _rehearsed(identity: Identity | None) -> bool:
    return identity is not None and identity.kind == "rehearsal"
