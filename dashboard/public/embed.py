"""`/integrer/…`: a small page that another site may show in a frame; it holds no script, and leads to its full page."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from dashboard.public.answers import accepts_gzip
from dashboard.public.headers import FRAME_POLICY, HTML, READ
from dashboard.public.press import PageFunction, Press, Sheet, Visit
from dashboard.public.territory import PLACES, place_of
from dashboard.tongue import LANGUAGES, address, spoken

KEEP = {"Cache-Control": "public, max-age=5", "Vary": "Accept-Encoding"}
# Without a script a frame cannot say that it has grown old: it is read again instead, and loses nothing by that.
AGAIN_S = 60


async def service(visit: Visit, key: str) -> Sheet | None:
    """The fragment of a service, None for an unknown one."""
    found = visit.view.services.get(key) if visit.view else None
    if found is None:
        return None
    values = {"name": found.name, "health": found.health, "since": found.since, "page": ("service", found.id)}
    return Sheet("fragment.html", f"{found.name} · Vigie", values)


def place_in(folder: str) -> PageFunction:
    """What fills the fragments of the places whose pages stand in `folder`."""

    async def place(visit: Visit, key: str) -> Sheet | None:
        found = place_of(visit.view, folder, key) if visit.view else None
        if found is None:
            return None
        territory, name = found
        values = {"name": territory.name, "health": territory.health, "since": None, "page": (folder, territory.slug)}
        return Sheet("fragment.html", f"{name} · Vigie", values)

    return place


FRAGMENTS: Mapping[str, PageFunction] = {
    "/integrer/service/{key}": service,
    **{f"/integrer/{folder}/{{key}}": place_in(folder) for folder in PLACES},
}


def add_fragments(site: FastAPI, press: Press) -> None:
    """Those of services and of every kind of place."""
    for path, page in FRAGMENTS.items():
        for language in LANGUAGES:
            site.add_api_route(address(path, language), _route(press, page), methods=READ, response_model=None)


def _route(press: Press, page: PageFunction) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        printed = await press.print(request.url.path, page, request.path_params["key"])
        if printed is None:
            raise HTTPException(404)
        headers = {"Content-Security-Policy": FRAME_POLICY, "Refresh": str(AGAIN_S), "Content-Language": spoken()}
        headers |= KEEP
        if accepts_gzip(request):
            return Response(printed.zipped, 200, headers | {"Content-Encoding": "gzip"}, HTML)
        return Response(printed.body, 200, headers, HTML)

    return answer
