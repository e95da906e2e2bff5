"""Which school clock each service is watched by: how often to ask it, how long an answer speaks, when users crowd."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from monitor.domain.calendar import ALWAYS_CLASS, MAINLAND, SchoolCalendar, SchoolClock, SchoolPlace
from monitor.domain.catalog import Catalog, Level, Probe


class Timetable:
    """Which clock each service is watched by. Without a calendar it is always class, everywhere.

    Unless `paced`, the calendar tells when users crowd and nothing else: everybody is asked at the pace of class hours.
    """

    def __init__(self, catalog: Catalog, calendar: SchoolCalendar | None, *, paced: bool = True) -> None:
        """Raises KeyError for a territory that the catalogue lacks, or a time zone that the calendar lacks."""
        self._catalog, self._calendar = catalog, calendar
        self._shared: dict[frozenset[SchoolPlace], SchoolClock] = {}
        services = catalog.services.values() if paced else ()
        self._clocks = {service.id: self.clock_of(service.territories) for service in services}

    @classmethod
    def constant(cls) -> "Timetable":
        """Always class, for whatever catalogue: rehearsals, tests."""
        return cls(Catalog({}, {}, {}, ()), None)

    def clock(self, service: str | None) -> SchoolClock:
        """The clock of a service; of our own line (None), and of what the catalogue does not hold, always class."""
        return self._clocks.get(service, ALWAYS_CLASS) if service is not None else ALWAYS_CLASS

    def clock_of(self, territories: Iterable[str]) -> SchoolClock:
        """The clock of these territories together. Raises KeyError for an unknown code."""
        if self._calendar is None:
            return ALWAYS_CLASS
        places = frozenset(place for code in territories for place in self._places(code, self._calendar))
        # Most services of the country share a few clocks, and with them what these remember.
        return self._shared.setdefault(places, SchoolClock(self._calendar, places))

    def interval(self, probe: Probe, instant: datetime) -> timedelta:
        """How often to ask that probe at that instant (aware, UTC)."""
        return probe.policy.interval(self.clock(probe.service).rhythm(instant))

    def stale_after(self, probe: Probe, instant: datetime) -> timedelta:
        """How long an answer of that probe given at that instant (aware, UTC) speaks."""
        return probe.policy.stale_after(self.clock(probe.service).rhythm(instant))

    def peak_over(self, territories: Iterable[str], instant: datetime) -> datetime | None:
        """When the next usual peak of these territories after an instant will be over; None where none is known."""
        known = [code for code in territories if code in self._catalog.territories]
        return self.clock_of(known).peak_over(instant)

    def public_holidays(self, territories: Iterable[str]) -> frozenset[date]:
        """The public holidays of all these territories; none without a calendar. Raises KeyError."""
        if self._calendar is None:
            return frozenset()
        public = self._calendar.public
        kept = [frozenset(public.get(place.public or "", {})) for place in self.clock_of(territories).places]
        return frozenset.intersection(*kept) if kept else frozenset()

    def _places(self, code: str, calendar: SchoolCalendar) -> Iterator[SchoolPlace]:
        """The académies of a région; the mainland's zones for the country; else the place itself."""
        territory = self._catalog.territories[code]
        if territory.level is Level.PAYS:
            yield from (SchoolPlace(calendar.timezones[territory.timezone], zone, code) for zone in MAINLAND)
        elif territory.level is Level.REGION:
            inside = (one for one in self._catalog.territories.values() if one.parent == code)
            yield from (calendar.place(one, self._catalog.ancestors(one.code)) for one in inside)
        else:
            yield calendar.place(territory, self._catalog.ancestors(code))
