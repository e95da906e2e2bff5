"""Published figures counted again from exported rows, in SQL alone (`recompute.sql`): nothing of `monitor` is imported here.

A folder holds what anybody can be handed: ``spans.csv`` and ``incidents.csv`` (`vigie export … --raw`), ``calendar-CODE.json``
(`vigie calendar show CODE --format json`), and the documents of `vigie availability --format json`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

SQL = Path(__file__).with_name("recompute.sql").read_text(encoding="utf-8")
EQUAL = 1e-9  # of shares, seconds and points alike

Row = tuple[str, str, float | None, float | None]  # what, of which service, hours and part, counted here, published


@dataclass(frozen=True, slots=True)
class Recount:
    """How many figures of a document were compared, the largest difference, and those that are not equal."""

    document: str
    figures: int
    largest: float
    wrong: tuple[Row, ...]


def codes_of(document: Path) -> list[str]:
    """The territories whose school calendar a document rests on."""
    said = json.loads(document.read_text(encoding="utf-8"))
    if said["weighted"] is not None:
        return [said["weighted"]["territory"]]
    return sorted({code for one in said["services"] for code in one["territories"]})


def recount(folder: Path, document: Path) -> Recount:
    """Count a document again."""
    with duckdb.connect() as book:
        book.execute("SET TimeZone = 'UTC'")
        for name in ("spans", "incidents"):
            file = str(folder / f"{name}.csv")
            book.execute(f"CREATE TABLE {name}_file AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [file])
        book.execute("CREATE TABLE doc AS SELECT ?::JSON AS j", [document.read_text(encoding="utf-8")])
        book.execute("CREATE TABLE calendar (territory TEXT, timezone TEXT, day DATE, school_day BOOL)")
        book.executemany("INSERT INTO calendar VALUES (?, ?, ?, ?)", _calendar(folder))
        book.execute(SQL)
        rows = book.execute("SELECT what, of, mine, published FROM compared ORDER BY ALL").fetchall()
    differences = [abs(mine - said) for _, _, mine, said in rows if mine is not None and said is not None]
    return Recount(document.name, len(rows), max(differences, default=0.0), tuple(row for row in rows if not _equal(*row)))


def _equal(_what: str, _of: str, mine: float | None, said: float | None) -> bool:
    return mine is said if mine is None or said is None else abs(mine - said) <= EQUAL


def _calendar(folder: Path) -> list[tuple[str, str, str, bool]]:
    found = []
    for file in sorted(folder.glob("calendar-*.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        found += [(said["territory"], said["timezone"], day["date"], day["school_day"]) for day in said["days"]]
    return found
