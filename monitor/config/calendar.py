"""The school calendar: the package `holidays` for zones A, B, C and public holidays, a packaged table for the rest.

Over both of them stands the official file that `vigie calendar import` has written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.config.calendar_table import Kind, Row, load_table, read_table
from monitor.config.territories import load_territories
from monitor.domain.calendar import MAINLAND, Period, SchoolCalendar

# Beyond the last decree `holidays` goes on by a formula: not a fact, hence not known.
DECREED = (date(2017, 9, 1), date(2028, 8, 31))
DECREES = "arrêtés du calendrier scolaire, d’après le paquet holidays"
# Two packages disagree on the start of term 2027 (1 or 2 September): a day of term until the official file has spoken.
DISPUTED = frozenset({date(2027, 9, 1)})

_PUBLIC_YEARS = range(DECREED[0].year, 2051)  # computed from Easter and fixed days: no decree is needed
_COUNTRY = "N"
_PLACES_APART = {  # territory → its subdivision in `holidays`
    "A:strasbourg": "6AE",
    "D:57": "57",
    "A:guadeloupe": "971",
    "A:martinique": "972",
    "A:guyane": "973",
    "A:la-reunion": "974",
    "A:mayotte": "976",
    "C:977": "BL",
    "C:978": "MF",
    "C:986": "WF",
    "C:987": "PF",
    "C:988": "NC",
}
# The law names one day of their own for these (the abolition of slavery); customs that `holidays` adds (Mi-Carême,
# Victor Schœlcher, Good Friday) close some schools and not others, and asking too often is the safe error.
_BY_LAW_ALONE = frozenset({"971", "972", "973", "974", "976", "BL", "MF"})
_ABOLITION = "Abolition de l’esclavage"


def load_calendar(path: Path | None) -> SchoolCalendar:
    """The calendar of France; `path` is the imported official file, which need not exist.

    Raises CalendarInvalid with every error of that file, OSError where it cannot be read.
    """
    packaged = files("monitor.config").joinpath("data", "calendar", "overseas.csv").read_text(encoding="utf-8")
    layers = [read_table(packaged, "overseas.csv")]
    if path is not None and path.exists():
        layers.append(load_table(path))
    closed, known = _mainland()
    for rows in layers:
        _lay(rows, closed, known)
    places = load_territories().values()
    return SchoolCalendar(
        holidays={zone: _periods(days) for zone, days in closed.items()},
        coverage={zone: _periods(days) for zone, days in known.items()},
        public=_public(),
        timezones={place.timezone: ZoneInfo(place.timezone) for place in places},
    )


Days = dict[str, dict[date, str]]


def _lay(rows: Iterable[Row], closed: Days, known: Days) -> None:
    """Put a table over what is known already: of the days that it vouches for, nothing older is left."""
    rows = tuple(rows)
    for row in (row for row in rows if row.kind is Kind.KNOWN):
        for day in row.days():
            known[row.zone][day] = row.source
            closed[row.zone].pop(day, None)
    for row in (row for row in rows if row.kind is Kind.HOLIDAYS):
        for day in row.days():
            known[row.zone][day] = row.source
            closed[row.zone][day] = row.name


def _mainland() -> tuple[Days, Days]:
    """Holidays and known days of zones A, B, C."""
    # Loading it costs a tenth of a second and 150 modules: only whoever needs the calendar pays.
    import holidays  # noqa: PLC0415

    first, last = DECREED
    closed: Days = defaultdict(dict)
    known: Days = defaultdict(dict)
    for zone in MAINLAND:
        found = holidays.country_holidays(
            "FR", subdiv=f"Zone {zone}", categories="school", years=range(first.year, last.year + 1), language="fr"
        )
        closed[zone] = {
            day: _typeset(name) for day, name in found.items() if first <= day <= last and day not in DISPUTED
        }
        known[zone] = {first + timedelta(days=n): DECREES for n in range((last - first).days + 1)}
    return closed, known


def _public() -> dict[str, Mapping[date, str]]:
    """Public holidays: of the country, and of the places that keep days of their own."""
    import holidays  # noqa: PLC0415 - as above

    def of(subdivision: str | None) -> dict[date, str]:
        found = holidays.country_holidays("FR", subdiv=subdivision, years=_PUBLIC_YEARS, language="fr")
        return {day: _typeset(name) for day, name in found.items()}

    national = of(None)
    public: dict[str, Mapping[date, str]] = {_COUNTRY: national}
    for code, subdivision in _PLACES_APART.items():
        own = of(subdivision)
        if subdivision in _BY_LAW_ALONE:
            own = {day: name for day, name in own.items() if day in national or _ABOLITION in name}
        public[code] = own
    return public


def _typeset(name: str) -> str:
    return name.replace("'", "’")


def _periods(days: Mapping[date, str]) -> tuple[Period, ...]:
    """Days and their names → stretches of days that follow each other under one name."""
    found: list[Period] = []
    for day in sorted(days):
        if found and found[-1].name == days[day] and found[-1].last == day - timedelta(days=1):
            found[-1] = Period(found[-1].first, day, days[day])
        else:
            found.append(Period(day, day, days[day]))
    return tuple(found)
