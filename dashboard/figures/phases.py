"""Where the time of an answer goes: the mean of each phase, stacked, so that a bar is as high as the mean answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dashboard.dates import NB
from dashboard.figures.durations import MARGIN, time_axis
from dashboard.figures.measured import lasting_ms, stretch, took, wall
from monitor.domain.answer_tally import PHASES
from monitor.reports.durations import Step

# By the names of `PHASES`, in the order of an answer: words, and how dark. Neighbours differ by a third at least.
PHASE_WORDS: Mapping[str, str] = {
    "resolve": "Trouver l’adresse",
    "connect": "Se connecter",
    "tls": "Sécuriser la connexion",
    "first_byte": "Attendre le début de la réponse",
    "transfer": "Recevoir la page",
}
TONES: Mapping[str, float] = {"resolve": 1.0, "connect": 0.5, "tls": 0.82, "first_byte": 0.22, "transfer": 0.65}
_MS = timedelta(milliseconds=1)


def phases(steps: Sequence[Step]) -> dict[str, Any]:
    """A figure of Plotly; a step without a good answer has no bar."""
    said = [(one, means) for one in steps if (means := one.phases) is not None]
    traces = [_trace(said, place, name) for place, name in enumerate(PHASES)]
    highest = max((sum(means, timedelta()) / _MS for _, means in said), default=100.0)
    y = {"range": [0, highest * 1.08], "fixedrange": True, "gridcolor": "--rule", "nticks": 6, "ticksuffix": f"{NB}ms", "automargin": False}
    layout = {"barmode": "stack", "bargap": 0, "xaxis": time_axis(steps), "yaxis": y, "margin": MARGIN}
    return {"data": traces, "layout": layout}


def _trace(said: Sequence[tuple[Step, tuple[timedelta, ...]]], place: int, name: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [wall(one.since) for one, _ in said],
        "y": [means[place] / _MS for _, means in said],
        "width": [lasting_ms(one.since, one.until) for one, _ in said],
        "offset": 0,
        "name": PHASE_WORDS[name],
        "opacity": TONES[name],
        "marker": {"color": "--maintenance-ink", "line": {"width": 0}},
        "hoverinfo": "text",
        "hovertext": [f"{stretch(one.since, one.until)}<br>{PHASE_WORDS[name]} : {took(means[place] / _MS)}" for one, means in said],  # fmt: skip
    }
