"""Shares and durations as people read them in French, wherever a figure is said."""

import math
from datetime import timedelta

NOTHING = "–"
HAIR = 1e-9  # a share that lacks the last bit of a float is that share


def share(value: float | None, decimals: int = 3) -> str:
    """``99,987 %``, rounded down: what was not there all the time is never 100 %."""
    if value is None:
        return NOTHING
    scale = 10**decimals
    return f"{math.floor(value * 100 * scale + HAIR) / scale:.{decimals}f}\u00a0%".replace(".", ",")


def lasts(span: timedelta) -> str:
    """``2 h 14 min``, ``1 h 0 min 3 s``, ``34 s``; rounded down to the second."""
    minutes, seconds = divmod(span // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    units = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    while units and not units[0][0]:
        del units[0]
    while units and not units[-1][0]:
        del units[-1]
    return " ".join(f"{number}\u00a0{unit}" for number, unit in units) or "0"
