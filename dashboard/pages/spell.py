"""Which days an address asks about, as days of Paris: a usual period, or free days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dashboard.dates import MONTHS, NB, PARIS
from dashboard.pages.view import Unanswerable

ONE_DAY = timedelta(days=1)
FIRST = date(2020, 1, 1)  # nothing was measured before
LONGEST = 92  # days of a free period
FREE = "libre"
PERIODS: Mapping[str, str] = {
    "aujourdhui": "Aujourd’hui",
    "hier": "Hier",
    "7j": "7 derniers jours",
    "30j": "30 derniers jours",
    FREE: "Jours choisis",
}
_LENGTHS = {"7j": 7, "30j": 30}
_HOUR = re.compile(r"(\d{1,2})(?::|\s*h\s*)(\d{2})")


@dataclass(frozen=True, slots=True)
class Spell:
    """[since, until) in UTC: days of Paris from `first` to `last`, cut at what is known; `words` opens a sentence."""

    chosen: str
    first: date
    last: date
    since: datetime
    until: datetime
    words: str


def spell_of(words: Mapping[str, str], known: datetime) -> Spell:
    """The days that `periode`, `de` and `a`, or `jour` ask for; `known`: until when states are known.

    Raises Unanswerable for days that no calendar has, the future, a period that is turned round or longer than 92 days.
    """
    today = known.astimezone(PARIS).date()
    chosen = words.get("periode") or (FREE if {"jour", "de", "a"} & words.keys() else "aujourdhui")
    if "jour" in words:
        first = last = _day(words["jour"])
        chosen = FREE
    elif chosen == FREE:
        last = _day(words["a"]) if "a" in words else today
        first = _day(words["de"]) if "de" in words else max(last, FIRST) - 6 * ONE_DAY
    elif chosen in PERIODS:
        last = today - ONE_DAY if chosen == "hier" else today
        first = last - (_LENGTHS.get(chosen, 1) - 1) * ONE_DAY
    else:
        raise Unanswerable("Cette période n’existe pas.")
    _check(first, last, today)
    return Spell(chosen, first, last, begins(first), min(begins(last + ONE_DAY), known), _words(first, last, today))


def moment_of(words: Mapping[str, str], spell: Spell) -> datetime | None:
    """The instant of `heure` (``08:30``, ``8 h 30``) on the last day; None where none is asked for.

    Raises Unanswerable for what is no hour, or lies beyond what is known.
    """
    asked = words.get("heure")
    if asked is None:
        return None
    found = _HOUR.fullmatch(asked.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unanswerable("Écrivez l’heure ainsi\u00a0: 08:30.")
    day = spell.last
    at = datetime(day.year, day.month, day.day, int(found[1]), int(found[2]), tzinfo=PARIS).astimezone(UTC)
    if at >= spell.until:
        raise Unanswerable("Cette heure n’est pas encore mesurée.")
    return at


def _check(first: date, last: date, today: date) -> None:
    if first > last:
        raise Unanswerable("Le premier jour vient après le dernier.")
    if last > today:
        raise Unanswerable("Ces jours ne sont pas encore mesurés.")
    if first < FIRST:
        raise Unanswerable(f"Rien n’a été mesuré avant {FIRST.year}.")
    if (last - first).days >= LONGEST:
        raise Unanswerable(f"Demandez {LONGEST}{NB}jours au plus.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unanswerable("Écrivez les jours ainsi\u00a0: 2021-04-06.") from None


def begins(day: date) -> datetime:
    """The first instant of a day of Paris, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def _words(first: date, last: date, today: date) -> str:
    if first == last:
        if last == today:
            return f"Le {_told(last)}, jusqu’ici"
        return f"Le {_told(last)}"
    return f"Du {_told(first)} au {_told(last)}"


def _told(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NB}{MONTHS[day.month - 1]} {day.year}"
