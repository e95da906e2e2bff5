"""The part of the reader that knows the seals."""

from datetime import UTC, date, datetime

from monitor.domain.seal import Seal, SealedProbe
from monitor.store import sealed_days, seals, streams
from monitor.store.reading_book import ReadingBook

LAST = datetime(3000, 1, 1, tzinfo=UTC)  # after every answer


class SealReading(ReadingBook):
    """Every method raises StoreError."""

    def seals(self, first: date | None = None, last: date | None = None, newest: int | None = None) -> list[Seal]:
        """Seals by vantage and number: of the days from `first` to `last`, both included, or the `newest` ones made."""
        with self._reading() as connection:
            return seals.chain(connection, first, last, newest)

    def digests(self, seal: Seal) -> list[SealedProbe]:
        """What a seal stands on: the rows and the digest of each of its probes, sorted by id."""
        with self._reading() as connection:
            return seals.digests(connection, seal.vantage, seal.number)

    def sealed_days(self) -> set[date]:
        """Days of Paris all of whose answers are sealed; not those to which some came since."""
        with self._reading() as connection:
            return seals.sealed(connection)

    def sealed_rows(self) -> dict[date, int]:
        """How many answers are sealed of each of the `sealed_days`."""
        with self._reading() as connection:
            return sealed_days.rows(connection)

    def held_days(self) -> dict[date, int]:
        """The sealed days of which every answer is still held, and how many those are."""
        with self._reading() as connection:
            return sealed_days.held(connection)

    def unsealed(self, until: datetime) -> list[date]:
        """Days of Paris that ended by `until` and whose answers are not (all) sealed, oldest first."""
        with self._reading() as connection:
            return seals.unsealed(connection, until)

    def oldest(self) -> datetime | None:
        """Since when answers are held, to the hour; None in an empty database."""
        with self._reading() as connection:
            hour = streams.next_hour(connection, streams.after(-1), LAST)
            return None if hour is None else streams.after(hour - 1)
