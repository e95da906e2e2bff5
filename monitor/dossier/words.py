"""How days, durations and figures are said in a report: French, on the clock of Paris."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from monitor.alerting.french import FRENCH
from monitor.config.contract_fields import DAYS as _SHORT_DAYS
from monitor.domain.catalog import Level, Territory
from monitor.domain.contract import Exclusions, Outcome, OwnHours, Slot, Target
from monitor.domain.observation import Health
from monitor.domain.spelling import plain
from monitor.domain.uptime import Hours
from monitor.dossier.services import PARIS
from monitor.reports.said import lasts

NB, NARROW = "\u00a0", "\u202f"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
# As on the screens (the tests hold both against each other).
HEALTHS: Mapping[Health, str] = {
    Health.UP: "Tout répond",
    Health.SLOW: "Lent",
    Health.WAITING: "File d’attente",
    Health.RESTRICTED: "Accès restreint",
    Health.DOWN: "En panne",
    Health.MAINTENANCE: "Maintenance",
    Health.UNKNOWN: "Non mesuré",
}
HOURS: Mapping[Hours, str] = {Hours.ALL: "Jour et nuit", Hours.SCHOOL: "Heures scolaires"}
IN_HOURS: Mapping[Hours, str] = {Hours.ALL: "jour et nuit", Hours.SCHOOL: "aux heures scolaires"}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MET: "Atteint",
    Outcome.NOT_MET: "Non atteint",
    Outcome.INCONCLUSIVE: "On ne peut pas conclure",
}


def day(at: date) -> str:
    """``mardi 6 avril``; the first of a month is ``1er``."""
    return f"{DAYS[at.weekday()]} {_number(at)}{NB}{MONTHS[at.month - 1]}"


def short_day(at: date) -> str:
    """``mar. 6 avr.``."""
    return f"{_SHORT_DAYS[at.weekday()]}. {_number(at)}{NB}{_SHORT_MONTHS[at.month - 1]}"


def long_day(at: date) -> str:
    """``6 avril 2021``."""
    return f"{_number(at)}{NB}{MONTHS[at.month - 1]} {at.year}"


def month(at: date) -> str:
    """``avril 2021``."""
    return f"{MONTHS[at.month - 1]} {at.year}"


def clock(at: datetime) -> str:
    """``8 h 07`` in Paris."""
    local = at.astimezone(PARIS)
    return f"{local.hour}{NB}h{NB}{local.minute:02d}"


def moment(at: datetime) -> str:
    """``6 avril 2021 à 8 h 07`` in Paris."""
    return f"{long_day(at.astimezone(PARIS))} à {clock(at)}"


def end(at: datetime) -> str:
    """The end of a period: ``30 novembre 2021 à minuit``, or the hour."""
    local = at.astimezone(PARIS)
    if local.hour == local.minute == 0:
        return f"{long_day(local - timedelta(days=1))} à minuit"
    return moment(at)


def stretch(since: datetime, until: datetime) -> str:
    """``mardi 6 avril, de 8 h 02 à 10 h 16``, or from day to day."""
    first, last = since.astimezone(PARIS), until.astimezone(PARIS)
    if first.date() == last.date():
        return f"{day(first)}, de {clock(since)} à {clock(until)}"
    return f"du {day(first)} à {clock(since)} au {day(last)} à {clock(until)}"


def period(since: datetime, until: datetime, *, months: bool) -> str:
    """``avril 2021``, ``6 avril 2021``, ``du 6 au 12 avril 2021``."""
    first, last = since.astimezone(PARIS), (until - timedelta(microseconds=1)).astimezone(PARIS)
    if months:
        return month(first)
    if first.date() == last.date():
        return long_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"du {_number(first)} au {long_day(last)}"
    if first.year == last.year:
        return f"du {_number(first)}{NB}{MONTHS[first.month - 1]} au {long_day(last)}"
    return f"du {long_day(first)} au {long_day(last)}"


def opening(since: datetime, until: datetime, *, months: bool) -> str:
    """The same at the head of a sentence: ``En avril 2021``, ``Le 6 avril 2021``, ``Du 6 au 12 avril 2021``."""
    said = period(since, until, months=months)
    if months:
        return f"En {said}"
    return f"D{said[1:]}" if said.startswith("du ") else f"Le {said}"


def points(value: float) -> str:
    """``0,31 point``, ``2,4 points``; without its sign."""
    size = f"{abs(value):.2f}".replace(".", ",")
    return f"{size}{NB}point{'s' if abs(value) >= 2 else ''}"


def percent(value: Fraction) -> str:
    """A promised share as it was written: ``99,5 %``."""
    return f"{float(value * 100):.10g}".replace(".", ",") + f"{NB}%"


def counted(number: int, one: str, several: str | None = None) -> str:
    """``1 incident``, ``12 incidents``, ``aucun incident`` is left to the caller."""
    return f"{number:_}".replace("_", NARROW) + f"{NB}{one if number < 2 else several or one + 's'}"


def about(span: timedelta) -> str:
    """A mean: ``2 min 10 s``, ``moins d’une seconde``."""
    return lasts(span) if span >= timedelta(seconds=1) else "moins d’une seconde"


def hours(target: Target) -> str:
    """Which hours a target counts."""
    if not isinstance(target.hours, OwnHours):
        return HOURS[target.hours]
    text = " ; ".join(_slot(one) for one in target.hours.slots).replace(" ;", f"{NARROW};")
    return text if target.hours.holidays else f"{text}, hors jours fériés"


def exclusions(said: Exclusions) -> Iterable[str]:
    """What a contract leaves out, one sentence each."""
    if said.declared_a_month is None:
        most = "toute la maintenance déclarée à l’avance"
    elif said.declared_a_month:
        most = (
            f"au plus {lasts(said.declared_a_month)} par mois de maintenance déclarée à l’avance, les premières du mois"
        )
    else:
        most = "aucune maintenance, même déclarée"
    notice = f", si elle l’a été au moins {counted(said.notice.days, 'jour')} avant" if said.notice else ""
    yield f"Laissé de côté{NB}: {most}{notice}."
    if said.shortest_outage:
        yield f"Une interruption de moins de {lasts(said.shortest_outage)} ne compte pas."
    yield f"Rien n’est conclu si moins de {percent(said.coverage)} du temps est connu."


def place_title(place: Territory) -> str:
    """``Académie de Lille``, ``Région académique Grand Est``, ``Nord (département)``."""
    if place.level is Level.REGION:
        return f"Région académique {place.name}"
    if place.level is Level.ACADEMIE:
        return f"Académie {_of(place.name)}"
    return place.name if place.level is Level.PAYS else f"{place.name} ({FRENCH.levels[place.level][0]})"


def of_place(place: Territory) -> str:
    """``de l’académie de Lille``, ``de la région académique Grand Est``, ``de Nord (département)``."""
    title = place_title(place)
    article = {Level.REGION: "la ", Level.ACADEMIE: "l’"}.get(place.level)
    return _of(title) if article is None else f"de {article}{title[:1].lower()}{title[1:]}"


def _of(name: str) -> str:
    return f"d’{name}" if plain(name[:1]) in "aeiouy" else f"de {name}"


def _slot(one: Slot) -> str:
    days = sorted(one.weekdays)
    run = days == list(range(days[0], days[-1] + 1)) and len(days) > 2
    named = (
        f"{_SHORT_DAYS[days[0]]}.-{_SHORT_DAYS[days[-1]]}." if run else ", ".join(f"{_SHORT_DAYS[d]}." for d in days)
    )
    return f"{named} {_hour(one.starts)}-{_hour(one.ends)}"


def _hour(since_midnight: timedelta) -> str:
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60}{NB}h" + (f"{NB}{minutes % 60:02d}" if minutes % 60 else "")


def _number(at: date) -> str:
    return "1er" if at.day == 1 else str(at.day)
