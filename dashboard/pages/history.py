"""`/carte/disponibilite`: how available services were over any period, as `vigie availability` counts it, drawn."""

from collections.abc import Iterator, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.dates import PARIS
from dashboard.pages.chosen import ends_at
from dashboard.pages.history_asked import Asked, midnight, read, wish_of
from dashboard.pages.history_drawn import drawings
from dashboard.pages.history_facts import basis_of, facts
from dashboard.pages.history_form import NAME, controls, shortcuts
from dashboard.pages.history_said import happened, meant
from dashboard.pages.history_taken import section
from dashboard.pages.history_words import span, whose
from dashboard.pages.view import Asking, View
from monitor.domain.catalog import Catalog
from monitor.reports.basis import Books
from monitor.reports.over_time import NoneChosen, Shown, TooMuch, over_time
from monitor.reports.selected import Selection
from monitor.settings import Settings

_NONE = "Aucun service du catalogue n’est tout cela à la fois\u00a0: retirez un filtre."
_TOO_MUCH = "C’est trop à lire d’un coup\u00a0: choisissez une période plus courte, ou un territoire plus petit."


def draw(asking: Asking) -> Sequence[Component]:
    """The page of an address. A question without an answer keeps its filters, so that it can be mended in place."""
    catalog = asking.books.country().catalog
    at = ends_at(asking)
    today = at.astimezone(PARIS).date()
    try:
        asked = read(asking.words, catalog, today)
    except ValueError as fault:
        usual = read({}, catalog, today)
        return [html.H1(VIEW.title), controls(usual, catalog, today), _refusal(str(fault))]
    kicker = html.Span(span(asked.first, asked.last), className="kicker")
    head = [
        html.H1(["Disponibilité\u00a0: ", whose(asked, catalog), kicker]),
        controls(asked, catalog, today),
        shortcuts(asked, today),
    ]
    try:
        shown = over_time(_books(asking), wish_of(asked, midnight, at), asking.now)
    except NoneChosen:
        return [*head, _refusal(_NONE)]
    except TooMuch:
        return [*head, _refusal(_TOO_MUCH)]
    return [*head, *_answer(asked, shown, catalog)]


def _answer(asked: Asked, shown: Shown, catalog: Catalog) -> Iterator[Component]:
    figures = facts(shown, asked.hours)
    if figures is not None:
        yield figures
    if said := basis_of(shown.now):
        yield html.P(said, className="note basis")
    yield from drawings(asked, shown)
    yield from happened(asked, shown, catalog)
    services = tuple(one.service for one in shown.now.services)
    yield section(asked, Selection(services, asked.place, shown.now.question.audiences))
    yield meant(asked, shown, catalog)


def _books(asking: Asking) -> Books:
    settings = Settings()
    config = asking.books.config or settings.config
    return Books(asking.books.measures, config, settings.calendar, settings.directory)


def _refusal(sentence: str) -> html.P:
    return html.P(sentence, role="alert", className="refusal")


VIEW = View(NAME, "Disponibilité", draw, example={"territoire": "A:lille"})
