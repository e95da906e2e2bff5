"""Published figures counted again from exported rows, in SQL alone (`recompute.sql`): nothing of `monitor` is imported here.

A folder holds what anybody can be handed: ``spans.csv`` and ``incidents.csv`` (`vigie export … --raw`), ``calendar-CODE.json``
(`vigie calendar show CODE --format json`), and the documents of `vigie availability --format json`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

SQL, OF_ANSWERS = (
    Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("recompute", "recompute_answers")
)
EQUAL = 1e-9  # of shares, seconds and points alike
WITHIN, SHORTEST_US = 0.02, 1_000  # what a sketch promises of a percentile: 2 %, or a millisecond of what is shorter

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
            book.execute(
                f"CREATE TABLE {name}_file AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [file]
            )
        book.execute("CREATE TABLE doc AS SELECT ?::JSON AS j", [document.read_text(encoding="utf-8")])
        book.execute("CREATE TABLE calendar (territory TEXT, timezone TEXT, day DATE, school_day BOOL)")
        book.executemany("INSERT INTO calendar VALUES (?, ?, ?, ?)", _calendar(folder))
        book.execute(SQL)
        rows = book.execute("SELECT what, of, mine, published FROM compared ORDER BY ALL").fetchall()
    differences = [abs(mine - said) for _, _, mine, said in rows if mine is not None and said is not None]
    return Recount(
        document.name, len(rows), max(differences, default=0.0), tuple(row for row in rows if not _equal(*row))
    )


def recount_answers(folder: Path) -> tuple[Recount, Recount]:
    """Counts by failure (exact) and percentiles (within the promise), of each hour of each probe.

    The folder holds ``observations.parquet`` and what was published of it, ``answers.json``: of each probe, vantage and
    hour how many of each failure, and the percentiles in microseconds.
    """
    said = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    with duckdb.connect() as book:
        book.execute(
            "CREATE TABLE observations AS SELECT * FROM read_parquet(?)", [str(folder / "observations.parquet")]
        )
        book.execute("CREATE TABLE answers (probe TEXT, vantage TEXT, since BIGINT, failure TEXT, number BIGINT)")
        book.execute("CREATE TABLE durations (probe TEXT, vantage TEXT, since BIGINT, percent INT, said_us BIGINT)")
        for table, key in (("answers", "kinds"), ("durations", "percentiles_us")):
            rows = [(one["probe"], one["vantage"], one["since_us"], *pair) for one in said for pair in one[key].items()]
            if rows:
                book.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)
        book.execute(OF_ANSWERS)
        counts = book.execute("SELECT what, of, mine, published FROM counts_compared ORDER BY ALL").fetchall()
        spans = book.execute("SELECT what, of, mine, published FROM percentiles_compared ORDER BY ALL").fetchall()
    far = max((abs(mine / told - 1) for _, _, mine, told in spans if mine and told and mine > SHORTEST_US), default=0.0)
    return (
        Recount("answers", len(counts), 0.0, tuple(row for row in counts if not _equal(*row))),
        Recount("percentiles", len(spans), far, tuple(row for row in spans if not _near(*row))),
    )


def _near(_what: str, _of: str, mine: float | None, said: float | None) -> bool:
    if mine is None or said is None:
        return mine is said
    return abs(mine - said) <= max(WITHIN * mine, SHORTEST_US if mine <= SHORTEST_US else 0)


def _equal(_what: str, _of: str, mine: float | None, said: float | None) -> bool:
    return mine is said if mine is None or said is None else abs(mine - said) <= EQUAL


def _calendar(folder: Path) -> list[tuple[str, str, str, bool]]:
    found = []
    for file in sorted(folder.glob("calendar-*.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        found += [(said["territory"], said["timezone"], day["date"], day["school_day"]) for day in said["days"]]
    return found
