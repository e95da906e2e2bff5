"""`vigie report`: the availability report of a service or a territory, one printable file or its figures."""

import json
import sys
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor import app
from monitor.backtest import held
from monitor.commands.base import FINE, NO, ConfigFile, err, explained
from monitor.commands.report_wish import Wish, asked
from monitor.commands.report_words import surroundings
from monitor.commands.selected import InTerritory, Services
from monitor.config.directory_table import load_pupils
from monitor.domain.rollup import survey
from monitor.dossier.measured import measure
from monitor.dossier.page import page
from monitor.dossier.twin import digest_of, figures_of, twin
from monitor.exports.saving import save_text
from monitor.reports.availability import known_until
from monitor.reports.figures import Basis
from monitor.settings import Settings
from monitor.store import Identity, open_desk_reader, open_reader


class Wanted(StrEnum):
    """How a report is written."""

    HTML = "html"
    JSON = "json"


class Language(StrEnum):
    """What it is written in."""

    FR = "fr"


Month = Annotated[str | None, typer.Option("--month", metavar="AAAA-MM", help="Ce mois, comparé au précédent.")]
Begin = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Ou depuis ce jour (de Paris).")]
End = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Jour où s’arrêter, non compris.")]
ContractPath = Annotated[
    Path | None,
    typer.Option("--contract", metavar="FICHIER", help="La clause du contrat (docs/contract.example.yaml)."),
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FICHIER", help="Sinon la sortie standard.")]
Force = Annotated[bool, typer.Option("--force", help="Remplacer un fichier qui existe.")]
AsFormat = Annotated[Wanted, typer.Option("--format", help="La page (html), ou ses chiffres (json).")]
Lang = Annotated[Language, typer.Option("--lang", help="La langue de la page.")]


@explained
def report(  # noqa: PLR0917 - typer reads options as parameters
    month: Month = None,
    since: Begin = None,
    until: End = None,
    territory: InTerritory = None,
    services: Services = None,
    contract: ContractPath = None,
    output: Output = None,
    force: Force = False,
    wanted: AsFormat = Wanted.HTML,
    lang: Lang = Language.FR,  # noqa: ARG001 - French is the only one yet
    config: ConfigFile = None,
) -> int:
    """Le rapport de disponibilité d’un service ou d’un territoire, à imprimer. Code 1 si rien n’est compté."""
    if output is not None and output.exists() and not force:
        raise ValueError(f"--output\u00a0: {output} existe déjà. Donnez un autre nom, ou --force pour le remplacer.")
    wish = Wish(month, since, until, tuple(services or ()), territory, contract)
    text, counted = _made(wish, app.settings(config=config), wanted)
    if output is None:
        sys.stdout.write(text)
    else:
        save_text(output, text)
        err.print(f"Rapport écrit\u00a0: {output}")
        if not counted:
            err.print("Rien n’y est compté\u00a0: rien n’est connu de cette période.")
    return FINE if counted else NO


def _made(wish: Wish, settings: Settings, wanted: Wanted) -> tuple[str, bool]:
    """The whole file, and whether anything is counted in it."""
    now = app.clock()
    configured = app.configured(settings)
    with (
        closing(open_reader(settings.database_url)) as reader,
        closing(open_desk_reader(settings.database_url)) as desk,
    ):
        identity = reader.identity()
        country = held(identity, configured, settings)
        # Rehearsals are weighed without the directory, as they were played (docs/operating.md).
        ground = survey(country.catalog, None if _rehearsed(identity) else load_pupils(settings.directory))
        basis = Basis(reader, desk, country.catalog, country.timetable, ground, known_until(reader, now))
        found = measure(basis, reader, asked(wish, country.catalog, ground, now))
        around = surroundings(basis, (reader, desk), found, identity, now)
    figures = figures_of(found)
    sha256 = digest_of(figures)
    if wanted is Wanted.JSON:
        text = json.dumps(twin(figures, found, around, sha256), ensure_ascii=False, indent=1) + "\n"
    else:
        text = page(found, around, sha256)
    return text, found.whole.all.availability is not None


def _rehearsed(identity: Identity | None) -> bool:
    return identity is not None and identity.kind == "rehearsal"
