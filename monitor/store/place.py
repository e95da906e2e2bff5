"""Where the two books live: an URL read once, as files or as a server."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.store.errors import BAD_URL, StoreError


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
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StoreError(BAD_URL) from error
        backend = parsed.drivername.split("+")[0]
        if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
            path = Path(str(parsed.database))
            return cls(parsed, path, str(path))
        if backend in {"postgresql", "postgres"}:
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
