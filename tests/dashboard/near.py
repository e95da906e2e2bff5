"""The Dash application without a process of its own, counting what it is asked; and a site around it on a free port."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import uvloop
from dash import html
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from dashboard.app import create_app
from dashboard.carte import SCRIPTS, Carte
from dashboard.carte_child import Away, Heard
from dashboard.data import Data, DatabaseReader
from dashboard.pages.carte import create_carte
from dashboard.pages.controls import choice, day, form, words
from dashboard.pages.drawn import graph, twin
from dashboard.pages.studio import Studio
from dashboard.pages.view import Asking, Books, Unanswerable, View
from dashboard.process import wall_clock
from dashboard.public.assets import Assets

HOSTILE = "--down <img src=x onerror=alert(1)>"


class Near:
    """What `CarteChild` is to the door, answered here."""

    def __init__(self, carte: Carte) -> None:
        self._carte = carte
        self.generation = 1
        self.away = False
        self.asked: list[str] = []
        self.held = asyncio.Event()
        self.held.set()

    async def there(self, within_s: float) -> None:
        if self.away:
            raise Away

    async def ask(self, method: str, path: str, body: bytes = b"", *, within_s: float) -> Heard:
        await self.there(within_s)
        self.asked.append(path)
        await self.held.wait()
        told: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
                 "headers": [(b"content-type", b"application/json")], "http_version": "1.1", "scheme": "http", "root_path": "",
                 "server": ("carte", 80), "client": None}  # fmt: skip
        await self._carte(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in told[0]["headers"]}
        whole = b"".join(one.get("body", b"") for one in told[1:])
        return Heard(told[0]["status"], headers.get("content-type", ""), headers.get("cache-control", ""), whole)


def draw(asked: Asking) -> Sequence[Any]:
    """A view with everything that a view may have."""
    count = int(asked.words.get("sur", "7")) if asked.words.get("sur", "7").isdecimal() else 0
    if not 0 < count < 40:
        raise Unanswerable("Cette durée n’est pas proposée.")
    days = [f"2026-11-{number + 1:02d}" for number in range(count)]
    bars = {"type": "bar", "x": days, "y": list(range(count)), "marker": {"color": ["--down"] * count}, "name": HOSTILE}
    chosen = asked.now.date().replace(month=11, day=2)
    return [
        form(
            "essai",
            choice("sur", "Durée", [("7", "7 jours"), ("20", "20 jours")], str(count)),
            day("date", "Jour", chosen, chosen.replace(day=1), chosen.replace(day=30)),
            words("quoi", "Quoi", asked.words.get("quoi", "")),
        ),
        graph("bars", {"data": [bars], "layout": {}}, "Des barres", "300px"),
        twin("Des valeurs", ["Jour", "Valeur"], [[one, str(rank)] for rank, one in enumerate(days)]),
        html.P(HOSTILE, id="hostile"),
    ]


ESSAI = View("essai", "Essai", draw, example={"sur": "20"})
VIEWS = {ESSAI.name: ESSAI}


def carte_of(database_url: str = "sqlite:///nowhere/none.db") -> Carte:
    reader, assets = DatabaseReader(database_url), Assets()
    studio = Studio(VIEWS, Data(reader), Books(database_url), wall_clock)
    styles = [assets.url("vigie.css"), assets.url("carte.css")]
    return Carte(create_carte(styles, [assets.url(name) for name in SCRIPTS], {}, studio, VIEWS), list(VIEWS))


async def _serve(port: int, database_url: str) -> None:
    near = Near(carte_of(database_url))
    app = create_app(DatabaseReader(database_url), wall_clock, child=near)  # type: ignore[arg-type]
    settings: dict[str, Any] = {
        "interface": Interfaces.ASGI,
        "websockets": False,
        "log_enabled": False,
        "http": HTTPModes.http1,
    }
    await Server(app, address="127.0.0.1", port=port, **settings).serve()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), sys.argv[2]))
