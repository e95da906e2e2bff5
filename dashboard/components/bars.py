"""The last ninety days in words, beside their bars: figures, worst days, the table twin."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from dashboard import dates
from dashboard.components.availability import NOTHING, exact_percent, whole_percent
from dashboard.model import severity
from dashboard.tongue import N_, _
from dashboard.wording import HEALTHS, HOURS
from monitor.domain.by_day import Bar
from monitor.domain.calendar import Closed
from monitor.domain.observation import Health
from monitor.domain.weights import Weighting
from monitor.reports.by_day import ByDay, Row

WORST_SHOWN = 3
KNOWN_FROM = 0.5  # of what no window covers: a day of which less is measured is not given a figure
BEFORE = N_("Avant la première mesure")
DECLARED = N_("Maintenance déclarée")
CLOSURES = {
    None: N_("Pas d’heures scolaires"),
    Closed.WEEKEND: N_("Week-end"),
    Closed.HOLIDAYS: N_("Vacances scolaires"),
    Closed.PUBLIC: N_("Jour férié"),
}
WEIGHED = {
    Weighting.PUPILS: N_("Part du temps des usagers, chaque service comptant pour ses élèves."),
    Weighting.DEPARTEMENT: N_(
        "Part du temps des usagers, à défaut d’effectifs chaque service comptant par département."
    ),
}
READING = N_(
    "Une barre est une journée entière. Ce qui n’a pas pu servir monte du bas, à la couleur de son état, et la marque "
    "au-dessus est celle du pire d’entre eux. Un trait au sol est un jour sans heures scolaires, un pointillé un jour "
    "d’avant la première mesure."
)
NO_WEEKENDS = N_("Les week-ends, qui n’ont pas d’heures scolaires, sont omis.")

Named = Callable[[str], str]  # the name of a service, by its id


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table twin: one day, or several that went alike. `worst`: of what `state` is."""

    days: str
    share: str
    coverage: str
    longest: str
    state: str = ""
    worst: Health | None = None


@dataclass(frozen=True, slots=True)
class Worst:
    """One of the worst days: where it can be seen again, and how it went."""

    href: str
    day: str
    words: str


