"""Atom: incidents of the country, of an académie, of a service; and the seals of finished days (RFC 4287)."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from dashboard import dates
from dashboard.components import phrases
from dashboard.components.timeline import timeline
from dashboard.data import Data
from dashboard.incident_view import IncidentView
from dashboard.model import View
from dashboard.public.answers import OPEN, Document, document_of, served
from dashboard.public.atom import Entry, Feed, written
from dashboard.public.headers import LATER, READ
from dashboard.public.sealed import SealView, newest_seals
from dashboard.public.territory import PLACES, place_of
from dashboard.wording import HEALTHS

ATOM = "application/atom+xml; charset=utf-8"
SEALS_SHOWN = 60
SEALS_PATH = "/flux/sceaux.atom"


class Feeds:
    """Makes each feed once a snapshot."""

    def __init__(self, data: Data, server: str | None) -> None:
        """`server`: the public address, which makes addresses whole; where there is none they begin with a slash."""
        self._data, self._server = data, (server or "").rstrip("/")
        self._made: dict[str, tuple[str, Document]] = {}

    async def of(self, path: str, fill: Callable[[View], Feed | None]) -> Document | None:
        """The feed at an address, None where `fill` knows nothing. Raises HTTPException (503) before the first one."""
        published = await self._data.published()
        if published is None:
            raise HTTPException(503, headers=LATER)
        kept = self._made.get(path)
        if kept is None or kept[0] != published.etag:
            feed = fill(published.view)
            if feed is None:
                return None
            kept = self._made[path] = published.etag, document_of(written(feed, self._server))
        return kept[1]

    async def seals(self) -> Document:
        """The feed of the newest seals. Raises HTTPException (503) while they cannot be read."""
        seals = await self._data.open.seals()
        if seals is None:
            raise HTTPException(503, headers=LATER)
        return document_of(written(seals_feed(seals), self._server))


def add_feeds(site: FastAPI, data: Data, server: str | None) -> None:
    """The country's, those of services, of operators, of every kind of place, and that of the seals."""
    feeds = Feeds(data, server)

    async def country(request: Request) -> Response:
        return _sent(request, await feeds.of("/flux.atom", country_feed))

    async def sealed(request: Request) -> Response:
        return _sent(request, await feeds.seals())

    def route(kind: str, fill: Fill) -> Callable[[Request], Awaitable[Response]]:
        async def sent(request: Request) -> Response:
            key = request.path_params["key"]
            return _sent(request, await feeds.of(f"/{kind}/{key}", lambda view: fill(view, key)))

        return sent

    site.add_api_route("/flux.atom", country, methods=READ, response_model=None)
    site.add_api_route(SEALS_PATH, sealed, methods=READ, response_model=None)
    for kind, fill in FILLS.items():
        site.add_api_route(f"/flux/{kind}/{{key}}.atom", route(kind, fill), methods=READ, response_model=None)


def _sent(request: Request, found: Document | None) -> Response:
    if found is None:
        raise HTTPException(404)
    return served(request, found, ATOM, {"Cache-Control": "public, max-age=60", **OPEN})


def country_feed(view: View) -> Feed:
    """Every incident that the snapshot holds."""
    return _incidents_feed(view, "/flux.atom", f"{_marked(view)}Vigie\u00a0: incidents", "/incidents", view.theirs)


def place_feed(folder: str, view: View, slug: str) -> Feed | None:
    """The incidents of the services of the place whose page is `/folder/slug`; None for an unknown one."""
    found = place_of(view, folder, slug)
    if found is None:
        return None
    territory, name = found
    return _of_services(view, f"{folder}/{quote(slug)}", f"{name[0].lower()}{name[1:]}", territory.services)


def operator_feed(view: View, key: str) -> Feed | None:
    """The incidents of the services that an operator runs; None for an unknown one."""
    name = view.operators.get(key)
    if name is None:
        return None
    mine = [one.id for one in view.services.values() if one.operator == name]
    return _of_services(view, f"operateur/{quote(key)}", name, mine)


