"""What `vigie availability` prints for people: French and the time of Paris."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.commands.declared import when
from monitor.commands.places import HOUR_OF
from monitor.commands.shown import in_paris, span, visible
from monitor.domain.compared import Compared, little
from monitor.domain.method import METHOD
from monitor.domain.outages import Outage, Responses
from monitor.domain.parts import By, Part
from monitor.domain.uptime import Availability, Hours, Weighted
from monitor.reports import comparisons
from monitor.reports import counted_words as words
from monitor.reports.counted_words import AUDIENCES, DOUBTS, HOURS, UNITS, WEEKDAYS, named, points
from monitor.reports.periods import LOCAL, Counted, Period, Together
from monitor.reports.said import NOTHING, lasts, share
from monitor.terminal import STATES

Figure = Availability | Weighted
Cells = Mapping[Hours, Mapping[Part, Figure]]
LITTLE = "\u00a0*"


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed: a period, another one that it is compared with, and until when the books speak."""

    now: Period
    before: Period | None
    known: datetime
    rehearsal: bool


def as_text(report: Report) -> Iterator[str]:
    """The figures, the windows left out, and what they mean."""
    asked = report.now.question
    yield f"Disponibilité {span(asked.since, asked.until)}."
    if report.before is not None:
        yield f"Comparée à la période {span(report.before.question.since, report.before.question.until)}."
    if report.rehearsal:
        yield "RÉPÉTITION\u00a0: rien de ceci n’a eu lieu."
    if not report.now.services:
        yield "Aucun service du catalogue n’est dans ce cas. Les services nationaux se demandent par --service."
    for one in report.now.services:
        yield from _service(report, one)
    if report.now.together is not None and report.now.services:
        yield from _together(report, report.now.together)
    elif len(report.now.services) > 1 and report.now.longest:
        yield f"\nLes {len(report.now.services)} services réunis"
        yield from _outages(report.now.responses, report.now.longest)
    yield ""
    yield from _windows(report.now)
    yield from _footnotes(report)


def _service(report: Report, one: Counted) -> Iterator[str]:
    """A service by name, then its figures; no table: names and durations would not fit beside each other."""
    yield f"\n{visible(one.service.name)} ({one.service.id})"
    against = None if report.before is None else comparisons.of_service(report.now, report.before, one)
    for part in (one.said.all, one.said.school):
        yield _figure(part)
        excluded = f"exclu {lasts(part.excluded)}, dont déclaré {lasts(part.declared)}"
        yield f"    indisponible {lasts(part.unavailable)}, {excluded}"
        yield from _compared(against, part.hours)
    yield from _outages(one.responses, one.longest)
    if one.parts:
        yield from _parts(report.now.question.by, one.parts, one.timezone)


def _together(report: Report, whole: Together) -> Iterator[str]:
    some = "un service" if whole.all.services == 1 else f"{whole.all.services} services"
    of = "".join(f", {AUDIENCES[one]}" for one in report.now.question.audiences)
    yield f"\nEnsemble de {visible(whole.place.name)} ({some}{of}, {UNITS[whole.unit]}, sans les services nationaux)"
    against = None if report.before is None else comparisons.of_territory(report.now, report.before)
    for one in (whole.all, whole.school):
        yield _figure(one)
        yield from _compared(against, one.hours)
    yield from _outages(report.now.responses, report.now.longest)
    if whole.parts:
        yield from _parts(report.now.question.by, whole.parts, whole.place.timezone)


def _figure(one: Figure) -> str:
    doubt = f" ({words.TOO_LITTLE})" if little(one.coverage) else ""
    return f"  {HOURS[one.hours]}\u00a0: {share(one.availability)}, couverture {share(one.coverage)}{doubt}"


def _compared(against: Mapping[Hours, Compared] | None, hours: Hours) -> Iterator[str]:
    if against is None:
        return
    one = against[hours]
    earlier = f"{share(one.before.availability)}, couverture {share(one.before.coverage)}"
    yield f"    comparée\u00a0: {points(one.points)} (auparavant {earlier})"
    if one.doubts:
        yield f"    Comparaison à ne pas citer\u00a0: {', '.join(DOUBTS[doubt] for doubt in one.doubts)}."


