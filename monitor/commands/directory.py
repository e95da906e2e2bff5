"""`vigie directory`: import the official directory of schools, and say what is imported."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from monitor import app, terminal
from monitor.commands.base import FINE, NO, Format, Shape, err, explained, out
from monitor.commands.schools_table import show_schools
from monitor.commands.usage import Commands
from monitor.config import CatalogInvalid
from monitor.config.directory_official import read_official
from monitor.config.directory_table import DirectoryInvalid, Imported, load_directory, save_directory
from monitor.config.os_words import os_reason
from monitor.config.problem import typeset
from monitor.config.territories import load_territories
from monitor.domain.catalog import Audience, Level, Territory
from monitor.domain.directory import Listed, compare, pupils_of
from monitor.domain.weights import Pupils, in_people, lacking, served

AUDIENCES = {Audience.ECOLE: "Écoles", Audience.COLLEGE: "Collèges", Audience.LYCEE: "Lycées", Audience.PRIVE: "Privé"}
PLACES_SHOWN = 8

DirectoryFile = Annotated[
    Path, typer.Option("--directory", envvar="VIGIE_DIRECTORY", help="L’annuaire importé ; data/directory.csv.")
]
IMPORTED = Path("data/directory.csv")

directory = typer.Typer(
    cls=Commands, help="L’annuaire officiel des écoles : l’importer, en montrer l’état.", no_args_is_help=True
)


class Total(NamedTuple):
    """One académie, or a collectivité without one: how many schools, and pupils by audience."""

    place: Territory
    schools: int
    pupils: Counter[Audience]


@directory.command("import")
@explained
def directory_import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="L’export CSV ou JSON de fr-en-annuaire-education.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tout contrôler et montrer, sans rien écrire.")] = False,
    target: DirectoryFile = IMPORTED,
) -> int:
    """Contrôler l’annuaire officiel et le ranger ; en cas d’erreur rien n’est écrit."""
    with err.status("Vigie lit l’annuaire officiel"):
        found = read_official(file)
    read = Imported(app.clock(), found.as_of, found.directory)
    for remark in found.remarks:
        err.print(remark, style="yellow")
    before = _before(target)
    if not dry_run:
        _save(target, read)
    out.print(_table(_totals(read.directory.schools)))
    for sentence in (_dated(read), *_changes(before, read), *_weighed(pupils_of(read.directory.schools))):
        out.print(typeset(sentence))
    done = "Essai : rien n’est écrit." if dry_run else f"{target} : écrit. Relancez la veille, qui le lit à son départ."
    out.print(typeset(done))
    return FINE


@directory.command("status")
@explained
def directory_status(shape: Format = Shape.TABLE, source: DirectoryFile = IMPORTED) -> int:
    """Ce qui est importé, de quel jour, avec les totaux par académie ; et si les effectifs pèsent."""
    read = load_directory(source)
    if read is None:
        get = "Téléchargez fr-en-annuaire-education, puis « vigie directory import FICHIER »."
        err.print(typeset(f"Aucun annuaire importé ({source}) : la pondération est par département. {get}"))
        return NO
    totals = _totals(read.directory.schools)
    if shape is Shape.JSON:
        print(json.dumps(_as_json(read, totals), ensure_ascii=False, indent=1))
        return FINE
    out.print(_table(totals))
    for sentence in (_dated(read), *_weighed(pupils_of(read.directory.schools))):
        out.print(typeset(sentence))
    return FINE


@directory.command("search")
@explained
def directory_search(
    words: Annotated[list[str], typer.Argument(metavar="MOTS", help="Un UAI, ou des mots du nom et de la commune.")],
    shape: Format = Shape.TABLE,
    source: DirectoryFile = IMPORTED,
) -> int:
    """Retrouver une école, et dire quels services du catalogue la servent."""
    read = load_directory(source)
    if read is None:
        raise ValueError(typeset(f"Aucun annuaire importé ({source}) : « vigie directory import FICHIER » d’abord."))
    found = read.directory.search(" ".join(words))
    if not found and shape is Shape.TABLE:
        err.print(typeset("Aucune école de ce nom. Essayez moins de mots, ou leur début seulement."))
    show_schools(found, app.configured(app.settings()).catalog, shape)
    return FINE if found else NO


def _before(target: Path) -> Imported | None:
    """What was imported until now; a spoilt file is said, and replaced."""
    try:
        return load_directory(target)
    except DirectoryInvalid as trouble:
        err.print(str(trouble), style="yellow")
        return None


def _save(target: Path, read: Imported) -> None:
    try:
        save_directory(target, read)
    except OSError as error:
        said = typeset(f"{target} : écriture impossible ({os_reason(error)}). L’ancien fichier est intact.")
        raise ValueError(said) from error


def _totals(schools: Iterable[Listed]) -> list[Total]:
    """Totals in the order of the territories, empty ones left out."""
    places = load_territories()
    found: dict[str, Total] = {}
    for one in schools:
        home = places[one.place]
        above = places[home.parent or "N"]
        owner = above if above.level is Level.ACADEMIE else home
        total = found.get(owner.code, Total(owner, 0, Counter()))
        total.pupils[one.audience] += one.pupils or 0
        found[owner.code] = total._replace(schools=total.schools + 1)
    return [found[code] for code in places if code in found]


def _table(totals: list[Total]) -> Table:
    table = Table("Académie", "Établissements", *AUDIENCES.values(), box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    whole = Counter[Audience]()
    for one in totals:
        whole.update(one.pupils)
        table.add_row(one.place.name, _number(one.schools), *(_number(one.pupils[each]) for each in AUDIENCES))
    everything = (_number(sum(one.schools for one in totals)), *(_number(whole[each]) for each in AUDIENCES))
    table.add_row("Ensemble", *everything, style="bold")
    return table


def _dated(read: Imported) -> str:
    day = f"à jour au {read.as_of:%d/%m/%Y}" if read.as_of else "sans date"
    at = read.at.astimezone(terminal.PARIS)
    pupils = _number(sum(one.pupils or 0 for one in read.directory.schools))
    return f"{_number(len(read.directory.schools))} écoles, {pupils} élèves ; annuaire {day}, lu le {at:%d/%m/%Y}."


def _changes(before: Imported | None, read: Imported) -> Iterable[str]:
    if before is None:
        return
    old, new = before.directory.schools, read.directory.schools
    found = compare(old, new)
    if not found:
        yield "Rien n’a changé depuis le dernier import."
        return
    more = sum(one.pupils or 0 for one in new) - sum(one.pupils or 0 for one in old)
    sign = "+" if more >= 0 else "\u2212"
    counted = f"{_number(found.added)} ajoutées, {_number(found.removed)} retirées, {_number(found.changed)} modifiées"
    yield f"Écoles, depuis le dernier import : {counted} ; élèves : {sign}{_number(abs(more))}."


def _weighed(pupils: Pupils) -> Iterable[str]:
    """Whether these numbers weigh the services of the catalogue, and if not, what is lacking."""
    try:
        cells = served(app.configured(app.settings()).catalog)
    except CatalogInvalid:
        yield "Le catalogue a des erreurs (« vigie validate ») : la pondération ne peut pas être dite."
        return
    names = load_territories()
    absent = list(dict.fromkeys(names[code].name for code, _ in lacking(cells, pupils)))
    if absent:
        rest = len(absent) - PLACES_SHOWN
        shown = ", ".join(absent[:PLACES_SHOWN]) + (f" et {rest} autres" if rest > 0 else "")
        lack = f"il manque des effectifs d’écoles, de collèges ou de lycées ({shown})"
        yield f"La pondération reste par département : {lack}."
    elif in_people(cells, pupils):
        yield "Les effectifs pèsent : la pondération du catalogue est par élèves."


def _as_json(read: Imported, totals: list[Total]) -> dict[str, object]:
    pupils = pupils_of(read.directory.schools)
    return {
        "imported_at": read.at.isoformat().replace("+00:00", "Z"),
        "as_of": read.as_of.isoformat() if read.as_of else None,
        "schools": len(read.directory.schools),
        "pupils": sum(pupils.values()),
        "academies": [
            {
                "code": one.place.code,
                "name": one.place.name,
                "schools": one.schools,
                "pupils": {each.value: one.pupils[each] for each in AUDIENCES},
            }
            for one in totals
        ],
    }


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
