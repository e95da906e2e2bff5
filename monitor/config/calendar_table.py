"""The table of school holidays: one small CSV format, for what is packaged and for what is imported."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from monitor.config.problem import FileInvalid, quoted

ZONES = (
    *("A", "B", "C", "Corse", "Guadeloupe", "Guyane", "Martinique", "Mayotte", "Nouvelle-Calédonie", "Polynésie"),
    *("Réunion", "Saint-Barthélemy", "Saint-Pierre-et-Miquelon", "Wallis-et-Futuna"),
)
_LONGEST = timedelta(days=400)  # a school year and a bit: anything longer is a slip of the pen


class Kind(StrEnum):
    """What a row says of its days: that there is no class, or that the source vouches for every one of them."""

    HOLIDAYS = "vacances"
    KNOWN = "connu"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: days from `first` to `last`, both included. `name` is what the holidays are called."""

    zone: str
    kind: Kind
    first: date
    last: date
    name: str
    source: str

    def days(self) -> Iterator[date]:
        """Every day of the row."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


COLUMNS = tuple(field.name for field in fields(Row))


class CalendarInvalid(FileInvalid):
    """A calendar cannot be read."""


def read_table(text: str, name: str) -> tuple[Row, ...]:
    """The rows of a table; `name` is what messages call it. Raises CalendarInvalid with every error at once."""
    reader = csv.DictReader(io.StringIO(text))
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        absent = ", ".join(missing)
        raise CalendarInvalid(name, [f"ligne 1 — colonnes absentes : {absent} → refaites « vigie calendar import »"])
    rows: list[Row] = []
    problems: list[str] = []
    for raw in reader:
        faults = list(_faults(raw))
        problems += [f"ligne {reader.line_num} — {fault}" for fault in faults]
        if not faults:
            rows.append(_row(raw))
    if problems:
        raise CalendarInvalid(name, problems)
    return tuple(rows)


def load_table(path: Path) -> tuple[Row, ...]:
    """The rows of a file. Raises CalendarInvalid, and OSError where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CalendarInvalid(str(path), ["octets qui ne sont pas de l’UTF-8 → enregistrez en UTF-8"]) from error
    return read_table(text, str(path))


def written(rows: Iterable[Row]) -> str:
    """The text of a table, its rows by zone and day."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in sorted(rows, key=lambda row: (row.zone, row.kind, row.first)))
    return text.getvalue()


def save_table(path: Path, rows: Iterable[Row]) -> None:
    """Write a table in one move: a reader sees the old file or the new one. Raises OSError, the old file being kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(written(rows))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _faults(raw: dict[str, str]) -> Iterator[str]:
    """Everything that is wrong with a row."""
    if any(raw[column] is None for column in COLUMNS):
        yield "ligne incomplète → six colonnes par ligne"
        return
    if raw["zone"] not in ZONES:
        yield f"zone inconnue {quoted(raw['zone'])} → l’une de : {', '.join(ZONES)}"
    if raw["kind"] not in list(Kind):
        yield f"genre inconnu {quoted(raw['kind'])} → « vacances » ou « connu »"
    first, last = _day(raw["first"]), _day(raw["last"])
    for text, day in ((raw["first"], first), (raw["last"], last)):
        if day is None:
            yield f"date illisible {quoted(text)} → une date comme 2026-12-19"
    if first is not None and last is not None and not timedelta() <= last - first <= _LONGEST:
        yield f"du {first} au {last} → une période qui finit après son début, d’une année au plus"


def _row(raw: dict[str, str]) -> Row:
    first, last = date.fromisoformat(raw["first"]), date.fromisoformat(raw["last"])
    return Row(raw["zone"], Kind(raw["kind"]), first, last, raw["name"], raw["source"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
