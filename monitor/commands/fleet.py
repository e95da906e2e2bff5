"""`vigie fleet`: the schools of a fleet, taken from a file; what their answers say of each académie."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import app, terminal
from monitor.commands.base import FINE, NO, ConfigFile, Format, Shape, err, explained, out
from monitor.commands.usage import Commands
from monitor.config import CatalogInvalid, default_path, load, load_territories
from monitor.config.fleet_list import written
from monitor.config.problem import typeset
from monitor.domain.fleet import Fleet
from monitor.reports import current
from monitor.settings import Settings

fleets = typer.Typer(cls=Commands, help="Les flottes : des écoles d’un même exploitant, interrogées par roulement.")

FleetId = Annotated[str | None, typer.Option("--fleet", metavar="ID", help="La flotte ; inutile s’il n’y en a qu’une.")]


@fleets.command("import")
@explained
def import_schools(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.csv")], fleet: FleetId = None, config: ConfigFile = None
) -> int:
    """Contrôler une liste d’écoles et la ranger là où le catalogue la nomme ; en cas d’erreur rien n’est écrit."""
    path = app.settings(config=config).config or default_path()
    found = load(path, {fleet or "": file}).fleets
    one = found[_chosen(fleet, found)]
    _replace(Path(one.file), written(one.schools))
    out.print(_counts(one))
    agreed = sum(school.agreed for school in one.schools)
    tour = max(timedelta(seconds=agreed / one.budget), one.every)
    out.print(
        f"{one.file} : {len(one.schools)} écoles, {agreed} avec l’accord de leur chef. Au budget de "
        f"{_number(one.budget)} par seconde, un tour complet dure {_duration(tour)}. Relancez la veille."
    )
    return FINE


@fleets.command("status")
@explained
def fleet_status(
    fleet: Annotated[str | None, typer.Argument(metavar="[ID]")] = None, shape: Format = Shape.TABLE
) -> int:
    """La part des écoles touchées, par académie, avec son intervalle à 95 %, d’après le dernier bulletin."""
    settings = app.settings()
    shown = current.snapshot(settings.database_url)
    found: dict[str, Any] = {one["id"]: one for one in (shown.data.get("fleets", ()) if shown else ())}
    if not found:
        err.print(typeset(_why_none(settings)))
        return NO
    chosen = list(found.values()) if fleet is None else [found[_chosen(fleet, found)]]
    if shape is Shape.JSON:
        print(json.dumps(chosen, ensure_ascii=False, indent=1))
        return FINE
    for one in chosen:
        asked = f"{_number(one['asked_per_s'])} par seconde"
        out.print(Text(f"{one['name']} : {one['schools']} écoles interrogées par roulement, {asked}.", style="bold"))
        out.print(_shares(one["shares"]))
    out.print("Une part vaut pour les écoles dont le chef a donné son accord, et pour le quart d’heure écoulé.")
    return FINE


def _why_none(settings: Settings) -> str:
    """Why the snapshot holds no fleet, as far as one can tell, and the mend."""
    none = "Aucune flotte dans le dernier bulletin"
    try:
        declared = app.configured(settings).fleets
    except CatalogInvalid:
        return f"{none}, et le catalogue a des erreurs : « vigie validate » les dit toutes."
    if not declared:
        return f"{none} : déclarez-en une sous « fleets », puis lancez « vigie up »."
    if not settings.contact:
        mend = "Donnez une adresse où les exploitants peuvent vous joindre, puis relancez la veille."
        return f"{none} : sans VIGIE_CONTACT, aucune flotte n’est interrogée. {mend}"
    return f"{none}, et le catalogue en déclare : lancez « vigie up », puis attendez une demi-minute."


def _chosen(fleet: str | None, found: Mapping[str, object]) -> str:
    """The id of the fleet meant. Raises ValueError with the mend."""
    if fleet is None and len(found) == 1:
        return next(iter(found))
    if not found:
        raise ValueError("Le catalogue ne déclare aucune flotte : ajoutez-en une sous « fleets ».")
    if fleet is None:
        raise ValueError(f"Plusieurs flottes : choisissez par « --fleet » entre {', '.join(found)}.")
    if fleet not in found:
        near = get_close_matches(fleet, found, n=1)
        raise ValueError(f"Flotte inconnue : {fleet} (peut-être {' ou '.join(near or found)} ?).")
    return fleet


def _replace(target: Path, text: str) -> None:
    """Write the whole file or nothing, as a reader sees it. Raises OSError."""
    draft = target.with_name(f".{target.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _counts(fleet: Fleet) -> Table:
    listed = Counter(school.stratum for school in fleet.schools)
    agreed = Counter(school.stratum for school in fleet.schools if school.agreed)
    table = Table("Académie", "Écoles", "D’accord", box=None, pad_edge=False, header_style="bold")
    for code, name in _names().items():
        if code in listed:
            table.add_row(name, str(listed[code]), str(agreed[code]))
    return table


def _shares(shares: list[dict[str, Any]]) -> Table:
    names = _names()
    headings = ("Académie", "Touchées", "Intervalle", "Réponses", "De", "À (Paris)")
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for one in shares:
        known = one["share"] is not None
        table.add_row(
            names.get(one["territory"], one["territory"]),
            _percent(one["share"]) if known else "trop peu de réponses",
            f"{_percent(one['low'])} à {_percent(one['high'])}" if known else "",
            f"{one['sample']} sur {one['population']}",
            _hour(one["since"]),
            _hour(one["as_of"]),
        )
    return table


def _names() -> dict[str, str]:
    return {code: place.name for code, place in load_territories().items()} | {"N": "Toutes"}


def _hour(at: str | None) -> str:
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(terminal.PARIS):%H:%M:%S}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _duration(lasts: timedelta) -> str:
    minutes = max(1, round(lasts / timedelta(minutes=1)))
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
