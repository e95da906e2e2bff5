"""What both processes of the dashboard do alike: read the clock, run a server until they are told, leave."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import NoReturn

from granian.server.embed import Server


def wall_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 : the dashboard reads its own clock here and nowhere else


def heed_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT set `stop`, which belongs to the running loop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)


async def serve_until(server: Server, stop: asyncio.Event, within_s: float) -> None:
    """Run the server until `stop` is set or it ends by itself; open conversations get `within_s` seconds to end."""
    running = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        server.stop()  # type: ignore[no-untyped-call]  # granian ships it without annotations
        await asyncio.wait({running}, timeout=within_s)
    for task in (running, stopping):
        task.cancel()


def leave(code: int) -> NoReturn:
    """End the process at once. Python's own end would stop the server's threads in the middle of Rust, which aborts."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # who reads us may be gone already
            stream.flush()
    os._exit(code)
