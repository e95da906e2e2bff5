"""The only door to `monitor.desk`: what the pages below `/abonnement` ask and write, in threads of their own."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from dashboard.reading import Lane
from monitor.desk import subscribers
from monitor.desk.signup_form import Choices
from monitor.desk.subscribers import Holder
from monitor.domain.subscriber import Purpose, Wish
from monitor.reports.choices import choices
from monitor.settings import Settings

AT_ONCE = 2  # the desk lets one write at a time; more would wait for each other in threads
WITHIN_S = 8.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class UnavailableError(Exception):
    """The desk, or the catalogue, cannot be had now; the log says why."""


class Letterbox:
    """The public's side of the desk. Every method raises UnavailableError."""

    def __init__(self, database_url: str, config: Path | None = None, *, writes: bool) -> None:
        """`writes`: whether this Vigie sends letters to the public at all; links that were given out work anyway."""
        self._url, self._config, self.writes = database_url, config, writes
        self._lane = Lane(AT_ONCE, WITHIN_S)

    async def choices(self) -> Choices:
        """What may be followed."""
        settings = Settings()
        return await self._asked(lambda: choices(self._config or settings.config, settings.calendar))

    async def sign_up(self, wish: Wish, now: datetime) -> bool:
        """See `monitor.desk.subscribers`, here and below."""
        return await self._asked(lambda: subscribers.sign_up(self._url, wish, now))

    async def held(self, purpose: Purpose, token: str) -> Holder | None:
        """Whose link this is."""
        return await self._asked(lambda: subscribers.held(self._url, purpose, token))

    async def confirm(self, token: str, now: datetime) -> Holder | None:
        """Confirm by a link."""
        return await self._asked(lambda: subscribers.confirm(self._url, token, now))

    async def change(self, token: str, wish: Wish) -> Holder | None:
        """Ask for something else by a link."""
        return await self._asked(lambda: subscribers.change(self._url, token, wish))

    async def leave(self, token: str) -> None:
        """Erase whom a link names."""
        await self._asked(lambda: subscribers.leave(self._url, token))

    async def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return await self._lane.read(ask)
        except Exception as error:  # noqa: BLE001 : no desk yet, or gone: said to whoever asked, the site stays up
            log.warning("Les abonnements ne peuvent être ni lus ni écrits : %s", error)
            raise UnavailableError from None  # whatever it quotes stays out of pages
