"""An export of observations read back, whatever its format, as the cells that a seal is made of.

Strictly: what is not written as Vigie writes it is no record. Nothing of a file is believed, or ever executed.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from monitor.domain.record import KEYS
from monitor.reports.exported_cells import of_json

Cells = Sequence[str]
Row = tuple[int, Cells | None]  # the line of the file (of Parquet the row), from 1; None: it is no record

PEOPLE = "Instant"  # how the CSV for people begins, in either language
_UNPACKING = (EOFError, zlib.error, gzip.BadGzipFile)


_RATHER = "Exportez en CSV brut (--raw), en JSON ou en Parquet (.csv, .json, .parquet)."


class Unverifiable(ValueError):  # noqa: N818 - named for what it says
    """This kind of file cannot be verified at all; the message is a French sentence."""


class Export:
    """One file, and how far it has been read."""

    def __init__(self, path: Path) -> None:
        """Raises Unverifiable for a kind of file that holds no exact rows, OSError."""
        self._path = path
        name = path.name.removesuffix(".gz")
        self._packed = name != path.name
        kinds: dict[str, Callable[[], Iterator[Row]]] = {
            ".csv": self._csv,
            ".json": self._json,
            ".jsonl": self._json,
            ".ndjson": self._json,
            ".parquet": self._parquet,
        }
        kind = Path(name).suffix.lower()
        if kind not in kinds or (kind == ".parquet" and self._packed):
            raise Unverifiable(f"{path}\u00a0: ce format ne se vérifie pas. {_RATHER}")
        self.size = path.stat().st_size
        self.rows = kinds[kind]
        self._source: BinaryIO | None = None
        if kind == ".csv" and self._for_people():
            raise Unverifiable(
                f"{path}\u00a0: ce CSV est fait pour être lu, ses instants sont arrondis à la seconde\u00a0: il ne se "
                f"vérifie pas, et n’a pas de preuve. {_RATHER}"
            )

    @property
    def read(self) -> int:
        """How many bytes of the file were read."""
        return 0 if self._source is None or self._source.closed else self._source.tell()

    @contextmanager
    def _text(self) -> Iterator[TextIOWrapper]:
        with self._path.open("rb") as source:
            self._source = source
            plain = gzip.open(source) if self._packed else source  # noqa: SIM115 - it closes nothing of ours
            # A byte that is no UTF-8 is kept as it is, and shows as a change rather than as a crash.
            yield TextIOWrapper(plain, "utf-8-sig", errors="surrogateescape", newline="")

    def _for_people(self) -> bool:
        with self._text() as text:
            try:
                return text.read(len(PEOPLE) + 1) in {f"{PEOPLE};", f"{PEOPLE},"}
            except _UNPACKING:
                return False  # it will show as damage, in its place

    def _csv(self) -> Iterator[Row]:
        with self._text() as text:
            try:
                if text.readline().rstrip("\r\n").split(",") != list(KEYS):
                    yield 1, None
                yield from _parsed(csv.reader(text, strict=True))
            except _UNPACKING:
                yield 0, None

    def _json(self) -> Iterator[Row]:
        with self._text() as text:
            number = 0
            try:
                for number, line in enumerate(text, 1):
                    yield number, _object(line)
            except _UNPACKING:
                yield number + 1, None

    def _parquet(self) -> Iterator[Row]:
        # Loaded where it is used: pyarrow takes some 100 MB.
        from monitor.archive.exported import rows  # noqa: PLC0415

        with self._path.open("rb") as source:
            self._source = source
            yield from rows(source)


def _parsed(lines: Any) -> Iterator[Row]:
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield lines.line_num + 1, None
            continue
        yield lines.line_num + 1, cells


def _object(line: str) -> Cells | None:
    try:
        return of_json(line)
    except (ValueError, RecursionError):
        return None


def document(text: bytes) -> object:
    """A JSON document, None where it is none."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
