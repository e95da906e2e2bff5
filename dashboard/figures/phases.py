"""Where the time of an answer goes: the mean of each phase, stacked, so that a bar is as high as the mean answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any

from dashboard.dates import NB
from dashboard.figures.durations import MARGIN, area, pointed, runs, time_axis
from dashboard.figures.measured import stretch, took
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
    """A figure of Plotly; where nothing was good there is a gap."""
    stacked = [[(one, _sums(one)) for one, _ in run] for run in runs(steps)]
    traces = [_trace(stacked, place, name) for place, name in enumerate(PHASES)]
    said = [(one, sums) for run in stacked for one, sums in run]
    highest = max((sums[-1] for _, sums in said), default=100.0)
    y = {
        "range": [0, highest * 1.08],
        "fixedrange": True,
        "gridcolor": "--rule",
        "nticks": 6,
        "ticksuffix": f"{NB}ms",
        "automargin": False,
    }
    layout = {"xaxis": time_axis(steps), "yaxis": y, "margin": MARGIN, "hoverdistance": 40}
    return {"data": [*traces, pointed([(one, sums[-1], _words(one)) for one, sums in said])], "layout": layout}


def _sums(one: Step) -> tuple[float, ...]:
    """Zero, then up to the end of each phase, in milliseconds."""
    return (0.0, *(round(end, 2) for end in accumulate(mean / _MS for mean in one.phases or ())))


def _trace(stacked: Sequence[Sequence[tuple[Step, tuple[float, ...]]]], place: int, name: str) -> dict[str, Any]:
    drawn = {"fillcolor": "--maintenance-ink", "opacity": TONES[name], "name": PHASE_WORDS[name]}
    return {**area(stacked, place, place + 1), **drawn}


def _words(one: Step) -> str:
    means = zip(PHASE_WORDS.values(), one.phases or (), strict=True)
    return "<br>".join([stretch(one.since, one.until), *(f"{words}{NB}: {took(mean / _MS)}" for words, mean in means)])
