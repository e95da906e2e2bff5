"""From a backup to two books in a place where there are none."""

import hashlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from monitor.store.backup import sync
from monitor.store.database import is_empty_file, keep_private
from monitor.store.errors import DatabaseNewer, translated
from monitor.store.lock import FileLock
from monitor.store.manifest import (
    CHUNK,
    BackupRefused,
    Manifest,
    Step,
    Told,
    digest,
    file_of,
    pages_are_sound,
    read_page,
    running,
)
from monitor.store.place import Book, Place
from monitor.store.prepare import upgrade
from monitor.store.schema import revisions

_POSTGRES = (
    "Cette commande rétablit des fichiers SQLite. Sur PostgreSQL, c’est « pg_restore » dans une base vide "
    "(docs/operating.md, « Backup and restore »)."
)
_BESIDE = ("-wal", "-journal")


def restore(url: str, folder: Path, now: datetime, told: Told) -> Manifest:
    """Copy both books of a backup to where `url` says, then bring them to the schema of this program.

    Neither has its name before both were read and are what the backup says. Killed between the two names, the place
    holds the desk of that backup alone: that is no obstacle to trying again.

    Raises BackupRefused (there are books, or the backup is not whole), DatabaseNewer, DatabaseTaken, StoreError,
    OSError.
    """
    place = Place.of(url)
    if place.path is None:
        raise BackupRefused(_POSTGRES)
    manifest = read_page(folder)
    _refuse_newer(folder, manifest)
    _refuse_cut(folder, manifest)
    place.path.parent.mkdir(parents=True, exist_ok=True)
    _copy_both(place, folder, manifest, told)
    upgrade(url, manifest.kind, now)
    return manifest


def _copy_both(place: Place, folder: Path, manifest: Manifest, told: Told) -> None:
    assert place.path is not None
    parts = {book: place.file(book).with_name(f"{place.file(book).name}.part") for book in Book}
    with ExitStack() as undone:
        undone.callback(FileLock(place.path).release)
        with translated(place.label):
            _refuse_books(place, manifest)
        for part in parts.values():
            part.unlink(missing_ok=True)  # of one that was killed
            undone.callback(part.unlink, missing_ok=True)
        keep_private(parts[Book.DESK], create=True)
        read = running(told, Step.COPY, manifest.bytes)
        for book, part in parts.items():
            _copy(file_of(folder, book), part, manifest.books[book].sha256, read)
        # The measures come last: whoever opens the books asks for them first.
        for book in (Book.DESK, Book.MEASURES):
            parts[book].replace(place.file(book))
        sync(place.path.parent)


def _copy(source: Path, target: Path, expected: str, told: Callable[[int], None]) -> None:
    found = hashlib.sha256()
    try:
        with source.open("rb") as read, target.open("wb") as written:
            while piece := read.read(CHUNK):
                found.update(piece)
                written.write(piece)
                told(len(piece))
            written.flush()
            os.fsync(written.fileno())
    except OSError as error:
        error.filename = error.filename or str(target)  # a write that fails does not say of what
        raise
    if found.hexdigest() != expected or not pages_are_sound(target):
        raise BackupRefused(f"{source} est abîmé : ce n’est plus ce qui a été sauvegardé. Prenez une autre sauvegarde.")


def _refuse_newer(folder: Path, manifest: Manifest) -> None:
    for book, copy in manifest.books.items():
        known = revisions(book)
        if copy.schema not in known:
            raise DatabaseNewer(
                f"{folder} vient d’une version plus récente de Vigie ({manifest.program}, schéma {copy.schema} ; "
                f"celle-ci connaît {known[-1]}). Mettez Vigie à jour, puis rétablissez."
            )


def _refuse_cut(folder: Path, manifest: Manifest) -> None:
    for book, copy in manifest.books.items():
        path = file_of(folder, book)
        if not path.is_file():
            raise BackupRefused(f"{folder} est incomplet : {path.name} n’y est pas. Prenez une autre sauvegarde.")
        if path.stat().st_size != copy.bytes:
            raise BackupRefused(
                f"{path} a {path.stat().st_size} octets au lieu de {copy.bytes} : il a été coupé. Prenez une autre "
                "sauvegarde."
            )


def _refuse_books(place: Place, manifest: Manifest) -> None:
    """Refuse where something of a book lies; the journal of one that is gone too, for it would be played into ours."""
    measures, desk = place.file(Book.MEASURES), place.file(Book.DESK)
    others = [path.with_name(path.name + more) for path in (measures, desk) for more in _BESIDE]
    found = [path for path in others if path.exists() and path.stat().st_size]
    found += [path for path in (measures, desk) if path.exists() and path.stat().st_size and not is_empty_file(path)]
    if found == [desk] and digest(desk, lambda _: None) == manifest.books[Book.DESK].sha256:
        return
    if found:
        raise BackupRefused(
            f"Il y a déjà quelque chose à cet endroit : {', '.join(map(str, found))}. Rétablissez ailleurs "
            "(VIGIE_DATABASE_URL), ou mettez d’abord ces fichiers de côté."
        )
