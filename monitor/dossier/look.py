"""Colours, marks and style of a report: those of the screens, which it may not import (tests hold them alike)."""

import base64
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from monitor.domain.contract import Outcome
from monitor.domain.observation import Health

# Light, dark.
BASE: Mapping[str, tuple[str, str]] = {
    "paper": ("#fbfaf6", "#0f1620"),
    "ink": ("#15202e", "#eef1f4"),
    "soft": ("#56616e", "#a8b3bf"),
    "rule": ("#d9d7cf", "#2a3542"),
    "lamp": ("#b45309", "#f2b35b"),
}
STATES: Mapping[Health, tuple[tuple[str, str], tuple[str, str]]] = {  # fill and ink: light, dark
    Health.UP: (("#cfe3d6", "#24463a"), ("#1d6a4c", "#8fd6b4")),
    Health.SLOW: (("#f2cf5b", "#b08a1e"), ("#7a5600", "#f2cf5b")),
    Health.WAITING: (("#e8873a", "#d0722a"), ("#9a4509", "#f5a868")),
    Health.RESTRICTED: (("#a993dc", "#7c64b8"), ("#5a3fa0", "#c5b5f0")),
    Health.DOWN: (("#c0303b", "#d6404b"), ("#a31d28", "#ff9aa2")),
    Health.MAINTENANCE: (("#7fb0dd", "#3f78ad"), ("#1f5c94", "#9cc8ee")),
    Health.UNKNOWN: (("#cfd3d8", "#3a4552"), ("#56616e", "#a8b3bf")),
}
# Which of paper and ink a mark on each fill is drawn in, whichever stands out more: light, dark.
MARKS: Mapping[Health, tuple[str, str]] = {
    Health.UP: ("ink", "ink"),
    Health.SLOW: ("ink", "paper"),
    Health.WAITING: ("ink", "paper"),
    Health.RESTRICTED: ("ink", "ink"),
    Health.DOWN: ("paper", "paper"),
    Health.MAINTENANCE: ("ink", "ink"),
    Health.UNKNOWN: ("ink", "ink"),
}
# Drawn on 16 × 16, in the current colour.
SHAPES: Mapping[Health, str] = {
    Health.UP: '<path d="m3.4 8.6 3.1 3.2 6.1-7.2" class="k"/>',
    Health.SLOW: '<circle cx="8" cy="8" r="5.2" class="k"/><path d="M8 4.9V8l2.3 1.5" class="k"/>',
    Health.WAITING: '<path d="M4 2.8h8v1.1L9.1 8l2.9 4.1v1.1H4v-1.1L6.9 8 4 3.9z" class="f"/>',
    Health.RESTRICTED: (
        '<path d="M3.6 7.4h8.8v6H3.6z" class="f"/><path d="M5.4 7.4V5.6a2.6 2.6 0 0 1 5.2 0v1.8" class="k"/>'
    ),
    Health.DOWN: '<path d="m4.2 4.2 7.6 7.6m0-7.6-7.6 7.6" class="k"/>',
    Health.MAINTENANCE: (
        '<path d="M13 4.6 10.8 6.8 9.2 5.2 11.4 3a3.6 3.6 0 0 0-4.6 4.6L2.6 11.8l1.6 1.6 4.2-4.2A3.6 3.6 0 0 0 13 4.6z"'
        ' class="f"/>'
    ),
    Health.UNKNOWN: "".join(f'<circle cx="{x}" cy="8" r="1.3" class="f"/>' for x in (3.6, 8, 12.4)),
}
LIGHTHOUSE = (
    '<path d="M9.6 10h4.8l1.5 11.2h2v1.6H6.1v-1.6h2z" fill="currentColor"/>'
    '<path d="M9 8.8h6V6.2L12 3.4 9 6.2z" fill="currentColor"/>'
    '<path d="M16.4 5.6 23 3.2v6.4l-6.6-1.6zM7.6 5.6 1 3.2v6.4l6.6-1.6z" fill="var(--lamp)"/>'
)
# In grey, and for whoever tells no colours apart, each trouble has its own texture.
TEXTURES: Mapping[Health, str] = {
    Health.SLOW: '<circle cx="2" cy="2" r=".9"/>',
    Health.WAITING: '<path d="M-1 1l2-2M0 4l4-4M3 5l2-2" class="l"/>',
    Health.RESTRICTED: '<path d="M0 1h4M0 3h4" class="l"/>',
    Health.MAINTENANCE: '<path d="M1 0v4M3 0v4" class="l"/>',
}
OUTCOME_MARKS: Mapping[Outcome, Health] = {
    Outcome.MET: Health.UP,
    Outcome.NOT_MET: Health.DOWN,
    Outcome.INCONCLUSIVE: Health.UNKNOWN,
}


