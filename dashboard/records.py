"""The measures as open data asks for them. Every question is bounded: a month, a day of one service, a period."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.domain.observation import Observation
from monitor.reports.open_records import incidents_of, newest_answers
from monitor.reports.open_seals import published_seals
from monitor.reports.open_shares import Asked, Books, shares
from monitor.reports.sources import reader_of
from monitor.settings import Settings


class Records:
    """The measures of one database. Raises the store's errors, whose text is a French sentence."""

    _url: str
    _config: Path | None

    def incidents_of(self, month: date) -> Sequence[Mapping[str, Any]]:
        """See `dashboard.open_data.OpenReader`, here and below."""
        since = datetime(month.year, month.month, 1, tzinfo=UTC)
        until = (since + timedelta(days=32)).replace(day=1)
        return incidents_of(self._url, since, until)

    def newest(
        self, service: str, probes: Sequence[str], since: datetime, until: datetime, most: int
    ) -> Sequence[Observation]:
        """The newest answers of a service; of the probes that hold a verdict where none are given."""
        return newest_answers(self._url, probes or self.judged(service), since, until, most)

    def share(self, asked: Asked, now: datetime) -> Sequence[Mapping[str, Any]]:
        """The figures of an availability, from what is held of the whole period."""
        settings = Settings()
        config = self._config or settings.config
        return shares(Books(self._url, config, settings.calendar, settings.directory), asked, now)

    def seals(self) -> Sequence[Mapping[str, Any]]:
        """Every seal, by vantage and number."""
        return published_seals(self._url)

    def judged(self, service: str) -> Sequence[str]:
        """The probes of a service that hold a verdict."""
        reader = reader_of(self._url)
        verdicts = reader.verdicts() if reader is not None else []
        return sorted({v.probe for v in verdicts if v.probe.startswith(f"{service}/")})
