"""`vigie announce`: what people say of an incident or a service, beside what is measured."""

import json
from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor import app
from monitor.commands import declared, wall
from monitor.commands.base import FINE, ConfigFile, Format, Shape, explained, out
from monitor.commands.concerned import clock_of, clock_of_services, known_id
from monitor.config.os_words import os_reason
from monitor.desk import announcements
from monitor.desk.plain_text import tidy
from monitor.domain.announcement import Announcement, AnnouncementKind
from monitor.domain.catalog import Catalog
from monitor.domain.incident import Incident
from monitor.domain.window import Scope, ScopeKind
from monitor.reports.declared import with_delays
from monitor.settings import Settings
from monitor.store import open_desk_reader, open_reader

LARGEST_FILE = 1_000_000  # bytes; the longest text that is kept takes less

Text = Annotated[str | None, typer.Argument(metavar="[TEXTE]", help="Ce qui est dit, lu par tout le monde.")]
File = Annotated[Path | None, typer.Option("--file", metavar="FICHIER", help="Le texte, dans un fichier UTF-8.")]
Kind = Annotated[
    AnnouncementKind,
    typer.Option(
        "--kind", help="announcement : une annonce ; statement : l’exploitant s’exprime ; postmortem : le bilan."
    ),
]
OfIncident = Annotated[str | None, typer.Option("--incident", metavar="ID", help="À propos de cet incident.")]
OfService = Annotated[str | None, typer.Option("--service", metavar="ID", help="À propos de ce service.")]
At = Annotated[
    str | None, typer.Option("--at", metavar="DATE", help="Quand cela a été dit, heure locale ; sinon maintenant.")
]
HoursOf = Annotated[str | None, typer.Option("--hours-of", metavar="CODE", help="Le territoire dont --at est l’heure.")]
Author = Annotated[str | None, typer.Option("--author", metavar="NOM", help="Qui le dit.")]
List = Annotated[bool, typer.Option("--list", help="Montrer ce qui a été dit.")]
Withdraw = Annotated[str | None, typer.Option("--withdraw", metavar="NUMÉRO", help="Ne plus montrer ce texte.")]


@explained
def announce(  # noqa: PLR0917 - typer reads options as parameters
    text: Text = None,
    kind: Kind = AnnouncementKind.ANNOUNCEMENT,
    incident: OfIncident = None,
    service: OfService = None,
    author: Author = None,
    at: At = None,
    hours_of: HoursOf = None,
    file: File = None,
    show: List = False,
    withdraw: Withdraw = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Garder une annonce, ce que dit un exploitant ou un bilan, à côté des mesures : rien n’en est changé."""
    now, settings = app.clock(), app.settings(config=config)
    if withdraw is not None:
        announcements.withdraw(settings.database_url, withdraw, now)
        out.print(f"Texte {withdraw} retiré.")
    elif show:
        _show(settings, incident, service, shape)
    else:
        troubles: list[str] = []
        words = tidy(_words(text, file, troubles))
        draft = Announcement("", kind, words, tidy(author or ""), now, now, incident, service)
        _keep(settings, draft, at, hours_of, troubles)
    return FINE


def _keep(settings: Settings, draft: Announcement, at: str | None, hours_of: str | None, troubles: list[str]) -> None:
    """Keep it, or raise ValueError with every fault."""
    catalog = app.configured(settings).catalog
    about = _incident(settings, draft.incident, troubles)
    if draft.service is not None:
        known_id("--service", draft.service, catalog.services, troubles)
    names = about.services if about is not None else (draft.service,) if draft.service is not None else ()
    said = draft.at if at is None else _said_at(at, hours_of, names, catalog, troubles)
    draft = replace(draft, at=said or draft.at)
    troubles += announcements.announcement_faults(draft, draft.recorded_at, ("Le texte", "--author"))
    if troubles:
        raise ValueError("\n".join(troubles))
    kept = announcements.announce(settings.database_url, draft, draft.recorded_at)
    [shown] = with_delays([kept], {} if about is None else {about.id: about})
    delay = f" {declared.delay(shown.delay)}" if shown.delay is not None else ""
    out.print(f"Texte {kept.id} gardé.{delay}")


def _said_at(
    at: str, hours_of: str | None, services: Collection[str], catalog: Catalog, troubles: list[str]
) -> datetime | None:
    """The instant that people mean by `at`: on the clock of the places concerned."""
    moment = wall.local_moment("--at", at, troubles)
    if hours_of is not None:
        zone = clock_of(Scope(ScopeKind.TERRITORY, hours_of), catalog, troubles, place=hours_of)
    else:
        zone = clock_of_services(services, catalog, troubles)
    return None if moment is None or zone is None else wall.instant_of("--at", moment, zone, troubles)


def _incident(settings: Settings, name: str | None, troubles: list[str]) -> Incident | None:
    if name is None:
        return None
    with closing(open_reader(settings.database_url)) as reader:
        found = reader.incidents_named([name]).get(name)
    if found is None:
        troubles.append(
            "--incident\u00a0: aucun incident de ce nom. «\u00a0vigie status --format json\u00a0» les nomme."
        )
    return found


def _show(settings: Settings, incident: str | None, service: str | None, shape: Shape) -> None:
    with (
        closing(open_desk_reader(settings.database_url)) as desk,
        closing(open_reader(settings.database_url)) as reader,
    ):
        found = desk.announcements(incident=incident, service=service)
        known = reader.incidents_named({one.incident for one in found if one.incident is not None})
    said = with_delays(found, known)
    if shape is Shape.JSON:
        print(json.dumps([declared.said_as_json(one) for one in said], ensure_ascii=False, indent=1))
    elif said:
        for one in said:
            out.print(declared.said(one))
    else:
        out.print("Rien n’a été dit.")


def _words(text: str | None, file: Path | None, troubles: list[str]) -> str:
    """The text given, or that of a file; where there is none, its fault and a stand-in that will not be kept."""
    try:
        if (text is None) == (file is None):
            troubles.append("Donnez le texte, entre guillemets, ou son fichier par --file (l’un des deux).")
        elif file is None:
            return text or ""
        elif file.stat().st_size > LARGEST_FILE:
            troubles.append(f"{file}\u00a0: fichier démesuré. Raccourcissez le texte.")
        else:
            return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        troubles.append(f"{file}\u00a0: octets qui ne sont pas de l’UTF-8. Enregistrez le fichier en UTF-8.")
    except OSError as error:
        troubles.append(f"{file}\u00a0: fichier absent ou illisible ({os_reason(error)}). Corrigez son chemin.")
    return "…"
