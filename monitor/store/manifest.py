"""What stands in a backup: a folder of one SQLite file a book, and a page that says what they are."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monitor.store.errors import StoreError
from monitor.store.place import Book
from monitor.store.values import Kind

VERSION = 1
PAGE = "backup.json"
CHUNK = 1 << 20


class BackupRefused(StoreError):  # noqa: N818 -- read as a statement, as its family is
    """A backup cannot be made there, or what lies there is no whole backup; nothing was changed."""


class Step(StrEnum):
    """What takes its time."""

    COPY = "copy"
    VERIFY = "verify"


# step; how much of it is done, of how much (pages or bytes)
Told = Callable[[Step, int, int], None]


@dataclass(frozen=True, slots=True)
class Copy:
    """One book of a backup. `schema`: its revision; `bytes`: of its file; `sha256`: of its file, in hexadecimal."""

    schema: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `begun_at`: whatever was committed before is in it; `program`: its version."""

    begun_at: datetime
    program: str
    kind: Kind
    books: Mapping[Book, Copy]

    @property
    def bytes(self) -> int:
        """Of both books."""
        return sum(copy.bytes for copy in self.books.values())


def file_of(folder: Path, book: Book) -> Path:
    """Where a book lies in a backup."""
    return folder / f"{book.value}.db"


def write_page(folder: Path, manifest: Manifest) -> None:
    """Write `backup.json`. Raises OSError."""
    page = {
        "vigie_backup": VERSION,
        "begun_at": manifest.begun_at.isoformat(),
        "program": manifest.program,
        "kind": manifest.kind,
        "books": {
            book.value: {"schema": copy.schema, "bytes": copy.bytes, "sha256": copy.sha256}
            for book, copy in manifest.books.items()
        },
    }
    (folder / PAGE).write_text(json.dumps(page, indent=1) + "\n", encoding="utf-8")


def read_page(folder: Path) -> Manifest:
    """Read `backup.json`. Raises BackupRefused unless it is whole and of a version that this program reads; OSError."""
    path = folder / PAGE
    if not path.is_file():
        raise BackupRefused(
            f"{folder} n’est pas une sauvegarde de Vigie : {PAGE} n’y est pas. Donnez le dossier entier."
        )
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
        if page["vigie_backup"] != VERSION:
            raise BackupRefused(
                f"{folder} a été sauvegardé par une version plus récente de Vigie. Mettez Vigie à jour, puis réessayez."
            )
        return _manifest(page)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(f"{path} est abîmé ou coupé. Prenez une autre sauvegarde.") from error


def _manifest(page: dict[str, Any]) -> Manifest:
    kind: Kind = "rehearsal" if page["kind"] == "rehearsal" else "real"
    found = {book: page["books"][book.value] for book in Book}
    copies = {book: Copy(str(one["schema"]), int(one["bytes"]), str(one["sha256"])) for book, one in found.items()}
    manifest = Manifest(datetime.fromisoformat(page["begun_at"]), str(page["program"]), kind, copies)
    if not all(word.isprintable() for word in (manifest.program, *(copy.schema for copy in copies.values()))):
        raise ValueError
    return manifest


def running(told: Told, step: Step, whole: int) -> Callable[[int], None]:
    """Tell of a step by the pieces that are done: each adds to those before."""
    done = 0

    def more(piece: int) -> None:
        nonlocal done
        done += piece
        told(step, done, whole)

    return more


def digest(path: Path, told: Callable[[int], None]) -> str:
    """The SHA-256 of a file, telling the length of each piece read."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
            told(len(piece))
    return found.hexdigest()


def pages_are_sound(path: Path) -> bool:
    """Whether SQLite finds every page of a file that nobody writes in order."""
    # `immutable`: neither a lock nor a journal is made beside it, so that a folder that is read-only can be verified.
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?immutable=1", uri=True)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False
