"""Where the two books live: an URL read once, as files or as a server."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.store.errors import BAD_URL, StoreError

# Neither repeats anything of the URL.
_BARE_AT = (
    "VIGIE_DATABASE_URL porte un « @ » de trop ou mal placé : on ne sait où finit le mot de passe. Dans l’utilisateur, "
    "le mot de passe et le nom de la base, encodez @ en %40, « / » en %2F et « : » en %3A."
)
_BAD_PORT = (
    "Le port de VIGIE_DATABASE_URL n’est pas un nombre de 1 à 65535. "
    "Écrivez « postgresql://utilisateur@hôte:5432/base » ; "
    "si le mot de passe contient « : », « / » ou « @ », encodez-les en %3A, %2F et %40."
)


class Book(StrEnum):
    """The measures are written by the monitor alone; the desk holds what people write."""

    MEASURES = "measures"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Place:
    """Address of a database. `path`: SQLite file of the measures, or None; `label`: for people, without password."""

    url: URL
    path: Path | None
    label: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """Read `sqlite:///path` or `postgresql://…`. Raises StoreError for anything else."""
        # `from None`: the errors of both quote what they stumbled over, and that may be a piece of the password.
        if not url.startswith("sqlite") and url.count("@") > 1:
            raise StoreError(_BARE_AT)
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreError(BAD_URL) from None
        except ValueError:
            raise StoreError(_BAD_PORT) from None
        backend = parsed.drivername.split("+")[0]
        if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
            path = Path(str(parsed.database))
            return cls(parsed, path, str(path))
        if backend in {"postgresql", "postgres"}:
            if "@" in f"{parsed.host}{parsed.database}":
                raise StoreError(_BARE_AT)
            if parsed.port is not None and not 0 < parsed.port < 65536:
                raise StoreError(_BAD_PORT)
            # `postgres://` is what many hosters print; the driver is ours to choose.
            parsed = parsed.set(drivername="postgresql+psycopg")
            return cls(
                parsed, None, f"{parsed.username or ''}@{parsed.host or 'local'}/{parsed.database or ''}".lstrip("@")
            )
        raise StoreError(BAD_URL)

    def file(self, book: Book) -> Path:
        """The SQLite file of a book. Raises ValueError on PostgreSQL."""
        if self.path is None:
            raise ValueError(self.label)
        return self.path if book is Book.MEASURES else self.path.with_name(f"{self.path.stem}-desk.db")
