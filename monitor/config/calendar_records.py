"""The ministry's data set `fr-en-calendrier-scolaire`, as published → its entries, one by one.

Shapes read: the list of `/exports/json`, a page of `/records`, the CSV of `/exports/csv`.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from monitor.config.calendar_table import ZONES, CalendarInvalid
from monitor.config.problem import quoted
from monitor.config.territories import load_territories
from monitor.domain.catalog import Level
from monitor.domain.spelling import plain

_PARIS = ZoneInfo("Europe/Paris")  # overseas too: every instant of the data set is midnight in Paris
_LONGEST_NAME = 80
_LABELS = {  # titles of the CSV export → keys of the JSON
    "Description": "description",
    "Population": "population",
    "Date de début": "start_date",
    "Date de fin": "end_date",
    "Académies": "location",
    "Zones": "zones",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: from `start` to the day of return `end` (not included; equal to `start` where none is published)."""

    place: str
    zone: str
    name: str
    population: str
    start: date
    end: date


def read_records(text: str, name: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries of a file and French remarks; `name` is what messages call the file.

    Raises CalendarInvalid with every bad record at once.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    odd = 0
    for place, record in _records(text, name):
        if not record:
            problems.append(f"{place} — rien qui se lise → un bloc avec « description », « start_date » et « zones »")
            continue
        faults: list[str] = []
        entry, exact = _entry(place, record, faults)
        if faults:
            problems += [f"{place} — {fault}" for fault in faults]
        else:
            entries.append(entry)
            odd += not exact
    if not entries and not problems:
        problems.append("fichier — aucun enregistrement → donnez l’export complet du jeu fr-en-calendrier-scolaire")
    if problems:
        raise CalendarInvalid(name, problems)
    remark = f"Enregistrements qui ne sont pas datés de minuit à Paris : {odd} ; leur jour de Paris est retenu."
    return tuple(entries), (remark,) if odd else ()


def _records(text: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    text = text.removeprefix("\ufeff").lstrip()
    if not text.startswith(("[", "{")):
        yield from _csv_records(text, name)
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = f"ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else "fichier"
        raise CalendarInvalid(name, [f"{line} — JSON illisible ou coupé → téléchargez-le de nouveau"]) from error
    if isinstance(found, dict) and isinstance(found.get("results"), list):
        found = _whole_page(found, name)
    if not isinstance(found, list):
        raise CalendarInvalid(name, ["fichier — ni liste ni page d’enregistrements → donnez /exports/json du jeu"])
    for number, record in enumerate(found, 1):
        yield f"enregistrement {number}", record if isinstance(record, dict) else {}


def _whole_page(page: dict[str, Any], name: str) -> list[Any]:
    results: list[Any] = page["results"]
    total = page.get("total_count")
    if isinstance(total, int) and total > len(results):
        raise CalendarInvalid(
            name, [f"fichier — une page de {len(results)} enregistrements sur {total} → donnez /exports/json, entier"]
        )
    return results


def _csv_records(text: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    separator = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    titles = {title: _LABELS.get(title, title) for title in reader.fieldnames or ()}
    if not {"description", "start_date"} <= set(titles.values()):
        raise CalendarInvalid(name, ["ligne 1 — ce n’est pas le jeu fr-en-calendrier-scolaire → donnez /exports/json"])
    for record in reader:
        yield f"ligne {reader.line_num}", {titles[key]: value for key, value in record.items() if key in titles}


def _entry(place: str, record: Mapping[str, Any], faults: list[str]) -> tuple[Entry, bool]:
    """One record, and whether it is dated to midnight as the data set promises; of no use where it adds `faults`."""
    name = _text(record, "description").replace("'", "’")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        faults.append(f"description {quoted(name)} → un nom de vacances, de {_LONGEST_NAME} signes au plus")
    start, exact = _day(record, "start_date", faults)
    end, exact_too = _day(record, "end_date", faults) if _text(record, "end_date") else (start, True)
    return Entry(place, _zone(record, faults), name, _text(record, "population"), start, end), exact and exact_too


def _day(record: Mapping[str, Any], key: str, faults: list[str]) -> tuple[date, bool]:
    """The day in Paris of an instant: 2026-12-18T23:00Z is the 19th."""
    text = _text(record, key)
    try:
        instant = datetime.fromisoformat(text)
        if len(text) > len("2026-12-19"):
            if instant.tzinfo is None:
                raise ValueError
            instant = instant.astimezone(_PARIS)
    except (ValueError, OverflowError):
        faults.append(f"{key} {quoted(text)} → un instant comme 2026-12-18T23:00:00+00:00")
        return date.min, True
    return instant.date(), instant.time() == time()


def _zone(record: Mapping[str, Any], faults: list[str]) -> str:
    """The zone of a record: what it says, or where it says nothing that of its académie (Caen and Rouen included)."""
    said, location = _text(record, "zones"), _text(record, "location")
    for text in (said, location) if not said else (said,):
        if zone := _SPELLINGS.get(plain(text).removeprefix("zone ")):
            return zone
    faults.append(f"zone inconnue {quoted(said or location)} → l’une de : {', '.join(ZONES)}")
    return ""


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def _spellings() -> dict[str, str]:
    """Every way to name a zone, or an académie of one."""
    places = load_territories().values()
    found = {plain(place.name): place.zone for place in places if place.zone and place.level is not Level.REGION}
    old = {"caen": "B", "rouen": "B", "wallis et futuna": "Wallis-et-Futuna"}
    return found | old | {plain(zone): zone for zone in ZONES}


_SPELLINGS = _spellings()
