"""How instants and durations are said, on the clock of Paris, in the language that is spoken."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.tongue import FRENCH, N_, _, ngettext, pgettext, spoken

PARIS = ZoneInfo("Europe/Paris")
NB = "\u00a0"
DAYS = (N_("lundi"), N_("mardi"), N_("mercredi"), N_("jeudi"), N_("vendredi"), N_("samedi"), N_("dimanche"))
MONTHS = (
    N_("janvier"), N_("février"), N_("mars"), N_("avril"), N_("mai"), N_("juin"),
    N_("juillet"), N_("août"), N_("septembre"), N_("octobre"), N_("novembre"), N_("décembre"),
)  # fmt: skip


def clock(at: datetime) -> str:
    """``8 h 07`` in Paris; ``8:07``."""
    local = at.astimezone(PARIS)
    return _("{hour}\u00a0h\u00a0{minute}").format(hour=local.hour, minute=f"{local.minute:02d}")


def day(at: datetime) -> str:
    """``mardi 6 avril`` in Paris; the first of a month is ``1er`` in French."""
    local = at.astimezone(PARIS)
    number = "1er" if local.day == 1 and spoken() == FRENCH else str(local.day)
    return f"{_(DAYS[local.weekday()])} {number} {_(MONTHS[local.month - 1])}"


def long_day(at: datetime) -> str:
    """``mardi 6 avril 2021`` in Paris."""
    return f"{day(at)} {at.astimezone(PARIS).year}"


def day_and_clock(at: datetime, *, year: bool = False) -> str:
    """``mardi 6 avril à 8 h 07``, with its year if asked."""
    return _("{day} à {clock}").format(day=long_day(at) if year else day(at), clock=clock(at))


def since(at: datetime, now: datetime) -> str:
    """``8 h 07`` on the same day, ``hier à 22 h 10``, or ``lundi 5 avril à 9 h 00``: follows « depuis »."""
    days = (now.astimezone(PARIS).date() - at.astimezone(PARIS).date()).days
    if days == 0:
        return clock(at)
    return _("hier à {clock}").format(clock=clock(at)) if days == 1 else day_and_clock(at)


def until(at: datetime, now: datetime) -> str:
    """``à 8 h 30`` on the same day, else ``à demain 8 h 30`` or ``au jeudi 8 avril à 8 h 30``: follows « jusqu’ »."""
    days = (at.astimezone(PARIS).date() - now.astimezone(PARIS).date()).days
    if days == 0:
        return pgettext("jusqu’", "à {clock}").format(clock=clock(at))
    if days == 1:
        return pgettext("jusqu’", "à demain {clock}").format(clock=clock(at))
    return pgettext("jusqu’", "au {day} à {clock}").format(day=day(at), clock=clock(at))


def from_to(start: datetime, end: datetime, now: datetime) -> str:
    """``de 8 h 02 à 10 h 16``, ``d’hier 13 h 00 à 16 h 00``, ``du dimanche 22 novembre à 16 h 00 au lundi…``."""
    first, last, today = (at.astimezone(PARIS).date() for at in (start, end, now))
    yesterday = today - timedelta(days=1)
    said = {"start": clock(start), "end": clock(end), "first": day(start), "last": day(end)}
    if first == last == today:
        return _("de {start} à {end}").format(**said)
    if first == last:
        known = _("d’hier {start} à {end}") if first == yesterday else _("le {first} de {start} à {end}")
        return known.format(**said)
    opening = _("d’hier {start}") if first == yesterday else _("du {first} à {start}")
    ending = (
        _("à aujourd’hui {end}")
        if last == today
        else _("à hier {end}")
        if last == yesterday
        else _("au {last} à {end}")
    )
    return f"{opening} {ending}".format(**said)


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
        return _("Cette nuit")
    if hour < 12:
        return _("Ce matin")
    return _("Cet après-midi") if hour < 18 else _("Ce soir")


def ago(age: timedelta) -> str:
    """``12 secondes``, ``6 minutes``, ``3 heures``, ``2 jours``: the largest unit that is not zero, rounded down."""
    seconds = max(0, int(age.total_seconds()))
    if seconds >= 86_400:
        return _counted(ngettext("{n}\u00a0jour", "{n}\u00a0jours", seconds // 86_400), seconds // 86_400)
    if seconds >= 3_600:
        return _counted(ngettext("{n}\u00a0heure", "{n}\u00a0heures", seconds // 3_600), seconds // 3_600)
    if seconds >= 60:
        return _counted(ngettext("{n}\u00a0minute", "{n}\u00a0minutes", seconds // 60), seconds // 60)
    return _counted(ngettext("{n}\u00a0seconde", "{n}\u00a0secondes", seconds), seconds)


def duration(span: timedelta) -> str:
    """``46 min``, ``2 h 14``, ``3 j``: short, for the side of a title."""
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes < 1:
        return _("<\u00a01\u00a0min")
    if minutes < 60:
        return f"{minutes}{NB}min"
    if minutes < 48 * 60:
        return _("{hours}\u00a0h\u00a0{minutes}").format(hours=minutes // 60, minutes=f"{minutes % 60:02d}")
    return _("{n}\u00a0j").format(n=minutes // 1440)


def _counted(words: str, count: int) -> str:
    return words.format(n=count)
