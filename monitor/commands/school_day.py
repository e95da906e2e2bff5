"""One day of a territory by the school clock, as people or machines read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.domain.calendar import Closed, SchoolCalendar, SchoolClock
from monitor.domain.catalog import Territory
from monitor.domain.policy import Rhythm
from monitor.domain.snapshot import instant

COLUMNS = ("Jour", "Classe", "Ouverture", "En classe", "Hors classe", "Repos", "Calendrier")
UNKNOWN = "inconnu"

_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """One day of a territory, as people or machines read it."""

    day: date
    territory: Territory
    clock: SchoolClock
    calendar: SchoolCalendar

    def as_json(self) -> dict[str, object]:
        """For machines: instants in UTC."""
        return {
            "date": self.day.isoformat(),
            "school_day": self.clock.school_day(self.day),
            "known": self.clock.known(self.day),
            "closed": [{"zone": zone, "reason": why, "name": name} for zone, why, name in self._closed()],
            "rhythms": [
                {"rhythm": rhythm, "from": instant(since), "until": instant(until)}
                for since, until, rhythm in self._stretches()
            ],
        }

    def cells(self) -> tuple[str, ...]:
        """For people, by `COLUMNS`: the day, class or why not, the hours of each rhythm, is the calendar known."""
        hours = dict.fromkeys(Rhythm, "")
        for since, until, rhythm in self._stretches():
            hours[rhythm] += f"{', ' if hours[rhythm] else ''}{self._hour(since)}–{self._hour(until)}"
        known = "connu" if self.clock.known(self.day) else UNKNOWN
        return f"{_DAYS[self.day.weekday()]} {self.day:%d/%m/%Y}", self._course(), *hours.values(), known

    def _course(self) -> str:
        closed = list(self._closed())
        if self.clock.school_day(self.day):
            return "oui" if not closed else f"oui, sauf zone {', '.join(zone or '?' for zone, _, _ in closed)}"
        words = {Closed.HOLIDAYS: "{}", Closed.PUBLIC: "férié ({})", Closed.WEEKEND: "week-end"}
        return "non : " + ", ".join(sorted({words[why].format(name) for _, why, name in closed}))

    def _closed(self) -> Iterator[tuple[str | None, Closed, str]]:
        for place in sorted(self.clock.places, key=lambda place: place.zone or ""):
            if (why := self.calendar.closed(place, self.day)) is not None:
                yield place.zone, *why

    def _stretches(self) -> Iterator[tuple[datetime, datetime, Rhythm]]:
        """From midnight to midnight, local time; neighbours of the same rhythm are one."""
        since, end = self._midnight(self.day), self._midnight(self.day + timedelta(days=1))
        while since < end:
            rhythm, until = self.clock.rhythm(since), self.clock.next_change(since)
            while until < end and self.clock.rhythm(until) is rhythm:
                until = self.clock.next_change(until)
            yield since, min(until, end), rhythm
            since = until

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.calendar.timezones[self.territory.timezone]).astimezone(UTC)

    def _hour(self, at: datetime) -> str:
        local = at.astimezone(self.calendar.timezones[self.territory.timezone])
        if local.date() > self.day:
            return "24h"
        return f"{local.hour}h{local.minute:02}" if local.minute else f"{local.hour}h"
