"""The night's work seen from the monitor: a child reads and computes, what comes back is written here.

Killed anywhere, nothing is half done: a day is sealed in one transaction, or it is found unsealed the next time.
"""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from monitor.archive.place import file_of
from monitor.nightwork import from_line
from monitor.settings import Settings
from monitor.store import SealedAway, Store, StoreError
from monitor.wiring import Works

log = logging.getLogger(__name__)

SETTLES = timedelta(hours=1)  # a day is sealed so long after its end: its last answers are in the books by then
LONGEST = timedelta(hours=6)
_LINE = 64 * 1024 * 1024  # bytes: the digests of half a million probes
_UNDONE = "Le scellement de la nuit n’a pas abouti\u00a0: voyez le journal."
_ALTERED = "Des mesures déjà scellées ont changé ou manquent\u00a0: voyez le journal."


def may_go(day: date, sealed: Collection[date], archive: Path | None) -> bool:
    """Whether a day's observations may be deleted: it is sealed (`sealed_days`) and, with an archive, archived."""
    return day in sealed and (archive is None or file_of(archive, day).exists())


class Night:
    """Seals and archives the days that are over, oldest first. `warnings`: what the operator should know of it."""

    def __init__(self, store: Store, work: Works, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store, self._work, self._settings, self._now = store, work, settings, now
        self._turn = asyncio.Lock()
        self.warnings: tuple[str, ...] = ()

    async def run(self) -> None:
        """Do what is due; what fails is said and due again the next night, or at the next start."""
        async with self._turn:
            troubles: list[str] = []
            try:
                async with asyncio.timeout(LONGEST.total_seconds()):
                    await self._everything(troubles)
            except TimeoutError:
                _say("Le travail de la nuit dure depuis six heures : il est abandonné.", _UNDONE, troubles)
            except (StoreError, OSError) as trouble:
                _say(str(trouble), _UNDONE, troubles)
            self.warnings = tuple(dict.fromkeys(troubles))

    async def first_needed(self) -> date | None:
        """The first day whose answers must stay: it is not sealed yet, or not archived. Raises StoreError."""
        return await self._work(self._first_needed)

    def _first_needed(self) -> date | None:
        archive, oldest = self._settings.archive_dir, self._store.first_day()
        if oldest is None:
            return None
        sealed = self._store.sealed_days()
        # A day without any answer is never sealed, and keeps nothing back.
        waiting = (day for day in sealed if day >= oldest and not may_go(day, sealed, archive))
        return min((*self._store.unsealed(self._now()), *waiting), default=None)

    @asynccontextmanager
    async def catching_up(self) -> AsyncIterator[None]:
        """Do at once what a stop, or a fall, left undone, beside what is done inside; given up where that ends."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _everything(self, troubles: list[str]) -> None:
        until = self._now() - SETTLES
        files = self._settings.archive_dir or self._settings.dumps_dir
        if files is None and not await self._work(partial(self._store.unsealed, until)):
            return  # a process costs a second of processor: none for nothing
        environment = {**os.environ, "VIGIE_DATABASE_URL": self._settings.database_url}
        if self._settings.archive_dir is not None:
            environment["VIGIE_ARCHIVE_DIR"] = str(self._settings.archive_dir)
        if self._settings.dumps_dir is not None:
            environment["VIGIE_DUMPS_DIR"] = str(self._settings.dumps_dir)
        if self._settings.config is not None:
            environment["VIGIE_CONFIG"] = str(self._settings.config)
        command = (sys.executable, "-m", "monitor.nightwork", until.isoformat())
        child = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env=environment, limit=_LINE)
        assert child.stdout is not None
        assert child.stderr is not None
        said = asyncio.ensure_future(child.stderr.read())
        try:
            async for line in child.stdout:
                await self._heard(json.loads(line), troubles)
            for sentence in (await said).decode(errors="replace").splitlines():
                log.error("%s", sentence)
            if await child.wait():
                troubles.append(_UNDONE)
        finally:
            said.cancel()
            if child.returncode is None:
                child.kill()
                await child.wait()

    async def _heard(self, said: dict[str, Any], troubles: list[str]) -> None:
        match said:
            case {"digests": found}:
                await self._seal(found, troubles)
            case {"archived": found}:
                log.info("jour %s archivé : %d mesures, %d octets", found["day"], found["rows"], found["bytes"])
            case {"dumped": found}:
                log.info(
                    "données ouvertes\u00a0: %s, %d lignes, %d octets", found["name"], found["rows"], found["bytes"]
                )
            case {"trouble": sentence}:
                _say(sentence, _UNDONE, troubles)

    async def _seal(self, found: dict[str, Any], troubles: list[str]) -> None:
        digested = from_line(found)
        try:
            seal = await self._work(partial(self._store.seal, digested, self._now()))
        except SealedAway as trouble:
            _say(str(trouble), _ALTERED, troubles)
            if trouble.gone:  # they were let go: said once, not every night from now on
                await self._work(partial(self._store.forgive, digested.day))
            return
        if seal is not None:
            log.info("jour %s scellé (%s n° %d) : %s", seal.day, seal.vantage, seal.number, seal.root)


def _say(sentence: str, warning: str, troubles: list[str]) -> None:
    """To the operator: the sentence in the log, what anybody may read of it on the page."""
    log.error("%s", sentence)
    troubles.append(warning)
