"""Ninety days as bars: of each what share could not work, from the ground up, and what nobody measured, hatched.

A bar is the whole of a day's hours (of its users' time, in a place). Quiet is pale; trouble stands on the ground in the
colour of its state, and above the bar the mark of the worst of them. The words stand beside it, and in the table twin.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from markupsafe import Markup, escape

from monitor.domain.by_day import Bar
from monitor.domain.calendar import Closed
from monitor.domain.observation import Health

STEP, WIDE = 10, 8  # of a day, and of its bar
SIDE, TOP, GROUND, HEIGHT = 10, 13, 53, 56  # of a mark; where bars begin and end; of all
TALL = GROUND - TOP
LEAST = 5  # what there was for a minute only must be seen too
SEEN = 0.02  # share of a day from which its being unmeasured is drawn; below, the gap is of one answer or two
CHUNK = 30  # days in a row: three rows stand side by side where there is room, and below each other on a phone

# Of a page, once: what nobody measured, and what people had declared beforehand.
_TEXTURES = (
    '<defs><pattern id="b-hatch" class="s-unknown" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<path d="M-1 1l2-2M0 4l4-4M3 5l2-2" class="tx-soft"/></pattern>'
    '<pattern id="b-plan" class="s-maintenance" width="8" height="3" patternUnits="userSpaceOnUse">'
    '<path d="M0 0h8v1.6H0z" class="tx-fill"/></pattern></defs>'
)
_KINDS = {health: f"bar s-{health.value}" for health in Health} | {Health.UNKNOWN: "hatch s-unknown"}
PLANNED = "plan s-maintenance"
_FILL = {"hatch s-unknown": 'fill="url(#b-hatch)" ', PLANNED: 'fill="url(#b-plan)" '}

Part = tuple[str, float]  # its class, and how tall it stands


def bars_svg(bars: Sequence[Bar], begun: date | None, titles: Sequence[str], *, first: bool = False) -> Markup:
    """Some days as bars, each with its title where that is not empty; those before `begun` are empty ground.

    `first`: whether it is the first of a page, which brings the textures that all of them use.
    """
    drawn = _Drawn()
    for place, bar in enumerate(bars):
        drawn.day(place * STEP, bar, known=begun is not None and bar.day >= begun)
    hover = "".join(_title(place * STEP, title) for place, title in enumerate(titles) if title)
    return Markup(  # noqa: S704 : numbers and literals; titles are escaped in _title
        f'<svg class="bars" viewBox="0 0 {len(bars) * STEP} {HEIGHT}" aria-hidden="true" focusable="false">'
        f"{_TEXTURES if first else ''}{drawn.markup()}{hover}</svg>"
    )


class _Drawn:
    """Bars as one path a kind: a page has six times thirty of them."""

    def __init__(self) -> None:
        self._paths = defaultdict[str, list[str]](list)
        self._marks: list[str] = []

    def day(self, x: int, bar: Bar, *, known: bool) -> None:
        """One day, its slot from `x` on."""
        if not known:
            self._paths["before"].append(f"M{x} {GROUND}h{STEP}")
        elif not bar.asked:
            left, long = (x, STEP) if bar.closed in {Closed.HOLIDAYS, Closed.PUBLIC} else (x + 3, 4)
            self._paths["off"].append(f"M{left} {GROUND}h{long}")
        else:
            self._standing(x + (STEP - WIDE) // 2, bar)

    def _standing(self, x: int, bar: Bar) -> None:
        foot = float(GROUND)
        for kind, tall in parts(bar):
            self._paths[kind].append(f"M{x} {foot - tall:.4g}h{WIDE}V{foot:.4g}h-{WIDE}z")
            foot -= tall
        worst = bar.worst or (Health.MAINTENANCE if bar.declared else None)
        if worst is not None:
            self._marks.append(
                f'<use href="#m-{worst.value}" class="s-{worst.value}" x="{x - 1}" width="{SIDE}" height="{SIDE}"/>'
            )

    def markup(self) -> str:
        """All of it."""
        paths = (f'<path class="{kind}" {_FILL.get(kind, "")}d="{"".join(d)}"/>' for kind, d in self._paths.items())
        return "".join((*paths, *self._marks))


def swatch(kind: str) -> Markup:
    """A small bar for the legend: `hatch` for what nobody measured, `plan` for what had been declared."""
    name = next(one for one in _FILL if one.startswith(kind))
    return Markup(  # noqa: S704 : literals
        f'<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f'<path class="{name}" {_FILL[name]}d="M1 1h14v14H1z"/></svg>'
    )


def parts(bar: Bar) -> list[Part]:
    """What a bar is made of, from the ground up; all together `TALL`.

    What was lost, the worst first; then what a window covered; then what was well; what is unknown hangs from the top.
    Whatever there was of the first two is at least `LEAST` tall, at the cost of what was well or unknown.
    """
    lost, declared = bar.unavailable, bar.declared
    told = [(_KINDS[health], _least(share, lost)) for health, share in bar.lost]
    if declared:
        told.append((PLANNED, max(LEAST, declared * TALL)))
    over = sum(tall for _, tall in told) - TALL
    if over > 0:
        scale = TALL / (TALL + over)
        return [(kind, tall * scale) for kind, tall in told]
    room = -over
    unknown = min(bar.unknown * TALL, room) if bar.unknown >= SEEN else 0.0
    well = room - unknown
    told += [(_KINDS[Health.UP], well)] if well > 0 else []
    return [*told, (_KINDS[Health.UNKNOWN], unknown)] if unknown > 0 else told


def _least(share: float, whole: float) -> float:
    """The part of one state in all that was lost, which is at least `LEAST` tall together."""
    return max(LEAST, whole * TALL) * share / whole


def _title(x: int, title: str) -> str:
    return f'<path class="hit" d="M{x} 0h{STEP}v{HEIGHT}H{x}z"><title>{escape(title)}</title></path>'
