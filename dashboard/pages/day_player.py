"""The scrubber of a day and what is said of the chosen instant: empty pieces that assets/replay.js fills."""

from datetime import date
from typing import Any

from dash import html

# Minutes of the day that pass in a second.
SPEEDS = ((5, "5 min par seconde"), (15, "15 min par seconde"), (60, "1 h par seconde"))


def player(day: date) -> html.Section:
    """Hour, play button, the place of the scrubber (made in the browser: without it nothing can be played), leaps."""
    moves = [
        html.Button("Lire", id="day-play", type="button", className="play"),
        html.Button("Incident précédent", id="day-before", type="button", className="plain-button"),
        html.Button("Incident suivant", id="day-after", type="button", className="plain-button"),
        html.Label("Vitesse", htmlFor="day-speed"),
        html.Select(
            [html.Option(words, value=str(speed), selected=speed == SPEEDS[1][0]) for speed, words in SPEEDS],
            id="day-speed",
        ),
    ]
    scrub = [
        html.Div(id="day-clock", className="who clock"),
        html.Div(id="day-scrub", className="track", **_also("data-day", day.isoformat())),
    ]
    parts = [html.Div(scrub, className="scrub"), html.Div(moves, className="moves")]
    return html.Section(parts, className="player", **_also("aria-label", "Rejouer la journée"))


def states() -> html.Section:
    """The sentence of the instant, and the services that were not well then."""
    return html.Section(
        [
            html.H2(id="day-title", children="À cette heure-là"),
            html.P(id="day-sentence", className="sentence"),
            html.Ul(id="day-states", className="services", tabIndex=0, **_also("aria-labelledby", "day-title")),
        ],
        className="instant",
    )


def _also(name: str, value: str) -> dict[str, Any]:
    """An attribute with a hyphen."""
    return {name: value}
