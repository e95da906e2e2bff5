"""Answers that the snapshot alone holds: made once a snapshot, kept as bytes until the next one."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.data import Data, Published
from dashboard.public.answers import Document, json_document
from dashboard.public.api.asked import NotSoError

KEPT = 512  # answers of one snapshot
SILENT = "Aucune mesure n’est encore publiée\u00a0: réessayez dans un instant."
NO_SERVICE = "Aucun service de ce nom n’est suivi\u00a0: /api/v1/services les donne tous."
NO_TERRITORY = "Aucun territoire n’a ce code\u00a0: /api/v1/territories les donne tous."

Thing = Mapping[str, Any]


class Edition:
    """One snapshot as plain values, and what was answered from it."""

    def __init__(self, published: Published) -> None:
        """Reads the document once."""
        self.etag, self.view = published.etag, published.view
        raw = json.loads(published.body)
        self.at: str = raw["at"]
        self.services: dict[str, Thing] = {one["id"]: one for one in raw.get("services", ())}
        self.territories: dict[str, Thing] = {one["code"]: one for one in raw.get("territories", ())}
        # Those of our own line are for the operator of Vigie.
        mine = [one for one in raw.get("incidents", ()) if not one["culprit"].startswith("vantage:")]
        self.incidents: dict[str, Thing] = {one["id"]: one for one in mine}
        self._answers: dict[tuple[object, ...], Document] = {}

    def kept(self, key: tuple[object, ...], make: Callable[[], Any]) -> Document:
        """The answer under that key, made where it is not kept; of too many the oldest goes."""
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = json_document(make())
            while len(self._answers) > KEPT:
                del self._answers[next(iter(self._answers))]
        return found


class Editions:
    """The edition of the snapshot that is published now."""

    def __init__(self, data: Data) -> None:
        """Nothing is read before it is asked for."""
        self._data = data
        self._last: Edition | None = None

    async def now(self) -> Edition:
        """Raises NotSoError (503) before the first snapshot."""
        published = await self._data.published()
        if published is None:
            raise NotSoError(503, SILENT)
        if self._last is None or self._last.etag != published.etag:
            self._last = Edition(published)
        return self._last


def services(edition: Edition, asked: Mapping[str, Any]) -> Document:
    """A page of services. Raises NotSoError, here and below."""
    return _listed(edition, "services", edition.services.values(), asked, ("kind", "health"))


def territories(edition: Edition, asked: Mapping[str, Any]) -> Document:
    """A page of territories."""
    return _listed(edition, "territories", edition.territories.values(), asked, ("level", "health"))


def service(edition: Edition, key: str) -> Document:
    """One service and its incidents."""
    found = edition.services.get(key)
    if found is None:
        raise NotSoError(404, NO_SERVICE)
    mine = [one for one in edition.incidents.values() if key in one["services"]]
    return edition.kept(("service", key), lambda: {"at": edition.at, "service": found, "incidents": mine})


def territory(edition: Edition, key: str) -> Document:
    """One territory, its services, and their incidents."""
    found = edition.territories.get(key)
    if found is None:
        raise NotSoError(404, NO_TERRITORY)
    ids = {name for name in found["services"] if name in edition.services}
    mine = [one for one in edition.incidents.values() if not ids.isdisjoint(one["services"])]
    value = {"at": edition.at, "territory": found, "services": [edition.services[one] for one in sorted(ids)]}
    return edition.kept(("territory", key), lambda: {**value, "incidents": mine})


def paged(edition: Edition, name: str, found: Sequence[Thing], asked: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a list. Raises NotSoError (404) beyond the last one."""
    page, size = asked["page"], asked["per_page"]
    pages = max(-(-len(found) // size), 1)
    if page > pages:
        raise NotSoError(404, f"Il n’y a pas de page {page}\u00a0: la dernière est la page {pages}.")
    shown = list(found[(page - 1) * size : page * size])
    return {"at": edition.at, "page": page, "pages": pages, "per_page": size, "total": len(found), name: shown}


def _listed(edition: Edition, name: str, every: Any, asked: Mapping[str, Any], filters: tuple[str, ...]) -> Document:
    key = (name, *(asked[one] for one in (*filters, "page", "per_page")))
    return edition.kept(key, lambda: paged(edition, name, [one for one in every if _fits(one, asked, filters)], asked))


def _fits(one: Thing, asked: Mapping[str, Any], filters: tuple[str, ...]) -> bool:
    return all(asked[name] is None or one.get(name) == asked[name] for name in filters)
