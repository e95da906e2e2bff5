"""The command line `vigie`: which words it knows. Each command is one thin function of `monitor.commands`."""

import sys
from typing import Annotated

import typer

from monitor import __version__
from monitor.commands import announce, evidence, explain, watch
from monitor.commands.acknowledge import acknowledge
from monitor.commands.availability import availability
from monitor.commands.backtest import backtest
from monitor.commands.base import out
from monitor.commands.books import books
from monitor.commands.calendar import calendar
from monitor.commands.directory import directory
from monitor.commands.fleet import fleets
from monitor.commands.maintenance import maintenance
from monitor.commands.recipients import recipients
from monitor.commands.silence import silence
from monitor.commands.tellings import tellings
from monitor.commands.usage import Commands, run
from monitor.commands.verify import verify

cli = typer.Typer(
    name="vigie",
    cls=Commands,
    help="Vigie veille sur les services numériques des écoles françaises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(watch.up)
cli.command()(watch.monitor)
cli.command()(watch.web)
cli.command("check")(watch.check_now)
cli.command()(watch.validate)
cli.command()(watch.status)
cli.command()(evidence.evidence)
cli.command()(evidence.gaps)
cli.command()(announce.announce)
cli.command()(acknowledge)
cli.command()(availability)
cli.command()(explain.explain)
cli.command()(backtest)
cli.command()(verify)
cli.command("rehearse")(watch.rehearse_day)
cli.add_typer(books, name="db")
cli.add_typer(calendar, name="calendar")
cli.add_typer(directory, name="directory")
cli.add_typer(fleets, name="fleet")
cli.add_typer(maintenance, name="maintenance")
cli.add_typer(recipients, name="recipients")
cli.add_typer(silence, name="silence")
cli.add_typer(tellings, name="tellings")


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
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
