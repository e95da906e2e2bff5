"""Marks of `book`: up to where hours and days are closed, and from when on answers are kept. All are numbers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.store.codec import HOUR_US, instant
from monitor.store.derived_tables import late_hours
from monitor.store.tables import book
from monitor.store.upsert import keep, replace

Row = tuple[int | None, ...]

CLOSED = "hours_closed_before"  # the hour (since 1970) before which every hour was closed
BEGUN = "hours_begun_before"  # the hour before which every hour was closed, or is being closed
DAYS = "days_closed_before"  # the day of Paris (since 1970) before which every day was closed
KEPT = "kept_from"  # the hour before which answers may be gone


def read(connection: Connection, key: str) -> int:
    """The number of a mark, 0 before there is one."""
    return int(connection.scalar(select(book.c.value).where(book.c.key == key)) or 0)


def write(connection: Connection, key: str, number: int) -> None:
    """Move a mark."""
    replace(connection, book, [{"key": key, "value": str(number)}])


class Marks:
    """What every append has to know of them, in memory; after a rollback call `forget`."""

    def __init__(self) -> None:
        self._begun = self._kept = 0
        self._known = False

    def load(self, connection: Connection) -> None:
        """Read them, unless they were read since the last `forget`."""
        if not self._known:
            self._begun, self._kept, self._known = read(connection, BEGUN), read(connection, KEPT), True

    def forget(self) -> None:
        """Drop what is held in memory."""
        self._known = False

    def begin(self, connection: Connection, hour: int) -> None:
        """The closing of an hour begins: what comes for it from now on comes late."""
        if hour >= self._begun:
            self._begun = hour + 1
            write(connection, BEGUN, self._begun)

    def let_go(self, connection: Connection, hour: int) -> None:
        """Answers of before an hour may be deleted from now on, and are taken no more."""
        if hour > self._kept:
            self._kept = hour
            write(connection, KEPT, hour)

    @property
    def since(self) -> datetime:
        """From when on answers are kept."""
        return instant(self._kept * HOUR_US)

    def takes(self, at: int) -> bool:
        """Whether an answer of that instant (µs) is taken: of older hours roll-ups cannot be made again."""
        return at // HOUR_US >= self._kept

    def kept(self, rows: Iterable[Row]) -> list[Row]:
        """Those of these rows of `observations` that are taken, as `takes`."""
        return [row for row in rows if (row[0] or 0) >= self._kept]

    def late(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Note the closed hours of these rows of `observations`, in the transaction that adds them."""
        found = {(row[0], row[1]) for row in rows if (row[0] or 0) < self._begun}
        keep(connection, late_hours, [{"hour": hour, "series": number} for hour, number in sorted(found)])
