"""What the figures of measures share: instants of Paris, durations in words, the texture of each state."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dashboard.dates import NB, PARIS, clock, day
from monitor.domain.observation import Health

# A texture for each state, beside its colour: the shapes of assets/carte.js.
TEXTURES: Mapping[Health, str] = {
    Health.UP: "",
    Health.SLOW: ".",
    Health.WAITING: "/",
    Health.RESTRICTED: "-",
    Health.DOWN: "x",
    Health.MAINTENANCE: "+",
    Health.UNKNOWN: "\\",
}
HIDDEN: Mapping[str, Any] = {"visible": False, "fixedrange": True}
_EPOCH, _MS = datetime(1970, 1, 1), timedelta(milliseconds=1)  # noqa: DTZ001 : on the wall, hence of no zone


def texture(health: Health) -> dict[str, Any]:
    """The pattern of a state's bars, over its colour."""
    on = f"--{health.value}-ink" if health in {Health.UNKNOWN, Health.SLOW} else "--paper"
    return {
        "shape": TEXTURES[health],
        "size": 6,
        "solidity": 0.2,
        "fgcolor": on,
        "fgopacity": 0.6,
        "fillmode": "overlay",
    }


def wall(at: datetime) -> int:
    """An instant as Plotly draws it: what the clock of Paris showed, since Plotly knows no time zone.

    In milliseconds since 1970, which a browser reads many times faster than a date that is written out.
    """
    return round((at.astimezone(PARIS).replace(tzinfo=None) - _EPOCH) / _MS)


def lasting_ms(since: datetime, until: datetime) -> float:
    """How wide something is drawn: from wall to wall, so that what follows a day of 23 or 25 hours touches it.

    Within the hour that clocks show twice the wall goes back; what lies there is as wide as it lasts.
    """
    drawn = wall(until) - wall(since)
    return drawn if drawn > 0 else (until - since) / _MS


def took(ms: float) -> str:
    """``85 ms``, ``1,2 s``, ``12 s``: two figures, which is what a sketch is good for."""
    if ms < 9.95:
        return f"{_decimal(ms)}{NB}ms"
    if ms < 995:
        return f"{round(ms, -1) if ms >= 100 else round(ms):.0f}{NB}ms"
    return f"{_decimal(ms / 1000)}{NB}s" if ms < 9950 else f"{ms / 1000:.0f}{NB}s"


def moment(at: datetime) -> str:
    """``mardi 6 avril, 8 h 05``."""
    return f"{day(at)}, {clock(at)}"


def stretch(since: datetime, until: datetime) -> str:
    """``mardi 6 avril, de 8 h 00 à 8 h 05``, or the day alone where it is a whole one."""
    if until - since >= timedelta(hours=23):
        return day(since)
    return f"{day(since)}, de {clock(since)} à {clock(until)}"


def counted(number: int) -> str:
    """``12 400``."""
    return f"{number:,}".replace(",", NB)


def share(value: float) -> str:
    """``99,2 %``, never rounded to all or to nothing."""
    if 0 < value < 0.001:
        return f"<{NB}0,1{NB}%"
    if 0.999 < value < 1:
        return f">{NB}99,9{NB}%"
    return f"{_decimal(100 * value)}{NB}%"


def _decimal(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
