"""Which schema a book has, and the way to the current one. Alembic is configured here, in code."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from monitor.store.errors import DatabaseNewer, DatabaseOlder, missing
from monitor.store.place import Book, Place

_HERE = Path(__file__).parent


def folder(book: Book) -> Path:
    """The migrations of a book: below this package in a wheel, at the top of the repository otherwise."""
    installed = _HERE / "migrations"
    return (installed if installed.is_dir() else _HERE.parent.parent / "migrations") / book.value


def revisions(book: Book) -> tuple[str, ...]:
    """The revisions that this program knows, oldest first: the numbers that the files begin with."""
    return tuple(sorted(path.name.split("_")[0] for path in (folder(book) / "versions").glob("[0-9]*_*.py")))


def version_of(connection: Connection, book: Book) -> str | None:
    """The revision that the book is at, None if it was never prepared."""
    table = f"{book.value}_version"
    if not inspect(connection).has_table(table):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 -- one of two literal names
    return found


def refuse_newer(connection: Connection, book: Book, place: Place) -> None:
    """Raise DatabaseNewer if the book is at a revision that this program does not know."""
    found, known = version_of(connection, book), revisions(book)
    if found is not None and found not in known:
        raise DatabaseNewer(
            f"La base {place.label} a été préparée par une version plus récente de Vigie (schéma {found}, celle-ci "
            f"connaît {known[-1]}). Mettez Vigie à jour, ou rétablissez la sauvegarde faite avant la mise à jour."
        )


def require_current(connection: Connection, book: Book, place: Place) -> None:
    """Raise DatabaseMissing, DatabaseNewer or DatabaseOlder unless the book has the schema of this program."""
    found = version_of(connection, book)
    if found is None:
        raise missing(place.label)
    refuse_newer(connection, book, place)
    if found != revisions(book)[-1]:
        raise DatabaseOlder(
            f"La base {place.label} a le schéma {found}, cette version de Vigie attend {revisions(book)[-1]}. "
            "Lancez « vigie db upgrade »."
        )


def migrate(connection: Connection, book: Book, *, down_to: str | None = None) -> None:
    """Bring a book to the newest revision, or down to an older one (``base``: nothing), inside the open transaction."""
    # Alembic is loaded where it is used: the web process and the monitor's long life have no need of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder(book)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if down_to is None:
        command.upgrade(config, "head")
    else:
        command.downgrade(config, down_to)
