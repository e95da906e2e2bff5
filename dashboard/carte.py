"""`python -m dashboard.carte`: the Dash application as a process of its own, behind a Unix socket.

The web process starts it and hands `/carte/` over to it (`dashboard.carte_child`). It ends when its standard input
closes: a web process that was killed leaves nothing behind.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import uvloop
from dash import Dash
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard.carte_address import MANIFEST
from dashboard.data import Data, DatabaseReader
from dashboard.pages.carte import VIEWS, create_carte
from dashboard.pages.studio import Studio
from dashboard.pages.view import Books
from dashboard.process import heed_signals, leave, serve_until, wall_clock
from dashboard.public.assets import Assets

# The first holds what the others use.
SCRIPTS = ("carte.js", "carte_map.js", "carte_lists.js", "views.js", "replay.js", "csv.js")
STOP_WITHIN_S = 1.0
BACKLOG = 128  # the door lets fewer through


class Carte:
    """Dash and, beside it, what the door must know of it. Without Dash's lifespan, which would answer every path."""

    def __init__(self, dash: Dash, views: Sequence[str]) -> None:
        """`views`: the names of the pages below the prefix."""
        self._dash, self._views = dash, views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI conversation."""
        if scope["type"] != "http":
            return
        if scope["path"] == MANIFEST:
            await Response(self._manifest(), 200, media_type="application/json")(scope, receive, send)
        else:
            await self._dash.server(scope, receive, send)

    def _manifest(self) -> bytes:
        """The page must have been made once before: that is what tells Dash its files."""
        files = {package: sorted(names) for package, names in self._dash.registered_paths.items()}
        return json.dumps({"views": list(self._views), "hashes": self._dash.csp_hashes(), "files": files}).encode()


def application(books: Books) -> Carte:
    """The whole application over one database."""
    assets = Assets()
    studio = Studio(VIEWS, Data(DatabaseReader(books.measures, books.config)), books, wall_clock)
    styles = [assets.url(name) for name in ("vigie.css", "carte.css", "day.css")]
    scripts = [assets.url(name) for name in SCRIPTS]
    return Carte(create_carte(styles, scripts, {}, studio), list(VIEWS))


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until standard input closes, SIGTERM or SIGINT. Returns 0, or 2 where the socket cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.carte", description="Les vues de /carte/.")
    parser.add_argument("--socket", required=True, type=Path, metavar="CHEMIN", help="dans un dossier à soi")
    parser.add_argument("--database-url", required=True, metavar="URL")
    parser.add_argument("--config", type=Path, metavar="FICHIER", help="catalogue")
    given = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    if not given.socket.parent.is_dir():
        print(f"Le dossier de la prise n’existe pas : {given.socket.parent}", file=sys.stderr)  # noqa: T201 : a command
        return 2
    uvloop.run(_serve(given.socket, Books(given.database_url, given.config)))
    with suppress(OSError):  # whoever started us may have cleared it away, or keep something else there
        given.socket.unlink(missing_ok=True)
        given.socket.parent.rmdir()
    return 0


async def _serve(socket: Path, books: Books) -> None:
    server = Server(
        application(books),
        uds=socket,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        backlog=BACKLOG,
        http=HTTPModes.http1,
    )
    stop = asyncio.Event()
    heed_signals(stop)
    loop = asyncio.get_running_loop()
    # In a thread: a loop cannot watch everything that a standard input may be.
    Thread(target=_until_closed, args=(loop, stop), daemon=True).start()
    await serve_until(server, stop, STOP_WITHIN_S)


def _until_closed(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    with suppress(RuntimeError):  # the loop has ended before
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    leave(main())
