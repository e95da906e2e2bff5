"""The public site as files (`VIGIE_PUBLISH_DIR`): whoever keeps them serves them while everything behind them is dead.

Each file is written whole beside its place and moved there, a compressed twin with it. What stands there and is not
ours is never touched.
"""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dashboard.data import Data, Published
from dashboard.model import View
from dashboard.public.kept import KeptBeside
from dashboard.public.press import PageFunction, Press
from dashboard.tongue import ENGLISH, LANGUAGES, N_, _, address, speaking
from monitor.domain.catalog import Level

log = logging.getLogger(__name__)

FRONT = frozenset(
    address(path, language) for path in ("/", "/incidents") for language in LANGUAGES
)  # what most people read, and the snapshot: written at each turn
TURN_S = 10.0
WHOLE_EVERY = 6  # turns between two of the whole site: a minute, as long as a page is printed from
OUT_OF_SERVICE = (
    "hors-service",
    N_("Momentanément indisponible"),
    N_("Cette page-ci ne peut pas être préparée en ce moment. Les états mesurés restent lisibles depuis l’accueil."),
)


LEVELS: Mapping[str, Level] = {
    "academie": Level.ACADEMIE,
    "departement": Level.DEPARTEMENT,
    "region": Level.REGION,
    "collectivite": Level.COLLECTIVITE,
}
OURS = (*LEVELS, "service", "operateur", "incidents", "integrer", "flux", "badge", ENGLISH)


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the site: where it stands and what fills it."""

    path: str
    page: PageFunction
    key: str = ""

    @property
    def file(self) -> str:
        """Its file, below the folder."""
        return f"{self.path.lstrip('/')}{'index' if self.path.endswith('/') else ''}.html"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file to be written; `body` is None where it cannot be made now, `whole` False where not all could be read."""

    name: str
    body: bytes | None
    whole: bool = True


def addresses(pages: Mapping[str, PageFunction], view: View | None) -> Iterator[Address]:
    """Every page that there is in every language, those that most people read first."""
    for language in LANGUAGES:
        for path, page in pages.items():
            if "{key}" not in path:
                yield Address(address(path, language), page)
    for language in LANGUAGES:
        for path, page in pages.items():
            for key in _keys(path, view) if "{key}" in path and view is not None else ():
                if _stays(key):
                    yield Address(address(path.format(key=key), language), page, key)


def _keys(path: str, view: View) -> Iterable[str]:
    """What may stand in an address, by the folder it is in."""
    folder = path.split("/")[-2]
    if folder in LEVELS:
        return _slugs(view, LEVELS[folder])
    if folder == "incidents":
        return [incident.id for incident in view.theirs]
    return view.operators if folder == "operateur" else view.services


def _stays(name: str) -> bool:
    return Path(name).name == name  # an id never leads out of its folder


def _slugs(view: View, level: Level) -> list[str]:
    return [place.slug for place in view.of_level(level)]


class Publisher:
    """Writes the site again and again. Trouble with the disk is logged once, and tried again."""

    def __init__(
        self, folder: Path, press: Press, data: Data, pages: Mapping[str, PageFunction], beside: KeptBeside
    ) -> None:
        """`folder` is made if need be; nothing is written before `turn`."""
        self._folder, self._press, self._data, self._pages, self._beside = folder, press, data, pages, beside
        self._written: dict[str, bytes] = {}
        self._whole: dict[
            str, str
        ] = {}  # pages of which all could be read: the tag of the snapshot they were made from
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
        written, names = 0, set[str]()
        for name, body in self._beside.steady() if whole else ():
            written += await self._put(name, body)
        async for leaf in self._leaves(published, whole=whole):
            names.add(leaf.name)
            if leaf.body is not None and self._worth_it(leaf, published):
                written += await self._put(leaf.name, leaf.body)
                if leaf.whole and published is not None:
                    self._whole[leaf.name] = published.etag
            await asyncio.sleep(0)  # visitors first
        if whole and published is not None:
            for name in await asyncio.to_thread(_standing, self._folder) - names:
                await asyncio.to_thread(_remove, self._folder / name)
                self._written.pop(name, None)
        return written

    def _worth_it(self, leaf: Leaf, published: Published | None) -> bool:
        """Without a snapshot a page says nothing: it takes the place of none that says something.

        Nor does one that lacks what could not be read take the place of a whole one made from the same snapshot.
        """
        if published is None:
            return not (self._folder / leaf.name).exists()
        return leaf.whole or self._whole.get(leaf.name) != published.etag

    async def _leaves(self, published: Published | None, *, whole: bool) -> AsyncIterator[Leaf]:
        if published is not None:
            yield Leaf("api/v1/status.json", published.body)
        for one in addresses(self._pages, published.view if published else None):
            if whole or one.path in FRONT:
                printed = await self._press.print_to_keep(one.path, one.page, one.key)
                if printed is not None:
                    yield Leaf(one.file, *printed)
        if not whole:
            return
        name, title, sentence = OUT_OF_SERVICE
        for language in LANGUAGES:
            with speaking(language):
                page = await self._press.message(_(title), _(sentence))
            yield Leaf(f"{address(f'/{name}', language).lstrip('/')}.html", page)
        async for name, body in self._beside.moving(published.view if published else None):
            if ".." not in Path(name).parts:
                yield Leaf(name, body)

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


def _standing(folder: Path) -> set[str]:
    """What stands in the folders that are ours alone: a page that an earlier process left would never change."""
    found = (file for ours in OURS for file in (folder / ours).rglob("*") if file.is_file() and file.suffix != ".gz")
    return {str(file.relative_to(folder)) for file in found}


def _remove(file: Path) -> None:
    for place in (file, file.with_name(f"{file.name}.gz")):
        place.unlink(missing_ok=True)
