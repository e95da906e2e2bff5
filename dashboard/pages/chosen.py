"""What views that are about one service ask alike: which one, and until when there is anything to tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dash import html

from dashboard.pages.controls import grouped
from dashboard.pages.view import Asking, Unanswerable
from dashboard.wording import KINDS
from monitor.domain.catalog import Service, ServiceKind
from monitor.reports.country import Country

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def service_of(asked: Asking, here: Country) -> Service:
    """The service of the word `id`, the first of the list without one. Raises Unanswerable for an unknown one."""
    wanted = asked.words.get("id")
    names = known(asked, here)
    if wanted is None:
        wanted = next((value for _, some in groups(names) for value, _ in some), "")
    former = next((one.id for one in here.catalog.services.values() if wanted in one.formerly), wanted)
    if former not in names:
        raise Unanswerable("Vigie ne connaît pas ce service. Choisissez-en un dans la liste de la carte.")
    published = asked.view.services.get(former) if asked.view else None
    return here.service(former, published.territories if published else ())


def known(asked: Asking, here: Country) -> Mapping[str, tuple[str, ServiceKind]]:
    """Names and kinds of all services by id: those of the catalogue, and those that only a scenario names."""
    published = asked.view.services.values() if asked.view else ()
    kinds = {kind.value: kind for kind in ServiceKind}
    found = {one.id: (one.name, kinds.get(one.kind, ServiceKind.AUTRE)) for one in published}
    return found | {one.id: (one.name, one.kind) for one in here.catalog.services.values()}


def groups(names: Mapping[str, tuple[str, ServiceKind]]) -> Groups:
    """By kind, in the order of the kinds, each by name."""
    of = {kind: [(name, title) for name, (title, its) in names.items() if its is kind] for kind in ServiceKind}
    return [(KINDS[kind].fr, sorted(some, key=lambda one: one[1].casefold())) for kind, some in of.items() if some]


def services_control(asked: Asking, here: Country, chosen: str) -> html.Div:
    """Every service, grouped by kind."""
    return grouped("id", "Service", groups(known(asked, here)), chosen)


def one_of(asked: Asking, word: str, options: Mapping[str, str], otherwise: str, what: str) -> str:
    """The value of a word that is one of some. Raises Unanswerable with a sentence that names them."""
    value = asked.words.get(word, otherwise)
    if value not in options:
        raise Unanswerable(f"{what} inconnue. Possibles\u00a0: {', '.join(options)}.")
    return value


def ends_at(asked: Asking) -> datetime:
    """Until when there is anything to tell: now, and in a rehearsal where its time stands."""
    return asked.view.at if asked.view and asked.view.rehearsal else asked.now
