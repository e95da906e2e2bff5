"""The files of open data: what the nightly work wrote beside an index, and which of them may be handed out."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

INDEX = "index.json"
PROOF = ".seals.json"
INDEX_MOST = 8 << 20  # bytes: some 20,000 files
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dump:
    """One file: what of which days (of Paris, `until` not included) in which format, and its digest.

    `package` is the name of the file that describes its columns, None where there is none.
    """

    name: str
    what: str
    since: str
    until: str
    format: str
    size: int
    sha256: str
    rows: int | None
    package: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file, as its description has it; empty where nothing is said."""

    name: str
    kind: str
    title: str
    says: str
    unit: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The index as it stands. `columns`: of each kind of file (`what`), as the newest description has them."""

    made_at: str
    licence: str
    method: str
    files: tuple[Dump, ...]
    columns: Mapping[str, tuple[Column, ...]]


class Dumps:
    """The folder, read again whenever its index changes. Never raises: a folder that cannot be read holds nothing."""

    def __init__(self, folder: Path | None) -> None:
        """None: this Vigie makes no files."""
        self._folder, self._lock = folder, Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._listed: Listed | None = None

    def listed(self) -> Listed | None:
        """What there is; None where there is no index, or none that can be understood."""
        if self._folder is None:
            return None
        with self._lock:
            try:
                about = (self._folder / INDEX).stat()
                stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
                if stamp != self._stamp:
                    self._listed, self._stamp = self._read(self._folder), stamp
            except FileNotFoundError:
                self._listed = self._stamp = None
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("Les fichiers de données ouvertes ne peuvent pas être lus\u00a0: %s", error)
                self._listed = self._stamp = None
            return self._listed

    def path_of(self, name: str) -> tuple[Path, Dump | None] | None:
        """Where a file stands that the index names, and what the index says of it (nothing of a description).

        None for whatever else: a link, a folder, what lies elsewhere.
        """
        listed = self.listed()
        if listed is None or self._folder is None or not _NAME.fullmatch(name):
            return None
        found = next((one for one in listed.files if one.name == name), None)
        if found is None and name != INDEX and name not in {beside for one in listed.files for beside in _beside(one)}:
            return None
        path = self._folder / name
        return (path, found) if path.is_file() and not path.is_symlink() else None

    def proof_of(self, name: str) -> str | None:
        """The name of the proof that stands beside a file, None where there is none."""
        proof = f"{name}{PROOF}"
        return proof if self.path_of(proof) is not None else None

    def _read(self, folder: Path) -> Listed:
        raw = json.loads(_limited(folder / INDEX))
        files = tuple(one for one in map(_dump, raw["files"]) if _NAME.fullmatch(one.name))
        files = tuple(sorted(files, key=lambda one: (one.since, one.what, one.format), reverse=True))
        columns: dict[str, tuple[Column, ...]] = {}
        for one in files:
            if one.what not in columns and one.package is not None and _NAME.fullmatch(one.package):
                columns[one.what] = _columns(folder / one.package)
        made, licence, method = (str(raw.get(key) or "") for key in ("made_at", "licence", "method"))
        return Listed(made, licence, method, files, {what: found for what, found in columns.items() if found})


def last_day(name: str) -> str | None:
    """The last day that a name holds (``2026-11-24``); None where it holds none."""
    return max(_DAY.findall(name), default=None)


def _beside(one: Dump) -> tuple[str, ...]:
    proof = f"{one.name}{PROOF}"
    return (proof,) if one.package is None else (proof, one.package)


def _dump(raw: Mapping[str, Any]) -> Dump:
    rows, package = raw.get("rows"), raw.get("package")
    return Dump(
        name=str(raw["name"]),
        what=str(raw["what"]),
        since=str(raw["from"]),
        until=str(raw["to"]),
        format=str(raw["format"]),
        size=int(raw["bytes"]),
        sha256=str(raw["sha256"]).lower(),
        rows=None if rows is None else int(rows),
        package=package if isinstance(package, str) else None,
    )


def _columns(path: Path) -> tuple[Column, ...]:
    """The columns of a data package's first resource; none where it cannot be understood."""
    try:
        fields = json.loads(_limited(path))["resources"][0]["schema"]["fields"]
        # A file for people has French names in its head; `key` is then the stable one.
        named = (one | {"name": one.get("key") or one["name"]} for one in fields)
        keys = ("name", "type", "title", "description", "unit")
        return tuple(Column(*(str(one.get(key) or "") for key in keys)) for one in named)
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        log.warning("La description d’un fichier ne peut pas être lue\u00a0: %s", error)
        return ()


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        found = file.read(INDEX_MOST + 1)
    if len(found) > INDEX_MOST:
        raise ValueError(f"{path.name} dépasse {INDEX_MOST} octets.")
    return found
