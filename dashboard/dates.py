"""How instants and durations are said in French, on the clock of Paris."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
NB = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def clock(at: datetime) -> str:
    """``8 h 07`` in Paris."""
    local = at.astimezone(PARIS)
    return f"{local.hour}{NB}h{NB}{local.minute:02d}"


def day(at: datetime) -> str:
    """``mardi 6 avril`` in Paris; the first of a month is ``1er``."""
    local = at.astimezone(PARIS)
    number = "1er" if local.day == 1 else str(local.day)
    return f"{DAYS[local.weekday()]} {number} {MONTHS[local.month - 1]}"


def long_day(at: datetime) -> str:
    """``mardi 6 avril 2021`` in Paris."""
    return f"{day(at)} {at.astimezone(PARIS).year}"


def since(at: datetime, now: datetime) -> str:
    """``8 h 07`` on the same day, ``hier à 22 h 10``, or ``lundi 5 avril à 9 h 00``: follows « depuis »."""
    days = (now.astimezone(PARIS).date() - at.astimezone(PARIS).date()).days
    if days == 0:
        return clock(at)
    return f"hier à {clock(at)}" if days == 1 else f"{day(at)} à {clock(at)}"


def until(at: datetime, now: datetime) -> str:
    """``à 8 h 30`` on the same day, else ``à demain 8 h 30`` or ``au jeudi 8 avril à 8 h 30``: follows « jusqu’ »."""
    days = (at.astimezone(PARIS).date() - now.astimezone(PARIS).date()).days
    if days == 0:
        return f"à {clock(at)}"
    return f"à demain {clock(at)}" if days == 1 else f"au {day(at)} à {clock(at)}"


def from_to(start: datetime, end: datetime, now: datetime) -> str:
    """``de 8 h 02 à 10 h 16``, ``d’hier 13 h 00 à 16 h 00``, ``du dimanche 22 novembre à 16 h 00 au lundi…``."""
    first, last, today = (at.astimezone(PARIS).date() for at in (start, end, now))
    yesterday = today - timedelta(days=1)
    if first == last == today:
        return f"de {clock(start)} à {clock(end)}"
    if first == last:
        opening = "d’hier" if first == yesterday else f"le {day(start)} de"
        return f"{opening} {clock(start)} à {clock(end)}"
    opening = "d’hier" if first == yesterday else f"du {day(start)} à"
    ending = "à aujourd’hui" if last == today else "à hier" if last == yesterday else f"au {day(end)} à"
    return f"{opening} {clock(start)} {ending} {clock(end)}"


def capital(text: str) -> str:
    """The same with a capital at its beginning, the rest untouched."""
    return text[:1].upper() + text[1:]


def midnight(at: datetime) -> datetime:
    """The last midnight of Paris before `at`."""
    return at.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)


def moment(at: datetime) -> str:
    """The part of the day that opens a sentence."""
    hour = at.astimezone(PARIS).hour
    if hour < 5 or hour >= 22:
        return "Cette nuit"
    if hour < 12:
        return "Ce matin"
    return "Cet après-midi" if hour < 18 else "Ce soir"


def ago(age: timedelta) -> str:
    """``12 secondes``, ``6 minutes``, ``3 heures``, ``2 jours``: the largest unit that is not zero, rounded down."""
    seconds = max(0, int(age.total_seconds()))
    for size, word in ((86_400, "jour"), (3_600, "heure"), (60, "minute"), (1, "seconde")):
        if seconds >= size:
            return f"{seconds // size}{NB}{word}{'s' if seconds // size > 1 else ''}"
    return f"0{NB}seconde"


def duration(span: timedelta) -> str:
    """``46 min``, ``2 h 14``, ``3 j``: short, for the side of a title."""
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes < 1:
        return f"<{NB}1{NB}min"
    if minutes < 60:
        return f"{minutes}{NB}min"
    return f"{minutes // 60}{NB}h{NB}{minutes % 60:02d}" if minutes < 48 * 60 else f"{minutes // 1440}{NB}j"
