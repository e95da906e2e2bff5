"""`vigie maintenance`: the maintenance windows that people declare beforehand."""

import json
from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from monitor import app
from monitor.commands import declared, wall
from monitor.commands.base import FINE, ConfigFile, Format, Shape, err, explained, out
from monitor.commands.concerned import HoursOf, clock_of, scope_of
from monitor.commands.usage import Commands
from monitor.desk import windows
from monitor.desk.plain_text import LONGEST_AUTHOR, LONGEST_REASON, text_faults, tidy
from monitor.domain.window import Once, Weekly, Window, upcoming
from monitor.store import open_desk_reader

maintenance = typer.Typer(cls=Commands, help="Les maintenances déclarées à l’avance.", no_args_is_help=True)

_NAMED = ("--reason", "--author")

Service = Annotated[str | None, typer.Option("--service", metavar="ID", help="Pour ce service.")]
Operator = Annotated[str | None, typer.Option("--operator", metavar="ID", help="Pour tous ceux de cet exploitant.")]
Territory = Annotated[
    str | None, typer.Option("--territory", metavar="CODE", help="Pour ceux de ce territoire : A:lille, D:59…")
]
Begin = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Début, 2026-12-05T22:00 ; avec --every, le premier jour.")
]
End = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Fin, 2026-12-06T02:00 ; avec --every, le dernier jour.")
]
Every = Annotated[
    list[str] | None, typer.Option("--every", metavar="JOUR", help="Chaque semaine : mercredi, lundi,jeudi, ou jour.")
]
Between = Annotated[
    str | None, typer.Option("--between", metavar="HH:MM-HH:MM", help="Avec --every : de telle heure à telle heure.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXTE", help="Pourquoi, en une ligne, lu par tout le monde.")]
Author = Annotated[str, typer.Option("--author", metavar="NOM", help="Qui la déclare.")]


@maintenance.command("add")
@explained
def add(  # noqa: PLR0917 - typer reads options as parameters
    service: Service = None,
    operator: Operator = None,
    territory: Territory = None,
    since: Begin = None,
    until: End = None,
    every: Every = None,
    between: Between = None,
    reason: Reason = "",
    author: Author = "",
    hours_of: HoursOf = None,
    config: ConfigFile = None,
) -> int:
    """Déclarer une maintenance, d’une fois ou de chaque semaine, à l’heure locale. Ce qui précède ne compte pas."""
    now, settings = app.clock(), app.settings(config=config)
    catalog = app.configured(settings).catalog
    troubles: list[str] = []
    scope = scope_of(catalog, troubles, service=service, operator=operator, territory=territory)
    zone = None if scope is None else clock_of(scope, catalog, troubles, place=hours_of)
    if every or between is not None:
        when: Once | Weekly | None = _weekly(every or [], between, (since, until), now.astimezone(zone), troubles)
    else:
        when = _once(since, until, troubles)
    if scope is None or zone is None or when is None:
        raise ValueError("\n".join([*troubles, *_texts(reason, author)]))
    window = Window("", scope, when, zone, now, tidy(reason), tidy(author))
    if troubles := list(windows.window_faults(window, now, _NAMED)):
        raise ValueError("\n".join(troubles))
    kept = windows.declare(settings.database_url, window, now)
    out.print(f"Fenêtre {kept.id} déclarée\u00a0: {declared.about(kept.scope, catalog)}, {declared.when(kept)}.")
    out.print(declared.coming(kept, now))
    if isinstance(when, Once) and when.begin < now.astimezone(zone).replace(tzinfo=None):
        err.print("Elle a déjà commencé\u00a0: seul compte ce qui suit cette déclaration.", style="yellow")
    return FINE


@maintenance.command("list")
@explained
def list_windows(
    every: Annotated[bool, typer.Option("--all", help="Aussi celles qui sont passées ou levées.")] = False,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Les fenêtres en cours et à venir."""
    now, settings = app.clock(), app.settings(config=config)
    catalog = app.configured(settings).catalog
    with closing(open_desk_reader(settings.database_url)) as desk:
        found = [one for one in desk.windows() if every or upcoming(one, now) is not None]
    if shape is Shape.JSON:
        print(json.dumps([declared.window_as_json(one, now) for one in found], ensure_ascii=False, indent=1))
    elif found:
        out.print(declared.windows_table(found, catalog, now))
    else:
        out.print("Aucune maintenance n’est déclarée." if every else "Aucune maintenance en cours ni à venir.")
    return FINE


@maintenance.command("end")
@explained
def end(name: Annotated[str, typer.Argument(metavar="FENÊTRE", help="Son nom, vu par « list ».")]) -> int:
    """Lever une fenêtre : plus rien n’en compte à partir de maintenant. Ce qui en est passé reste."""
    now = app.clock()
    windows.end(app.settings().database_url, name, now)
    out.print(f"Fenêtre {name} levée\u00a0: à partir de maintenant, elle ne compte plus.")
    return FINE


def _once(since: str | None, until: str | None, troubles: list[str]) -> Once | None:
    if since is None or until is None:
        missing = " et ".join(option for option, said in (("--from", since), ("--to", until)) if said is None)
        troubles.append(f"Il manque {missing}. Chaque semaine plutôt\u202f? Donnez --every et --between.")
    begin = None if since is None else wall.local_moment("--from", since, troubles)
    end = None if until is None else wall.local_moment("--to", until, troubles)
    return None if begin is None or end is None else Once(begin, end)


def _weekly(
    every: list[str], between: str | None, days: tuple[str | None, str | None], now: datetime, troubles: list[str]
) -> Weekly | None:
    """A weekly window from a day on and until another; the first is today where none is given."""
    since, until = days
    if not every or between is None:
        troubles.append(
            f"Il manque {'--between' if every else '--every'}\u00a0: --every mercredi --between 22:00-02:00."
        )
    weekdays = wall.weekdays("--every", every, troubles)
    hours = None if between is None else wall.local_hours("--between", between, troubles)
    first = now.date() if since is None else wall.local_day("--from", since, troubles)
    last = None if until is None else wall.local_day("--to", until, troubles)
    if not weekdays or hours is None or first is None or (until is not None and last is None):
        return None
    return Weekly(weekdays, *hours, first, last)


def _texts(reason: str, author: str) -> list[str]:
    """What is wrong with the texts, where there is no window yet that could be judged whole."""
    texts = zip(_NAMED, (reason, author), (LONGEST_REASON, LONGEST_AUTHOR), strict=True)
    return [fault for where, text, most in texts for fault in text_faults(where, tidy(text), most)]
