"""Which services a person means at the terminal: by their ids, a territory, an operator, an audience, as typed."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated

import typer

from monitor.commands.concerned import known_id
from monitor.commands.places import territory_of
from monitor.commands.shown import visible
from monitor.domain.catalog import Audience, Catalog, Operator, Service, spelled_out
from monitor.domain.rollup import Ground
from monitor.domain.spelling import plain
from monitor.reports.selected import Selection, Wanted, selection

_LONGEST_WORD = 100  # the comparison is quadratic

Services = Annotated[list[str] | None, typer.Option("--service", metavar="ID", help="Ce service ; répétable.")]
InTerritory = Annotated[
    str | None, typer.Option("--territory", metavar="CODE", help="Ceux de ce territoire, et leur ensemble : A:lille…")
]
OperatedBy = Annotated[
    str | None,
    typer.Option("--operator", metavar="NOM", help="Ceux de cet exploitant, par son nom ou son identifiant."),
]
ForAudience = Annotated[
    str | None,
    typer.Option("--audience", metavar="PUBLIC", help="Ceux de ce public : ecole, college, lycee, prive, personnels."),
]


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed."""

    services: tuple[str, ...] = ()
    territory: str | None = None
    operator: str | None = None
    audience: str | None = None


def selected(catalog: Catalog, ground: Ground, words: Words, troubles: list[str]) -> Selection:
    """What is meant; one French sentence is added to `troubles` for each thing to mend."""
    if sum(map(bool, (words.services, words.territory is not None, words.operator is not None))) > 1:
        troubles.append(
            "Donnez --service, --territory ou --operator, un seul des trois, ou aucun pour tout le catalogue."
        )
    for name in words.services:
        known_id("--service", name, catalog.services, troubles)
    place = None if words.territory is None else _place(catalog, words.territory, troubles)
    runs = None if words.operator is None else _operator(catalog, words.operator, troubles)
    audiences = () if words.audience is None else _audiences(words.audience, troubles)
    operator = None if runs is None else runs.id
    return selection(catalog, ground, Wanted(words.services, place, operator, audiences))


def chosen_services(
    catalog: Catalog, ground: Ground, services: list[str] | None, territory: str | None, operator: str | None
) -> tuple[tuple[Service, ...], str | None]:
    """The services meant, and the code of the territory where one was named. Raises ValueError with every fault."""
    troubles: list[str] = []
    found = selected(catalog, ground, Words(tuple(services or ()), territory, operator), troubles)
    if troubles:
        raise ValueError("\n".join(troubles))
    return found.services, found.place


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
        troubles.append(f"--operator\u00a0: {_shown(name)} est inconnu du catalogue. {rather}")
    return found


def _audiences(word: str, troubles: list[str]) -> tuple[Audience, ...]:
    """As people write them, accents or not: « collège », « Lycée »; `tous` is those of the three kinds of school."""
    called = {one.value: one for one in Audience}
    if (found := called.get(plain(word[:_LONGEST_WORD]))) is not None:
        return spelled_out((found,))
    near = get_close_matches(plain(word[:_LONGEST_WORD]), called, n=1)
    rather = f"Vouliez-vous écrire {near[0]}\u202f?" if near else f"Écrivez {', '.join(called)}."
    troubles.append(f"--audience\u00a0: {_shown(word)} n’est pas un public connu. {rather}")
    return ()


def _shown(word: str) -> str:
    return f"«\u00a0{visible(word[:_LONGEST_WORD])}\u00a0»"