@dataclass(frozen=True, slots=True)
class RowView:
    """Some hours of the ninety days; `label`, `titles`: what the bars say, and each of them; `omitted` from `lines`."""

    hours: str
    share: str
    rests: str
    label: str
    titles: tuple[str, ...]
    worst: tuple[Worst, ...]
    lines: tuple[Line, ...]
    omitted: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that a page says of them.

    Attributes:
        before: where history is shorter, when it begins.
        states: those that were lost to, which a legend must name.
    """

    rows: tuple[RowView, ...]
    before: str
    weighed: str
    since: str
    until: str
    states: tuple[Health, ...]
    reading: str


def told(found: ByDay, named: Named | None = None) -> Told | None:
    """The ninety days for a page; None where nothing was ever measured in them. `named`: of several services."""
    if found.begun is None:
        return None
    begun = found.begun
    bars = [bar for row in found.rows for bar in row.bars if bar.day >= begun]
    short = found.rows[0].bars[0].day < begun
    states = {health for bar in bars for health, _ in bar.lost}
    return Told(
        rows=tuple(_row(row, begun, found, named) for row in found.rows),
        before=_("Première mesure\u00a0: {day}.").format(day=named_day(begun)) if short else "",
        weighed=_(WEIGHED[found.unit]) if found.unit else "",
        since=dates.long_day(found.since),
        until=dates.day_and_clock(found.until, year=True),
        reading=_(READING),
        states=tuple(sorted(states, key=severity, reverse=True)),
    )


def _row(row: Row, begun: date, found: ByDay, named: Named | None) -> RowView:
    share = _(NOTHING) if row.whole.availability is None else exact_percent(row.whole.availability)
    rests = [_("Couverture\u00a0: {share}.").format(share=whole_percent(row.whole.coverage))]
    if row.lost:
        lost = (
            _("Indisponible\u00a0: {time}, en moyenne par usager.") if found.unit else _("Indisponible\u00a0: {time}.")
        )
        rests.append(lost.format(time=dates.duration(row.lost)))
    if row.declared:
        rests.append(_("Maintenance déclarée, non comptée\u00a0: {time}.").format(time=dates.duration(row.declared)))
    weekends = [bar for bar in row.bars if bar.closed is Closed.WEEKEND and bar.day >= begun]
    lines = tuple(_lines([bar for bar in row.bars if bar not in weekends], begun, found.until, named))
    hours = HOURS[row.hours].said
    label = _("{hours}, {count} jours en barres\u00a0: {share} de disponibilité. Le tableau dit chaque jour.")
    return RowView(
        hours=hours,
        share=share,
        rests=" ".join(rests),
        label=label.format(hours=hours, count=len(row.bars), share=share),
        titles=tuple(_title(bar, named) if bar.day >= begun else "" for bar in row.bars),
        worst=tuple(_worst(row.bars, named)),
        lines=lines[::-1],
        omitted=_(NO_WEEKENDS) if weekends else "",
    )


def _title(bar: Bar, named: Named | None) -> str:
    """What there is to say of a bar; nothing of a day on which all went well, or on which there is no school."""
    if not bar.asked or not (bar.lost or bar.declared or _unmeasured(bar)):
        return ""
    return _("{day}\u00a0: {words}").format(day=dates.capital(named_day(bar.day)), words=_words(bar, named))


def _words(bar: Bar, named: Named | None) -> str:
    parts = [_share(bar)]
    if bar.worst is not None:
        parts.append(HEALTHS[bar.worst].said.lower())
    if bar.longest:
        parts.append(_("au plus {time} d’affilée").format(time=dates.duration(bar.longest)) + _whose(bar, named))
    return ", ".join(parts)


def _share(bar: Bar) -> str:
    if _unmeasured(bar):
        return _(NOTHING)
    share = bar.availability
    return _(DECLARED) if share is None else exact_percent(share)


def _unmeasured(bar: Bar) -> bool:
    """Whether too little of the day is known; what a window covers is not asked for."""
    left = 1 - bar.declared
    return bar.coverage < KNOWN_FROM * left and left > 1e-9


def _longest(bar: Bar, named: Named | None) -> str:
    if not bar.longest:
        return ""
    return f"{dates.duration(bar.longest)}{_whose(bar, named)}"


def _whose(bar: Bar, named: Named | None) -> str:
    return f" ({named(bar.whose)})" if named is not None and bar.whose else ""


def _worst(bars: Sequence[Bar], named: Named | None) -> Iterator[Worst]:
    """The days on which most was lost, the worst first, and of two alike the later one."""
    lost = sorted((bar for bar in bars if bar.lost), key=lambda bar: (bar.unavailable, bar.day), reverse=True)
    for bar in lost[:WORST_SHOWN]:
        yield Worst(f"/carte/jour?date={bar.day.isoformat()}", named_day(bar.day), _words(bar, named))


def _lines(bars: Sequence[Bar], begun: date, until: datetime, named: Named | None) -> Iterator[Line]:
    """Days in a row without trouble that went alike are one line: ninety of them say little that a few do not."""
    today = until.astimezone(dates.PARIS).date()
    alone = {bar.day for bar in bars if bar.lost or bar.day == today}
    for (_alone, cells), some in groupby(bars, lambda bar: (bar.day in alone and bar.day, _cells(bar, begun, named))):
        days = [bar.day for bar in some]
        label = _date(days[0]) if len(days) == 1 else _from_to(days[0], days[-1])
        if days[-1] == today:
            label = _("Aujourd’hui, jusqu’à {clock}").format(clock=dates.clock(until))
        yield Line(label, *cells)


def _cells(bar: Bar, begun: date, named: Named | None) -> tuple[str, str, str, str, Health | None]:
    if bar.day < begun:
        return _(BEFORE), "", "", "", None
    if not bar.asked:
        return _(CLOSURES[bar.closed]), "", "", "", None
    share, worst = _share(bar), bar.worst
    state = "" if worst is None else HEALTHS[worst].said
    if worst is None and bar.declared and share != _(DECLARED):
        state, worst = _(DECLARED), Health.MAINTENANCE
    return share, whole_percent(bar.coverage), _longest(bar, named), state, worst


def named_day(day: date) -> str:
    """``mardi 6 avril``."""
    return dates.day(_noon(day))


def _date(day: date) -> str:
    """``6 avril``: the table is narrow, and its days follow each other."""
    return named_day(day).partition(" ")[2]


def _from_to(first: date, last: date) -> str:
    """``du 6 au 9 avril``, ``du 31 mars au 1er avril``."""
    opening = _date(first).partition(" ")[0] if (first.year, first.month) == (last.year, last.month) else _date(first)
    return _("Du {first} au {last}").format(first=opening, last=_date(last))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), dates.PARIS)
