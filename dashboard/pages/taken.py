"""A table twin that can be taken away: a button whose file the browser writes from the table itself (assets/csv.js)."""

from typing import Any

from dash import html


def downloadable(table: html.Details, file: str, *, opened: str = "") -> html.Details:
    """The twin with its button; `file` is the name that the file gets, without ending.

    `opened`: the summary of a table that is nobody's twin, and hence open from the start.
    """
    named: dict[str, Any] = {"data-csv": file}
    button = html.Button("Télécharger ce tableau (CSV)", type="button", className="take", **named)
    summary, *rest = list(table.children)
    shown = html.Summary(opened) if opened else summary
    return html.Details([shown, *rest, button], open=bool(opened), className="twin")
