"""Printing: pages kept as bytes until the next snapshot. A visit only sets the age of the data.

The address of a page says its language: the same page function fills both, and each is kept under its own address.
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from dashboard import dates
from dashboard.components.headline import STALE_AFTER, age_words, told_at
from dashboard.data import Data, Published
from dashboard.model import View
from dashboard.public.assets import Assets
from dashboard.public.stencils import environment, in_language
from dashboard.tongue import N_, _, elsewhere, language_of, root, speaking

AGE_WORDS, AGE_SECONDS = "%%age-en-mots%%", "%%age-en-secondes%%"
NOTHING_YET = N_("Aucune mesure pour l’instant")
KEPT_WORDS = N_("Passé trois minutes, ce relevé n’est plus à jour")  # to whoever has no script: a file cannot count
PAGES_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made from. `view` is None before the first snapshot."""

    view: View | None
    data: Data
    now: datetime
    stale: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to be printed: its template, its title, what the template reads; `partial`: not all could be read."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as bytes, plain and compressed."""

    body: bytes
    zipped: bytes


Edition = tuple[str, bool]  # what a page was printed from, and whether that was stale
PageFunction = Callable[[Visit, str], Awaitable[Sheet | None]]


@dataclass(slots=True)
class _Plate:
    edition: Edition
    text: str
    partial: bool = False
    age_s: int = -1
    printed: Printed | None = None


class Press:
    """Renders each address once per snapshot; the age is put in as it is served, at most once a second."""

    def __init__(self, data: Data, assets: Assets, now: Callable[[], datetime], *, signups: bool = False) -> None:
        """`now` gives aware UTC instants; `signups`: whether anybody may sign up, and pages lead there."""
        self._data = data
        self._now = now
        self._plates: dict[str, _Plate] = {}
        self._making: dict[tuple[str, Edition], asyncio.Task[_Plate | None]] = {}
        self._templates = environment(assets)
        self._templates.globals["signups"] = signups

    async def print(self, path: str, page: PageFunction, key: str = "") -> Printed | None:
        """The page at an address; None where the page function knows nothing under that key."""
        published, now = await self._data.published(), self._now()
        with speaking(language_of(path)):
            plate = await self._plate(path, page, key, published, now)
            return None if plate is None else _strike(plate, published, _age(published, now))

    async def print_to_keep(self, path: str, page: PageFunction, key: str = "") -> tuple[bytes, bool] | None:
        """The page at an address as a file: it says since when it ages, so that a browser can tell how old it is.

        With it, whether all of it could be read. None where the page function knows nothing under that key.
        """
        published, now = await self._data.published(), self._now()
        with speaking(language_of(path)):
            plate = await self._plate(path, page, key, published, now)
            return None if plate is None else (_strike_to_keep(plate.text, published, now), not plate.partial)

    async def message(self, title: str, sentence: str) -> bytes:
        """A page that only says something: nothing there, or something of ours went wrong."""
        return await self.once(Sheet("message.html", title, {"sentence": sentence}))

    async def once(self, sheet: Sheet, other: str | None = None) -> bytes:
        """A page for one visitor, kept nowhere; it does not load itself again, or a form would lose its words.

        `other`: the address of the same in the other language; where there is none, its first page stands for it.
        """
        values = {"still": True, "other": other or elsewhere(f"{root()}/")} | dict(sheet.values)
        published = await self._data.published()
        age = _age(published, self._now())
        text = self._render(replace(sheet, values=values), published, stale=age > STALE_AFTER)
        return _aged(text, published, age).encode()

    async def _plate(
        self, path: str, page: PageFunction, key: str, published: Published | None, now: datetime
    ) -> _Plate | None:
        edition = (_edition(published, now), _age(published, now) > STALE_AFTER)
        plate = self._plates.get(path)
        if plate is not None and plate.edition == edition:
            return plate
        visit = Visit(published.view if published else None, self._data, now, edition[1])
        return await self._made(path, edition, lambda: page(visit, key), published)

    async def _made(
        self, path: str, edition: Edition, fill: Callable[[], Awaitable[Sheet | None]], published: Published | None
    ) -> _Plate | None:
        """Made once however many ask at the same time; none of them leaving stops it for the others."""
        making = self._making.get((path, edition))
        if making is None:
            making = self._making[path, edition] = asyncio.create_task(self._make(path, edition, fill, published))
            making.add_done_callback(lambda _: self._making.pop((path, edition), None))
        return await asyncio.shield(making)

    async def _make(
        self, path: str, edition: Edition, fill: Callable[[], Awaitable[Sheet | None]], published: Published | None
    ) -> _Plate | None:
        sheet = await fill()
        if sheet is None:
            return None
        here, other = quote(path), quote(elsewhere(path))
        versions = sorted((language_of(one), one) for one in (here, other))
        placed = replace(sheet, values={"other": other, "versions": versions} | dict(sheet.values))
        plate = _Plate(edition, self._render(placed, published, stale=edition[1]), sheet.partial)
        return plate if sheet.partial else self._keep(path, plate)

    def _render(self, sheet: Sheet, published: Published | None, *, stale: bool) -> str:
        view = published.view if published else None
        common: dict[str, object] = {"view": view, "stale": stale, "title": sheet.title}
        common |= {"age_words": AGE_WORDS, "age_seconds": AGE_SECONDS} | in_language()
        common["then"] = dates.capital(told_at(view)) if view else ""
        return self._templates.get_template(sheet.template).render(common | dict(sheet.values))

    def _keep(self, path: str, plate: _Plate) -> _Plate:
        self._plates.pop(path, None)
        self._plates[path] = plate
        while len(self._plates) > PAGES_KEPT:
            del self._plates[next(iter(self._plates))]
        return plate


def _age(published: Published | None, now: datetime) -> timedelta:
    return published.view.age(now) if published else timedelta(0)


def _edition(published: Published | None, now: datetime) -> str:
    """What a page was printed from: the snapshot, and the minute, so that durations go on without a new one."""
    return f"{published.etag if published else ''}{now:%H:%M}"


def _strike(plate: _Plate, published: Published | None, age: timedelta) -> Printed:
    seconds = int(age.total_seconds())
    if plate.printed is None or plate.age_s != seconds:
        body = _aged(plate.text, published, age).encode()
        plate.age_s, plate.printed = seconds, Printed(body, gzip.compress(body, 5, mtime=0))
    return plate.printed


def _aged(text: str, published: Published | None, age: timedelta) -> str:
    words = age_words(published.view, age) if published else _(NOTHING_YET)
    return text.replace(AGE_WORDS, words).replace(AGE_SECONDS, str(int(age.total_seconds())))


def _strike_to_keep(text: str, published: Published | None, now: datetime) -> bytes:
    if published is None:
        return text.replace(AGE_WORDS, _(NOTHING_YET)).encode()
    since = f'data-age="0" data-since="{now - published.view.age(now):%Y-%m-%dT%H:%M:%SZ}"'
    return text.replace(AGE_WORDS, _(KEPT_WORDS)).replace(f'data-age="{AGE_SECONDS}"', since).encode()
