"""From the entries of `fr-en-calendrier-scolaire` to the table that Vigie reads, its known errors mended aloud."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.config.calendar_records import Entry, read_records
from monitor.config.calendar_table import CalendarInvalid, Kind, Row
from monitor.config.problem import typeset
from monitor.domain.spelling import plain

SOURCE = "fr-en-calendrier-scolaire"

_ONE_DAY = timedelta(days=1)
_SHORTEST_CHRISTMAS, _LONGEST_CHRISTMAS = timedelta(days=5), timedelta(days=60)
_LONGEST = timedelta(days=120)
# Where no end of summer is published: until the end of August where term begins in September, five weeks elsewhere
# (shorter than any summer; the rest is unknown, hence asked as in term).
_TERM_FROM_SEPTEMBER = frozenset({"A", "B", "C", "Corse"})
_SUMMER = timedelta(weeks=5)
_YEAR_BEGINS = 8  # August: overseas, some come back in its middle
_SUMMER_BEGINS = (6, 7)
_WHOLE_YEAR = 4  # a school year with fewer holidays than that, or without its summer, is not vouched for as a whole
_APART = {"Guadeloupe": "Saint-Barthélemy"}  # one zone of the data set, two calendars told apart by `population`
_EXPECTED = ("A", "B", "C", "Corse", "Guadeloupe", "Guyane", "Martinique", "Mayotte", "Réunion")
_RECENT_YEARS = 2


@dataclass(frozen=True, slots=True)
class Official:
    """The table to write, and what was mended or is missing, in French."""

    rows: tuple[Row, ...]
    remarks: tuple[str, ...]


def read_official(text: str, name: str) -> Official:
    """The table of an official file; `name` is what messages call it. Raises CalendarInvalid with every bad record."""
    found, said = read_records(text, name)
    remarks = list(said)
    entries = [part for entry in found if not _of_teachers(entry) for part in _parts(entry)]
    returns = {(entry.zone, entry.start) for entry in entries if _is_return(entry)}
    periods: list[Entry] = []
    problems: list[str] = []
    for entry in (entry for entry in entries if not _is_return(entry)):
        try:
            periods += _mended(entry, returns, remarks)
        except ValueError as error:
            problems.append(f"{entry.place} — {error}")
    if problems:
        raise CalendarInvalid(name, dict.fromkeys(problems))
    grouped: dict[tuple[str, int, str], list[Entry]] = defaultdict(list)
    for entry in periods:
        grouped[entry.zone, school_year(entry.start), entry.name].append(entry)
    holidays = [row for key, group in grouped.items() for row in _agreed(key, group, remarks)]
    years = _years(holidays)
    rows = [*holidays, *_coverage(years, returns)]
    return Official(tuple(rows), tuple(typeset(one) for one in dict.fromkeys([*remarks, *_absent(years)])))


def school_year(day: date) -> int:
    """The year in which the school year of a day began."""
    return day.year if day.month >= _YEAR_BEGINS else day.year - 1


def _of_teachers(entry: Entry) -> bool:
    return "enseignant" in plain(f"{entry.population} {entry.name}")


def _is_return(entry: Entry) -> bool:
    return "rentree" in plain(entry.name)


def _parts(entry: Entry) -> list[Entry]:
    """An entry for each calendar that it speaks of: `population` may name a territory of the zone instead of people."""
    other = _APART.get(entry.zone)
    if other is None:
        return [entry]
    said = plain(entry.population)
    named = []
    if "guadeloupe" in said or "saint martin" in said:
        named.append(entry.zone)
    if "saint barth" in said:
        named.append(other)
    return [replace(entry, zone=zone) for zone in named or (entry.zone, other)]


def _mended(entry: Entry, returns: set[tuple[str, date]], remarks: list[str]) -> list[Entry]:
    """The entry with an end, or nothing where it tells of no holiday. Raises ValueError for what nobody can read."""
    if entry.end == entry.start:
        return _without_end(entry, returns, remarks)
    label = f"{entry.name} ({entry.zone})"
    if entry.end < entry.start:
        later = entry.end.replace(year=entry.end.year + 1) if entry.end.month == 1 else entry.end
        if "noel" not in plain(entry.name) or not _SHORTEST_CHRISTMAS <= later - entry.start <= _LONGEST_CHRISTMAS:
            raise ValueError(f"{label} finit le {entry.end} → une date de fin postérieure au {entry.start}")
        remarks.append(f"{label}, {entry.start.year} : fin du {entry.end} corrigée en {later}, erreur connue du jeu.")
        return [replace(entry, end=later)]
    if entry.end - entry.start > _LONGEST:
        raise ValueError(f"{label} dure {(entry.end - entry.start).days} jours → {_LONGEST.days} au plus")
    return [entry]


def _without_end(entry: Entry, returns: set[tuple[str, date]], remarks: list[str]) -> list[Entry]:
    words = plain(entry.name).split()
    if "ascension" in words:  # published as one day: the holiday is the Thursday, the bridge lasts until Sunday
        thursday = entry.start - timedelta(days=entry.start.weekday() - 3)
        return [replace(entry, start=thursday, end=thursday + timedelta(days=4))]
    if "ete" in words or "debut" in words:
        ends = [day for zone, day in returns if zone == entry.zone and entry.start < day <= entry.start + _LONGEST]
        name = entry.name.removeprefix("Début des ")
        return [replace(entry, name=name, end=min(ends, default=_end_of_summer(entry)))]
    remarks.append(f"{entry.name} ({entry.zone}), {entry.start} : sans durée, ignoré.")
    return []


def _end_of_summer(entry: Entry) -> date:
    if entry.zone in _TERM_FROM_SEPTEMBER:
        return date(entry.start.year, 9, 1)
    return entry.start + _SUMMER


def _agreed(key: tuple[str, int, str], group: Iterable[Entry], remarks: list[str]) -> list[Row]:
    """One row per académie becomes one per zone: where they differ, the days that all of them have off."""
    zone, _, name = key
    clusters: list[list[tuple[date, date]]] = []
    for span in sorted({(entry.start, entry.end) for entry in group}):
        if clusters and span[0] < max(end for _, end in clusters[-1]):
            clusters[-1].append(span)
        else:
            clusters.append([span])
    rows = []
    for spans in clusters:
        first, last = max(start for start, _ in spans), min(end for _, end in spans) - _ONE_DAY
        if len(spans) > 1:
            common = f"du {first} au {last}" if first <= last else "il n’y en a pas"
            remarks.append(f"{name} ({zone}) : les dates diffèrent, seuls les jours communs sont retenus ({common}).")
        if first <= last:
            rows.append(Row(zone, Kind.HOLIDAYS, first, last, name, SOURCE))
    return rows


def _years(holidays: Iterable[Row]) -> Mapping[tuple[str, int], list[Row]]:
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in holidays:
        found[row.zone, school_year(row.first)].append(row)
    return found


def _coverage(years: Mapping[tuple[str, int], list[Row]], returns: set[tuple[str, date]]) -> list[Row]:
    """The whole years that the file vouches for; of a fragment, only its own days are known."""
    rows = []
    for (zone, year), holidays in years.items():
        if len(holidays) < _WHOLE_YEAR or not any(row.first.month in _SUMMER_BEGINS for row in holidays):
            continue
        begins = [day for other, day in returns if other == zone and school_year(day) == year]
        usual = date(year, 9, 1) if zone in _TERM_FROM_SEPTEMBER else min(row.first for row in holidays)
        first, last = min([usual, *begins]), max(row.last for row in holidays)
        rows.append(Row(zone, Kind.KNOWN, first, last, "", SOURCE))
    return rows


def _absent(years: Mapping[tuple[str, int], list[Row]]) -> list[str]:
    """Which zones the newest school years of the file leave out."""
    newest = sorted({year for _, year in years})[-_RECENT_YEARS:]
    return [
        f"{zone} {year}-{year + 1} : absent du fichier, ce que Vigie en savait reste en usage."
        for year in newest
        for zone in _EXPECTED
        if (zone, year) not in years
    ]