def mark(health: Health) -> Markup:
    """The shape on its colour; says nothing by itself, a word must follow."""
    return Markup(  # noqa: S704 : literals
        f'<svg class="mark s-{health.value}" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#m-{health.value}"/></svg>'
    )


def sprite() -> Markup:
    """Every mark as a symbol and every texture as a pattern, once a page."""
    symbols = "".join(f'<symbol id="m-{h.value}" viewBox="0 0 16 16">{shape}</symbol>' for h, shape in SHAPES.items())
    patterns = "".join(
        f'<pattern id="tx-{h.value}" width="4" height="4" patternUnits="userSpaceOnUse" class="tx s-{h.value}">'
        f'<rect width="4" height="4" class="bar"/>{texture}</pattern>'
        for h, texture in TEXTURES.items()
    )
    return Markup(  # noqa: S704 : literals
        f'<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{symbols}'
        f"<defs>{patterns}</defs></svg>"
    )


def lighthouse() -> Markup:
    """The mark of Vigie."""
    return Markup(f'<svg class="lighthouse" viewBox="0 0 24 24" aria-hidden="true">{LIGHTHOUSE}</svg>')  # noqa: S704 : literals


@cache
def _fonts() -> str:
    """The type, inside the file: 400 and 700."""
    folder = files("monitor.dossier").joinpath("assets")
    return "".join(
        f"@font-face{{font-family:Atkinson;font-weight:{weight};src:url(data:font/woff2;base64,"
        f'{base64.b64encode(folder.joinpath(f"atkinson-{weight}.woff2").read_bytes()).decode()}) format("woff2")}}\n'
        for weight in (400, 700)
    )


def style(heads: Mapping[str, str]) -> Markup:
    """The whole style; `heads` are the texts of the margins of printed pages, by ``{{name}}`` of the style sheet."""
    sheet = files("monitor.dossier").joinpath("templates", "report.css").read_text(encoding="utf-8")
    for name, text in heads.items():
        sheet = sheet.replace(f'"%{name}%"', css_text(text))
    light, dark = (_variables(place) for place in (0, 1))
    themes = f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    states = "".join(
        f".s-{h.value}{{--fill:var(--{h.value});--on:var(--{h.value}-on);--word:var(--{h.value}-ink)}}\n"
        for h in Health
    )
    return Markup(_fonts() + themes + states + sheet)  # noqa: S704 : literals, and texts spelt out by css_text


def css_text(text: str) -> str:
    """A text as a CSS string: whatever is not a letter or a digit is spelt out by its number.

    Spaces too: one after a number would be taken for its end.
    """
    return '"' + re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):06x}", text) + '"'


def _variables(place: int) -> str:
    names = {name: pair[place] for name, pair in BASE.items()}
    for health, (fills, inks) in STATES.items():
        on = BASE[MARKS[health][place]][place]
        names |= {health.value: fills[place], f"{health.value}-ink": inks[place], f"{health.value}-on": on}
    return ";".join(f"--{name}:{colour}" for name, colour in names.items())
