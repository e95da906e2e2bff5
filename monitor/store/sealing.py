"""The part of the store that seals finished days."""

from collections.abc import Sequence
from datetime import date, datetime

from monitor.domain.seal import Digested, Seal
from monitor.store import sealed_days, seals
from monitor.store.writing_book import START, WritingBook


class Sealing(WritingBook):
    """Every method raises StoreError; then nothing was written."""

    def unsealed(self, until: datetime) -> list[date]:
        """Days of Paris that ended by `until` and whose answers are not (all) sealed, oldest first."""
        with self._writing(START) as connection:
            return seals.unsealed(connection, until)

    def seal(self, found: Digested, now: datetime) -> Seal | None:
        """Seal a finished day seen from one vantage; None where it is sealed like that already.

        A day that is sealed otherwise gets a new seal, which names the one it corrects. Raises SealedAway where fewer
        observations of some probe are left than were sealed.
        """
        with self._writing(START) as connection:
            self._sealed.forget()
            return seals.add(connection, found, now, self._codes)

    def seal_day(self, day: Sequence[Digested], now: datetime) -> list[Seal]:
        """As `seal`, all vantages of a day in one transaction; the seals that were made."""
        with self._writing(START) as connection:
            self._sealed.forget()
            made = [seals.add(connection, one, now, self._codes) for one in day]
            return [one for one in made if one is not None]

    def forgive(self, day: date, vantage: str) -> None:
        """Leave a day as it is sealed, whatever came late: what it was sealed from is there no more."""
        with self._writing() as connection:
            seals.forgive(connection, day, vantage)

    def sealed_days(self) -> set[date]:
        """Days of Paris all of whose answers are sealed; not those to which some came since."""
        with self._writing(START) as connection:
            return seals.sealed(connection)

    def held_days(self) -> dict[date, int]:
        """The sealed days of which every answer is still held, and how many those are."""
        with self._writing(START) as connection:
            return sealed_days.held(connection)