def service_feed(view: View, key: str) -> Feed | None:
    """The incidents of a service; None for an unknown one."""
    service = view.services.get(key)
    if service is None:
        return None
    return _of_services(view, f"service/{quote(key)}", service.name, (key,))


Fill = Callable[[View, str], Feed | None]
FILLS: Mapping[str, Fill] = {
    "service": service_feed,
    "operateur": operator_feed,
    **{folder: partial(place_feed, folder) for folder in PLACES},
}


def seals_feed(seals: Sequence[Mapping[str, Any]]) -> Feed:
    """The newest seals, of those published."""
    entries = [_seal_entry(one) for one in newest_seals(seals, SEALS_SHOWN)]
    never = datetime(1970, 1, 1, tzinfo=dates.PARIS)
    return Feed(SEALS_PATH, "Vigie\u00a0: sceaux des journées de mesure", "/methode#sceaux", entries, never)


def feeds_to_keep(view: View, server: str) -> Iterator[tuple[str, bytes]]:
    """Every feed of incidents as a file: its name, its bytes."""
    keys = {"service": view.services, "operateur": view.operators}
    places = {one.code: one.slug for one in view.territories.values()}
    yield "flux.atom", written(country_feed(view), server)
    for kind, fill in FILLS.items():
        letter = f"{PLACES[kind].letter}:" if kind in PLACES else ""
        of_kind = keys.get(kind) or [slug for code, slug in places.items() if letter and code.startswith(letter)]
        for key in of_kind:
            feed = fill(view, key)
            if feed is not None:
                yield f"flux/{kind}/{key}.atom", written(feed, server)


def _of_services(view: View, about: str, name: str, services: Iterable[str]) -> Feed:
    known = set(services)
    mine = [one for one in view.theirs if not known.isdisjoint(one.services)]
    title = f"{_marked(view)}Vigie\u00a0: incidents, {name}"
    return _incidents_feed(view, f"/flux/{about}.atom", title, f"/{about}", mine)


def _incidents_feed(view: View, path: str, title: str, about: str, incidents: Iterable[IncidentView]) -> Feed:
    entries = sorted((_entry(one, view) for one in incidents), key=lambda one: (one.updated, one.name), reverse=True)
    return Feed(path, title, about, entries, dates.midnight(view.at))


def _entry(incident: IncidentView, view: View) -> Entry:
    """How it began, what happened since, how it ended: the same entry, whose date moves."""
    moments = timeline(incident)
    lines = [phrases.incident_measure(incident, view), f"{phrases.incident_places(incident, view)}."]
    lines += [f"{dates.capital(dates.day(one.at))} à {one.clock}\u00a0: {one.words.lower()}" for one in moments]
    ends = (incident.recovered_at, incident.eased_at, incident.closed_at)
    updated = max([incident.opened_at, *(one.at for one in moments), *(at for at in ends if at is not None)])
    return Entry(
        name=f"incident {incident.id}",
        title=f"{_marked(view)}{phrases.incident_title(incident, view)}",
        path=f"/incidents/{quote(incident.id)}",
        text="\n".join(line for line in lines if line.strip(".")),
        updated=updated,
        published=incident.opened_at,
        category=HEALTHS[incident.worst].fr,
    )


def _seal_entry(one: SealView) -> Entry:
    about = f"{one.rows}\u00a0observations, point de mesure {one.vantage}."
    return Entry(
        name=f"seal {one.vantage} {one.number}",
        title=f"{'Correction du sceau' if one.corrects else 'Sceau'} n° {one.number}, {one.day} ({one.vantage})",
        path="/methode#sceaux",
        text=f"{about}\nRacine\u00a0: {one.root}\nArbre\u00a0: {one.tree}",
        updated=one.sealed_at,
        published=one.sealed_at,
    )


def _marked(view: View) -> str:
    return "RÉPÉTITION – " if view.rehearsal else ""
