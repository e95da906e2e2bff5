"""What is kept for ever is made from answers, and these go when they are old."""

from datetime import date, datetime

from monitor.store import closing, partitions, purge
from monitor.store.closing import InSchool
from monitor.store.writing_book import WritingBook


class Keeping(WritingBook):
    """The part of the store that rolls up and lets go. Every method raises StoreError; then nothing was written."""

    def open_hour(self) -> datetime | None:
        """The oldest hour with answers that is not closed yet."""
        with self._writing() as connection:
            return closing.open_hour(connection)

    def close_part(self, hour: datetime, after: int, in_school: InSchool) -> int | None:
        """Roll up the answers of a part of an hour: of the next series after number `after` (0 at first).

        Gives back where to go on, None once the hour is closed. Made from the answers themselves, in one transaction:
        doing it again, after a crash or because answers came late, counts none twice.
        """
        with self._writing() as connection:
            return closing.close_part(connection, self._marks, hour, after, in_school)

    def close_late(self, in_school: InSchool) -> bool:
        """Make a few closed hours, and their days, again that answers came late to; whether there were any."""
        with self._writing() as connection:
            return closing.close_late(connection, in_school)

    def open_day(self) -> date | None:
        """The oldest day of Paris whose hours are all closed and that is not closed itself."""
        with self._writing() as connection:
            return closing.open_day(connection)

    def close_day_part(self, day: date, after: int) -> int | None:
        """Roll up the hours of a part of a day; as `close_part`."""
        with self._writing() as connection:
            return closing.close_day_part(connection, day, after)

    def first_day(self) -> date | None:
        """The day of Paris of the oldest answer that is kept."""
        with self._writing() as connection:
            return purge.first_day(connection)

    def measured_day(self, back: int) -> date | None:
        """Of the days of Paris that have roll-ups the `back`th, the newest being the first; None: there are fewer."""
        with self._writing() as connection:
            return purge.measured_day(connection, back)

    def let_go(self, before: date) -> bool:
        """Delete a little of the answers of before a day of Paris, and their excerpts; whether there is more to do.

        For ever: whoever needs them must have been asked. What is not rolled up yet stays, whatever its age. From the
        first step on `append` takes no answer of before that day any more.
        """
        with self._writing() as connection:
            return purge.step(connection, self._marks, before)

    def kept_from(self) -> datetime:
        """Answers of before this instant may be gone, and are taken no more."""
        with self._writing():
            return self._marks.since

    def make_room(self, now: datetime) -> None:
        """On PostgreSQL make the partitions of the days to come; nothing elsewhere. May be repeated."""
        with self._writing() as connection:
            partitions.make_ahead(connection, now)
