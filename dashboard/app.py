"""The small ASGI front: /carte/ to Dash, all else to the public site. Here is every page, by its address."""

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.carte_door import CarteDoor
from dashboard.data import Data, Reader
from dashboard.letterbox import Letterbox
from dashboard.pages.carte import PREFIX, create_carte
from dashboard.public import academie, api_page, donnees, incident, incidents, method, overview, privacy, service
from dashboard.public.assets import Assets
from dashboard.public.press import PageFunction
from dashboard.public.site import create_site
from monitor.settings import Settings

PAGES: Mapping[str, PageFunction] = {
    "/": overview.page,
    "/service/{key}": service.page,
    "/academie/{key}": academie.page,
    "/incidents": incidents.page,
    "/incidents/{key}": incident.page,
    "/methode": method.page,
    "/donnees": donnees.page,
    "/donnees/api": api_page.page,
    "/vie-privee": privacy.page,
}


class Front:
    """Chooses the application by the address alone. Dash on the public one would answer every unknown path with 200."""

    def __init__(self, site: ASGIApp, carte: CarteDoor) -> None:
        """Both live in this process and know nothing of each other."""
        self._site = site
        self._carte = carte

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI conversation."""
        if scope["type"] == "http" and self._carte.knows(scope["path"]) and scope["method"] in {"GET", "HEAD"}:
            await self._carte(scope, receive, send)
        elif scope["type"] in {"http", "lifespan"}:
            await self._site(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})


def create_app(
    reader: Reader, now: Callable[[], datetime], names: Mapping[str, str], box: Letterbox | None = None
) -> Front:
    """The whole web application.

    Args:
        reader: where snapshots and days are read.
        now: the wall clock, aware UTC; freshness is measured against it.
        names: académie slug → name, for the live map before its first snapshot.
        box: where the public signs up; None: no page for it.
    """
    assets = Assets()
    site = create_site(Data(reader, dumps=Settings().dumps_dir), assets, PAGES, now, box)
    dash = create_carte([assets.url("vigie.css"), assets.url("carte.css")], assets.url("carte.js"), names)
    return Front(site, CarteDoor(dash, PREFIX))
