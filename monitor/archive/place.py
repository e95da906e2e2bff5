"""Where the archive keeps a day, and what can be wrong with it."""

from datetime import date
from pathlib import Path


class ArchiveTrouble(ValueError):  # noqa: N818 - named for what it says
    """A file of the archive cannot be used; the message is a French sentence that names it and the mend."""


def file_of(folder: Path, day: date) -> Path:
    """The file of a day of Paris: ``2021/observations-2021-04-06.parquet`` below the folder."""
    return folder / f"{day:%Y}" / f"observations-{day.isoformat()}.parquet"


def is_empty(folder: Path) -> bool:
    """Whether no day lies there; so it is of a folder that is not there, or on which nothing is mounted."""
    return next(folder.glob("*/observations-*.parquet"), None) is None


def absent(path: Path) -> ArchiveTrouble:
    """What to raise for a day that was let go, while the folder of its file is empty."""
    return ArchiveTrouble(
        f"{path}\u00a0: le registre n’a plus les mesures de ce jour, et le dossier d’archive est vide ou absent. "
        "Rattachez-le (VIGIE_ARCHIVE_DIR), ou demandez une période plus récente."
    )


def damaged(path: Path) -> ArchiveTrouble:
    """What to raise for a file that cannot be read."""
    return ArchiveTrouble(
        f"{path}\u00a0: archive illisible ou abîmée. Rétablissez-la d’une sauvegarde, ou retirez-la si le registre "
        "tient encore ce jour-là\u00a0: elle sera refaite la nuit suivante."
    )


def different(path: Path) -> ArchiveTrouble:
    """What to raise for a file that holds something else than what is to be written there."""
    return ArchiveTrouble(
        f"{path}\u00a0: cette archive dit autre chose que le registre. Elle n’est pas remplacée. Gardez-la de côté et "
        "cherchez laquelle a été modifiée («\u00a0vigie verify\u00a0» le dit)."
    )


def foreign(path: Path) -> ArchiveTrouble:
    """What to raise for a file of another book."""
    return ArchiveTrouble(
        f"{path}\u00a0: cette archive vient d’un autre registre. Donnez à celui-ci un dossier à lui par "
        "VIGIE_ARCHIVE_DIR."
    )
