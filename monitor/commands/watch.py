"""Watching: everything at once, one process of it, one look now, and the rehearsal of a written day."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from monitor import app, rehearse, terminal
from monitor.commands.base import FINE, NO, ConfigFile, Format, Port, Shape, err, explained, out
from monitor.commands.hushed import hush_lines
from monitor.config import default_path, load
from monitor.domain.snapshot import instant
from monitor.once import check_once, chosen
from monitor.reports import current
from monitor.up import up as up_all
from monitor.up import web_command

Between = Annotated[
    list[str] | None, typer.Option("--between", metavar="HH:MM-HH:MM", help="Ne jouer que ces heures de Paris.")
]
ScenarioName = Annotated[str, typer.Argument(metavar="SCÉNARIO", help="2021-04-06, 2021-04… ou un fichier CSV.")]


@explained
def up(
    config: ConfigFile = None,
    port: Port = None,
    rehearsal: Annotated[str | None, typer.Option(help="Jouer un scénario au lieu de veiller.")] = None,
) -> int:
    """Tout lancer : registres à jour, veille et page web. Ctrl-C arrête tout proprement."""
    settings = app.settings(config=config, port=port)
    if rehearsal is not None:
        return rehearse.run(settings, rehearse.Wish(rehearsal, speed=rehearse.WATCHABLE, serve=True), err)
    return up_all(settings, err)


@explained
def monitor(config: ConfigFile = None) -> int:
    """La veille seule (systemd, conteneur)."""
    app.run_monitor(app.settings(config=config), err)
    return FINE


@explained
def web(config: ConfigFile = None, port: Port = None) -> int:
    """La page web seule (systemd, conteneur)."""
    settings = app.settings(config=config, port=port)
    os.execv(sys.executable, [sys.executable, *web_command(settings)])  # noqa: S606 - our own interpreter


@explained
def check_now(
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]…")] = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Interroger une fois, maintenant, sans rien garder. Code 1 si quelque chose ne va pas."""
    settings = app.settings(config=config)
    configured = app.configured(settings)
    catalog = configured.catalog
    probes = chosen(catalog, services or [])
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Vigie interroge", total=len(probes) + len(catalog.canaries))
        at = app.clock()
        heard, blind = check_once(settings, configured, probes, lambda _: progress.advance(task))
    if blind:
        err.print(terminal.BLIND, style="yellow")
    if shape is Shape.JSON:
        asked = {probe.id: probe for probe in probes}
        shown = [terminal.answer_as_json(one, asked[one.probe]) for one in heard]
        said = {"at": instant(at), "vantage": settings.vantage, "observations": shown}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        out.print(terminal.answers(heard, catalog))
    return FINE if all(one.failure is None for one in heard) else NO


@explained
def validate(file: Annotated[Path | None, typer.Argument(metavar="[FICHIER]")] = None) -> int:
    """Toutes les erreurs du catalogue, avec leur ligne et leur remède."""
    path = file or app.settings().config or default_path()
    catalog = load(path).catalog
    probes = sum(1 for _ in catalog.probes()) - len(catalog.canaries)
    counts = f"{len(catalog.services)} services, {probes} sondes, {len(catalog.canaries)} témoins"
    out.print(f"{path} : {counts}. Tout est en ordre.")
    return FINE


@explained
def status(shape: Format = Shape.TABLE) -> int:
    """Ce qui est vrai maintenant, d'après le dernier bulletin publié."""
    shown = current.snapshot(app.settings().database_url)
    if shown is None:
        err.print("Aucun bulletin encore : lancez « vigie up », puis attendez une demi-minute.")
        return NO
    if shape is Shape.JSON:
        print(shown.raw.decode())
    else:
        for part in terminal.snapshot(shown.data):
            out.print(part)
        for line in hush_lines(app.settings().database_url, app.clock()):
            out.print(line)
    return FINE


@explained
def rehearse_day(  # noqa: PLR0917 - typer reads options as parameters
    scenario: ScenarioName,
    config: ConfigFile = None,
    speed: Annotated[float | None, typer.Option(min=0.1, help="Plafond : secondes jouées par seconde.")] = None,
    between: Between = None,
    shape: Format = Shape.TABLE,
    serve: Annotated[bool, typer.Option("--serve", help="Montrer la page pendant et après.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Envoyer vraiment les messages, marqués RÉPÉTITION.")] = False,
    port: Port = None,
    recipients: Annotated[
        Path | None, typer.Option("--recipients", metavar="FICHIER.csv", help="Des contacts à prévenir, pour ce jeu.")
    ] = None,
) -> int:
    """Rejouer une journée écrite à travers toute la machine, sans aucun réseau."""
    wish = rehearse.Wish(
        scenario,
        speed=speed,
        between=tuple(between or ()),
        serve=serve,
        send=send,
        json=shape is Shape.JSON,
        recipients=recipients,
    )
    return rehearse.run(app.settings(config=config, port=port), wish, err)
