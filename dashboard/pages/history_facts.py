"""The figures of a whole period: of all users together or of the one service, incidents, and the earlier period."""

from collections.abc import Iterator, Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.dates import NB
from dashboard.figures.cells import Figure
from dashboard.wording import HOURS
from monitor.domain.compared import Compared, little
from monitor.domain.outages import Responses
from monitor.domain.uptime import Availability, Hours
from monitor.reports import comparisons
from monitor.reports.counted_words import DOUBTS, TOO_LITTLE, UNITS, points
from monitor.reports.over_time import Shown
from monitor.reports.periods import Period
from monitor.reports.said import lasts, share


def whole_figures(period: Period) -> Mapping[Hours, Figure] | None:
    """The figures of all of it: of the territory, or of the only service; None for several without a common weight."""
    if period.together is not None:
        return {hours: period.together.of(hours) for hours in Hours}
    if len(period.services) == 1:
        return {hours: period.services[0].said.of(hours) for hours in Hours}
    return None


def facts(shown: Shown, first: Hours) -> html.Dl | None:
    """Both figures, those of the hours asked about first, each with its coverage; then the incidents."""
    figures = whole_figures(shown.now)
    against = compared(shown)
    told: list[Component] = []
    if figures is not None:
        order = sorted(Hours, key=lambda one: one is not first)
        told += [_figure(figures[hours], None if against is None else against[hours]) for hours in order]
    told += _responses(shown.now.responses)
    return html.Dl(told, className="facts") if told else None


def compared(shown: Shown) -> Mapping[Hours, Compared] | None:
    """The whole beside the earlier period, by hours."""
    if shown.before is None:
        return None
    if shown.now.together is not None:
        return comparisons.of_territory(shown.now, shown.before)
    return (
        comparisons.of_service(shown.now, shown.before, shown.now.services[0]) if len(shown.now.services) == 1 else None
    )


def basis_of(period: Period) -> str:
    """Whose time the figure is, in one sentence; empty where there is none of several."""
    whole = period.together
    if whole is None:
        return ""
    some = "un service" if whole.all.services == 1 else f"{whole.all.services}{NB}services"
    return f"Ensemble des usagers de {some}, {UNITS[whole.unit]}, sans les services nationaux."


def _figure(one: Figure, against: Compared | None) -> html.Div:
    said: list[Component] = [
        html.Dt(HOURS[one.hours].fr),
        html.Dd(share(one.availability), className="figure"),
        html.Dd(_coverage(one), className="by"),
    ]
    if isinstance(one, Availability) and one.unavailable:
        said.append(html.Dd(f"indisponible pendant {lasts(one.unavailable)}", className="by"))
    if against is not None:
        said += _against(against)
    return html.Div(said)


def _coverage(one: Figure) -> list[Component | str]:
    text = f"couverture {share(one.coverage, 1)}"
    return [f"{text}, ", html.Strong(TOO_LITTLE)] if little(one.coverage) else [text]


def _against(one: Compared) -> Iterator[Component]:
    earlier = f"auparavant {share(one.before.availability)}, couverture {share(one.before.coverage, 1)}"
    yield html.Dd([html.B(points(one.points)), f" ({earlier})"], className="by")
    if one.doubts:
        why = ", ".join(DOUBTS[doubt] for doubt in one.doubts)
        yield html.Dd([html.Strong("Comparaison à ne pas citer"), f"{NB}: {why}."], className="by")


def _responses(said: Responses) -> Iterator[Component]:
    yield html.Div(
        [
            html.Dt("Incidents"),
            html.Dd(str(said.incidents), className="figure"),
            *([html.Dd(f"dont {said.going_on} en cours", className="by")] if said.going_on else []),
        ]
    )
    for title, mean in (("Détection", said.detected_after), ("Rétablissement", said.recovered_after)):
        if mean is not None:
            yield html.Div(
                [html.Dt(title), html.Dd(lasts(mean), className="figure"), html.Dd("en moyenne", className="by")]
            )
