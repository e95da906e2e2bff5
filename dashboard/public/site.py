"""The public application: addresses, headers, and plain sentences where there is nothing."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from dashboard.data import Data
from dashboard.letterbox import Letterbox, UnavailableError
from dashboard.public.answers import accepts_gzip
from dashboard.public.answers import refused as json_refused
from dashboard.public.assets import Asset, Assets
from dashboard.public.headers import HTML, POLICY, READ, SAFE_HEADERS
from dashboard.public.opened import add_open_data
from dashboard.public.press import PageFunction, Press
from dashboard.public.search import add_search
from dashboard.public.signup import add_signup
from dashboard.public.signup_links import Links
from dashboard.public.status import health_answer, status_answer
from dashboard.tongue import ENGLISH, LANGUAGES, N_, _, address, spoken

NOTHING_THERE = (
    N_("Rien à cette adresse"),
    N_("Vigie ne connaît pas cette page. L’accueil mène à tout ce qu’elle mesure."),
)
NO_SUCH_INCIDENT = (
    N_("Incident introuvable"),
    N_("Aucun incident de ce nom n’est connu de Vigie."),
)
NO_SUCH_ADDRESS = ("", "Rien à cette adresse\u00a0: /api/v1/openapi.json décrit toutes celles qu’il y a.")
NOT_SO = (N_("Demande refusée"), N_("Cette adresse se lit, et ne reçoit rien."))
NOT_NOW = (
    N_("Rien à lire pour l’instant"),
    N_("Ceci ne peut pas être lu pour l’instant\u00a0: réessayez dans un moment."),
)
NOT_LIKE_THAT = (
    N_("Formulaire refusé"),
    N_("Il est trop long, trop lent, mal formé, ou il vient d’un autre site. Rien n’a été enregistré."),
)
OUR_FAULT = (
    N_("Vigie a trébuché"),
    N_("La page n’a pas pu être préparée. La faute est la nôtre ; réessayez dans un instant."),
)
ROBOTS = (
    "User-agent: *\nAllow: /\nDisallow: /carte/\nDisallow: /api/\nDisallow: /abonnement/\nDisallow: /recherche\n"
    "Disallow: /en/abonnement/\nDisallow: /en/recherche\n"
)

Answer = Callable[[Request], Awaitable[Response]]


def create_site(
    data: Data,
    assets: Assets,
    pages: Mapping[str, PageFunction],
    now: Callable[[], datetime],
    box: Letterbox | None = None,
) -> FastAPI:
    """The public application. `pages` maps addresses, at most one ``{key}`` in each, to what fills them."""
    # Its own redirections of trailing slashes are absolute, built from a Host that anybody may write.
    site = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    press = Press(data, assets, now, signups=box is not None and box.writes)
    site.state.press = press  # what prints the pages also prints the files that are kept of them
    for path, page in pages.items():
        for language in LANGUAGES:
            here = address(path, language)
            site.add_api_route(here, _page_route(press, page), methods=READ, response_model=None)
            if path != "/":
                site.add_api_route(f"{here}/", _without_slash, methods=READ, response_model=None)
    site.add_api_route(address("", ENGLISH), _with_slash, methods=READ, response_model=None)
    _add_files(site, assets)
    _add_data(site, data, now)
    add_search(site, press, data)
    add_open_data(site, press, data, now)
    if box is not None:
        add_signup(site, press, box, now)
        Links(press, box, now).add_to(site)
    _add_sentences(site, press)
    site.middleware("http")(_with_safe_headers)
    return site


async def _without_slash(request: Request) -> Response:
    return RedirectResponse(quote(request.url.path.rstrip("/")), 308)


async def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"{quote(request.url.path)}/", 308)


def _page_route(press: Press, page: PageFunction) -> Answer:
    async def answer(request: Request) -> Response:
        printed = await press.print(request.url.path, page, request.path_params.get("key", ""))
        if printed is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=5", "Vary": "Accept-Encoding", "Content-Language": spoken()}
        if accepts_gzip(request):
            return Response(printed.zipped, 200, headers | {"Content-Encoding": "gzip"}, HTML)
        return Response(printed.body, 200, headers, HTML)

    return answer


def _add_data(site: FastAPI, data: Data, now: Callable[[], datetime]) -> None:
    async def status(request: Request) -> Response:
        return status_answer(request, await data.published())

    async def health() -> Response:
        return health_answer(await data.published(), now(), data.trouble)

    site.add_api_route("/api/v1/status", status, methods=READ, response_model=None)
    site.add_api_route("/health", health, methods=READ, response_model=None)


def _add_files(site: FastAPI, assets: Assets) -> None:
    async def asset(request: Request) -> Response:
        found = assets.at(request.url.path)
        if found is None:
            raise HTTPException(404)
        return _file(request, found, "public, max-age=31536000, immutable")

    async def icon(request: Request) -> Response:
        return _file(request, assets.named("favicon.svg"), "public, max-age=86400")

    async def robots() -> Response:
        return Response(ROBOTS, 200, {"Cache-Control": "public, max-age=86400"}, "text/plain; charset=utf-8")

    site.add_api_route("/assets/{name}", asset, methods=READ, response_model=None)
    site.add_api_route("/favicon.ico", icon, methods=READ, response_model=None)
    site.add_api_route("/favicon.svg", icon, methods=READ, response_model=None)
    site.add_api_route("/robots.txt", robots, methods=READ, response_model=None)


def _file(request: Request, asset: Asset, keep: str) -> Response:
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if asset.zipped is not None and accepts_gzip(request):
        return Response(asset.zipped, 200, headers | {"Content-Encoding": "gzip"}, asset.media_type)
    return Response(asset.body, 200, headers, asset.media_type)


def _add_sentences(site: FastAPI, press: Press) -> None:
    async def refused(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 500
        title, sentence = OUR_FAULT if isinstance(error, UnavailableError) else _sentence(request, code)
        code = 503 if isinstance(error, UnavailableError) else code
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if request.url.path.startswith("/api/"):
            return json_refused(code, sentence, headers | SAFE_HEADERS | {"Content-Security-Policy": POLICY})
        headers |= SAFE_HEADERS | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        headers["Content-Language"] = spoken()
        return Response(await press.message(_(title), _(sentence)), code, headers, HTML)

    site.add_exception_handler(HTTPException, refused)
    site.add_exception_handler(UnavailableError, refused)
    site.add_exception_handler(Exception, refused)


def _sentence(request: Request, code: int) -> tuple[str, str]:
    if code == 404 and request.url.path.startswith("/api/"):
        return NO_SUCH_ADDRESS
    if code == 503:
        return NOT_NOW
    if code == 404:
        return NO_SUCH_INCIDENT if "/incidents/" in request.url.path else NOTHING_THERE
    return NOT_SO if code == 405 else NOT_LIKE_THAT if code < 500 else OUR_FAULT


async def _with_safe_headers(request: Request, call_next: Answer) -> Response:
    response = await call_next(request)
    response.headers.update(SAFE_HEADERS)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    return response
