"""A copy of both books while others write them: each as it was at one instant, none of them held up."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from monitor.store.database import keep_private, reading
from monitor.store.errors import DatabaseBusy, DatabaseDamaged, DatabaseFull, missing, translate, translated
from monitor.store.manifest import (
    PAGE,
    BackupRefused,
    Copy,
    Manifest,
    Step,
    Told,
    digest,
    file_of,
    pages_are_sound,
    running,
    write_page,
)
from monitor.store.place import Book, Place
from monitor.store.prepare import identity_of
from monitor.store.schema import refuse_newer, version_of
from monitor.store.values import Kind

# 4 MiB: so often progress is told, and Ctrl-C heard.
_PAGES = 1024
_POSTGRES = (
    "Cette commande copie des fichiers SQLite. Sur PostgreSQL, sauvegardez les deux schémas d’un même instant par ses "
    "propres outils : « pg_dump --format=custom --schema=measures --schema=desk » (docs/operating.md, « Backup and "
    "restore »)."
)


def back_up(url: str, folder: Path, program: str, now: datetime, told: Told) -> Manifest:
    """Copy both books into a new folder, which has its name only once it is whole and verified.

    What was committed before this began is in it. A book whose schema is older than the program's is copied as it is.
    Raises BackupRefused, DatabaseMissing, DatabaseNewer, DatabaseBusy, DatabaseDamaged, StoreError, OSError.
    """
    place = Place.of(url)
    if place.path is None:
        raise BackupRefused(_POSTGRES)
    for book in Book:
        if not place.file(book).exists():
            raise missing(str(place.file(book)))
    with _beside(folder) as part:
        # The desk first: the messages and incidents that it speaks of are older, and so in the copy of the measures.
        taken = {book: _take(place, book, file_of(part, book), told) for book in (Book.DESK, Book.MEASURES)}
        schemas, kind = {book: taken[book][0] for book in Book}, taken[Book.MEASURES][1]
        copies = _verified(part, schemas, told)
        manifest = Manifest(now, program, kind, copies)
        write_page(part, manifest)
    return manifest


def _take(place: Place, book: Book, target: Path, told: Told) -> tuple[str, Kind]:
    """Copy a book; its schema and its kind, read at the same instant."""
    source = reading(place, book)
    try:
        with translated(str(place.file(book))), source.connect() as connection:
            schema = version_of(connection, book)
            if schema is None:
                raise missing(place.label)
            refuse_newer(connection, book, place)
            identity = identity_of(connection)
            keep_private(target, create=True)
            try:
                _copy(connection, book, target, told)
            except sqlite3.Error as error:
                raise _trouble(error, place.file(book), target.parent) from error
            return schema, "real" if identity is None else identity.kind
    finally:
        source.dispose()


def _copy(connection: Connection, book: Book, target: Path, told: Told) -> None:
    """Copy what this transaction sees.

    The transaction is open, so SQLite copies one instant in one pass: without it, each write of another process would
    send the copy back to its first page, and a monitor writes every second. In WAL mode nobody waits for a reader. The
    desk has no WAL, and there whoever writes waits for who reads: so it is read at once into memory, where it fits.
    """
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)

    def _told(_status: int, remaining: int, total: int) -> None:
        told(Step.COPY, total - remaining, total)

    with closing(sqlite3.connect(target, isolation_level=None)) as written:
        # A copy that is cut short is thrown away whole: it needs neither a journal nor patience before its end.
        written.execute("PRAGMA journal_mode=OFF")
        written.execute("PRAGMA synchronous=OFF")
        if book is Book.DESK:
            with closing(sqlite3.connect(":memory:")) as memory:
                found.backup(memory)
                connection.rollback()
                memory.backup(written, pages=_PAGES, progress=_told)
        else:
            found.backup(written, pages=_PAGES, progress=_told)
        # One file that needs no other beside it; it becomes a WAL again when a monitor opens it.
        written.execute("PRAGMA journal_mode=DELETE")


def _trouble(error: sqlite3.Error, source: Path, folder: Path) -> Exception:
    """Whose fault it is that a copy failed: the book's, or that of the place where the copy is written."""
    said = translate(error, str(source))
    if isinstance(said, DatabaseDamaged | DatabaseBusy):
        return said
    if isinstance(said, DatabaseFull):
        return BackupRefused(f"Plus de place pour écrire {folder}. Rien n’y reste : libérez de l’espace.")
    return BackupRefused(f"L’écriture de {folder} a échoué ({error}). Rien n’y reste : vérifiez ce disque.")


def _verified(part: Path, schemas: dict[Book, str], told: Told) -> dict[Book, Copy]:
    sizes = {book: file_of(part, book).stat().st_size for book in Book}
    read = running(told, Step.VERIFY, sum(sizes.values()))
    copies = {}
    for book in Book:
        path = file_of(part, book)
        if not pages_are_sound(path):
            raise DatabaseDamaged(
                f"La copie de {book.value} est abîmée : le registre l’est sans doute aussi. Lancez « vigie db check » "
                "et gardez vos sauvegardes plus anciennes."
            )
        copies[book] = Copy(schemas[book], sizes[book], digest(path, read))
    return copies


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder `<name>.part`, for its owner alone, that gets its name when all went well, and is removed otherwise."""
    if folder.exists() or folder.is_symlink():
        raise BackupRefused(f"{folder} existe déjà. Donnez à chaque sauvegarde un nom nouveau.")
    part = folder.with_name(f"{folder.name}.part")
    # Its parent is not made: a disk that is not mounted would be filled in its stead.
    if not folder.parent.is_dir():
        raise BackupRefused(
            f"Le dossier {folder.parent} n’existe pas. Créez-le, ou montez le disque qui doit le porter."
        )
    part.mkdir(mode=0o700, exist_ok=True)
    held = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _claim(held, part)
        try:
            _clear(part)  # of one that was killed
            yield part
            for path in part.iterdir():
                sync(path)
            os.fsync(held)
            part.rename(folder)
            sync(folder.parent)
        except BaseException:
            _clear(part)
            part.rmdir()
            raise
    finally:
        os.close(held)


def _claim(held: int, part: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupRefused(f"Une autre sauvegarde s’écrit déjà dans {part}. Attendez qu’elle finisse.") from None
    ours = {PAGE, *(f"{file_of(part, book).name}{more}" for book in Book for more in ("", "-journal"))}
    if not part.exists() or part.stat().st_ino != os.fstat(held).st_ino:
        raise BackupRefused(f"Une autre sauvegarde vient de finir dans {part}. Réessayez sous un autre nom.")
    if others := sorted({path.name for path in part.iterdir()} - ours):
        raise BackupRefused(f"{part} contient autre chose ({others[0]!r}). Donnez un autre nom à la sauvegarde.")


def _clear(part: Path) -> None:
    for path in part.iterdir():
        path.unlink()


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file, or which names a folder has. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
