"""The map of the académies for Plotly: one filled trace an académie, named by its code; the browser paints it."""

from typing import Any

from dashboard.figures.outlines import CAPITAL, Outline, capital_lens, outlines


def live_map(names: dict[str, str]) -> dict[str, Any]:
    """A figure without colours. `names` maps the slug of an académie to its name; the slug stands in for a missing one.

    Scatter with ``hoveron="fills"`` because Choropleth asks a host outside for its geometry even when given one.
    """
    france = outlines()
    left, top, width, height = france.frame
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    lens = capital_lens()
    traces = [_trace(outline, names.get(slug, slug)) for slug, outline in france.academies.items()]
    traces += [_trace(france.academies[slug].seen_through(lens), names.get(slug, slug)) for slug in CAPITAL]
    return {
        "data": traces,
        "layout": {
            "xaxis": hidden | {"range": [left, left + width]},
            "yaxis": hidden | {"range": [top + height, top], "scaleanchor": "x"},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "uirevision": "france",
            "autosize": True,
        },
    }


def _trace(outline: Outline, name: str) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in outline.rings:
        xs += [*(x for x, _ in ring), ring[0][0], None]
        ys += [*(y for _, y in ring), ring[0][1], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "hoveron": "fills",
        "hoverinfo": "text",
        "x": xs[:-1],
        "y": ys[:-1],
        "meta": f"A:{outline.slug}",
        "name": name,
        "text": name,
        "fillcolor": "rgba(128,128,128,0.15)",
        "line": {"width": 1.2, "color": "rgba(128,128,128,0.5)"},
    }
