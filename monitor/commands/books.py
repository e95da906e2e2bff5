"""`vigie db`: the books, their schema, their integrity, their size and their copies."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from monitor import __version__, app
from monitor.commands.base import FINE, NO, Format, Shape, err, explained, out
from monitor.commands.shown import in_paris
from monitor.commands.usage import Commands
from monitor.config.problem import typeset
from monitor.domain.snapshot import instant
from monitor.store import DatabaseWrongKind, back_up, check, facts, restore, upgrade
from monitor.store.facts import Facts
from monitor.store.manifest import Manifest, Step, Told
from monitor.terminal import PARIS

books = typer.Typer(cls=Commands, help="Les registres : schéma, intégrité, taille, sauvegardes.", no_args_is_help=True)

_STEPS = {Step.COPY: "Copie", Step.VERIFY: "Contrôle de la copie"}
_UNITS = ("octets", "Kio", "Mio", "Gio")


@books.command("upgrade")
@explained
def db_upgrade() -> int:
    """Créer les registres ou les mettre au schéma de ce programme."""
    url, now = app.settings().database_url, app.clock()
    try:
        upgrade(url, "real", now)
    except DatabaseWrongKind:  # those of a rehearsal stay a rehearsal's
        upgrade(url, "rehearsal", now)
    out.print("Les registres sont à jour.")
    return FINE


@books.command("check")
@explained
def db_check() -> int:
    """Contrôler l’intégrité des registres. Code 1 si quelque chose y est abîmé."""
    troubles = check(app.settings().database_url)
    for trouble in troubles:
        err.print(trouble)
    if not troubles:
        out.print("Les registres sont intègres.")
    return NO if troubles else FINE


@books.command("backup")
@explained
def db_backup(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="À créer ; il n’a ce nom qu’une fois entier.")],
) -> int:
    """Copier les deux registres pendant que Vigie tourne. Le dossier contient des adresses : gardez-le en lieu sûr."""
    with _progress() as told:
        made = back_up(app.settings().database_url, folder, __version__, app.clock(), told)
    out.print(typeset(f"Sauvegarde entière et contrôlée : {folder} ({_size(made.bytes)}, schémas {_schemas(made)})."))
    return FINE


@books.command("restore")
@explained
def db_restore(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Une sauvegarde de « vigie db backup ».")],
) -> int:
    """Rétablir une sauvegarde là où il n’y a pas encore de registres, puis les mettre au schéma de ce programme."""
    settings = app.settings()
    with _progress() as told:
        made = restore(settings.database_url, folder, app.clock(), told)
    out.print(typeset(f"Registres rétablis tels qu’ils étaient le {in_paris(made.begun_at)} ({_size(made.bytes)})."))
    return FINE


@books.command("status")
@explained
def db_status(
    tables: Annotated[bool, typer.Option("--tables", help="Taille de chaque table ; lit tout le fichier.")] = False,
    shape: Format = Shape.TABLE,
) -> int:
    """Le schéma et la taille des registres, et depuis quand les réponses brutes sont gardées."""
    found = facts(app.settings().database_url, tables=tables)
    if shape is Shape.JSON:
        print(json.dumps(_plain(found)))
        return FINE
    for book, one in found.books.items():
        behind = "" if one.schema == one.known else f", ce programme attend {one.known} : lancez « vigie db upgrade »"
        out.print(typeset(f"{book.value} : {_size(one.bytes)}, schéma {one.schema}{behind}"))
        for name, size in sorted(one.tables.items(), key=lambda pair: -pair[1]) if tables else ():
            out.print(f"  {name:<20} {_size(size):>12}")
    if found.oldest is None or found.newest is None:
        out.print("Aucune réponse brute.")
    else:
        days = f"{_days(found)} jour{'s' if _days(found) > 1 else ''} (de Paris)"
        out.print(typeset(f"Réponses brutes : du {in_paris(found.oldest)} au {in_paris(found.newest)}, sur {days}."))
    return FINE


@contextmanager
def _progress() -> Iterator[Told]:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks: dict[Step, TaskID] = {}

        def told(step: Step, done: int, whole: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(_STEPS[step])
            progress.update(tasks[step], completed=done, total=whole)

        yield told


def _schemas(made: Manifest) -> str:
    return ", ".join(f"{book.value} {copy.schema}" for book, copy in made.books.items())


def _size(count: float) -> str:
    power = 0
    while count >= 1024 and power < len(_UNITS) - 1:
        count, power = count / 1024, power + 1
    return f"{count:.{0 if power == 0 else 1}f}\u202f{_UNITS[power]}".replace(".", ",")


def _days(found: Facts) -> int:
    """Days of Paris from the oldest to the newest answer, both counted; 0 without an answer."""
    if found.oldest is None or found.newest is None:
        return 0
    return (found.newest.astimezone(PARIS).date() - found.oldest.astimezone(PARIS).date()).days + 1


def _plain(found: Facts) -> dict[str, object]:
    return {
        "books": {
            book.value: {"schema": one.schema, "known": one.known, "bytes": one.bytes, "tables": dict(one.tables)}
            for book, one in found.books.items()
        },
        "oldest": None if found.oldest is None else instant(found.oldest),
        "newest": None if found.newest is None else instant(found.newest),
        "days": _days(found),
    }
