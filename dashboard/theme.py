"""The palette in light and dark, and the contrast that its test demands."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.observation import Health


@dataclass(frozen=True, slots=True)
class Tint:
    """A state's two colours: `fill` for areas, `ink` for words on paper (hexadecimal, #rrggbb)."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. `soft` is secondary text, `rule` thin lines, `lamp` belongs to the lighthouse alone."""

    paper: str
    ink: str
    soft: str
    rule: str
    lamp: str
    states: Mapping[Health, Tint]


LIGHT = Palette(
    paper="#fbfaf6",
    ink="#15202e",
    soft="#56616e",
    rule="#d9d7cf",
    lamp="#b45309",
    states={
        Health.UP: Tint("#cfe3d6", "#1d6a4c"),
        Health.SLOW: Tint("#f2cf5b", "#7a5600"),
        Health.WAITING: Tint("#e8873a", "#9a4509"),
        Health.RESTRICTED: Tint("#a993dc", "#5a3fa0"),
        Health.DOWN: Tint("#c0303b", "#a31d28"),
        Health.MAINTENANCE: Tint("#7fb0dd", "#1f5c94"),
        Health.UNKNOWN: Tint("#cfd3d8", "#56616e"),
    },
)
DARK = Palette(
    paper="#0f1620",
    ink="#eef1f4",
    soft="#a8b3bf",
    rule="#2a3542",
    lamp="#f2b35b",
    states={
        Health.UP: Tint("#24463a", "#8fd6b4"),
        Health.SLOW: Tint("#b08a1e", "#f2cf5b"),
        Health.WAITING: Tint("#d0722a", "#f5a868"),
        Health.RESTRICTED: Tint("#7c64b8", "#c5b5f0"),
        Health.DOWN: Tint("#d6404b", "#ff9aa2"),
        Health.MAINTENANCE: Tint("#3f78ad", "#9cc8ee"),
        Health.UNKNOWN: Tint("#3a4552", "#a8b3bf"),
    },
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mark_on(palette: Palette, health: Health) -> str:
    """The colour of a mark drawn on the state's fill: ink or paper, whichever stands out more."""
    fill = palette.states[health].fill
    return max((palette.ink, palette.paper), key=lambda colour: contrast(colour, fill))


def css_variables() -> str:
    """The custom properties of both themes, put before the style sheet as it is served: colours live here only."""
    return (
        f":root{{{_variables(LIGHT)}}}\n@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}\n"
        + "".join(
            f".s-{h.value}{{--fill:var(--{h.value});--on:var(--{h.value}-on);--word:var(--{h.value}-ink)}}\n"
            for h in Health
        )
    )


def _variables(palette: Palette) -> str:
    base = {name: getattr(palette, name) for name in ("paper", "ink", "soft", "rule", "lamp")}
    for health, tint in palette.states.items():
        base |= {
            health.value: tint.fill,
            f"{health.value}-ink": tint.ink,
            f"{health.value}-on": mark_on(palette, health),
        }
    return ";".join(f"--{name}:{colour}" for name, colour in base.items())


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
