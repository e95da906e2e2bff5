"""What other programs and other sites read, as files beside the pages: feeds, badges, seals, and what never changes."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

from dashboard.data import Data
from dashboard.model import View
from dashboard.public.api import measured
from dashboard.public.assets import Assets
from dashboard.public.atom import written
from dashboard.public.badges import badges_to_keep
from dashboard.public.feeds import SEALS_PATH, feeds_to_keep, seals_feed
from dashboard.public.files import script
from dashboard.public.site import ROBOTS


class KeptBeside:
    """Makes those files. Fragments are pages: the publisher prints them as such."""

    def __init__(self, data: Data, assets: Assets, now: Callable[[], datetime], server: str | None) -> None:
        """`server`: the public address, which makes the addresses of feeds whole."""
        self._data, self._assets, self._now, self._server = data, assets, now, (server or "").rstrip("/")

    def steady(self) -> Iterator[tuple[str, bytes]]:
        """What does not change while this program runs: by its name, its bytes."""
        yield from self._assets.files()
        yield "robots.txt", ROBOTS.encode()
        icon = self._assets.named("favicon.svg").body
        yield "favicon.svg", icon
        yield "favicon.ico", icon
        if (verifier := script()) is not None:
            yield "donnees/verifier.py", verifier.body

    async def moving(self, view: View | None) -> AsyncIterator[tuple[str, bytes | None]]:
        """What follows the measures; None in the place of bytes that cannot be made at this moment."""
        if view is not None:
            for found in (feeds_to_keep(view, self._server), badges_to_keep(view, self._now())):
                for name, body in found:
                    yield name, body
        seals = await self._data.open.seals()
        published = None if seals is None else measured.all_seals(seals).body
        yield "donnees/sceaux.json", published
        yield SEALS_PATH.lstrip("/"), None if seals is None else written(seals_feed(seals), self._server)
