"""Findings → one HTML file that needs nothing else: escaped by default, no script, no request."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from monitor import __version__
from monitor.alerting.french import FRENCH
from monitor.config.problem import typeset
from monitor.domain.incident import Incident
from monitor.domain.method import METHOD
from monitor.domain.observation import Failure, Health
from monitor.domain.outages import Outage
from monitor.domain.seal import Seal
from monitor.domain.uptime import Hours
from monitor.domain.weights import Weighting
from monitor.dossier import look, words
from monitor.dossier.judged import Judged
from monitor.dossier.measured import Day, Findings, blind_time, unavailable_of
from monitor.dossier.services import PARIS
from monitor.dossier.strips import drawn, strips
from monitor.dossier.summary import sentences
from monitor.reports.said import HAIR, NOTHING, lasts, share

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
UNITS: Mapping[Weighting, str] = {
    Weighting.DEPARTEMENT: "pondérée par département",
    Weighting.PUPILS: "pondérée par effectifs",
}
SHADES = ((0.1, "g1"), (0.5, "g2"))  # share from nothing to which a shade of the grid stands
LEGEND = tuple(one for one in Health if one is not Health.UNKNOWN)  # of what is not known nothing is drawn


@dataclass(frozen=True, slots=True)
class Sheet:
    """The evidence of one incident: sections of plain lines."""

    title: str
    sections: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Step:
    """How to recompute something: what it gives, and the command."""

    title: str
    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a report says beside its figures, already in words where people read it.

    Attributes:
        rehearsal: the scenario, None for the real book. created_at: when that book was made.
        windows, statements: what people declared, by the names that the template reads.
        sheets, sheets_left: the evidence sheets shown, and how many are not.
        seals: of the days of the period; `unsealed`: how many of its finished days have none.
        vantages: where the answers come from, in words. school_hours: whose school hours count, in words.
        subject: what an incident is of, in words.
    """

    made_at: datetime
    created_at: datetime
    rehearsal: str | None
    definition: str
    school_hours: str
    subject: Callable[[Incident], str]
    in_school: Callable[[Outage], timedelta]
    vantages: str = ""
    windows: Sequence[Mapping[str, object]] = ()
    statements: Sequence[Mapping[str, object]] = ()
    sheets: Sequence[Sheet] = ()
    sheets_left: int = 0
    seals: Sequence[Seal] = ()
    unsealed: int = 0
    recompute: Sequence[Step] = field(default_factory=tuple)


def page(found: Findings, around: Surroundings, sha256: str) -> str:
    """The whole file; `sha256` is that of the figures that it shows."""
    asked = found.asked
    when = words.period(asked.since, asked.until, months=asked.months)
    contract = None if asked.contract is None else asked.contract.contract
    drawn_days = strips(found.services, asked.since, min(asked.until, found.known))

    def strip(day: Day) -> Markup:
        return drawn(drawn_days.get(day.day, {}), _label(day))

    def in_school(one: Outage) -> str:
        during = around.in_school(one)
        return lasts(during) if during else NOTHING

    values: dict[str, Any] = {
        "found": found, "known": min(found.known, asked.until), "asked": asked, "contract": contract, "when": when,
        "sha256": sha256,
        "made_at": around.made_at, "created_at": around.created_at, "rehearsal": around.rehearsal,
        "contract_sha256": None if asked.contract is None else asked.contract.sha256,
        "per_service": contract is not None and contract.territory is None and len(found.services) > 1,
        "sentences": tuple(sentences(found)), "hours_rows": _hours_rows(found),
        "ranked": sorted(found.services, key=lambda one: (not one.weight, -one.said.all.unavailable, one.service.name)),
        "unit": "" if found.unit is None else UNITS[found.unit], "definition": around.definition,
        "school_hours": around.school_hours, "strip": strip, "grid_cell": _grid_cell(found),
        "names": {one.service.id: one.service.name for one in found.services},
        "outages_in_all": sum(bool(one.counts) for each in found.services for one in each.outages),
        "in_school": in_school, "subject": around.subject, "blind": blind_time(found),
        "windows": around.windows, "statements": around.statements, "sheets": around.sheets,
        "sheets_left": around.sheets_left, "seals": around.seals, "unsealed": around.unsealed,
        "vantages": around.vantages, "recompute": around.recompute, "method": METHOD, "version": __version__,
        "style": look.style(_heads(found, around, when, sha256)),
    }  # fmt: skip
    return _environment().get_template("report.html").render(values)


