"""What `vigie export` was asked for, looked at as a whole: every mistake of the command line at once."""

import os
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from monitor.commands.concerned import known_id
from monitor.config.os_words import os_reason
from monitor.config.problem import typeset
from monitor.domain.catalog import Service
from monitor.domain.uptime import Hours
from monitor.exports.books import Choice
from monitor.exports.columns import LANGUAGES
from monitor.exports.days import By, Piece, pieces
from monitor.exports.formats import Dress, Format
from monitor.exports.tables import What

T = TypeVar("T")
_TOLD = 10  # mistakes about files: a month of them says nothing more


@dataclass(frozen=True, slots=True)
class Wish:
    """The words of the command line; None or False where they were not said."""

    what: What
    dress: Dress
    services: tuple[str, ...]
    territory: str | None
    operator: str | None
    fleet: str | None
    hours: Hours | None
    by: By | None
    split: By | None
    output: Path | None
    force: bool

    @property
    def chosen(self) -> bool:
        """Whether less than everything was asked for."""
        return bool(self.services) or any(one is not None for one in (self.territory, self.operator, self.fleet))

    @property
    def in_words(self) -> dict[str, str]:
        """What of everything was asked for."""
        said = {
            "service": " ".join(self.services),
            "territory": self.territory,
            "operator": self.operator,
            "fleet": self.fleet,
            "hours": self.hours,
            "by": self.by or (By.PERIOD if self.what is What.AVAILABILITY else None),
        }
        return {key: str(value) for key, value in said.items() if value}


Choose = Callable[[list[str] | None, str | None, str | None], tuple[tuple[Service, ...], str | None]]
Window = Callable[[], tuple[datetime, datetime]]


def checked(
    wish: Wish, fleets: Collection[str], window: Window, choose: Choose
) -> tuple[tuple[datetime, datetime], Choice]:
    """The period and whose data it is: as `window` and `choose` say, who raise ValueError.

    Raises ValueError with one French sentence for each mistake.
    """
    troubles: list[str] = []
    period = _heard(window, troubles)
    found = _heard(lambda: choose(list(wish.services) or None, wish.territory, wish.operator), troubles)
    if wish.fleet is not None:
        known_id("--fleet", wish.fleet, fleets, troubles)
    troubles += map(typeset, _contradictions(wish))
    if wish.output is not None and period is not None:
        for _, path in files(wish, *period):
            troubles += _unwritable(path, force=wish.force)
            if len(troubles) > _TOLD:
                break
    if troubles or period is None or found is None:
        raise ValueError("\n".join(dict.fromkeys(troubles)))
    return period, Choice(*found, wish.fleet, wish.hours, everything=not wish.chosen)


def files(wish: Wish, since: datetime, until: datetime) -> Iterator[tuple[Piece, Path]]:
    """The files to write and the period of each: one, or with `--split` one a day or month (``obs-2026-11.csv``)."""
    assert wish.output is not None
    for one in pieces(wish.split or By.PERIOD, since, until):
        path = wish.output
        yield one, path if wish.split is None else path.with_name(f"{path.stem}-{one.name}{path.suffix}")


def _contradictions(wish: Wish) -> list[str]:
    """What of the options does not go together."""
    dress, fleet = wish.dress, wish.fleet is not None
    found = [
        (dress.raw and dress.format is not Format.CSV, "--raw : pour le CSV seulement."),
        (dress.language not in LANGUAGES, "--lang : écrivez fr ou en."),
        (
            fleet and wish.what is not What.OBSERVATIONS,
            "--fleet : seules les observations d’une flotte s’exportent. Écrivez « vigie export observations ».",
        ),
        (
            fleet and bool(wish.services or wish.territory or wish.operator),
            "--fleet : une flotte s’exporte seule. Retirez --service, --territory et --operator.",
        ),
        (fleet and wish.hours is Hours.SCHOOL, "--fleet : ses établissements n’ont pas --hours school. Retirez l’un."),
        (
            wish.hours is not None and wish.what in {What.SPANS, What.INCIDENTS},
            "--hours : pour les observations et la disponibilité seulement. Retirez cette option.",
        ),
        (
            wish.by is not None and wish.what is not What.AVAILABILITY,
            "--by : pour la disponibilité seulement. Pour plusieurs fichiers, --split day ou --split month.",
        ),
        (wish.split is not None and wish.output is None, "--split : ajoutez --output FICHIER."),
        (wish.split is By.PERIOD, "--split : écrivez day ou month."),
        (
            wish.output is None and not dress.harmless and sys.stdout.isatty(),
            "Ce format n’est pas fait pour un terminal. Ajoutez --output FICHIER, ou dirigez la sortie ailleurs.",
        ),
    ]
    return [sentence for wrong, sentence in found if wrong]


def _unwritable(path: Path, *, force: bool) -> Iterator[str]:
    folder = path.parent
    if path.is_dir():
        yield typeset(f"--output : {path} est un dossier. Donnez un nom de fichier.")
    elif path.exists() and not force:
        yield typeset(f"--output : {path} existe déjà. Ajoutez --force pour le remplacer, ou donnez un autre nom.")
    if not folder.is_dir():
        yield typeset(f"--output : le dossier {folder} n’existe pas. Créez-le, ou donnez un autre chemin.")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield typeset(f"--output : {folder} : {os_reason(PermissionError(13, ''))}. Donnez un dossier où écrire.")


def _heard(ask: Callable[[], T], troubles: list[str]) -> T | None:
    try:
        return ask()
    except ValueError as trouble:
        troubles.append(str(trouble))
        return None
