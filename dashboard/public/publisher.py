"""The public site as files (`VIGIE_PUBLISH_DIR`): whoever keeps them serves them while everything behind them is dead.

Each file is written whole beside its place and moved there, a compressed twin with it. What stands there and is not
ours is never touched.
"""

import asyncio
import gzip
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dashboard.data import Data
from dashboard.model import View
from dashboard.public.assets import Assets
from dashboard.public.press import PageFunction, Press
from monitor.domain.catalog import Level

log = logging.getLogger(__name__)

FRONT = frozenset({"/", "/incidents"})  # what most people read, and the snapshot: written at each turn
TURN_S = 10.0
WHOLE_EVERY = 6  # turns between two of the whole site: a minute, as long as a page is printed from
OUT_OF_SERVICE = (
    "hors-service",
    "Momentanément indisponible",
    "Cette page-ci ne peut pas être préparée en ce moment. Les états mesurés restent lisibles depuis l’accueil.",
)


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the site: where it stands and what fills it."""

    path: str
    page: PageFunction
    key: str = ""

    @property
    def file(self) -> str:
        """Its file, below the folder."""
        return "index.html" if self.path == "/" else f"{self.path.lstrip('/')}.html"


def addresses(pages: Mapping[str, PageFunction], view: View | None) -> Iterator[Address]:
    """Every page that there is, those that most people read first."""
    keys: Mapping[str, list[str]] = {
        "/academie/{key}": _slugs(view, Level.ACADEMIE),
        "/departement/{key}": _slugs(view, Level.DEPARTEMENT),
        "/region/{key}": _slugs(view, Level.REGION),
        "/collectivite/{key}": _slugs(view, Level.COLLECTIVITE),
        "/operateur/{key}": list(view.operators) if view else [],
        "/incidents/{key}": [incident.id for incident in view.theirs] if view else [],
        "/service/{key}": list(view.services) if view else [],
    }
    for path, page in pages.items():
        if "{key}" not in path:
            yield Address(path, page)
    for path, found in keys.items():
        for key in found:
            if path in pages and Path(key).name == key:  # an id never leads out of its folder
                yield Address(path.format(key=key), pages[path], key)


def _slugs(view: View | None, level: Level) -> list[str]:
    return [place.slug for place in view.of_level(level)] if view else []


class Publisher:
    """Writes the site again and again. Trouble with the disk is logged once, and tried again."""

    def __init__(
        self, folder: Path, press: Press, data: Data, pages: Mapping[str, PageFunction], assets: Assets
    ) -> None:
        """`folder` is made if need be; nothing is written before `turn`."""
        self._folder, self._press, self._data, self._pages, self._assets = folder, press, data, pages, assets
        self._written: dict[str, bytes] = {}
        self._turns = 0
        self._trouble = ""

    async def run(self) -> None:
        """Turn after turn, until cancelled."""
        while True:
            await self.turn()
            await asyncio.sleep(TURN_S)

    async def turn(self) -> int:
        """Write what has changed, once a minute of the whole site, else of its front. How many files were written."""
        whole = self._turns % WHOLE_EVERY == 0
        self._turns += 1
        try:
            written = await self._write_site(whole=whole)
        except OSError as error:
            self._turns = 0  # the whole site again, once there is room
            self._say(f"Le site ne peut pas être écrit dans {self._folder} : {error.strerror or error}.")
            return 0
        self._say("")
        return written

    async def _write_site(self, *, whole: bool) -> int:
        published = await self._data.published()
        view = published.view if published else None
        written = 0
        if whole:
            for name, asset in self._assets.files():
                written += await self._put(name, asset)
            written += await self._put(f"{OUT_OF_SERVICE[0]}.html", await self._press.message(*OUT_OF_SERVICE[1:]))
        if published is not None:
            written += await self._put("api/v1/status.json", published.body)
        gone = {name for name in self._written if name.endswith(".html") and whole}
        for address in addresses(self._pages, view):
            gone.discard(address.file)
            if whole or address.path in FRONT:
                body = await self._press.print_to_keep(address.path, address.page, address.key)
                if body is not None:
                    written += await self._put(address.file, body)
        gone.discard(f"{OUT_OF_SERVICE[0]}.html")
        for name in gone:
            await asyncio.to_thread(_remove, self._folder / name)
            del self._written[name]
        return written

    async def _put(self, name: str, body: bytes) -> int:
        if self._written.get(name) == body:
            return 0
        await asyncio.to_thread(write, self._folder / name, body)
        self._written[name] = body
        return 1

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            log.warning(trouble)
        self._trouble = trouble


def write(file: Path, body: bytes) -> None:
    """Put a file in its place whole, and its compressed twin. Raises OSError; then the former one still stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for place, content in ((file.with_name(f"{file.name}.gz"), gzip.compress(body, 6, mtime=0)), (file, body)):
        beside = place.with_name(f".{place.name}.part")
        try:
            beside.write_bytes(content)
            beside.replace(place)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise


def _remove(file: Path) -> None:
    for place in (file, file.with_name(f"{file.name}.gz")):
        place.unlink(missing_ok=True)
