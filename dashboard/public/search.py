"""`/recherche`: a service, a place, an operator or a school by the beginnings of its words. A form, no script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request, Response

from dashboard.components import phrases
from dashboard.data import Data
from dashboard.model import School, ServiceView, TerritoryView, View, severity
from dashboard.public.headers import HTML, POLICY, READ
from dashboard.public.press import Press, Sheet
from dashboard.public.territory import KINDS
from dashboard.tongue import LANGUAGES, _, address, elsewhere, root, spoken
from monitor.domain.catalog import Level
from monitor.domain.spelling import plain

PATH = "/recherche"
LONGEST = 100  # characters; nobody types more
MOST = 20  # of a kind on a page


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs services, by the id that its page has."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds in a snapshot; `more`: some of it was left out."""

    services: tuple[ServiceView, ...] = ()
    places: tuple[TerritoryView, ...] = ()
    operators: tuple[Operator, ...] = ()
    more: bool = False

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.services or self.places or self.operators)


def search(view: View, text: str) -> Found:
    """What has, for every word of the text, a word that begins so; services in trouble and bigger places first.

    Services are known by name, id and operator; empty text finds nothing.
    """
    wanted = [f" {word}" for word in plain(text).split()]
    if not wanted:
        return Found()

    def has(*names: str | None) -> bool:
        words = f" {plain(' '.join(filter(None, names)))}"
        return all(word in words for word in wanted)

    services = [one for one in view.services.values() if has(one.name, one.id.replace("-", " "), one.operator)]
    services.sort(key=lambda one: (-severity(one.health), one.name.casefold()))
    places = [one for one in view.territories.values() if one.level in KINDS and has(one.name, _word(one), one.slug)]
    operators = [Operator(key, name) for key, name in view.operators.items() if has(name, key)]
    operators.sort(key=lambda one: plain(one.name))
    return Found(
        tuple(services[:MOST]),
        tuple(places[:MOST]),
        tuple(operators[:MOST]),
        more=any(len(all_) > MOST for all_ in (services, places, operators)),
    )


def add_search(site: FastAPI, press: Press, data: Data) -> None:
    """The page, by its own address; it is made for one visitor and kept nowhere."""

    async def page(request: Request) -> Response:
        text = request.query_params.get("q", "").strip()
        shown = text[:LONGEST]
        published = await data.published()
        view = published.view if published else None
        schools, looked = await data.schools(shown, MOST) if shown else ((), True)
        values = {
            "text": shown,
            "cut": len(text) > LONGEST,
            "found": search(view, shown) if view else Found(),
            "schools": [_school(one, view) for one in schools or ()],
            "no_schools": schools is None and looked,
            "not_looked": not looked,
            "word": _word,
            "most": MOST,
        }
        title = _("{text} · Recherche · Vigie").format(text=shown) if shown else _("Recherche · Vigie")
        asked = f"?q={quote(shown)}" if shown else ""
        body = await press.once(Sheet("search.html", title, values), f"{elsewhere(address(PATH, spoken()))}{asked}")
        headers = {"Cache-Control": "public, max-age=5", "Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"}
        headers["Content-Language"] = spoken()
        return Response(body, 200, headers, HTML)

    for language in LANGUAGES:
        site.add_api_route(address(PATH, language), page, methods=READ, response_model=None)


def _word(place: TerritoryView) -> str:
    return KINDS[Level(place.level)].word


def _school(school: School, view: View | None) -> dict[str, object]:
    services: Iterable[ServiceView] = (view.services[one] for one in school.services if view and one in view.services)
    ordered: Sequence[ServiceView] = sorted(services, key=lambda one: (one.national, -severity(one.health), one.name))
    place = view.territories.get(school.place) if view else None
    follow = f"{root()}/abonnement?uai={quote(school.uai)}"
    return {
        "school": school,
        "services": ordered,
        "follow": follow,
        "place": place,
        "place_address": phrases.place_address(place) if place else None,
    }
