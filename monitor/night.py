"""The night's work seen from the monitor: a child reads and computes, what comes back is written here.

Killed anywhere, nothing is half done: a day is sealed in one transaction, or it is found unsealed the next time.
"""

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from monitor.nightwork import from_line
from monitor.settings import Settings
from monitor.store import SealedAway, Store, StoreError
from monitor.store.days import day_of
from monitor.wiring import Works

log = logging.getLogger(__name__)

SETTLES = timedelta(hours=1)  # a day is sealed so long after its end: its last answers are in the books by then
LONGEST = timedelta(hours=6)
_LINE = 64 * 1024 * 1024  # bytes: the digests of half a million probes
_UNDONE = "Le scellement de la nuit n’a pas abouti\u00a0: voyez le journal."
_STAYS = "D’anciennes mesures ne peuvent plus être supprimées\u00a0: voyez le journal."
_STAYS_IN_FULL = (
    "Les mesures du {day:%d/%m/%Y} et des jours suivants restent dans le registre au-delà de VIGIE_KEEP_DAYS : ce jour "
    "n’a pas pu être scellé ou archivé. La cause est dite plus haut ; la base grandira jusqu’à ce qu’elle soit levée."
)
_ALTERED = "Des mesures déjà scellées ont changé ou manquent\u00a0: voyez le journal."


class Night:
    """Seals and archives the days that are over, oldest first. `warnings`: what the operator should know of it."""

    def __init__(self, store: Store, work: Works, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store, self._work, self._settings, self._now = store, work, settings, now
        self._turn = asyncio.Lock()
        # What the archive was last found to hold whole. The child looks: a folder far away may keep whoever asks
        # waiting, or hold a file of that name which is another's, or an older one.
        self._archived = set[date]()
        self.warnings: tuple[str, ...] = ()

    async def run(self) -> None:
        """Do what is due; what fails is said and due again the next night, or at the next start."""
        async with self._turn:
            troubles: list[str] = []
            try:
                async with asyncio.timeout(LONGEST.total_seconds()):
                    await self._everything(troubles)
                    await self._look_at_what_stays(troubles)
            except TimeoutError:
                _say("Le travail de la nuit dure depuis six heures : il est abandonné.", _UNDONE, troubles)
            except (StoreError, OSError) as trouble:
                _say(str(trouble), _UNDONE, troubles)
            self.warnings = tuple(dict.fromkeys(troubles))

    async def first_needed(self) -> date | None:
        """The first day whose answers must stay: it is not sealed yet, or not archived. Raises StoreError."""
        return await self._work(self._first_needed)

    def _first_needed(self) -> date | None:
        # A day without any answer is never sealed, and keeps nothing back.
        waiting = () if self._settings.archive_dir is None else self._store.held_days().keys() - self._archived
        return min((*self._store.unsealed(self._now()), *waiting), default=None)

    async def _look_at_what_stays(self, troubles: list[str]) -> None:
        """One day that can be neither sealed nor archived keeps all later ones: a disk must not fill in silence."""
        needed = await self.first_needed()
        if needed is not None and needed < day_of(self._now()) - timedelta(days=self._settings.keep_days):
            _say(_STAYS_IN_FULL.format(day=needed), _STAYS, troubles)

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
            case {"in_archive": found}:
                self._archived = {date.fromisoformat(day) for day in found}
            case {"unarchived": found}:
                self._archived.discard(date.fromisoformat(found))
            case {"archived": found}:
                self._archived.add(date.fromisoformat(found["day"]))
                log.info("jour %s archivé : %d mesures, %d octets", found["day"], found["rows"], found["bytes"])
            case {"dumped": found}:
                log.info(
                    "données ouvertes\u00a0: %s, %d lignes, %d octets", found["name"], found["rows"], found["bytes"]
                )
            case {"trouble": sentence}:
                _say(sentence, _UNDONE, troubles)

    async def _seal(self, found: Sequence[dict[str, Any]], troubles: list[str]) -> None:
        """All vantages of a day at once: a day of which one is sealed is no more looked for."""
        day = [from_line(one) for one in found]
        try:
            made = await self._work(partial(self._store.seal_day, day, self._now()))
        except SealedAway as trouble:
            if len(day) > 1:  # sealed before: what came late is remembered by vantage
                for one in found:
                    await self._seal([one], troubles)
                return
            _say(str(trouble), _ALTERED, troubles)
            if trouble.gone:  # they were let go: said once, not every night from now on
                await self._work(partial(self._store.forgive, day[0].day, day[0].vantage))
            return
        for seal in made:
            log.info("jour %s scellé (%s n° %d) : %s", seal.day, seal.vantage, seal.number, seal.root)


def _say(sentence: str, warning: str, troubles: list[str]) -> None:
    """To the operator: the sentence in the log, what anybody may read of it on the page."""
    log.error("%s", sentence)
    troubles.append(warning)
