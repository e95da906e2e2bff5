"""The school clock: which days have class, which hours are dense, where and how long an answer holds.

Rules and figures: docs/method.md, "Cadence". Days come in as values (`SchoolCalendar`), time zones too:
reading either from the disk is the business of `monitor.config`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from monitor.domain.catalog import Territory
from monitor.domain.policy import Rhythm

OPENS, SETTLED = time(7, 30), time(9)
ENDS, ENDS_ON_WEDNESDAY = time(18), time(13)
DAWN, NIGHT = time(6), time(22)
PEAKS, PEAK_LASTS = (time(8), time(13, 30)), timedelta(minutes=30)  # start of class, start of the afternoon
WATCHED_DAYS = 4  # a peak further away (holidays) is not waited for: from a Friday to Monday's there are three
MAINLAND = ("A", "B", "C")  # the zones that a service of the whole country is watched by

_WEDNESDAY, _SATURDAY = 2, 5
_HOURS = (DAWN, OPENS, SETTLED, ENDS_ON_WEDNESDAY, ENDS, NIGHT)
_ONE_DAY = timedelta(days=1)
_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_DENSITY = {rhythm: place for place, rhythm in enumerate(Rhythm)}  # Rhythm names the densest first


class Closed(StrEnum):
    """Why there is no class on a day."""

    HOLIDAYS = "school_holidays"
    PUBLIC = "public_holiday"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, and what people call them (or who vouches for them)."""

    first: date
    last: date
    name: str

    def __contains__(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """What decides the school hours of a place: its time zone, its zone, and whose public holidays it keeps.

    `public` is the code of the nearest territory that has public holidays of its own (None: none are known).
    """

    timezone: tzinfo
    zone: str | None
    public: str | None


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """The days without class.

    Attributes:
        holidays: zone → its school holidays.
        coverage: zone → the stretches of days for which a source vouches (`name`: which one). Outside of them nothing
            is known, and a day counts as a day of term: asking too often is the safe error.
        public: code of a territory → its public holidays (those of the country included) and their names.
        timezones: IANA name → time zone, for every territory.
    """

    holidays: Mapping[str, tuple[Period, ...]]
    coverage: Mapping[str, tuple[Period, ...]]
    public: Mapping[str, Mapping[date, str]]
    timezones: Mapping[str, tzinfo]

    def known(self, zone: str | None, day: date) -> bool:
        """Whether a source says if that day has class in that zone."""
        return any(day in stretch for stretch in self.coverage.get(zone or "", ()))

    def known_until(self, zone: str | None) -> date | None:
        """The last day known for a zone, None for a zone of which nothing is known."""
        return max((stretch.last for stretch in self.coverage.get(zone or "", ())), default=None)

    def closed(self, place: SchoolPlace, day: date) -> tuple[Closed, str] | None:
        """Why there is no class there on that day, with the name of the holiday ("" for a weekend); None: there is."""
        for period in self.holidays.get(place.zone or "", ()):
            if day in period:
                return Closed.HOLIDAYS, period.name
        if name := self.public.get(place.public or "", {}).get(day):
            return Closed.PUBLIC, name
        return (Closed.WEEKEND, "") if day.weekday() >= _SATURDAY else None

    def closures(self, place: SchoolPlace, last: date) -> tuple[object, ...]:
        """What is kept of a place's days without class up to a day, included: plain values, names left out."""
        holidays = sorted(
            (one.first.toordinal(), min(one.last, last).toordinal())
            for one in self.holidays.get(place.zone or "", ())
            if one.first <= last
        )
        public = sorted(day.toordinal() for day in self.public.get(place.public or "", {}) if day <= last)
        return str(place.timezone), tuple(holidays), tuple(public)

    def place(self, territory: Territory, above: Iterable[str]) -> SchoolPlace:
        """A territory as the clock sees it; `above` are the codes of its ancestors, nearest first.

        Raises KeyError for a time zone that the calendar does not hold.
        """
        public = next((code for code in (territory.code, *above) if code in self.public), None)
        return SchoolPlace(self.timezones[territory.timezone], territory.zone, public)


class SchoolClock:
    """The clock of one or several places: whatever is asked of it, its densest place decides.

    Without any place it is always class. Its answers depend on nothing but the instant; the two stretches that it was
    asked about last are remembered, because every question asked of a probe is paced by it, and every answer aged.
    """

    __slots__ = ("_calendar", "_recent", "places")

    def __init__(self, calendar: SchoolCalendar, places: Iterable[SchoolPlace]) -> None:
        self._calendar = calendar
        self.places = tuple(places)
        self._recent: tuple[tuple[datetime, datetime, Rhythm], ...] = ()

    def rhythm(self, instant: datetime) -> Rhythm:
        """How densely to ask at that instant (aware, UTC)."""
        return self._stretch(instant)[2]

    def in_school_hours(self, instant: datetime) -> bool:
        """Whether it is school time in any of its places: on school days 7:30 to 18:00, Wednesday to 13:00."""
        return self._stretch(instant)[2] in (Rhythm.OPENING, Rhythm.CLASS)

    def next_change(self, instant: datetime) -> datetime:
        """The first later instant (UTC) at which the rhythm may change; the end of time where it never does."""
        return self._stretch(instant)[1]

    def school_day(self, day: date) -> bool:
        """Whether there is class on that day in any of its places."""
        return not self.places or any(self._calendar.closed(place, day) is None for place in self.places)

    def closed(self, day: date) -> Closed | None:
        """Why there is no class on that day in any of its places; None where there is in one, or no place is known.

        Of several reasons the most ordinary: a Saturday that lies in the holidays of one place alone is a Saturday.
        """
        reasons = [self._calendar.closed(place, day) for place in self.places]
        ranked = list(Closed)
        return max((one[0] for one in reasons if one), key=ranked.index) if reasons and all(reasons) else None

    def known(self, day: date) -> bool:
        """Whether a source vouches for that day in all of its places."""
        return all(self._calendar.known(place.zone, day) for place in self.places)

    def rests_on(self, last: date) -> tuple[tuple[object, ...], ...]:
        """What its school hours rest on up to a local day, included: plain values, the same for clocks that agree.

        Days of which nothing is known count as days of term, hence as nothing here.
        """
        return tuple(sorted({self._calendar.closures(place, last) for place in self.places}, key=repr))

    def peak_over(self, instant: datetime) -> datetime | None:
        """When the next usual peak after an instant will be over, in the first of its places to have one.

        A peak begins with class, or with the afternoon's (not on Wednesday). None: no class within four days, or no
        place is known.
        """
        return min((found for place in self.places if (found := self._peak_over(place, instant))), default=None)

    def _peak_over(self, place: SchoolPlace, instant: datetime) -> datetime | None:
        today = instant.astimezone(place.timezone).date()
        for day in (today + timedelta(days=ahead) for ahead in range(WATCHED_DAYS)):
            if self._calendar.closed(place, day) is not None:
                continue
            for hour in PEAKS[: 1 if day.weekday() == _WEDNESDAY else 2]:
                begins = datetime.combine(day, hour, place.timezone).astimezone(UTC)
                if begins > instant:
                    return begins + PEAK_LASTS
        return None

    def _stretch(self, instant: datetime) -> tuple[datetime, datetime, Rhythm]:
        for stretch in self._recent:
            if stretch[0] <= instant < stretch[1]:
                return stretch
        stretch = self._compute(instant)
        self._recent = (stretch, *self._recent[:1])
        return stretch

    def _compute(self, instant: datetime) -> tuple[datetime, datetime, Rhythm]:
        if not self.places:
            return (*_EVER, Rhythm.CLASS)
        edges = [edge for place in self.places for edge in _edges(place, instant)]
        since = max(edge for edge in edges if edge <= instant)
        until = min(edge for edge in edges if edge > instant)
        return since, until, min((self._rhythm(place, instant) for place in self.places), key=_DENSITY.__getitem__)

    def _rhythm(self, place: SchoolPlace, instant: datetime) -> Rhythm:
        local = instant.astimezone(place.timezone)
        closed, hour = self._calendar.closed(place, local.date()), local.time()
        ends = ENDS_ON_WEDNESDAY if local.weekday() == _WEDNESDAY else ENDS
        if closed is None and OPENS <= hour < ends:
            return Rhythm.OPENING if hour < SETTLED else Rhythm.CLASS
        at_rest = closed is not None and closed[0] is not Closed.WEEKEND
        return Rhythm.OUTSIDE if DAWN <= hour < NIGHT and not at_rest else Rhythm.REST


def _edges(place: SchoolPlace, instant: datetime) -> Iterator[datetime]:
    """The hours around an instant at which the rhythm of a place may change, in UTC: one before it at least, one after.

    None of them is an hour that a change to summer time skips or repeats.
    """
    today = instant.astimezone(place.timezone).date()
    yield datetime.combine(today - _ONE_DAY, NIGHT, place.timezone).astimezone(UTC)
    for hour in _HOURS:
        yield datetime.combine(today, hour, place.timezone).astimezone(UTC)
    yield datetime.combine(today + _ONE_DAY, DAWN, place.timezone).astimezone(UTC)


NO_CALENDAR = SchoolCalendar({}, {}, {}, {})
ALWAYS_CLASS = SchoolClock(NO_CALENDAR, ())
