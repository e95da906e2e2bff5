"""The tables and keys beside the figures of `/carte/service`."""

from collections.abc import Sequence
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.dates import NB, capital, clock, day
from dashboard.figures.failures import kinds
from dashboard.figures.measured import counted, share, stretch, took
from dashboard.figures.phases import PHASE_WORDS, TONES
from dashboard.pages.drawn import twin
from dashboard.wording import FAILURES, HEALTHS
from monitor.domain.observation import Failure, Health
from monitor.reports.durations import PERCENTS, Step, failures_in

_MS = timedelta(milliseconds=1)
_NONE = "–"


def durations_twin(steps: Sequence[Step]) -> html.Details:
    """A row a step: quantiles, answers, state."""
    head = ["Quand", *(f"{percent}{NB}% en moins de" for percent in PERCENTS), "Réponses", "État le plus grave"]
    return twin("Durées des bonnes réponses, à 2\u00a0% près", head, [_row(one) for one in steps])


def _row(one: Step) -> list[str]:
    quantiles = one.quantiles
    said = [_NONE] * len(PERCENTS) if quantiles is None else [took(each / _MS) for each in quantiles]
    state = HEALTHS[one.worst or Health.UNKNOWN].fr
    return [capital(stretch(one.since, one.until)), *said, counted(sum(times for _, times in one.tally.kinds)), state]


def phases_twin(steps: Sequence[Step]) -> html.Details:
    """A row a step: the mean of each phase and of the whole."""
    rows = list[list[str]]()
    for one in steps:
        means = one.phases
        every = () if means is None else (*means, sum(means, timedelta()))
        said = [took(each / _MS) for each in every] or [_NONE] * (len(PHASE_WORDS) + 1)
        rows.append([capital(stretch(one.since, one.until)), *said])
    return twin("Durée moyenne de chaque étape", ["Quand", *PHASE_WORDS.values(), "En tout"], rows)


def failures_twin(steps: Sequence[Step]) -> html.Details:
    """A row a kind of failure: how often, first and last seen, and when most."""
    every = sum(times for one in steps for _, times in one.tally.kinds)
    head = ["Échec", "Réponses", "Part", "La première fois", "La dernière fois", "Le plus souvent"]
    return twin("Échecs par nature", head, [_kind(kind, times, every, steps) for kind, times in kinds(steps)])


def _kind(kind: Failure, times: int, every: int, steps: Sequence[Step]) -> list[str | Component]:
    had = [(one, failures_in(one.tally)[kind]) for one in steps if kind in failures_in(one.tally)]
    most = max(had, key=lambda one: one[1])
    when = [f"{day(one.since)}, {clock(one.since)}" for one in (had[0][0], had[-1][0])]
    worst = f"{counted(most[1])}, {stretch(most[0].since, most[0].until)}"
    return [FAILURES[kind].fr.rstrip("."), counted(times), share(times / every), *when, worst]


def bands_key(steps: Sequence[Step]) -> html.Ul:
    """What the tints of the bands and the states of the strip mean."""
    bands = [
        ("k-middle", f"la moitié des réponses (50{NB}%)"),
        ("k-inner", f"de 50 à 75{NB}%"),
        ("k-outer", f"de 75 à 95{NB}%"),
        ("k-edge", f"de 95 à 99{NB}%"),
    ]
    there = {one.worst for one in steps}
    items = [html.Li([html.I(className=f"swatch {name}"), words]) for name, words in bands]
    items += [_state(health) for health in Health if health in there]
    return html.Ul(items, className="key")


def _state(health: Health) -> html.Li:
    words = HEALTHS[health].fr
    return html.Li(html.Span([html.I(className=f"dmark s-{health.value}"), words], className=f"chip s-{health.value}"))


def phases_key() -> html.Ul:
    """What the tints of the phases mean, in the order of an answer."""
    items = [html.Li([html.I(className=f"swatch k-{name}"), PHASE_WORDS[name]]) for name in TONES]
    return html.Ul(items, className="key")
