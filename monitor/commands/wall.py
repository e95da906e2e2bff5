"""Days and hours as people type them for a place: what the clock on its wall shows, never an offset from UTC.

Each reader adds one French sentence to `troubles` for what it cannot read, and gives None.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from monitor.commands.shown import visible
from monitor.commands.window import REACH, WITHIN_REACH

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
EVERY_DAY = "jour"
_HOURS = re.compile(r"(\d{1,2})[:h](\d{2})?\s*[-–]\s*(\d{1,2})[:h](\d{2})?")
_MIDNIGHT = (24, 0)


def local_moment(option: str, written: str, troubles: list[str]) -> datetime | None:
    """A day and an hour, naive: ``2026-12-05T22:00`` or ``2026-12-05 22:00``."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        troubles.append(f"{_said(option, written)} ne se lit pas. Écrivez un jour et une heure, 2026-12-05T22:00.")
        return None
    if moment.tzinfo is not None:
        troubles.append(f"{_said(option, written)} porte un décalage. Écrivez l’heure locale seule, 2026-12-05T22:00.")
    elif re.fullmatch(r"[\d-]+", written):
        troubles.append(f"{_said(option, written)} n’a pas d’heure. Ajoutez-la, {written}T22:00.")
    elif moment.year not in REACH:
        troubles.append(f"{_said(option, written)} est hors de portée\u00a0: {WITHIN_REACH}.")
    else:
        return moment
    return None


def local_day(option: str, written: str, troubles: list[str]) -> date | None:
    """A day: ``2026-12-05``."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        troubles.append(f"{_said(option, written)} n’est pas un jour. Avec --every, écrivez 2026-12-05, sans heure.")
        return None
    if day.year not in REACH:
        troubles.append(f"{_said(option, written)} est hors de portée\u00a0: {WITHIN_REACH}.")
        return None
    return day


def local_hours(option: str, written: str, troubles: list[str]) -> tuple[time, time] | None:
    """Two hours, ``22:00-02:00`` or ``22h-2h``; ``24:00`` may end a day."""
    found = _HOURS.fullmatch(written.strip())
    if found is not None:
        numbers = [int(one or 0) for one in found.groups()]
        if (numbers[2], numbers[3]) == _MIDNIGHT:
            numbers[2] = 0
        try:
            return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
        except ValueError:
            pass
    troubles.append(f"{_said(option, written)} ne se lit pas. Écrivez deux heures, 22:00-02:00.")
    return None


def weekdays(option: str, written: Sequence[str], troubles: list[str]) -> frozenset[int] | None:
    """Days of the week, Monday is 0: ``mercredi``, ``lundi,jeudi``, or ``jour`` for all of them."""
    words = [word.strip().lower() for one in written for word in one.split(",")]
    unknown = [word for word in words if word not in {*DAYS, EVERY_DAY}]
    mend = f"Écrivez {', '.join(DAYS)} ou {EVERY_DAY}."
    troubles.extend(f"{_said(option, word)} n’est pas un jour. {mend}" for word in unknown)
    if unknown:
        return None
    return frozenset(range(7)) if EVERY_DAY in words else frozenset(map(DAYS.index, words))


def instant_of(option: str, moment: datetime, zone: ZoneInfo, troubles: list[str]) -> datetime | None:
    """The instant (UTC) at which the clock of a place showed it; of an hour that is repeated, the first time."""
    at = moment.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == moment:
        return at
    troubles.append(f"{option}\u00a0: cette heure n’existe pas ce jour-là (passage à l’heure d’été). Corrigez-la.")
    return None


def _said(option: str, written: str) -> str:
    return f"{option}\u00a0: «\u00a0{visible(written[:40])}\u00a0»"
