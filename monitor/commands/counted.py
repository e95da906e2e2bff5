"""What `vigie availability` prints: French and the time of Paris for people, UTC and seconds for machines."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from monitor.commands.declared import when
from monitor.commands.shown import in_paris, span, visible
from monitor.config.problem import typeset
from monitor.domain.catalog import Service, Territory
from monitor.domain.method import METHOD
from monitor.domain.snapshot import instant
from monitor.domain.uptime import Availability, Hours, Uptime, Weighted
from monitor.domain.weights import Weighting
from monitor.domain.window import Window

HOURS: Mapping[Hours, str] = {Hours.ALL: "jour et nuit", Hours.SCHOOL: "heures scolaires"}
UNITS: Mapping[Weighting, str] = {
    Weighting.DEPARTEMENT: "pondération par département",
    Weighting.PUPILS: "pondération par effectifs",
}
DEFINITION = typeset(
    "Disponibilité : part du temps compté pendant laquelle les usagers pouvaient travailler (tout répond, ou répond "
    "lentement). Indisponible : file d’attente, panne, accès restreint, maintenance non déclarée à l’avance. "
    "Exclu : ce qui n’est pas connu, et les fenêtres déclarées. Couverture : part du temps demandé qui est comptée."
)
NOTHING = "–"
HAIR = 1e-9  # a share that lacks the last bit of a float is that share


@dataclass(frozen=True, slots=True)
class Counted:
    """One service, its availability, and the declared windows about it that touch the period."""

    service: Service
    said: Uptime
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """A territory and the availability of its users, by weight."""

    place: Territory
    unit: Weighting
    all: Weighted
    school: Weighted


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed of [since, until); `known` is until when the books speak."""

    since: datetime
    until: datetime
    known: datetime
    services: tuple[Counted, ...]
    together: Together | None
    rehearsal: bool


def as_text(report: Report) -> Iterator[Table | Text | str]:
    """The figures, the windows left out, and what they mean."""
    yield f"Disponibilité {span(report.since, report.until)}."
    if report.rehearsal:
        yield "RÉPÉTITION\u00a0: rien de ceci n’a eu lieu."
    if not report.services:
        yield "Aucun service du catalogue n’est dans ce cas. Les services nationaux se demandent par --service."
    else:
        yield _table(report)
    if report.together is not None:
        school = f"heures scolaires de {visible(report.together.place.name)}"
        yield f"Ensemble\u00a0: {UNITS[report.together.unit]}, {school}, sans les services nationaux."
    yield from _windows(report)
    if report.known < report.until:
        yield f"Rien n’est connu après le {in_paris(report.known)} (heure de Paris)."
    yield DEFINITION
    yield f"Méthode, version {METHOD}."


def as_json(report: Report) -> dict[str, object]:
    """The same for machines; shares are 0..1, null where nothing is counted."""
    return {
        "from": instant(report.since),
        "to": instant(report.until),
        "known_until": instant(report.known),
        "rehearsal": report.rehearsal,
        "method": METHOD,
        "definition": DEFINITION,
        "services": [
            {
                "service": one.service.id,
                "name": one.service.name,
                "figures": [_figure(part) for part in (one.said.all, one.said.school)],
                "windows": [window.id for window in one.windows],
            }
            for one in report.services
        ],
        "weighted": None if report.together is None else _weighted(report.together),
    }


def share(value: float | None) -> str:
    """``99,987 %``, rounded down: what was not there all the time is never 100 %."""
    if value is None:
        return NOTHING
    return f"{math.floor(value * 100_000 + HAIR) / 1000:.3f}\u00a0%".replace(".", ",")


def lasts(span: timedelta) -> str:
    """``2 h 14 min``, ``34 s``; rounded down to the second."""
    minutes, seconds = divmod(span // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part) or "0"


def _table(report: Report) -> Table:
    headings = ("Service", "Heures", "Disponibilité", "Couverture", "Indisponible", "Exclu", "dont déclaré")
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for column in table.columns[2:]:
        column.justify = "right"
    for one in report.services:
        for part in (one.said.all, one.said.school):
            name = visible(one.service.name) if part.hours is Hours.ALL else ""
            durations = (lasts(part.unavailable), lasts(part.excluded), lasts(part.declared))
            cells = (name, HOURS[part.hours], share(part.availability), share(part.coverage), *durations)
            table.add_row(*map(Text, cells))
    if (all_of_them := report.together) is not None:
        for whole in (all_of_them.all, all_of_them.school):
            name = f"Ensemble de {whole.services}" if whole.hours is Hours.ALL else ""
            table.add_row(*map(Text, (name, HOURS[whole.hours], share(whole.availability), share(whole.coverage))))
    return table


def _windows(report: Report) -> Iterator[str]:
    """Each window once, with whom it excuses."""
    found = {window.id: window for one in report.services for window in one.windows}
    if found:
        yield "Fenêtres déclarées à l’avance, laissées hors du compte\u00a0:"
    for name, window in found.items():
        excused = ", ".join(visible(one.service.name) for one in report.services if window in one.windows)
        yield f"  {visible(name)}, {when(window)} ({visible(window.reason)}, {visible(window.author)})\u00a0: {excused}"


def _figure(part: Availability) -> dict[str, object]:
    return {
        "hours": part.hours.value,
        "availability": part.availability,
        "coverage": part.coverage,
        "available_s": part.available.total_seconds(),
        "unavailable_s": part.unavailable.total_seconds(),
        "excluded_s": part.excluded.total_seconds(),
        "declared_s": part.declared.total_seconds(),
    }


def _weighted(together: Together) -> dict[str, object]:
    return {
        "territory": together.place.code,
        "weighting": together.unit.value,
        "figures": [
            {
                "hours": one.hours.value,
                "availability": one.availability,
                "coverage": one.coverage,
                "services": one.services,
            }
            for one in (together.all, together.school)
        ],
    }
