"""The directory as Vigie keeps it: a line that dates it, then one CSV line a school."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from monitor.config.problem import FileInvalid
from monitor.config.schools import Schools, whom_it_has
from monitor.config.territories import uai_prefixes
from monitor.domain.catalog import Audience
from monitor.domain.directory import Directory, Listed, pupils_of
from monitor.domain.weights import Pupils

COLUMNS = ("uai", "name", "town", "place", "level", "sector", "pupils")

_MARK, _VERSION = "vigie-directory", "1"
_LEVELS = {one.value: one for one in (Audience.ECOLE, Audience.COLLEGE, Audience.LYCEE)}
_SECTORS = {"prive": True, "public": False, "": None}


class DirectoryInvalid(FileInvalid):
    """A directory cannot be read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported: when (aware, UTC), of which day (None where the file does not say), and the schools."""

    at: datetime
    as_of: date | None
    directory: Directory


def load_directory(path: Path) -> Imported | None:
    """The directory that was imported, None where there is none. Raises DirectoryInvalid, OSError."""
    if not path.exists():
        return None
    with _opened(path) as (at, as_of, schools):
        return Imported(at, as_of, Directory(schools))


def load_pupils(path: Path) -> Pupils | None:
    """The numbers of pupils alone, summed as they are read; None without a file. Raises DirectoryInvalid, OSError."""
    if not path.exists():
        return None
    with _opened(path) as (_, __, schools):
        return pupils_of(schools)


def load_schools(path: Path) -> Schools:
    """Where each school is and whom it has, and nothing else; without a file nobody knows. Raises as `load_pupils`."""
    if not path.exists():
        return Schools()
    # A few hundred pairs for 60,000 schools: each is kept once.
    pairs: dict[tuple[str, tuple[Audience, ...]], tuple[str, tuple[Audience, ...]]] = {}
    with _opened(path) as (_, __, schools):
        found = {}
        for one in schools:
            pair = (one.place, whom_it_has(one.level, private=one.private))
            found[one.uai] = pairs.setdefault(pair, pair)
    return Schools(found)


def save_directory(path: Path, imported: Imported) -> None:
    """Write it in one move: a reader sees the old file or the new one. Raises OSError, the old file being kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            _write(file, imported)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write(file: TextIO, imported: Imported) -> None:
    writer = csv.writer(file, lineterminator="\n")
    schools, as_of = imported.directory.schools, imported.as_of
    writer.writerow((_MARK, _VERSION, imported.at.isoformat(), as_of.isoformat() if as_of else "", len(schools)))
    writer.writerow(COLUMNS)
    sectors = {value: word for word, value in _SECTORS.items()}
    for one in schools:
        pupils = "" if one.pupils is None else one.pupils
        writer.writerow((one.uai, one.name, one.town, one.place, one.level.value, sectors[one.private], pupils))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[datetime, date | None, Iterator[Listed]]]:
    """The dates of a file, and its schools one by one. Nobody edits it: whatever is odd means that it is spoilt."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            mark, version, at, as_of, count = next(reader, [""] * 5)
            if (mark, version) != (_MARK, _VERSION) or tuple(next(reader, ())) != COLUMNS:
                raise ValueError
            imported_at = datetime.fromisoformat(at)
            yield imported_at, date.fromisoformat(as_of) if as_of else None, _schools(reader, int(count))
    except (ValueError, KeyError, csv.Error) as error:
        said = "fichier abîmé, ou d’une autre version de Vigie → refaites « vigie directory import »"
        raise DirectoryInvalid(str(path), [said]) from error


def _schools(reader: Iterator[list[str]], count: int) -> Iterator[Listed]:
    """Raises ValueError or KeyError where a line, or their number, is not what was written."""
    places = {code: code for code in uai_prefixes().values()}
    read = 0
    for uai, name, town, place, level, sector, pupils in reader:
        read += 1
        number = int(pupils) if pupils else None
        yield Listed(uai, name, town, places[place], _LEVELS[level], _SECTORS[sector], number)
    if read != count:
        raise ValueError(f"{read} lines of {count}")