def _heads(found: Findings, around: Surroundings, when: str, sha256: str) -> Mapping[str, str]:
    """What stands in the margins of every printed page."""
    return {
        "product": "Vigie · rapport de disponibilité",
        "head": inert(f"{_short(found.asked.title)} · {when}"),
        "rehearsal": "RÉPÉTITION" if around.rehearsal else "",
        "foot": f"Établi le {words.moment(around.made_at)} · empreinte {sha256[:16]}",
    }


def _short(title: str, room: int = 44) -> str:
    return title if len(title) <= room else title[: room - 1].rstrip() + "…"


def _hours_rows(found: Findings) -> list[dict[str, object]]:
    figures = {Hours.ALL: found.whole.all, Hours.SCHOOL: found.whole.school}
    return [
        {
            "word": words.HOURS[hours],
            "figure": figure,
            "unavailable": unavailable_of(found.services, hours),
            "compared": found.compared[hours],
        }
        for hours, figure in figures.items()
    ]


def _label(day: Day) -> str:
    """A day's strip in words."""
    if day.all.availability is None:
        return f"{words.day(day.day)}, rien n’est connu"
    gone = f", indisponible {lasts(day.unavailable)}" if day.unavailable else ", sans interruption"
    return f"{words.day(day.day)}, disponible {share(day.all.availability)}{gone}"


def _grid_cell(found: Findings) -> Callable[[int, int], tuple[str, str]]:
    def cell(weekday: int, hour: int) -> tuple[str, str]:
        figure = found.grid.get((weekday, hour))
        if figure is None or figure.availability is None:
            return "gn", NOTHING
        gone = 1 - figure.availability
        shade = next((name for most, name in SHADES if gone < most), "g3") if gone else "g0"
        return shade, _percent_gone(gone)

    return cell


def _percent_gone(gone: float) -> str:
    """``<1``, ``98``, ``>99``; 100 says that it was gone the whole time, and nothing else does."""
    if not gone or gone == 1:
        return "100" if gone else ""
    return "<1" if gone < 0.01 else ">99" if gone > 0.99 else f"{gone * 100:.0f}"


def _share(value: Fraction | float | None) -> str:
    return share(None if value is None else float(value))


def _whole_percent(value: float) -> str:
    """``100 %``, ``99 %``: rounded down."""
    return f"{math.floor(value * 100 + HAIR)}{words.NB}%"


def _margin(one: Judged) -> str:
    said = one.conclusion
    if said.spare is not None:
        sign = "−" if said.spare < timedelta() else "+" if said.spare else ""
        return f"{sign}{lasts(abs(said.spare))}"
    return NOTHING if said.margin is None else _signed(float(said.margin * 100))


def _signed(value: float | None) -> str:
    """``+0,31 point``; what is the same has no sign."""
    if value is None:
        return NOTHING
    return words.points(value) if abs(value) < 0.005 else f"{'+' if value > 0 else '−'}{words.points(value)}"


def _failure(failure: Failure | None) -> str:
    return NOTHING if failure is None else FRENCH.failures[failure]


def _stretch(one: Outage) -> str:
    return words.stretch(one.since, one.until)


def inert(value: Any) -> Any:
    """Without control characters and marks of direction, which could make a hostile name rewrite the text around it."""
    return type(value)(CONTROLS.sub("", value)) if isinstance(value, str) else value


def _template(name: str) -> str:
    """A template, its French spaces put in."""
    return typeset(files("monitor.dossier").joinpath("templates", name).read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    templates = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        finalize=inert,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        words=words, NB=words.NB, NARROW=words.NARROW, NOTHING=NOTHING, share=_share, lasts=lasts, margin=_margin,
        signed=_signed, whole_percent=_whole_percent, failure=_failure, stretch=_stretch, short_day=words.short_day,
        mark=look.mark,
        outcome_marks=look.OUTCOME_MARKS, sprite=look.sprite(), lighthouse=look.lighthouse(), legend=LEGEND,
        paris=lambda at: at.astimezone(PARIS),
    )  # fmt: skip
    return templates
