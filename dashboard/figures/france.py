"""The map of the académies as inline SVG: colour, texture and title; the words stand in the table beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from dashboard.figures.outlines import CAPITAL, LENS_LEFT, LENS_SIDE, LENS_TOP, Outline, capital_lens, outlines
from dashboard.model import severity
from dashboard.tongue import root
from monitor.domain.observation import Health

# One texture for each trouble, drawn in the state's own colours: it reads in grey and by the colour-blind.
PATTERNS: Mapping[Health, str] = {
    Health.SLOW: '<circle cx="5" cy="5" r="1.5" class="tx-ink"/>',
    Health.WAITING: '<path d="M-2 12 12-2M-2 2 2-2M8 12l4-4" class="tx-line"/>',
    Health.RESTRICTED: '<path d="M0 5h10" class="tx-line"/>',
    Health.DOWN: '<path d="M2.6 2.6 7.4 7.4M7.4 2.6 2.6 7.4" class="tx-thin"/>',
    Health.MAINTENANCE: '<path d="M5 0v10M0 5h10" class="tx-line"/>',
    Health.UNKNOWN: '<path d="M-2 -2 12 12M8-2l4 4M-2 8l4 4" class="tx-soft"/>',
}


@dataclass(frozen=True, slots=True)
class Area:
    """What the map says of one académie: `title` is its whole sentence."""

    slug: str
    health: Health
    title: str


def map_svg(areas: Mapping[str, Area]) -> Markup:
    """The country, overseas académies at its side, a lens on the capital. An académie without a state is unknown."""
    france = outlines()
    left, top, width, height = france.frame
    # Troubled areas last, so that their border is drawn over a quiet neighbour's.
    shapes = sorted(france.academies.values(), key=lambda o: severity(_area(areas, o.slug).health))
    drawn = "".join(_shape(outline, _area(areas, outline.slug)) for outline in shapes)
    return Markup(  # noqa: S704 : whole numbers and literals; titles are escaped in _shape
        f'<svg class="map" viewBox="{left} {top} {width} {height}" role="group" aria-labelledby="carte-titre">'
        f"<defs>{_patterns()}</defs>{drawn}{_lens(areas)}</svg>"
    )


def _area(areas: Mapping[str, Area], slug: str) -> Area:
    return areas.get(slug) or Area(slug, Health.UNKNOWN, slug)


def _shape(outline: Outline, area: Area) -> str:
    return (
        f'<a href="{root()}/academie/{escape(area.slug)}" class="s-{area.health.value}">'
        f"<title>{escape(area.title)}</title>"
        f'<path id="a-{escape(area.slug)}" class="t" {_fill(area.health)}d="{outline.path}"/></a>'
    )


def _fill(health: Health) -> str:
    return f'fill="url(#tx-{health.value})" ' if health in PATTERNS else ""


def _patterns() -> str:
    return "".join(
        f'<pattern id="tx-{health.value}" class="s-{health.value}" width="10" height="10" '
        f'patternUnits="userSpaceOnUse"><path d="M0 0h10v10H0z" class="tx-fill"/>{drawing}</pattern>'
        for health, drawing in PATTERNS.items()
    )


def _lens(areas: Mapping[str, Area]) -> str:
    lens = capital_lens()
    links = "".join(
        f'<a href="{root()}/academie/{slug}" class="s-{_area(areas, slug).health.value}" tabindex="-1" '
        f'aria-hidden="true"><use href="#a-{slug}"/></a>'
        for slug in CAPITAL
    )
    place = f"translate({lens.left:.1f} {lens.top:.1f}) scale({lens.factor:.3f})"
    label = f'<text class="place" x="{LENS_LEFT}" y="{LENS_TOP + LENS_SIDE}">Île-de-France</text>'
    return f'<g class="lens" transform="{place}">{links}</g>{label}'
