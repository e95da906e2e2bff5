"""What `vigie availability` prints: French and the time of Paris for people, UTC and seconds for machines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.commands.declared import when
from monitor.commands.shown import in_paris, span, visible
from monitor.config.problem import typeset
from monitor.domain.catalog import Service, Territory
from monitor.domain.method import METHOD
from monitor.domain.snapshot import instant
from monitor.domain.uptime import Availability, Hours, Uptime, Weighted
from monitor.domain.weights import Weighting
from monitor.domain.window import Window
from monitor.reports.said import lasts, share

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


def as_text(report: Report) -> Iterator[str]:
    """The figures, the windows left out, and what they mean."""
    yield f"Disponibilité {span(report.since, report.until)}."
    if report.rehearsal:
        yield "RÉPÉTITION\u00a0: rien de ceci n’a eu lieu."
    if not report.services:
        yield "Aucun service du catalogue n’est dans ce cas. Les services nationaux se demandent par --service."
    for one in report.services:
        yield from _lines(one)
    if report.together is not None and report.services:
        yield from _together(report.together)
    yield ""
    yield from _windows(report)
    if report.known < report.until:
        yield f"Rien n’est connu après le {in_paris(report.known)} (heure de Paris)."
    yield f"Heures scolaires\u00a0: celles de {_whose(report)}."
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


def _lines(one: Counted) -> Iterator[str]:
    """A service by name, then its two figures; no table: names and durations would not fit beside each other."""
    yield f"\n{visible(one.service.name)} ({one.service.id})"
    for part in (one.said.all, one.said.school):
        yield f"  {HOURS[part.hours]}\u00a0: {share(part.availability)}, couverture {share(part.coverage)}"
        excluded = f"exclu {lasts(part.excluded)}, dont déclaré {lasts(part.declared)}"
        yield f"    indisponible {lasts(part.unavailable)}, {excluded}"


def _together(whole: Together) -> Iterator[str]:
    some = "un service" if whole.all.services == 1 else f"{whole.all.services} services"
    yield f"\nEnsemble de {visible(whole.place.name)} ({some}, {UNITS[whole.unit]}, sans les services nationaux)"
    for one in (whole.all, whole.school):
        yield f"  {HOURS[one.hours]}\u00a0: {share(one.availability)}, couverture {share(one.coverage)}"


def _whose(report: Report) -> str:
    return "chaque service" if report.together is None else visible(report.together.place.name)


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
