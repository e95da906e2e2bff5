"""Draws the views that are asked for: each in a thread, kept for 15 s, once however many ask for the same."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.data import Data
from dashboard.model import View as Snapshot
from dashboard.pages.view import Asking, Books, Unanswerable, View, words_of
from dashboard.reading import Lane, Patience, Shelf, Terms

AT_ONCE = 2  # drawings; reading and figures hold the interpreter, so more would only wait for each other
WAITING_MOST = 16  # drawings that may wait for their turn; beyond, who asks is told to come back
KEPT = 64
PATIENCE = Patience(known=8.0, first=8.0, reading=8.0)  # below the 10 s that the door gives
TOLD_AGAIN = timedelta(minutes=1)
NO_SUCH_VIEW = "Cette vue n’existe pas."
NOT_NOW = "Cette vue ne peut pas être dessinée pour l’instant\u00a0: réessayez dans un moment."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Drawn:
    title: str
    children: Sequence[Component]


class Studio:
    """Answers one address with what stands below the navigation."""

    def __init__(
        self,
        views: Mapping[str, View],
        data: Data,
        books: Books,
        now: Callable[[], datetime],
        patience: Patience = PATIENCE,
    ) -> None:
        """`now` gives aware UTC instants."""
        self._views, self._data, self._books, self._now = views, data, books, now
        lane = Lane(AT_ONCE, patience.reading, WAITING_MOST)
        self._shelf = Shelf(KEPT, patience)
        self._terms = Terms(lane, patience.day_fresh, patience.day_fresh + patience.reading, self._hear)
        self._trouble: tuple[str, datetime] | None = None  # that the log tells of last, and when

    async def show(self, name: Any, search: Any) -> dict[str, Any]:
        """``{"name", "children"}`` for the browser; a plain sentence where there is no answer. Raises nothing."""
        view = self._views.get(name) if isinstance(name, str) else None
        if view is None:
            return _told(str(name), _refused("Carte", NO_SUCH_VIEW))
        try:
            words = words_of(search)
        except Unanswerable as refusal:
            return _told(view.name, _refused(view.title, str(refusal)))
        published = await self._data.published()
        snapshot = published.view if published else None
        key = (view.name, published.etag if published else "", *chain.from_iterable(sorted(words.items())))
        drawn = await self._shelf.get(self._terms, key, lambda: self._draw(view, words, snapshot))
        return _told(view.name, drawn or _refused(view.title, NOT_NOW))

    def _draw(self, view: View, words: Mapping[str, str], snapshot: Snapshot | None) -> _Drawn:
        try:
            children = list(view.draw(Asking(words, snapshot, self._books, self._now())))
        except Unanswerable as refusal:
            return _refused(view.title, str(refusal))
        if children and isinstance(children[0], html.H1):
            return _Drawn(view.title, children)
        return _Drawn(view.title, [html.H1(view.title), *children])

    def _hear(self, error: Exception | None) -> None:
        """Whoever asks for a thousand addresses while the database is gone does not fill the log with it."""
        if error is None:
            return
        what, now = str(error), self._now()
        if self._trouble is None or self._trouble[0] != what or now - self._trouble[1] > TOLD_AGAIN:
            log.warning("Une vue n’a pas pu être dessinée : %s", error, exc_info=error)
            self._trouble = what, now


def _refused(title: str, sentence: str) -> _Drawn:
    return _Drawn(title, [html.H1(title), html.P(sentence, role="alert", className="refusal")])


def _told(name: str, drawn: _Drawn) -> dict[str, Any]:
    return {"name": name, "title": drawn.title, "children": list(drawn.children)}
