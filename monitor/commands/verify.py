"""`vigie verify`: is this export what was sealed?"""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from monitor import __version__, app
from monitor.commands.base import FINE, NO, err, explained, out
from monitor.commands.shown import visible
from monitor.commands.verified import answer, fine
from monitor.domain.claims import Claim, claims_of, published
from monitor.domain.verification import Verification
from monitor.outbound import fetch
from monitor.probes import user_agent
from monitor.reports import seals
from monitor.reports.exported import Export, document
from monitor.store import open_reader

_ENDING = ".seals.json"
_LARGEST = 256 * 1024 * 1024  # bytes of a published list: a hundred vantages over a hundred years
_OFTEN = 5000  # rows between two steps of the bar

ExportFile = Annotated[Path, typer.Argument(metavar="EXPORT", help="Un export d’observations, avec son .seals.json.")]
Roots = Annotated[
    str | None,
    typer.Option("--roots", metavar="FICHIER|ADRESSE", help="Les sceaux publiés (sceaux.json) ; sinon le registre."),
]


@explained
def verify(export: ExportFile, roots: Roots = None) -> int:
    """Contrôler un export : rien n’y est changé, ajouté, ôté ni déplacé. Code 1 s’il n’est pas ce qui fut scellé."""
    file, beside = Export(export), _beside(export)
    known = _roots(roots)
    claims = claims_of(document(beside.read_bytes()))
    if claims is None:
        out.print(f"{visible(str(beside))}\u00a0: ce n’est pas la preuve d’un export, ou elle a été modifiée.")
        return NO
    checked = Verification(claims, known)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Vigie vérifie", total=file.size)
        for count, (line, cells) in enumerate(file.rows()):
            if cells is None:
                checked.unreadable(line)
            else:
                checked.row(line, cells)
            if count % _OFTEN == 0:
                progress.update(task, completed=file.read)
    findings = checked.findings()
    for sentence in answer(checked, findings) if findings else fine(checked, claims):
        out.print(sentence)
    return NO if findings else FINE


def _beside(export: Path) -> Path:
    """The proof of an export: beside it, under its name or that of its unpacked form. Raises ValueError."""
    for name in (export.name, export.name.removesuffix(".gz")):
        if (found := export.with_name(name + _ENDING)).is_file():
            return found
    raise ValueError(
        f"{visible(export.name)}{_ENDING}\u00a0: ce fichier manque à côté de l’export, il porte sa preuve. Gardez-les "
        "ensemble\u202f; n’en ont que les observations de journées entières et scellées, en Parquet, en JSON ou en CSV "
        "--raw."
    )


def _roots(said: str | None) -> list[Claim]:
    """The published seals: of a file, of an address, or of our own books. Raises ValueError, OSError, StoreError."""
    if said is None:
        with closing(open_reader(app.settings().database_url)) as reader:
            found = published(seals.published(reader.seals()))
    elif "://" in said:
        agent = user_agent(__version__, app.settings().contact)
        with err.status("Vigie télécharge les sceaux publiés"):
            found = published(document(asyncio.run(fetch(said, user_agent=agent, largest=_LARGEST))))
    else:
        found = published(document(Path(said).read_bytes()))
    if found is None:
        raise ValueError(f"{visible(str(said))}\u00a0: ce n’est pas une liste de sceaux publiés (sceaux.json).")
    return found
