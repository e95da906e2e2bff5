"""Adding rows to `observations` as fast as each database can be told."""

from collections.abc import Mapping, Sequence
from itertools import islice
from operator import itemgetter

import psycopg
from sqlalchemy import BigInteger, Connection, Integer, SmallInteger

from monitor.store.tables import observations

Columns = tuple[int | None, ...]

ROWS_A_COPY = 20_000  # what a slow server takes well within the 3 s of a statement
_NAMES = ", ".join(column.name for column in observations.columns)
_SIZES: Mapping[type, str] = {SmallInteger: "int2", Integer: "int4", BigInteger: "int8"}
_TYPES = [_SIZES[type(column.type)] for column in observations.columns]
_SERIES = itemgetter(1)
_ARRIVING = "CREATE TEMPORARY TABLE IF NOT EXISTS arriving (LIKE observations) ON COMMIT DELETE ROWS"


def insert_rows(connection: Connection, rows: Sequence[Columns]) -> None:
    """Add rows; one that is there already (same probe, vantage, instant) stays as it is."""
    if not rows:
        return
    rows = sorted(rows, key=_SERIES)  # page after page; a stable sort, so that of two with one key the first counts
    if connection.dialect.name == "postgresql":
        left = iter(rows)
        while part := list(islice(left, ROWS_A_COPY)):
            _copy(connection, part)
        return
    marks = ", ".join(["?"] * len(observations.columns))
    # Not Core's insert: its handling of parameters costs more than the database (117,000 rows/s against 43,000).
    connection.exec_driver_sql(
        f"INSERT INTO observations VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 -- built from marks alone
        rows,
    )


def _copy(connection: Connection, rows: Sequence[Columns]) -> None:
    """Straight into the table; only where one of them is there already by way of a table that lets it be left out.

    That way alone is half as fast, the driver's executemany a fifth. Twice is rare: a commit whose answer was lost.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(type(driver))
    try:
        with connection.begin_nested():
            _copy_into("observations", driver, rows)
    except psycopg.errors.UniqueViolation:
        with driver.cursor() as cursor:
            cursor.execute(_ARRIVING)
            cursor.execute("TRUNCATE arriving")
            _copy_into("arriving", driver, rows)
            cursor.execute("INSERT INTO observations SELECT * FROM arriving ON CONFLICT DO NOTHING")


def _copy_into(table: str, driver: "psycopg.Connection[tuple[object, ...]]", rows: Sequence[Columns]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({_NAMES}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(row)
