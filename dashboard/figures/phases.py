"""Where the time of an answer goes: the mean of each phase, stacked, so that a bar is as high as the mean answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dashboard.figures.durations import time_axis
from dashboard.figures.measured import lasting_ms, stretch, took, wall
from monitor.domain.answer_tally import PHASES
from monitor.reports.durations import Step

# By the names of `PHASES`: words, how dark, and a texture, so that neighbours are told apart without their tint.
PHASE_WORDS: Mapping[str, str] = {
    "resolve": "Trouver l’adresse",
    "connect": "Se connecter",
    "tls": "Sécuriser la connexion",
    "first_byte": "Attendre le début de la réponse",
    "transfer": "Recevoir la page",
}
TONES: Mapping[str, tuple[float, str]] = {
    "resolve": (1.0, ""),
    "connect": (0.55, "/"),
    "tls": (0.8, "x"),
    "first_byte": (0.3, ""),
    "transfer": (0.55, "."),
}
_MS = timedelta(milliseconds=1)


def phases(steps: Sequence[Step]) -> dict[str, Any]:
    """A figure of Plotly; a step without a good answer has no bar."""
    said = [(one, means) for one in steps if (means := one.phases) is not None]
    traces = [_trace(said, place, name) for place, name in enumerate(PHASES)]
    highest = max((sum(means, timedelta()) / _MS for _, means in said), default=100.0)
    y = {"range": [0, highest * 1.08], "fixedrange": True, "gridcolor": "--rule", "nticks": 6, "ticksuffix": " ms"}
    return {"data": traces, "layout": {"barmode": "stack", "bargap": 0, "xaxis": time_axis(steps), "yaxis": y}}


def _trace(said: Sequence[tuple[Step, tuple[timedelta, ...]]], place: int, name: str) -> dict[str, Any]:
    dark, shape = TONES[name]
    pattern = {"shape": shape, "size": 5, "solidity": 0.25, "fgcolor": "--paper", "fillmode": "overlay"}
    return {
        "type": "bar",
        "x": [wall(one.since) for one, _ in said],
        "y": [means[place] / _MS for _, means in said],
        "width": [lasting_ms(one.since, one.until) for one, _ in said],
        "offset": 0,
        "name": PHASE_WORDS[name],
        "opacity": dark,
        "marker": {"color": "--maintenance-ink", "line": {"width": 0}, "pattern": pattern},
        "hoverinfo": "text",
        "hovertext": [f"{stretch(one.since, one.until)}<br>{PHASE_WORDS[name]} : {took(means[place] / _MS)}" for one, means in said],  # fmt: skip
    }
