"""Records in the shape of `fr-en-calendrier-scolaire`, written by hand after what is known of the data set."""

import json
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def midnight(day: str) -> str:
    """Midnight of that day in Paris, as the data set writes it: in UTC."""
    return datetime.combine(date.fromisoformat(day), time(), PARIS).astimezone(UTC).isoformat()


def record(name, start, end, zone="Zone B", location="Lille", population="-", year="2026-2027"):
    """One record; `end` is the day of return, or None for what is published without a duration."""
    return {
        "description": name,
        "population": population,
        "start_date": midnight(start),
        "end_date": midnight(end or start),
        "location": location,
        "zones": zone,
        "annee_scolaire": year,
    }


def year_of_zone_b():
    """2026-2027 as published: one row per académie, one for teachers, summer and Ascension without a duration."""
    records = []
    for location in ("Lille", "Rennes", "Strasbourg"):
        records += [
            record("Rentrée scolaire des élèves", "2026-09-01", None, location=location, population="Élèves"),
            record("Vacances de la Toussaint", "2026-10-17", "2026-11-02", location=location),
            record("Vacances de Noël", "2026-12-19", "2027-01-04", location=location),
            record("Vacances d'Hiver", "2027-02-20", "2027-03-08", location=location),
            record("Vacances de Printemps", "2027-04-17", "2027-05-03", location=location),
            record("Pont de l'Ascension", "2027-05-07", None, location=location),
            record("Début des Vacances d'Été", "2027-07-03", None, location=location),
        ]
    return [*records, record("Prérentrée des enseignants", "2026-08-31", None, population="Enseignants")]


def as_json(records):
    return json.dumps(records, ensure_ascii=False)
