"""The shapes of the states (check, clock, hourglass, padlock, cross, spanner, dots) and the chip that adds the word."""

from collections.abc import Mapping
from urllib.parse import quote

from markupsafe import Markup, escape

from dashboard.wording import HEALTHS
from monitor.domain.observation import Health

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
}  # fmt: skip

LIGHTHOUSE = (
    '<path d="M9.6 10h4.8l1.5 11.2h2v1.6H6.1v-1.6h2z" fill="{ink}"/><path d="M9 8.8h6V6.2L12 3.4 9 6.2z" fill="{ink}"/>'
    '<path d="M16.4 5.6 23 3.2v6.4l-6.6-1.6zM7.6 5.6 1 3.2v6.4l6.6-1.6z" fill="{lamp}"/>'
)


def sprite() -> Markup:
    """Every mark as a symbol, once a page."""
    symbols = "".join(f'<symbol id="m-{h.value}" viewBox="0 0 16 16">{shape}</symbol>' for h, shape in SHAPES.items())
    return Markup(f'<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{symbols}</svg>')  # noqa: S704 : literals


def mark(health: Health, size: str = "") -> Markup:
    """The shape on its colour; says nothing by itself, a word must follow."""
    return Markup(  # noqa: S704 : literals
        f'<svg class="mark s-{health.value} {size}" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#m-{health.value}"/></svg>'
    )


def chip(health: Health, word: str | None = None) -> Markup:
    """Shape, colour and word."""
    text = escape(word or HEALTHS[health].said)
    return Markup('<span class="chip s-{}">{}{}</span>').format(health.value, mark(health), text)


def lighthouse() -> Markup:
    """The mark of Vigie for the head of a page; its lamp follows the theme."""
    drawing = LIGHTHOUSE.format(ink="currentColor", lamp="var(--lamp)")
    return Markup(f'<svg class="lighthouse" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>')  # noqa: S704 : literals


def favicon(ink: str, lamp: str) -> str:
    """The mark as a file of its own."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{LIGHTHOUSE.format(ink=ink, lamp=lamp)}</svg>'


def mark_css() -> str:
    """The same marks for the Dash page, which has no inline SVG: a mask over the state's colour."""
    head = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    rules = []
    for health, shape in SHAPES.items():
        drawn = shape.replace('class="k"', "fill='none' stroke='black' stroke-width='2' stroke-linecap='round'")
        drawn = drawn.replace('class="f"', "fill='black'").replace('"', "'")
        image = f'url("data:image/svg+xml,{quote(head + drawn + "</svg>")}")'
        rules.append(f".dmark.s-{health.value}::before{{-webkit-mask-image:{image};mask-image:{image}}}\n")
    return "".join(rules)
