"""What pages read beside the snapshot: what people declared, and the availability of the last days, one by one too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from dashboard import dates
from dashboard.model import Month, School, ServiceView
from monitor.reports.basis import Books, ground_of
from monitor.reports.by_day import ByDay, service_by_day, territory_by_day
from monitor.reports.country import Country, country
from monitor.reports.declared import Ahead, Said, announcements_of, windows_ahead, windows_ever, with_delays
from monitor.reports.figures import Basis
from monitor.reports.schools import School as FoundSchool
from monitor.reports.schools import schools_named
from monitor.reports.sources import reader_of
from monitor.reports.totals import totals_of
from monitor.settings import Settings

SAID_MOST = 20  # texts on a page, the newest; one more is read, to know whether there are more
SAID_FOR = timedelta(days=30)  # how long what was said of a service stands on its page; of an incident always
AHEAD_FOR = timedelta(days=7)
MONTH_DAYS = 30


class Beside:
    """The desk and the spans of one database. Raises what the store and the catalogue raise; used from any thread."""

    def __init__(self, database_url: str, config: Path | None = None) -> None:
        """Nothing is read before it is asked for; `config` is the catalogue, None: that of the settings."""
        self._url, self._config = database_url, config

    def said(self, at: datetime, *, incident: str | None = None, service: str | None = None) -> tuple[Said, ...]:
        """What was said of an incident, or of a service lately; the earliest first."""
        since = None if service is None else at - SAID_FOR
        found = announcements_of(self._url, incident=incident, service=service, since=since, newest=SAID_MOST + 1)
        reader = reader_of(self._url) if incident is not None and found else None
        return with_delays(found, {} if reader is None else reader.incidents_named([incident or ""]))

    def windows(self, services: Sequence[ServiceView], at: datetime) -> tuple[Ahead, ...]:
        """The maintenance windows of any of these services that are in force or come within 7 days."""
        here = self._country()
        concerned = [here.service(one.id, one.territories) for one in services]
        return windows_ahead(self._url, concerned, here.catalog, at, at + AHEAD_FOR)

    def month(self, service: ServiceView, at: datetime) -> Month:
        """The availability of a service over the last 30 days of Paris, today so far among them."""
        here = self._country()
        one = here.service(service.id, service.territories)
        since = dates.midnight(dates.midnight(at) - timedelta(days=MONTH_DAYS - 1))
        windows, clock = windows_ever(self._url), here.timetable.clock_of(one.territories)
        told = totals_of(self._url, [one], here.catalog, lambda _: clock, windows, since=since, until=at, now=at)
        return Month(since, at, told[one.id])

    def days_of_service(self, service: ServiceView, at: datetime) -> ByDay:
        """The last 90 days of Paris of a service, today so far among them."""
        basis, here = self._basis(at)
        return service_by_day(basis, here.service(service.id, service.territories))

    def days_of_place(self, code: str, at: datetime) -> ByDay:
        """The same of the users of a territory. Raises KeyError for a code that the catalogue lacks."""
        return territory_by_day(self._basis(at)[0], code)

    def schools(self, text: str, most: int) -> tuple[School, ...] | None:
        """Schools of the official directory that a text finds; None where it was not imported."""
        found = schools_named(text, Settings().directory, self._country().catalog, most)
        if found is None:
            return None
        return tuple(_school(one) for one in found)

    def _basis(self, at: datetime) -> tuple[Basis, Country]:
        """What figures rest on; the verdicts in force speak until `at`, the instant of the snapshot on show."""
        settings, here = Settings(), self._country()
        books = Books(self._url, self._config, settings.calendar, settings.directory)
        return Basis(self._url, self._url, here.catalog, here.timetable, ground_of(books, here), at), here

    def _country(self) -> Country:
        settings = Settings()
        return country(self._config or settings.config, settings.calendar)


def _school(found: FoundSchool) -> School:
    one = found.listed
    return School(one.uai, one.name, one.town, one.place, tuple(service.id for service in found.services))
