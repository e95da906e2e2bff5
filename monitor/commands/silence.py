"""`vigie silence`: for a while nothing is told of something; the measures and the pages go on unchanged."""

import json
from contextlib import closing
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor import app
from monitor.commands import hushed, wall
from monitor.commands.base import FINE, ConfigFile, Format, Shape, explained, out
from monitor.commands.concerned import HoursOf, clock_of, clock_of_services, known_id, scope_of
from monitor.commands.explain import found_incident
from monitor.commands.usage import Commands
from monitor.config import Config
from monitor.desk import silences
from monitor.desk.plain_text import tidy
from monitor.domain.catalog import Catalog
from monitor.domain.delivery import OF_A_REGISTER
from monitor.domain.incident import Incident
from monitor.domain.silence import DeclaredSilence, Silenced
from monitor.domain.subscriber import public_id
from monitor.domain.window import Scope, ScopeKind
from monitor.heads import PREFIX as HEAD
from monitor.settings import Settings
from monitor.store import open_desk_reader, open_reader

silence = typer.Typer(cls=Commands, help="Ce dont rien n’est dit pendant un temps.", no_args_is_help=True)

_NAMED = ("--reason", "--author")
_MOMENT = timedelta(minutes=1)  # stands in for an end that cannot be read, so that every other fault is said too

Service = Annotated[str | None, typer.Option("--service", metavar="ID", help="Ce service.")]
Operator = Annotated[str | None, typer.Option("--operator", metavar="ID", help="Tous ceux de cet exploitant.")]
Territory = Annotated[
    str | None, typer.Option("--territory", metavar="CODE", help="Ceux de ce territoire : A:lille, D:59…")
]
OfIncident = Annotated[str | None, typer.Option("--incident", metavar="ID", help="Cet incident seul.")]
Everything = Annotated[bool, typer.Option("--everything", help="Tout, sauf la propre ligne de Vigie.")]
OnlyFor = Annotated[
    str | None, typer.Option("--subscription", metavar="ID", help="Pour cet abonnement seul ; sinon pour tous.")
]
Begin = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Début, 2026-12-05T22:00 ; sinon maintenant.")
]
End = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Fin, 2026-12-06T02:00 ; 30 jours au plus.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXTE", help="Pourquoi, en une ligne.")]
Author = Annotated[str, typer.Option("--author", metavar="NOM", help="Qui le demande.")]


@silence.command("add")
@explained
def add(  # noqa: PLR0917 - typer reads options as parameters
    service: Service = None,
    operator: Operator = None,
    territory: Territory = None,
    incident: OfIncident = None,
    everything: Everything = False,
    subscription: OnlyFor = None,
    since: Begin = None,
    until: End = None,
    reason: Reason = "",
    author: Author = "",
    hours_of: HoursOf = None,
    config: ConfigFile = None,
) -> int:
    """Ne rien dire de quelque chose, jusqu’à une heure : ce qui sera vrai alors sera dit alors."""
    now, settings = app.clock(), app.settings(config=config)
    configured = app.configured(settings)
    troubles: list[str] = []
    given = (service, operator, territory)
    what = _what(settings, configured.catalog, given, (incident, everything), troubles)
    if subscription is not None:
        _known_subscription(subscription, settings, configured, troubles)
    begin, end = _period(since, until, _zone(what, configured.catalog, hours_of, troubles), now, troubles)
    kind, name = what or (Silenced.EVERYTHING, "")
    draft = DeclaredSilence("", kind, name, begin, end, tidy(reason), tidy(author), now, subscription)
    if troubles := [*troubles, *silences.silence_faults(draft, now, _NAMED)]:
        raise ValueError("\n".join(troubles))
    kept = silences.keep_silent(settings.database_url, draft, now)
    out.print(f"Silence {kept.id} déclaré\u00a0: {hushed.about(kept, configured.catalog)}, {hushed.when(kept)}.")
    out.print(
        "Les mesures, les pages et les incidents suivent leur cours\u00a0; à la fin, ce qui est vrai alors est dit."
    )
    return FINE


