"""The outlines of the académies (assets/academies.json), read once; made by tools/outlines."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
CAPITAL = ("paris", "creteil", "versailles")  # too small on the map of the country: shown again in a lens
LENS_LEFT, LENS_TOP, LENS_SIDE = -112, 12, 210  # north-west, where there is only sea


@dataclass(frozen=True, slots=True)
class Lens:
    """Enlargement by `factor`, then a shift to the right and downwards."""

    left: float
    top: float
    factor: float


@dataclass(frozen=True, slots=True)
class Outline:
    """One académie: rings of coordinates (x to the right, y downwards), whole but under a lens."""

    slug: str
    rings: tuple[tuple[tuple[float, float], ...], ...]

    def seen_through(self, lens: Lens) -> "Outline":
        """The same shape enlarged and moved."""
        factor = lens.factor
        moved = (tuple((lens.left + factor * x, lens.top + factor * y) for x, y in ring) for ring in self.rings)
        return Outline(self.slug, tuple(moved))

    @property
    def path(self) -> str:
        """SVG path data: relative steps, which are shorter and compress better than places."""
        return "".join(_steps(ring) for ring in self.rings)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        xs = [x for ring in self.rings for x, _ in ring]
        ys = [y for ring in self.rings for _, y in ring]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Outlines:
    """The map: `frame` is left, top, width and height."""

    frame: tuple[int, int, int, int]
    academies: dict[str, Outline]


@cache
def outlines() -> Outlines:
    """The packaged outlines."""
    raw = json.loads((ASSETS / "academies.json").read_text(encoding="utf-8"))
    left, top, width, height = raw["viewBox"]
    shapes = {
        slug: Outline(slug, tuple(tuple(zip(flat[::2], flat[1::2], strict=True)) for flat in rings))
        for slug, rings in raw["academies"].items()
    }
    return Outlines((left, top, width, height), shapes)


def capital_lens() -> Lens:
    """How the capital's académies are shown a second time."""
    boxes = [outlines().academies[slug].box for slug in CAPITAL]
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    factor = LENS_SIDE / max(max(b[2] for b in boxes) - left, max(b[3] for b in boxes) - top)
    return Lens(LENS_LEFT - left * factor, LENS_TOP - top * factor, factor)


def _steps(ring: tuple[tuple[float, float], ...]) -> str:
    (x, y), text = ring[0], f"M{ring[0][0]} {ring[0][1]}l"
    parts = []
    for to_x, to_y in ring[1:]:
        dy = to_y - y
        parts.append(f"{to_x - x}{'' if dy < 0 else ' '}{dy}")
        x, y = to_x, to_y
    joined = "".join(part if part.startswith("-") or not index else f" {part}" for index, part in enumerate(parts))
    return f"{text}{joined}z"
