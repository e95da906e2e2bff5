"""What stands behind a state: the answers with all their evidence, and what was not measured, with its reason."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from monitor import app, terminal
from monitor.commands import shown
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, err, explained, out
from monitor.commands.window import From, To, window
from monitor.config.calendar import load_calendar
from monitor.domain.calendar import Timetable
from monitor.domain.observation import Observation
from monitor.domain.snapshot import instant
from monitor.engine import courteous
from monitor.once import chosen
from monitor.reports.gaps import missed
from monitor.store import Reader, open_reader

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
        out.print(f"{words} {shown.span(begin, end)}.", soft_wrap=True)
    return NO if found.holes else FINE


@explained
def evidence(  # noqa: PLR0917 - typer reads options as parameters
    service: Annotated[str, typer.Argument(metavar="SERVICE")],
    since: From = None,
    until: To = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Les réponses d’un service avec toutes leurs preuves, et les extraits gardés."""
    begin, end = window(since, until, app.clock())
    settings = app.settings(config=config)
    catalog = app.configured(settings).catalog
    probes = [probe.id for probe in chosen(catalog, [service])]
    with closing(open_reader(settings.database_url)) as reader:
        # One more than is shown, to know whether there are more.
        heard = list(_answers(reader, probes, begin, end, limit + 1))
    for one in heard[-limit:]:
        if shape is Shape.JSON:
            # Escaped to ASCII: an excerpt is text of the site, and this may be read in a terminal.
            print(json.dumps({"at": instant(one.at), **terminal.answer_as_json(one, catalog)}))
        else:
            out.print(shown.answer(one), soft_wrap=True)
    if len(heard) > limit:
        err.print("D’autres réponses, plus anciennes, ne sont pas montrées : demandez-les par --limit.", soft_wrap=True)
    elif not heard and shape is Shape.TABLE:
        out.print(f"Aucune réponse {shown.span(begin, end)}.", soft_wrap=True)
    return FINE


def _answers(
    reader: Reader, probes: Sequence[str], since: datetime, until: datetime, newest: int
) -> Iterator[Observation]:
    """The newest answers, oldest first, each with the excerpt that was kept of it."""
    kept = {(one.probe, one.vantage, one.at): one.text for one in reader.excerpts(probes, since, until)}
    for one in reader.observations(probes, since, until, newest):
        yield replace(one, excerpt=kept.get((one.probe, one.vantage, one.at)))