def _outages(responses: Responses, worst: Iterable[Outage]) -> Iterator[str]:
    if responses.incidents:
        many = "1 incident" if responses.incidents == 1 else f"{responses.incidents} incidents"
        open_ones = f" (dont {responses.going_on} en cours)" if responses.going_on else ""
        detected = "" if responses.detected_after is None else f", détection\u00a0: {lasts(responses.detected_after)}"
        over = (
            "" if responses.recovered_after is None else f", rétablissement\u00a0: {lasts(responses.recovered_after)}"
        )
        yield f"  {many}{open_ones}{detected}{over}"
    for one in worst:
        state = STATES[one.worst][1].lower()
        yield f"    {lasts(one.counted)} à partir du {in_paris(one.since)} ({one.service}, {state})"


def _parts(by: By, cells: Cells, timezone: str) -> Iterator[str]:
    """A line a part; no table of rich, which cuts what is wider than the terminal."""
    clock = f"heure {HOUR_OF.get(timezone, timezone)}" if by in LOCAL else "jours de Paris"
    if by is By.GRID:
        for hours, found in cells.items():
            yield f"  {HOURS[hours]}, disponibilité (couverture) en\u00a0%, {clock}"
            yield from _grid(found)
        return
    yield f"  {words.PARTS[by]} ({clock}), disponibilité (couverture)"
    wide = max(len(HOURS[hours]) for hours in cells) + 12
    yield f"    {'':18}{''.join(f'{HOURS[hours]:{wide}}' for hours in cells)}".rstrip()
    for part in sorted({part for found in cells.values() for part in found}):
        said = "".join(f"{_cell(found.get(part)):{wide}}" for found in cells.values())
        yield f"    {named(by, part):18}{said}".rstrip()


def _cell(one: Figure | None) -> str:
    """What is not asked about is nothing, what is not counted a dash."""
    if one is None or one.availability is None:
        return "" if one is None else NOTHING
    return f"{share(one.availability)} ({share(one.coverage, 1)}){LITTLE if little(one.coverage) else ''}"


def _grid(found: Mapping[Part, Figure]) -> Iterator[str]:
    """Seven columns that fit beside each other in 80 characters."""
    yield f"    {''.join(f'{day[:3]:>11}' for day in WEEKDAYS)}"
    for hour in sorted({part[1] for part in found}):
        row = (_square(found.get((day, hour))) for day in range(len(WEEKDAYS)))
        yield f"{hour:2}\u00a0h{''.join(f'{one:>11}' for one in row)}".rstrip()


def _square(one: Figure | None) -> str:
    if one is None or one.availability is None:
        return "" if one is None else NOTHING
    return f"{_short(one.availability)} ({share(one.coverage, 0)[:-2]})"


def _short(value: float) -> str:
    return share(value, 1)[:-2].removesuffix(",0") if value >= 1 else share(value, 1)[:-2]


def _windows(period: Period) -> Iterator[str]:
    """Each window once, with whom it excuses."""
    found = {window.id: window for one in period.services for window in one.windows}
    if found:
        yield "Fenêtres déclarées à l’avance, laissées hors du compte\u00a0:"
    for name, window in found.items():
        excused = ", ".join(visible(one.service.name) for one in period.services if window in one.windows)
        yield f"  {visible(name)}, {when(window)} ({visible(window.reason)}, {visible(window.author)})\u00a0: {excused}"


def _footnotes(report: Report) -> Iterator[str]:
    asked = report.now.question
    if report.known < asked.until:
        yield f"Rien n’est connu après le {in_paris(report.known)} (heure de Paris)."
    whose = "chaque service" if asked.place is None else visible(asked.place.name)
    yield f"Heures scolaires\u00a0: celles de {whose}."
    yield words.DEFINITION
    yield words.OUTAGES
    if asked.by not in {By.PERIOD, By.GRID}:
        yield f"*\u00a0: {words.TOO_LITTLE}, moins de 50\u00a0%."
    if report.before is not None:
        yield words.COMPARISON
    yield f"Méthode, version {METHOD}."
