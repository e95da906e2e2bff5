"""Dictionaries in memory, value → number; new entries are written in the transaction of the rows that use them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Table, insert, select

from monitor.domain.observation import Certificate
from monitor.store import tables
from monitor.store.codec import clean, instant, micros

Key = TypeVar("Key", bound=Hashable)
Stored = TypeVar("Stored", bound=Hashable)

# What repeats from answer to answer: final host, marker, certificate, catalogue.
Evidence = tuple[str | None, str | None, Certificate | None, str]
_Numbers = tuple[int | None, int | None, int | None, int, int | None]


class Codes(dict[Key | Stored, int], Generic[Key, Stored]):
    """Numbers of the keys of one table; only one process adds to it, so that numbers are drawn here.

    `stored_of` turns a key into the form that its row has (a text without what no database holds; numbers instead of
    texts); keys that share it share their number.

    After a rollback call `forget`: what was learned is not in the database. The same where the answer to a commit was
    lost and it may be there: hence a reload rather than an undo of our own.
    """

    def __init__(
        self,
        table: Table,
        key_of: Callable[[Row[Any]], Stored],
        row_of: Callable[[Stored], Mapping[str, Any]],
        stored_of: Callable[[Key], Stored],
    ) -> None:
        super().__init__()
        self._table, self._key_of, self._row_of, self._stored_of = table, key_of, row_of, stored_of
        self._fresh: list[dict[str, Any]] = []
        self._next: int | None = None

    def load(self, connection: Connection) -> None:
        """Read the table, unless it was read since the last `forget`."""
        if self._next is None:
            self.update((self._key_of(row), row.id) for row in connection.execute(select(self._table)))
            self._next = max(self.values(), default=0) + 1

    def write(self, connection: Connection) -> None:
        """Insert what was learned; in the transaction of the rows that refer to it, before them."""
        if self._fresh:
            connection.execute(insert(self._table), self._fresh)
            self._fresh = []

    def forget(self) -> None:
        """Drop everything; the next `load` reads the table again."""
        self.clear()
        self._fresh, self._next = [], None

    def __missing__(self, key: Key) -> int:
        """The number of a key that was not met yet: a dictionary asks here, and only then; four times an answer."""
        if self._next is None:
            raise LookupError(self._table.name)
        stored = self._stored_of(key)
        number = self.get(stored)
        if number is None:
            number = self._next
            self._next += 1
            self[stored] = number
            self._fresh.append({"id": number, **self._row_of(stored)})
        self[key] = number
        return number


class Dictionaries:
    """All of them together: `words` (addresses, details, ids), `series` (probe, vantage), `evidence` (what repeats)."""

    def __init__(self) -> None:
        self.words: Codes[str, str] = Codes(tables.words, lambda row: str(row.text), lambda text: {"text": text}, clean)
        self.series: Codes[tuple[str, str], tuple[str, str]] = Codes(
            tables.series,
            lambda row: (str(row.probe), str(row.vantage)),
            lambda key: {"probe": key[0], "vantage": key[1]},
            lambda key: (clean(key[0]), clean(key[1])),
        )
        self._certificates: Codes[Certificate, Certificate] = Codes(
            tables.certificates,
            lambda row: Certificate(row.fingerprint, instant(row.not_after)),
            lambda one: {"fingerprint": one.fingerprint, "not_after": micros(one.not_after)},
            lambda one: replace(one, fingerprint=clean(one.fingerprint), issuer=None),
        )
        self.evidence: Codes[Evidence, _Numbers] = Codes(
            tables.evidence,
            lambda row: (row.final_host, row.marker, row.certificate, row.catalogue, row.issuer),
            lambda key: dict(zip(("final_host", "marker", "certificate", "catalogue", "issuer"), key, strict=True)),
            self._numbers,
        )
        # What others refer to is read, and written, before them.
        self._all: tuple[Codes[Any, Any], ...] = (self.words, self.series, self._certificates, self.evidence)

    def load(self, connection: Connection) -> None:
        """Read those that were not read since the last `forget`."""
        for one in self._all:
            one.load(connection)

    def write(self, connection: Connection) -> None:
        """Insert what was learned, before the rows that refer to it."""
        for one in self._all:
            one.write(connection)

    def forget(self) -> None:
        """Drop everything that is held in memory."""
        for one in self._all:
            one.forget()

    def _numbers(self, key: Evidence) -> _Numbers:
        final_host, marker, certificate, catalogue = key
        issuer = None if certificate is None else certificate.issuer
        return (
            None if final_host is None else self.words[final_host],
            None if marker is None else self.words[marker],
            None if certificate is None else self._certificates[certificate],
            self.words[catalogue],
            None if issuer is None else self.words[issuer],
        )
