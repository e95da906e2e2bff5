"""Insert, replace or grow by primary key, in the dialect of the connection."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, case
from sqlalchemy.dialects import postgresql, sqlite


def replace(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key exists, every other column takes the new value."""
    if not rows:
        return
    statement = _insert(connection, table)
    others = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    connection.execute(statement.on_conflict_do_update(index_elements=[*table.primary_key], set_=others), rows)


def grow(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key exists, every other column takes the greater of both values."""
    if not rows:
        return
    statement = _insert(connection, table)
    greater = {
        column.name: case((statement.excluded[column.name] > column, statement.excluded[column.name]), else_=column)
        for column in table.columns
        if not column.primary_key
    }
    connection.execute(statement.on_conflict_do_update(index_elements=[*table.primary_key], set_=greater), rows)


def keep(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the primary key exists, what is there stays."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def added(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row, unless its primary key exists; whether it was."""
    statement = _insert(connection, table).values(row).on_conflict_do_nothing()
    # Without the option SQLAlchemy does not look at what PostgreSQL says of an INSERT.
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
