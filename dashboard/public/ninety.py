"""The ninety days of a page: their bars drawn, thirty in a row, and their words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard.components.bars import Named, named_day, told
from dashboard.figures.bars import CHUNK, SEEN, bars_svg, swatch
from monitor.domain.by_day import Bar
from monitor.reports.by_day import ByDay


@dataclass(frozen=True, slots=True)
class Stretch:
    """Thirty days in a row: their bars, and the first of them in words."""

    svg: Markup
    begins: str


def ninety_days(found: ByDay | None, named: Named | None = None) -> dict[str, object]:
    """What the template of the bars reads; `found` is None while the days cannot be read."""
    words = None if found is None else told(found, named)
    unread = "Elle ne peut pas être calculée pour l’instant." if found is None else ""
    if found is None or found.begun is None or words is None:
        return {"ninety": None, "unread": unread}
    begun = found.begun
    drawn = [
        tuple(_stretches(row.bars, begun, view.titles, first=place == 0))
        for place, (row, view) in enumerate(zip(found.rows, words.rows, strict=True))
    ]
    bars = [bar for row in found.rows for bar in row.bars if bar.day >= begun]
    legend = {
        "planned": swatch("plan") if any(bar.declared for bar in bars) else "",
        "unmeasured": swatch("hatch") if any(bar.unknown >= SEEN for bar in bars) else "",
    }
    return {"ninety": words, "unread": "", "drawn": drawn, **legend}


def _stretches(bars: Sequence[Bar], begun: date, titles: Sequence[str], *, first: bool) -> Iterator[Stretch]:
    for start in range(0, len(bars), CHUNK):
        some = bars[start : start + CHUNK]
        svg = bars_svg(some, begun, titles[start : start + CHUNK], first=first and start == 0)
        yield Stretch(svg, named_day(some[0].day))
