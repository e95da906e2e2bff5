"""`vigie export`: what the books hold, as files for people's spreadsheets and for machines."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.progress import Progress

from monitor import __version__, app
from monitor.backtest import held
from monitor.commands.backtest import FirstDay, LastDay
from monitor.commands.base import FINE, NO, ConfigFile, err, explained, out
from monitor.commands.export_wish import Wish, checked, files
from monitor.commands.selected import InTerritory, OperatedBy, Services, chosen_services
from monitor.commands.window import window
from monitor.config.directory_table import load_pupils
from monitor.config.os_words import os_sentence
from monitor.config.problem import typeset
from monitor.domain.method import METHOD
from monitor.domain.rollup import survey
from monitor.domain.uptime import Hours
from monitor.exports.about import About
from monitor.exports.books import Books, corrected_seals, probes_of, rows_of, seals_of, unproved_days
from monitor.exports.days import By, Piece, pieces
from monitor.exports.delivery import deliver
from monitor.exports.formats import Dress, Format
from monitor.exports.saving import Order, RowsOf, Saved, begun, stream
from monitor.exports.tables import What
from monitor.reports.availability import known_until
from monitor.store import open_desk_reader, open_reader

Sealed = Callable[[datetime, datetime], Mapping[str, str]]
Unproved = Callable[[datetime, datetime], Sequence[date]]
Wanted = Annotated[What, typer.Argument(metavar="QUOI", help="observations, spans, incidents ou availability.")]
AsFormat = Annotated[Format, typer.Option("--format", help="csv, json (lignes), parquet ou xlsx.")]
Raw = Annotated[bool, typer.Option("--raw", help="CSV pour les machines : clés anglaises, virgule, textes exacts.")]
Lang = Annotated[str, typer.Option("--lang", metavar="fr|en", help="Langue des titres, pour les gens.")]
OfHours = Annotated[Hours | None, typer.Option("--hours", help="all ou school ; sinon toutes, ou les deux chiffres.")]
CutBy = Annotated[By | None, typer.Option("--by", help="Disponibilité : par day, month ou period.")]
Split = Annotated[By | None, typer.Option("--split", help="Un fichier par day ou month.")]
OfFleet = Annotated[
    str | None, typer.Option("--fleet", metavar="ID", help="Les établissements de cette flotte, pour vous.")
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FICHIER", help="Sinon la sortie standard.")]
Force = Annotated[bool, typer.Option("--force", help="Remplacer un fichier qui existe.")]


@dataclass(frozen=True, slots=True)
class Given:
    """The rows, what they can be verified by and on which days not, and which books and probes they are of."""

    rows: RowsOf
    sealed: Sealed
    unproved: Unproved
    origin: str


class Stopped(Exception):  # noqa: N818 - named for what it says
    """Somebody asked the program to end (SIGTERM)."""


@explained
def export(  # noqa: PLR0917 - typer reads options as parameters
    what: Wanted,
    since: FirstDay,
    until: LastDay,
    services: Services = None,
    territory: InTerritory = None,
    operator: OperatedBy = None,
    fleet: OfFleet = None,
    hours: OfHours = None,
    by: CutBy = None,
    split: Split = None,
    shape: AsFormat = Format.CSV,
    raw: Raw = False,
    lang: Lang = "fr",
    output: Output = None,
    force: Force = False,
    config: ConfigFile = None,
) -> int:
    """Exporter observations, états, incidents ou disponibilité. Code 1 si l’export n’a pas pu s’achever."""
    dress = Dress(shape, raw, lang)
    wish = Wish(what, dress, tuple(services or ()), territory, operator, fleet, hours, by, split, output, force)
    now = app.clock()
    settings = app.settings(config=config)
    configured = app.configured(settings)
    with (
        closing(open_reader(settings.database_url)) as reader,
        closing(open_desk_reader(settings.database_url)) as desk,
    ):
        identity = reader.identity()
        rehearsal = identity is not None and identity.kind == "rehearsal"
        country = held(identity, configured, settings)
        # Rehearsals are weighed without the directory, as they were played (docs/operating.md).
        ground = survey(country.catalog, None if rehearsal else load_pupils(settings.directory))
        asked = partial(window, since, until, now, last_day_whole=False)
        choose = partial(chosen_services, country.catalog, ground)
        (begin, end), choice = checked(wish, configured.fleets, asked, choose)
        about = About(
            what,
            begin,
            end,
            choice=wish.in_words,
            made_at=now,
            program=__version__,
            method=METHOD,
            source=settings.public_url,
            rehearsal=rehearsal,
            known=known_until(reader, now),
        )
        books = Books(reader, desk, country.catalog, ground, country.timetable.clock_of, now, settings.archive_dir)
        people = dress.for_people
        sealed = partial(seals_of, books, what, choice) if not people else _without_seals
        unproved = partial(unproved_days, books, what, choice) if not people else _without_proof
        # What was begun before answers came late to one of its days is not gone on with: no seal would be that of both.
        origin = f"{identity} {sorted(probes_of(reader, choice))} {corrected_seals(reader, begin, end)}"
        return _written(wish, about, Given(rows_of(books, what, choice), sealed, unproved, origin))


def _written(wish: Wish, about: About, given: Given) -> int:
    """Write what was asked for; NO where the disk, the pipe or somebody stopped it."""
    try:
        with _obeying_a_stop(), Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            if wish.output is None:
                _to_stdout(wish, about, given, progress)
            else:
                for saved in _to_files(wish, about, given, progress):
                    some = "lignes" if saved.rows > 1 else "ligne"
                    out.print(typeset(f"{saved.path} : {saved.rows} {some}, {saved.bytes} octets"))
                if days := given.unproved(about.since, about.until):
                    out.print(typeset(_unproved(days)))
    except BrokenPipeError:
        raise  # whoever reads has left: typer ends quietly
    except OSError as trouble:
        err.print(os_sentence(trouble))
    except Stopped:
        err.print("Arrêté à la demande du système.")
    else:
        return FINE
    err.print(_left(wish, about))
    return NO


def _without_seals(_since: datetime, _until: datetime) -> Mapping[str, str]:
    """Beside a file for people, whose instants are rounded: what was sealed is more exact."""
    return {}


def _without_proof(_since: datetime, _until: datetime) -> Sequence[date]:
    """A file for people is not made to be verified on any day."""
    return ()


def _unproved(days: Sequence[date]) -> str:
    last = (
        ""
        if len(days) == 1
        else f" (et {len(days) - 1} autre{'s' if len(days) > 2 else ''}, jusqu’au {days[-1]:%d/%m/%Y})"
    )
    return (
        f"Remarque : le {days[0]:%d/%m/%Y}{last} n’est pas scellé, ou pas en entier dans l’export : ses lignes ne se "
        "vérifieront pas. Un jour se scelle la nuit d’après ; exportez alors de nouveau, des jours entiers."
    )


def _to_stdout(wish: Wish, about: About, given: Given, progress: Progress) -> None:
    inner = _inner(wish, Piece("", about.since, about.until))
    task = progress.add_task("Vigie exporte", total=len(inner))
    stream(sys.stdout.buffer, Order(about, wish.dress, inner, given.rows, lambda: progress.advance(task)))
    sys.stdout.buffer.flush()


def _to_files(wish: Wish, about: About, given: Given, progress: Progress) -> Iterator[Saved]:
    whole = [(path, piece, _inner(wish, piece)) for piece, path in files(wish, about.since, about.until)]
    task = progress.add_task("Vigie exporte", total=sum(len(inner) for _, _, inner in whole))
    for path, piece, inner in whole:
        part = replace(about, since=piece.since, until=piece.until)
        order = Order(part, wish.dress, inner, given.rows, lambda: progress.advance(task), given.origin)
        yield deliver(path, order, partial(given.sealed, piece.since, piece.until))


def _inner(wish: Wish, piece: Piece) -> list[Piece]:
    """What is read at a time: of answers a day, of figures whatever they are of, of anything else all."""
    by = {What.OBSERVATIONS: By.DAY, What.AVAILABILITY: wish.by or By.PERIOD}.get(wish.what, By.PERIOD)
    return list(pieces(by, piece.since, piece.until))


def _left(wish: Wish, about: About) -> str:
    """What an export that was stopped leaves behind."""
    if wish.output is None:
        return "L’export n’est pas complet."
    if any(begun(path) for _, path in files(wish, about.since, about.until)):
        return typeset("Aucun fichier incomplet sous son nom. La même commande reprend après le dernier jour entier.")
    return "Aucun fichier incomplet sous son nom. Relancez la même commande."


@contextmanager
def _obeying_a_stop() -> Iterator[None]:
    """SIGTERM as an exception, so that what was begun is tidied up."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
