"""Dictionaries in memory, text → number; new entries are written in the transaction of the rows that use them."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Table, insert, select

from monitor.store import tables
from monitor.store.codec import clean

Key = TypeVar("Key", bound=Hashable)


class Codes(Generic[Key]):
    """Numbers of the keys of one table; only one process adds to it, so that numbers are drawn here.

    After a rollback call `forget`: what was learned is not in the database. The same where the answer to a commit was
    lost and it may be there: hence a reload rather than an undo of our own.
    """

    def __init__(
        self,
        table: Table,
        key_of: Callable[[Row[Any]], Key],
        row_of: Callable[[Key], Mapping[str, str]],
        clean_key: Callable[[Key], Key],
    ) -> None:
        self._table, self._key_of, self._row_of, self._clean = table, key_of, row_of, clean_key
        self._known: dict[Key, int] = {}
        self._fresh: list[dict[str, int | str]] = []
        self._next: int | None = None

    def load(self, connection: Connection) -> None:
        """Read the table, unless it was read since the last `forget`."""
        if self._next is None:
            self._known = {self._key_of(row): row.id for row in connection.execute(select(self._table))}
            self._next = max(self._known.values(), default=0) + 1

    def __getitem__(self, key: Key) -> int:
        """The number of `key`, a new one if need be."""
        number = self._known.get(key)
        return self._learn(key) if number is None else number

    def write(self, connection: Connection) -> None:
        """Insert what was learned; in the transaction of the rows that refer to it, before them."""
        if self._fresh:
            connection.execute(insert(self._table), self._fresh)
            self._fresh = []

    def forget(self) -> None:
        """Drop everything; the next `load` reads the table again."""
        self._known, self._fresh, self._next = {}, [], None

    def _learn(self, key: Key) -> int:
        if self._next is None:
            raise LookupError(self._table.name)
        storable = self._clean(key)
        number = self._known.get(storable)
        if number is None:
            number = self._next
            self._next += 1
            self._known[storable] = number
            self._fresh.append({"id": number, **self._row_of(storable)})
        self._known[key] = number
        return number


def word_codes() -> Codes[str]:
    """Numbers of texts (addresses, details, ids)."""
    return Codes(tables.words, lambda row: str(row.text), lambda text: {"text": text}, clean)


def series_codes() -> Codes[tuple[str, str]]:
    """Numbers of (probe, vantage)."""
    return Codes(
        tables.series,
        lambda row: (str(row.probe), str(row.vantage)),
        lambda key: {"probe": key[0], "vantage": key[1]},
        lambda key: (clean(key[0]), clean(key[1])),
    )
