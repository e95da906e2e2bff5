"""`vigie acknowledge`: somebody works on an incident; until it relapses nobody is reminded of it."""

from contextlib import closing
from typing import Annotated

import typer

from monitor import app
from monitor.commands.base import FINE, explained, out
from monitor.commands.explain import found_incident
from monitor.desk import acknowledgements
from monitor.desk.plain_text import tidy
from monitor.store import open_reader

Id = Annotated[str, typer.Argument(metavar="INCIDENT", help="L’identifiant, ou son début s’il est unique.")]
Author = Annotated[str, typer.Option("--author", metavar="NOM", help="Qui s’en occupe.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXTE", help="Ce qui est fait, en une ligne.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Plus personne ne s’en occupe : les rappels reprennent.")]

_NAMED = ("--note", "--author")


@explained
def acknowledge(incident: Id, author: Author = "", note: Note = "", withdraw: Withdraw = False) -> int:
    """Prendre un incident en charge : plus de rappels ; aggravation, rechute et fin sont toujours dites."""
    now, url = app.clock(), app.settings().database_url
    with closing(open_reader(url)) as reader:
        found = found_incident(reader, incident)
    if withdraw:
        acknowledgements.withdraw(url, found.id, now)
        out.print(f"Incident {found.id}\u00a0: plus personne ne l’a en charge, les rappels reprennent.")
        return FINE
    troubles = list(acknowledgements.acknowledgement_faults(tidy(author), tidy(note), _NAMED))
    if found.closed_at is not None:
        troubles.append("Cet incident est clos\u00a0: il n’y a plus de rappel à arrêter.")
    if troubles:
        raise ValueError("\n".join(troubles))
    kept = acknowledgements.acknowledge(url, found.id, tidy(author), tidy(note), now)
    out.print(f"Incident {found.id} pris en charge par {kept.author}\u00a0: plus de rappels, sauf s’il rechute.")
    return FINE
