"""What is worked out from the measures afterwards, and kept beside them: usuals, evidence sheets, corrections."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from monitor.domain.gap import Gap
from monitor.domain.history import Correction
from monitor.domain.incident import Incident
from monitor.domain.observation import Observation
from monitor.domain.service_verdict import Span
from monitor.domain.sheet import EvidenceSheet
from monitor.domain.tally import Stretch
from monitor.store import corrections, gaps, latencies, observations, readings, sheets
from monitor.store.days_written import DaysWritten, touch_corrected
from monitor.store.keeping import Keeping
from monitor.store.latencies import Known
from monitor.store.writing_book import START


class Afterwards(Keeping, DaysWritten):
    """The part of the store that looks back. Every method raises StoreError; then nothing was written."""

    def answers(self, probes: Sequence[str], since: datetime, until: datetime) -> list[Observation]:
        """What these probes answered with since <= at < until, from every vantage, oldest first."""
        with self._writing(START) as connection:
            return list(observations.between(connection, probes, since, until))

    def history(self, services: Sequence[str], since: datetime, until: datetime) -> list[Span]:
        """The ended spans of these services and their probes that touch [since, until), as they stand, oldest first."""
        with self._writing(START) as connection:
            return corrections.history(connection, since, until, tuple(services), of_services=False)

    def correct(self, found: Sequence[Correction]) -> None:
        """Store corrections of history beside what they correct, which stays as it is: all of them or none.

        The kept days that they change are to be made again.
        """
        with self._writing() as connection:
            touch_corrected(connection, found)
            corrections.add(connection, found, self._codes)

    def renew_usuals(self, probes: Sequence[str], vantage: str, day: date) -> Known:
        """Learn from the closed hours before `day` (UTC) what is usual for these probes, keep it, and give it back."""
        with self._writing() as connection:
            return latencies.renew(connection, probes, vantage, day)

    def usuals(self, vantage: str) -> Known:
        """What is held to be usual, by probe and whether in school hours."""
        with self._writing(START) as connection:
            return latencies.all_usuals(connection, vantage)

    def unfrozen(self, since: datetime) -> list[Incident]:
        """Incidents that ended, or were found to be over, from `since` on and have no evidence sheet; oldest first."""
        with self._writing(START) as connection:
            return list(sheets.unfrozen(connection, since))

    def freeze(self, sheet: EvidenceSheet, at: datetime) -> None:
        """Keep the evidence sheet of an incident; where there is one it stays as it is."""
        with self._writing() as connection:
            sheets.freeze(connection, sheet, at)

    def some_answers(
        self, probe: str, since: datetime, until: datetime, most: int, *, newest: bool
    ) -> list[Observation]:
        """As `Reader.some_answers`."""
        with self._writing() as connection:
            return readings.some(connection, probe, since, until, most, newest=newest)

    def gaps(self, since: datetime, until: datetime, probes: Sequence[str] | None = None) -> list[Gap]:
        """As `Reader.gaps`."""
        with self._writing() as connection:
            return list(gaps.overlapping(connection, since, until, probes))

    def blind(self, since: datetime, until: datetime) -> list[Stretch]:
        """As `Reader.blind`."""
        with self._writing() as connection:
            return list(sheets.blind(connection, since, until))

    def asked_once(self, services: Collection[str]) -> dict[str, list[str]]:
        """As `Reader.asked_once`."""
        with self._writing() as connection:
            return sheets.asked_once(connection, services)
