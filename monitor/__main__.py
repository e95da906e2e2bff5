"""The command line `vigie`: one thin function a command; people read French, machines stdout, logs go to stderr."""

import json
import logging
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress

from monitor import __version__, app, rehearse, terminal
from monitor.config import CatalogInvalid, default_path, load
from monitor.domain.snapshot import instant
from monitor.rehearsal.scenario import ScenarioInvalid
from monitor.reports import current
from monitor.store import StoreError, check, upgrade
from monitor.up import up as up_all
from monitor.up import web_command

P = ParamSpec("P")

FINE, NO, WRONG = 0, 1, 2
INTERRUPTED = 130  # as shells have it

out, err = Console(highlight=False), Console(stderr=True, highlight=False)
cli = typer.Typer(
    name="vigie",
    help="Vigie veille sur les services numériques des écoles françaises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
books = typer.Typer(help="Les registres : schéma et intégrité.", no_args_is_help=True)
cli.add_typer(books, name="db")


class Shape(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"


ConfigFile = Annotated[Path | None, typer.Option("--config", help="Le catalogue ; par défaut probes.yaml.")]
Format = Annotated[Shape, typer.Option("--format", help="Pour les gens (table) ou pour les machines (json).")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port de la page web ; 8050 par défaut.")]
Between = Annotated[
    list[str] | None, typer.Option("--between", metavar="HH:MM-HH:MM", help="Ne jouer que ces heures de Paris.")
]
ScenarioName = Annotated[str, typer.Argument(metavar="SCÉNARIO", help="2021-04-06, 2021-04… ou un fichier CSV.")]


def explained(command: Callable[P, int]) -> Callable[P, None]:
    """Turn what people can mend into one clear message and exit 2; anything else is a bug and shows itself."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        level = os.environ.get("VIGIE_LOG", "WARNING").upper()
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")
        try:
            code = command(*args, **kwargs)
        except ValidationError as trouble:
            err.print(terminal.settings_trouble(trouble), markup=False)
            code = WRONG
        except (CatalogInvalid, ScenarioInvalid, StoreError, ValueError, OSError) as trouble:
            err.print(str(trouble), markup=False)
            code = WRONG
        except KeyboardInterrupt:
            err.print("Interrompu.")
            code = INTERRUPTED
        raise typer.Exit(code)

    return run


@cli.command()
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


@cli.command()
@explained
def monitor(config: ConfigFile = None) -> int:
    """La veille seule (systemd, conteneur)."""
    app.run_monitor(app.settings(config=config), err)
    return FINE


@cli.command()
@explained
def web(config: ConfigFile = None, port: Port = None) -> int:
    """La page web seule (systemd, conteneur)."""
    settings = app.settings(config=config, port=port)
    os.execv(sys.executable, [sys.executable, *web_command(settings)])  # noqa: S606 - our own interpreter


@cli.command("check")
@explained
def check_now(
    services: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]…")] = None,
    config: ConfigFile = None,
    shape: Format = Shape.TABLE,
) -> int:
    """Interroger une fois, maintenant, sans rien garder. Code 1 si quelque chose ne va pas."""
    settings = app.settings(config=config)
    catalog = app.configured(settings).catalog
    probes = app.chosen(catalog, services or [])
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Vigie interroge", total=len(probes) + len(catalog.canaries))
        at = app.clock()
        heard, blind = app.check_once(settings, catalog, probes, lambda _: progress.advance(task))
    if blind:
        err.print(terminal.BLIND, style="yellow")
    if shape is Shape.JSON:
        shown = [terminal.answer_as_json(one, catalog) for one in heard]
        said = {"at": instant(at), "vantage": settings.vantage, "observations": shown}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        out.print(terminal.answers(heard, catalog))
    return FINE if all(one.failure is None for one in heard) else NO


@cli.command()
@explained
def validate(file: Annotated[Path | None, typer.Argument(metavar="[FICHIER]")] = None) -> int:
    """Toutes les erreurs du catalogue, avec leur ligne et leur remède."""
    path = file or app.settings().config or default_path()
    catalog = load(path).catalog
    probes = sum(1 for _ in catalog.probes()) - len(catalog.canaries)
    counts = f"{len(catalog.services)} services, {probes} sondes, {len(catalog.canaries)} témoins"
    out.print(f"{path} : {counts}. Tout est en ordre.")
    return FINE


@cli.command()
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
    return FINE


@cli.command("rehearse")
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
) -> int:
    """Rejouer une journée écrite à travers toute la machine, sans aucun réseau."""
    wish = rehearse.Wish(
        scenario, speed=speed, between=tuple(between or ()), serve=serve, send=send, json=shape is Shape.JSON
    )
    return rehearse.run(app.settings(config=config, port=port), wish, err)


@books.command("upgrade")
@explained
def db_upgrade() -> int:
    """Créer les registres ou les mettre au schéma de ce programme."""
    upgrade(app.settings().database_url, "real", app.clock())
    out.print("Les registres sont à jour.")
    return FINE


@books.command("check")
@explained
def db_check() -> int:
    """Contrôler l'intégrité des registres. Code 1 si quelque chose y est abîmé."""
    troubles = check(app.settings().database_url)
    for trouble in troubles:
        err.print(trouble, markup=False)
    if not troubles:
        out.print("Les registres sont intègres.")
    return NO if troubles else FINE


@cli.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Le numéro de version.", is_eager=True)] = False,
) -> None:
    """Vigie veille sur les services numériques des écoles françaises."""
    if version:
        out.print(f"vigie {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        out.print(context.get_help())


def main() -> None:
    """Entry point of the console script."""
    cli()


if __name__ == "__main__":
    main()
