"""The small ASGI front: /carte/ to Dash, all else to the public site. Here is every page, by its address."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.carte_address import PREFIX
from dashboard.carte_child import CarteChild
from dashboard.carte_door import CarteDoor
from dashboard.data import Data, Reader
from dashboard.express import Express
from dashboard.letterbox import Letterbox
from dashboard.public import (
    api_page,
    donnees,
    incident,
    incidents,
    legal,
    method,
    operator,
    ourselves,
    overview,
    privacy,
    service,
    territory,
)
from dashboard.public.assets import Assets
from dashboard.public.embed import FRAGMENTS
from dashboard.public.kept import KeptBeside
from dashboard.public.press import PageFunction
from dashboard.public.publisher import Publisher
from dashboard.public.site import create_site
from dashboard.tongue import ENGLISH, address, language_of, speaking
from monitor.domain.catalog import Level
from monitor.settings import Settings

PAGES: Mapping[str, PageFunction] = {
    "/": overview.page,
    "/service/{key}": service.page,
    "/academie/{key}": territory.page_of(Level.ACADEMIE),
    "/departement/{key}": territory.page_of(Level.DEPARTEMENT),
    "/region/{key}": territory.page_of(Level.REGION),
    "/collectivite/{key}": territory.page_of(Level.COLLECTIVITE),
    "/operateur/{key}": operator.page,
    "/incidents": incidents.page,
    "/incidents/{key}": incident.page,
    "/methode": method.page,
    "/vigie": ourselves.page,
    "/donnees": donnees.page,
    "/donnees/api": api_page.page,
    "/vie-privee": privacy.page,
    "/mentions-legales": legal.legal,
    "/accessibilite": legal.accessibility,
}


_ASKED = ("/", "/incidents")
CROWDED = (
    *_ASKED,
    *(address(path, ENGLISH) for path in _ASKED),
    "/api/v1/status",
)  # what everybody asks at once; the same for all


class Front:
    """Chooses the application by the address alone. Nothing of Dash is in this process: see `dashboard.carte_child`."""

    def __init__(self, site: ASGIApp, carte: ASGIApp, publisher: Publisher | None = None) -> None:
        """Both know nothing of each other; `publisher` writes the site as files."""
        self._site = site
        self._carte = carte
        self.publisher = publisher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI conversation."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith(PREFIX):
            await self._carte(scope, receive, send)
        elif scope["type"] in {"http", "lifespan"}:
            with speaking(language_of(scope.get("path", "/"))):
                await self._site(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})


def create_app(
    reader: Reader,
    now: Callable[[], datetime],
    box: Letterbox | None = None,
    publish_dir: Path | None = None,
    child: CarteChild | None = None,
) -> Front:
    """The whole web application.

    Args:
        reader: where snapshots and days are read.
        now: the wall clock, aware UTC; freshness is measured against it.
        box: where the public signs up; None: no page for it.
        publish_dir: where the site is kept as files; None: nowhere.
        child: the process of `/carte/`, run by the caller; None: that address says that it is not available.
    """
    assets, data = Assets(), Data(reader, dumps=Settings().dumps_dir)
    site = create_site(data, assets, PAGES, now, box)
    keeper = None
    if publish_dir is not None:
        beside = KeptBeside(data, assets, now, Settings().public_url)
        keeper = Publisher(publish_dir, site.state.press, data, {**PAGES, **FRAGMENTS}, beside)
    return Front(Express(site, CROWDED), CarteDoor(child, site, site.state.press.message), keeper)