@silence.command("list")
@explained
def list_silences(
    every: Annotated[bool, typer.Option("--all", help="Aussi ceux qui sont passés ou levés.")] = False,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Les silences en vigueur et à venir."""
    now, settings = app.clock(), app.settings(config=config)
    catalog = app.configured(settings).catalog
    with closing(open_desk_reader(settings.database_url)) as desk:
        found = [one for one in desk.silences() if every or one.ends_at > now]
    if shape is Shape.JSON:
        print(json.dumps([hushed.silence_as_json(one, now) for one in found], ensure_ascii=False, indent=1))
    elif found:
        out.print(hushed.silences_table(found, catalog, now))
    else:
        out.print("Aucun silence n’a été déclaré." if every else "Aucun silence en vigueur ni à venir.")
    return FINE


@silence.command("end")
@explained
def end(name: Annotated[str, typer.Argument(metavar="SILENCE", help="Son nom, vu par « list ».")]) -> int:
    """Lever un silence : dès maintenant, ce qui est vrai est dit."""
    silences.end(app.settings().database_url, name, app.clock())
    out.print(f"Silence {name} levé\u00a0: ce qui est vrai maintenant est dit à qui l’attendait.")
    return FINE


def _what(
    settings: Settings,
    catalog: Catalog,
    scope: tuple[str | None, str | None, str | None],
    beyond: tuple[str | None, bool],
    troubles: list[str],
) -> tuple[Silenced, str] | None:
    """What is silenced, exactly one thing."""
    incident, everything = beyond
    if sum((*(name is not None for name in (*scope, incident)), everything)) != 1:
        troubles.append("Donnez --service, --operator, --territory, --incident ou --everything, un seul de ceux-là.")
        return None
    if everything:
        return Silenced.EVERYTHING, ""
    if incident is not None:
        found = _incident(settings, incident, troubles)
        return None if found is None else (Silenced.INCIDENT, found.id)
    service, operator, territory = scope
    known = scope_of(catalog, troubles, service=service, operator=operator, territory=territory)
    return None if known is None else (Silenced(known.kind.value), known.name)


def _incident(settings: Settings, name: str, troubles: list[str]) -> Incident | None:
    try:
        with closing(open_reader(settings.database_url)) as reader:
            found = found_incident(reader, name)
    except ValueError as none:
        troubles.append(f"--incident\u00a0: {none}")
        return None
    if found.closed_at is not None:
        troubles.append("--incident\u00a0: cet incident est clos, il n’y a plus rien à taire.")
        return None
    return found


def _known_subscription(name: str, settings: Settings, configured: Config, troubles: list[str]) -> None:
    known = {one.id for one in configured.subscriptions}
    if OF_A_REGISTER in name:
        with closing(open_desk_reader(settings.database_url)) as desk:
            known |= {f"{HEAD}{one.id}" for one in desk.recipients()}
            known |= {public_id(one.id) for one in desk.subscribers()}
    known_id("--subscription", name, known, troubles)


def _zone(
    what: tuple[Silenced, str] | None, catalog: Catalog, hours_of: str | None, troubles: list[str]
) -> ZoneInfo | None:
    """The clock whose hours are typed: of the place given, else of what is silenced, else of Paris."""
    if hours_of is not None:
        return clock_of(Scope(ScopeKind.TERRITORY, hours_of), catalog, troubles, place=hours_of)
    if what is None or what[0] in {Silenced.EVERYTHING, Silenced.INCIDENT}:
        return clock_of_services((), catalog, troubles)
    return clock_of(Scope(ScopeKind(what[0].value), what[1]), catalog, troubles, place=None)


def _period(
    since: str | None, until: str | None, zone: ZoneInfo | None, now: datetime, troubles: list[str]
) -> tuple[datetime, datetime]:
    """When it begins and ends; stand-ins, which will not be kept, where there is a fault."""
    begin = now if since is None else _instant("--from", since, zone, troubles) or now
    if until is None:
        troubles.append("Il manque --to\u00a0: un silence a toujours une fin, 2026-12-06T02:00.")
        return begin, max(begin, now) + _MOMENT
    return begin, _instant("--to", until, zone, troubles) or max(begin, now) + _MOMENT


def _instant(option: str, written: str, zone: ZoneInfo | None, troubles: list[str]) -> datetime | None:
    moment = wall.local_moment(option, written, troubles)
    return None if moment is None or zone is None else wall.instant_of(option, moment, zone, troubles)
