"""`python -m dashboard`: the web process that `vigie web` and `vigie up` start."""

import argparse
import asyncio
import errno
import logging
import os
import resource
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from dashboard.app import create_app
from dashboard.carte_child import CarteChild
from dashboard.data import DatabaseReader
from dashboard.letterbox import Letterbox
from dashboard.process import heed_signals, leave, serve_until, wall_clock
from monitor.settings import Settings

STOP_WITHIN_S = 4.0
BACKLOG = 4096
CONVERSATIONS_MOST = 20_000  # open ones, idle or not; beyond, newcomers wait
OWN_FILES = 256  # descriptors kept for the database and for ourselves
HEAD_WITHIN_MS = 5000  # for the head of a request, and for the next one of an open conversation
HEAD_MOST = 32_768


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns 0, or 2 with a sentence on stderr where the address cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Les pages de Vigie.")
    parser.add_argument("--listen", default="127.0.0.1:8050", metavar="ADRESSE:PORT")
    parser.add_argument("--database-url", required=True, metavar="URL")
    parser.add_argument("--config", metavar="FICHIER", help="catalogue, pour compter la disponibilité")
    given = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    try:
        host, port = split_address(given.listen)
        refuse_taken(host, port)
    except (ValueError, OSError) as error:
        print(why_not(given.listen, error), file=sys.stderr)  # noqa: T201 : a command speaks to its terminal
        return 2
    config = Path(given.config) if given.config else None
    settings = Settings()
    box = Letterbox(given.database_url, config, writes=settings.writes_to_the_public(os.environ))
    reader, child = DatabaseReader(given.database_url, config), CarteChild(given.database_url, config)
    uvloop.run(serve((host, port), reader, box, settings.publish_dir, child))
    return 0


def split_address(listen: str) -> tuple[str, int]:
    """Host and port of ``host:port`` (``[::1]:8050`` for IPv6). Raises ValueError."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(listen)
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 : an empty host means everywhere, as everywhere else


def refuse_taken(host: str, port: int) -> None:
    """Raises OSError if the address cannot be listened on: said before the server starts, which would only log it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))


def why_not(listen: str, error: Exception) -> str:
    """One French sentence that names the mend."""
    if isinstance(error, ValueError):
        return f"Adresse d’écoute incompréhensible : « {listen} ». Écrivez par exemple VIGIE_LISTEN=127.0.0.1:8050."
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return (
            f"L’adresse {listen} est déjà prise par un autre programme. "
            "Arrêtez-le, ou choisissez un autre port avec --port ou VIGIE_LISTEN."
        )
    if number == errno.EACCES:
        return (
            f"Le droit d’écouter sur {listen} manque. Choisissez un port au-dessus de 1023 avec --port ou VIGIE_LISTEN."
        )
    return f"Impossible d’écouter sur {listen} ({error}). Choisissez une autre adresse avec VIGIE_LISTEN."


async def serve(
    address: tuple[str, int], reader: DatabaseReader, box: Letterbox, publish_dir: Path | None, child: CarteChild
) -> None:
    """Run the server in this loop until a signal; open conversations get 4 s to end, and the child ends meanwhile."""
    (host, port), app = address, create_app(reader, wall_clock, box, publish_dir, child)
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        backlog=BACKLOG,
        backpressure=room_for_visitors(),
        http=HTTPModes.http1,  # guessing the version, it would listen to a silent visitor for ever
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN_MS, max_buffer_size=HEAD_MOST),
    )
    stop = asyncio.Event()
    heed_signals(stop)
    raising = asyncio.create_task(child.run())
    keeping = None if app.publisher is None else asyncio.create_task(app.publisher.run())
    stopping = asyncio.create_task(_end_on(stop, raising))
    await serve_until(server, stop, STOP_WITHIN_S)
    stop.set()  # where the server ended by itself; once only, since a second cancellation would leave the child behind
    if keeping is not None:
        keeping.cancel()
    await asyncio.wait({raising, stopping}, timeout=STOP_WITHIN_S)


async def _end_on(stop: asyncio.Event, raising: "asyncio.Task[None]") -> None:
    await stop.wait()
    raising.cancel()


def room_for_visitors() -> int:
    """How many conversations may be open; asks the system for all the descriptors that this process may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONVERSATIONS_MOST + OWN_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(OSError, ValueError):  # some systems have a lower ceiling than the one that they tell
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, resource.getrlimit(resource.RLIMIT_NOFILE)[0]), hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(min(CONVERSATIONS_MOST, soft - OWN_FILES), OWN_FILES // 2)


if __name__ == "__main__":
    leave(main())
