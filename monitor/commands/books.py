"""`vigie db`: the books, their schema and their integrity."""

import typer

from monitor import app
from monitor.commands.base import FINE, NO, err, explained, out
from monitor.commands.usage import Commands
from monitor.store import check, upgrade

books = typer.Typer(cls=Commands, help="Les registres : schéma et intégrité.", no_args_is_help=True)


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
        err.print(trouble)
    if not troubles:
        out.print("Les registres sont intègres.")
    return NO if troubles else FINE
