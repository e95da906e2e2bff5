"""The controls of a view: native elements in a GET form, whose change leads to a new address (assets/views.js).

`html` of Dash has no input: the browser puts its own in the place of each `dcc.Input`.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.carte_address import address


def form(view: str, *controls: Component) -> html.Form:
    """The controls of the view of that name; an empty one stands for nothing in the address."""
    return html.Form([*controls], action=address(view), method="GET", className="asking")


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> html.Div:
    """One of several: `options` are values of the address and their words."""
    return _labelled(name, label, html.Select(_options(options, chosen), id=_id(name), name=name))


def grouped(
    name: str,
    label: str,
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    chosen: str,
    nothing: tuple[str, str] | None = None,
) -> html.Div:
    """As `choice`, the options under titles; `nothing` stands first, before them all.

    The browser makes them (assets/views.js): each component costs Dash a millisecond there, and a country has 300.
    """
    parts = [("", [nothing])] if nothing else []
    parts += [(title, list(some)) for title, some in groups if some]
    made: dict[str, Any] = {"data-groups": json.dumps(parts), "data-chosen": chosen}
    return _labelled(name, label, html.Select(id=_id(name), name=name, **made))


def day(name: str, label: str, chosen: date, earliest: date, latest: date) -> html.Div:
    """A day of Paris, written ``2021-04-06`` in the address."""
    field = dcc.Input(
        id=_id(name),
        name=name,
        type="date",  # type: ignore[arg-type]  # a native type that Dash hands on without naming it
        value=chosen.isoformat(),
        min=earliest.isoformat(),
        max=latest.isoformat(),
    )
    return _labelled(name, label, field)


def words(name: str, label: str, chosen: str) -> html.Div:
    """A short text."""
    return _labelled(name, label, dcc.Input(id=_id(name), name=name, type="text", value=chosen, maxLength=80))


def _options(options: Sequence[tuple[str, str]], chosen: str) -> list[html.Option]:
    # Each with its key: what was chosen before must not stay chosen in an element that is used again.
    return [html.Option(words, value=value, selected=value == chosen, key=value) for value, words in options]


def _labelled(name: str, label: str, field: Component) -> html.Div:
    return html.Div([html.Label(label, htmlFor=_id(name)), field], className="control")


def _id(name: str) -> str:
    return f"c-{name}"
