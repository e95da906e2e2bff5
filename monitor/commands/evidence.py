"""What stands behind a state: the answers with all their evidence, and what was not measured, with its reason."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from monitor import app, terminal
from monitor.commands import shown
from monitor.commands.asked import probes_of
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, err, explained, out
from monitor.commands.window import From, To, window
from monitor.config.calendar import load_calendar
from monitor.domain.observation import Observation
from monitor.domain.snapshot import instant
from monitor.domain.timetable import Timetable
from monitor.engine import courteous
from monitor.once import chosen
from monitor.reports.gaps import missed
from monitor.store import Reader, open_reader

_AT_ONCE = 5000  # probes a query: a fleet may hold more schools than a database takes values

Services = Annotated[list[str] | None, typer.Option("--service", metavar="ID", help="Ce service seul ; répétable.")]
Limit = Annotated[int, typer.Option(min=1, help="Les réponses les plus récentes, tant au plus.")]


@explained
def gaps(
    since: From = None,
    until: To = None,
    services: Services = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Les créneaux restés sans réponse, et pourquoi. Code 1 si rien n’en explique un."""
    begin, end = window(since, until, app.clock())
    settings = app.settings(config=config)
    catalog = courteous(app.configured(settings).catalog, settings.contact)
    probes = chosen(catalog, services) if services else list(catalog.probes())
    timetable = Timetable(catalog, load_calendar(settings.calendar))
    with closing(open_reader(settings.database_url)) as reader:
        found = missed(reader, probes, begin, end, timetable.interval, others=not services)
        measured = bool(reader.instants([probe.id for probe in probes], begin, end))
    if shape is Shape.JSON:
        said = {"since": instant(begin), "until": instant(end), "gaps": shown.gaps_json(found)}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    elif found.gaps or found.holes:
        out.print(shown.gaps_table(found))
    else:
        words = "Aucun créneau sans réponse" if measured else "Rien n’a été mesuré, et rien ne devait l’être,"
        out.print(f"{words} {shown.span(begin, end)}.")
    return NO if found.holes else FINE


@explained
def evidence(  # noqa: PLR0917 - typer reads options as parameters
    what: Annotated[str, typer.Argument(metavar="QUOI", help="Service, sonde, flotte, code UAI ou FLOTTE/UAI.")],
    since: From = None,
    until: To = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Les réponses d’un service, d’une sonde, d’une flotte ou d’une école, avec toutes leurs preuves."""
    begin, end = window(since, until, app.clock())
    settings = app.settings(config=config)
    probes = probes_of(app.configured(settings), what)
    with closing(open_reader(settings.database_url)) as reader:
        # One more than is shown, to know whether there are more.
        heard = _answers(reader, list(probes), begin, end, limit + 1)
    for one in heard[-limit:]:
        if shape is Shape.JSON:
            # Escaped to ASCII: an excerpt is text of the site, and this may be read in a terminal.
            print(json.dumps({"at": instant(one.at), **terminal.answer_as_json(one, probes[one.probe])}))
        else:
            out.print(shown.answer(one))
    if len(heard) > limit:
        err.print("D’autres réponses, plus anciennes, ne sont pas montrées : demandez-les par --limit.")
    elif not heard and shape is Shape.TABLE:
        out.print(f"Aucune réponse {shown.span(begin, end)}.")
    return FINE


def _answers(reader: Reader, probes: Sequence[str], since: datetime, until: datetime, newest: int) -> list[Observation]:
    """The newest answers, oldest first, each with the excerpt that was kept of it."""
    heard: list[Observation] = []
    for start in range(0, len(probes), _AT_ONCE):
        some = probes[start : start + _AT_ONCE]
        kept = {(one.probe, one.vantage, one.at): one.text for one in reader.excerpts(some, since, until)}
        found = reader.observations(some, since, until, newest)
        heard += [replace(one, excerpt=kept.get((one.probe, one.vantage, one.at))) for one in found]
    return sorted(heard, key=lambda one: one.at)[-newest:]
