"""Starts the process of the Dash application, starts it again when it dies, and speaks to it over its Unix socket."""

import asyncio
import logging
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, UnixConnector

from dashboard.carte_address import MANIFEST

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
WELL_AFTER_S = 60.0  # it lived so long that its death is news: started again at once
LOOK_EVERY_S = 0.05
READY_WITHIN_S = 30.0  # to read Dash and Plotly on a busy machine; then it is started anew
END_WITHIN_S = 2.0
CONFIG_OPTION = "--config"

log = logging.getLogger(__name__)


class Away(Exception):  # noqa: N818 : a state of the child, and no error of ours
    """The child does not answer, or not in time."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a child that hangs without dying is told from a busy one: it answers a question that costs it nothing.

    Attributes:
        every_s: between two questions.
        within_s: the time for an answer. After one that did not come nothing else is asked of the child.
        missed: so many in a row, and it is ended and started anew.
    """

    every_s: float = 5.0
    within_s: float = 5.0
    missed: int = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """What the child answered."""

    code: int
    media_type: str
    keep: str
    body: bytes


class CarteChild:
    """One child at a time. `generation` counts those that came up: what was made of an older one may be out of date."""

    def __init__(self, database_url: str, config: Path | None = None, pulse: Pulse | None = None) -> None:
        """Nothing is started before `run`."""
        self._pulse = pulse or Pulse()
        self._options = ["--database-url", database_url]
        self._options += [] if config is None else [CONFIG_OPTION, str(config)]
        self._up = asyncio.Event()
        self._socket: Path | None = None
        self._process: Process | None = None
        self.generation = 0

    @property
    def pid(self) -> int | None:
        """Of the child that is running, None between two of them."""
        return None if self._process is None else self._process.pid

    async def run(self) -> None:
        """Keep a child alive until cancelled; then it is ended, within 2 s."""
        pause = FIRST_PAUSE_S
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._one_life()
            except OSError as error:
                log.warning("Le processus de /carte/ ne peut pas être lancé : %s", error)
            pause = FIRST_PAUSE_S if clock() - began > WELL_AFTER_S else pause
            log.warning("Le processus de /carte/ s’est arrêté ; il est relancé dans %g s.", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def there(self, within_s: float) -> None:
        """Wait for the first child to come up; one that died is not waited for. Raises Away."""
        if self._up.is_set():
            return
        if self.generation:
            raise Away
        try:
            async with asyncio.timeout(within_s):
                await self._up.wait()
        except TimeoutError as error:
            raise Away from error

    async def ask(self, method: str, path: str, body: bytes = b"", *, within_s: float) -> Heard:
        """One question; nothing of a visitor's request but what is given here. Raises Away."""
        if self._socket is None or not self._up.is_set():
            raise Away
        try:
            async with asyncio.timeout(within_s):
                return await _asked(self._socket, method, path, body)
        except (TimeoutError, OSError, ClientError) as error:
            raise Away(str(error)) from error

    async def _one_life(self) -> None:
        # Of ours alone (0700); a socket in a place where others may write could be replaced by theirs.
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="vigie-carte-"))
        try:
            self._socket = folder / "carte"
            self._process = await asyncio.create_subprocess_exec(
                *_command(self._socket, self._options),
                stdin=PIPE,  # held open as long as we live: it ends with us, however we end
                stdout=DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal is for us, who then end it
            )
            await self._watch(self._process, self._socket)
        finally:
            self._up.clear()
            if self._process is not None:
                await _end(self._process)
            self._process = None
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _watch(self, process: Process, socket: Path) -> None:
        ended = asyncio.create_task(process.wait())
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                while not ended.done() and not await _listens(socket):
                    await asyncio.wait({ended}, timeout=LOOK_EVERY_S)
            if not ended.done():
                self.generation += 1
                self._up.set()
                await self._feel(ended, socket)
        except TimeoutError:
            log.warning("Le processus de /carte/ n’a pas répondu en %g s.", READY_WITHIN_S)
        finally:
            ended.cancel()

    async def _feel(self, ended: "asyncio.Task[int]", socket: Path) -> None:
        """Return when the child has ended, or hangs."""
        missed = 0
        while missed < self._pulse.missed:
            await asyncio.wait({ended}, timeout=self._pulse.every_s)
            if ended.done():
                return
            try:
                async with asyncio.timeout(self._pulse.within_s):
                    await _asked(socket, "GET", MANIFEST, b"")
            except (TimeoutError, OSError, ClientError):
                missed += 1
                self._up.clear()  # visitors hear at once that it is away
            else:
                missed = 0
                self._up.set()
        log.warning("Le processus de /carte/ ne répond plus : il est arrêté.")


def _command(socket: Path, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "dashboard.carte", "--socket", str(socket), *options]


async def _listens(socket: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    writer.close()
    return True


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()  # one that still reads Dash does not look at its standard input yet
    with suppress(TimeoutError):
        async with asyncio.timeout(END_WITHIN_S):
            await process.wait()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _asked(socket: Path, method: str, path: str, body: bytes) -> Heard:
    # A connection a question: one to a Unix socket costs 0.1 ms, and none is left over from a child that died.
    connector = UnixConnector(str(socket), force_close=True)
    headers = {"Content-Type": "application/json"} if body else {}
    session = ClientSession(connector=connector, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=None))
    async with (
        session,
        session.request(
            method, f"http://carte{path}", data=body or None, headers=headers, allow_redirects=False
        ) as answer,
    ):
        told = answer.headers
        media_type = told.get("Content-Type", "application/octet-stream")
        return Heard(answer.status, media_type, told.get("Cache-Control", ""), await answer.read())
