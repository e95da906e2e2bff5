"""`vigie calendar`: import the official school calendar, and show what Vigie makes of it."""

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from monitor import __version__, app
from monitor.commands.base import FINE, Format, Shape, err, explained, out
from monitor.commands.places import HOUR_OF, territory_of
from monitor.commands.school_day import COLUMNS, UNKNOWN, SchoolDay
from monitor.commands.usage import Commands
from monitor.commands.window import REACH, WITHIN_REACH
from monitor.config.calendar import load_calendar
from monitor.config.calendar_official import read_official
from monitor.config.calendar_table import save_table
from monitor.config.os_words import os_reason
from monitor.config.problem import quoted, typeset
from monitor.config.territories import load_territories
from monitor.domain.catalog import Catalog
from monitor.domain.timetable import Timetable
from monitor.outbound import LARGEST, fetch
from monitor.probes import user_agent

OFFICIAL = "https://data.education.gouv.fr/api/explore/v2.1/catalog/datasets/fr-en-calendrier-scolaire/exports/json"

CalendarFile = Annotated[
    Path, typer.Option("--calendar", envvar="VIGIE_CALENDAR", help="Le calendrier importé ; data/calendar.csv.")
]
IMPORTED = Path("data/calendar.csv")

calendar = typer.Typer(cls=Commands, help="Le calendrier scolaire : l’importer, le montrer.", no_args_is_help=True)


@calendar.command("import")
@explained
def calendar_import(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FICHIER]", help="JSON ou CSV ; sans lui : le réseau.")
    ] = None,
    url: Annotated[str, typer.Option(help="D’où télécharger, en https.")] = OFFICIAL,
    target: CalendarFile = IMPORTED,
) -> int:
    """Importer le jeu officiel fr-en-calendrier-scolaire, depuis un fichier ou depuis son adresse."""
    raw = _bytes(file) if file is not None else _downloaded(url)
    name = str(file) if file is not None else url
    try:
        found = read_official(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise ValueError(f"{name} : octets qui ne sont pas de l’UTF-8. Téléchargez le fichier de nouveau.") from None
    try:
        save_table(target, found.rows)
    except OSError as error:
        said = f"{target}\u00a0: écriture impossible ({os_reason(error)}). L’ancien fichier est intact."
        raise ValueError(said) from error
    for remark in found.remarks:
        err.print(remark, style="yellow")
    zones = sorted({row.zone for row in found.rows})
    last = max(row.last for row in found.rows)
    out.print(f"{target} : {len(found.rows)} lignes, {len(zones)} zones, jusqu’au {last:%d/%m/%Y}.")
    return FINE


@calendar.command("show")
@explained
def calendar_show(
    territory: Annotated[str, typer.Argument(metavar="TERRITOIRE", help="N, R:32, A:lille, D:59, C:988…")],
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Premier jour ; aujourd’hui.")] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="Combien de jours.")] = 7,
    shape: Format = Shape.TABLE,
    source: CalendarFile = IMPORTED,
) -> int:
    """Jour par jour : classe ou non et pourquoi, les heures de chaque rythme, et si le calendrier est connu."""
    places = load_territories()
    place = territory_of(territory, places)
    known = load_calendar(source)
    zone = known.timezones[place.timezone]
    first = _date(start) if start is not None else app.clock().astimezone(zone).date()
    clock = Timetable(Catalog({**places, place.code: place}, {}, {}, ()), known).clock_of([place.code])
    shown = [SchoolDay(first + timedelta(days=n), place, clock, known) for n in range(days)]
    if shape is Shape.JSON:
        said = {"territory": place.code, "timezone": place.timezone, "days": [day.as_json() for day in shown]}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        rows = [day.cells() for day in shown]
        table = Table(*COLUMNS, box=None, pad_edge=False, header_style="bold")
        table.columns[0].no_wrap, table.columns[1].overflow = True, "fold"
        for row in rows:
            table.add_row(*map(Text, row))
        out.print(f"{place.name} ({place.code}), heure {HOUR_OF.get(place.timezone, place.timezone)}")
        out.print(table)
        if any(row[-1] == UNKNOWN for row in rows):
            out.print("Inconnu : compté comme temps de classe. « vigie calendar import » charge le jeu officiel.")
    return FINE


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(typeset(f"Date illisible {quoted(text)} : écrivez-la comme 2026-12-19.")) from None
    if day.year not in REACH:
        raise ValueError(typeset(f"Date hors de portée {quoted(text)} : {WITHIN_REACH}."))
    return day


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"{file} : plus de {LARGEST} octets, ce n’est pas le jeu fr-en-calendrier-scolaire.")
        return file.read_bytes()
    except OSError as error:
        raise ValueError(f"{file}\u00a0: fichier absent ou illisible ({os_reason(error)}).") from error


def _downloaded(url: str) -> bytes:
    agent = user_agent(__version__, app.settings().contact)
    with err.status("Vigie télécharge le calendrier officiel"):
        return asyncio.run(fetch(url, user_agent=agent))
