"""`vigie explain`: why an incident is what it is, with its numbers; without an id, those of the last days."""

import json
from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from monitor import app
from monitor.commands.base import FINE, ConfigFile, explained, out
from monitor.commands.explanation import explanation
from monitor.commands.explanation_words import counted
from monitor.commands.hushed import taken_lines
from monitor.commands.shown import in_paris, visible
from monitor.domain.incident import Incident
from monitor.domain.plain import plain
from monitor.rehearsal.scenario import PACKAGED
from monitor.reports import incidents
from monitor.reports.played import as_played, scenario_of
from monitor.store import Identity, Reader, open_reader
from monitor.terminal import state

_LONGEST_WORD = 100  # of what somebody typed, in what we answer


class Wanted(StrEnum):
    """How a reasoning is printed."""

    TEXT = "text"
    JSON = "json"


Id = Annotated[str | None, typer.Argument(metavar="[INCIDENT]", help="L’identifiant, ou son début s’il est unique.")]
Format = Annotated[Wanted, typer.Option("--format", help="Pour les gens (text) ou pour les machines (json).")]


@explained
def explain(incident: Id = None, config: ConfigFile = None, wanted: Format = Wanted.TEXT) -> int:
    """Pourquoi un incident est ce qu’il est, avec ses chiffres ; sans identifiant, ceux des 7 derniers jours."""
    settings = app.settings(config=config)
    with closing(open_reader(settings.database_url)) as reader:
        if incident is None:
            return _list(reader, wanted)
        one = found_incident(reader, incident)
        said = incidents.explain(
            reader, one, lambda: as_played(app.configured(settings).catalog, reader.identity()), app.clock()
        )
    if wanted is Wanted.JSON:
        _print_json(
            {
                "rehearsal": scenario_of(said.identity),
                "at": plain(said.at),
                "frozen_at": plain(said.frozen_at),
                "digest": said.digest,
                "survivor": None if said.survivor is None else said.survivor.id,
                "incident": plain(said.incident),
                "sheet": plain(said.sheet),
            }
        )
        return FINE
    _banner(said.identity)
    for title, lines in explanation(said):
        out.print(Text(f"\n{title}", style="bold"))
        for line in lines:
            out.print(Text(f"  {line}"))
    for line in taken_lines(settings.database_url, said.incident):
        out.print(Text(f"\n{line}", style="bold"))
    return FINE


def _list(reader: Reader, wanted: Wanted) -> int:
    known, identity = incidents.lately(reader, app.clock()), reader.identity()
    if wanted is Wanted.JSON:
        _print_json({"rehearsal": scenario_of(identity), "incidents": [plain(one) for one in known]})
        return FINE
    _banner(identity)
    if not known:
        out.print("Aucun incident n’est ouvert, aucun n’a été clos dans les 7 derniers jours.")
        return FINE
    for one in known:
        out.print(_line(one))
    return FINE


def _line(one: Incident) -> Text:
    """One incident on one line; its id, which people copy, is never cut."""
    end = "en cours" if one.closed_at is None else in_paris(one.closed_at)
    services = counted(len(one.services), "service") if one.services else ""
    text = Text(f"{visible(one.id)}  ", style="bold")
    text.append_text(state(one.worst))
    text.append(f"  {in_paris(one.opened_at)} – {'absorbé' if one.absorbed_into is not None else end}  {services}")
    return text


def found_incident(reader: Reader, written: str) -> Incident:
    """The incident that somebody means. Raises ValueError with the mend."""
    try:
        return incidents.find(reader, written)
    except incidents.NoSuchIncident as none:
        said = visible(written[:_LONGEST_WORD])
        if not none.others:
            mend = "«\u00a0vigie explain\u00a0», sans rien, donne ceux des 7 derniers jours."
            raise ValueError(f"Aucun incident ne commence par «\u00a0{said}\u00a0»\u00a0: {mend}") from None
        several = ", ".join(none.others)
        raise ValueError(f"Plusieurs incidents commencent par «\u00a0{said}\u00a0»\u00a0: {several}…") from None


def _banner(identity: Identity | None) -> None:
    scenario = scenario_of(identity)
    if scenario is not None:
        press = " — reconstitution d’après la presse" if scenario in PACKAGED else ""
        name = f" (scénario {visible(scenario)})" if scenario else ""
        out.print(Text(f"RÉPÉTITION{press}{name}", style="bold reverse"))


def _print_json(said: dict[str, object]) -> None:
    print(json.dumps(said, indent=1))
