"""The routes of the programming interface: a question is read, answered, and refused in a sentence."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from dashboard.data import Data
from dashboard.public.answers import JSON, OPEN, Document, json_document, refused, served
from dashboard.public.api import measured, published
from dashboard.public.api.asked import NotSoError, read
from dashboard.public.api.contract import ENDPOINTS, Endpoint
from dashboard.public.api.openapi import description
from dashboard.public.api.published import Editions
from dashboard.public.headers import LATER, READ

Handler = Callable[[str, Mapping[str, Any]], Awaitable[Document]]
LIVE, STEADY = "public, max-age=5", "public, max-age=60"


class Api:
    """What answers below `/api/v1`, but for `/api/v1/status`, whose bytes the monitor made."""

    def __init__(self, data: Data, version: str, server: str | None) -> None:
        """`version`: of this program; `server`: its public address, if it has one."""
        self._data = data
        self._editions = Editions(data)
        self._described = json_document(description(version, server))
        self._handlers: Mapping[str, Handler] = {
            "services": self._services,
            "service": self._service,
            "territories": self._territories,
            "territory": self._territory,
            "incidents": self._incidents,
            "incident": self._incident,
            "availability": self._availability,
            "observations": self._observations,
            "seals": self.seals,
        }

    def add_to(self, site: FastAPI) -> None:
        """Every route of the contract, and its description."""
        for one in ENDPOINTS:
            if one.name in self._handlers:
                site.add_api_route(
                    one.path, self._route(one, self._handlers[one.name]), methods=READ, response_model=None
                )

        async def described(request: Request) -> Response:
            return served(request, self._described, JSON, {"Cache-Control": STEADY, **OPEN})

        site.add_api_route("/api/v1/openapi.json", described, methods=READ, response_model=None)

    def _route(self, endpoint: Endpoint, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        keep = STEADY if endpoint.name == "seals" else LIVE

        async def answer(request: Request) -> Response:
            try:
                asked = read(request.query_params.multi_items(), endpoint.parameters)
                found = await handler(request.path_params.get("key", ""), asked)
            except NotSoError as no:
                return refused(no.code, no.sentence, LATER if no.code == 503 else None)
            return served(request, found, JSON, {"Cache-Control": keep, **OPEN})

        return answer

    async def _services(self, _key: str, asked: Mapping[str, Any]) -> Document:
        return published.services(await self._editions.now(), asked)

    async def _service(self, key: str, _asked: Mapping[str, Any]) -> Document:
        return published.service(await self._editions.now(), key)

    async def _territories(self, _key: str, asked: Mapping[str, Any]) -> Document:
        return published.territories(await self._editions.now(), asked)

    async def _territory(self, key: str, _asked: Mapping[str, Any]) -> Document:
        return published.territory(await self._editions.now(), key)

    async def _incidents(self, _key: str, asked: Mapping[str, Any]) -> Document:
        return await measured.incidents(await self._editions.now(), self._data.open, asked)

    async def _incident(self, key: str, _asked: Mapping[str, Any]) -> Document:
        return await measured.incident(await self._editions.now(), self._data.open, key)

    async def _availability(self, _key: str, asked: Mapping[str, Any]) -> Document:
        return await measured.availability(await self._editions.now(), self._data.open, asked)

    async def _observations(self, _key: str, asked: Mapping[str, Any]) -> Document:
        return await measured.observations(await self._editions.now(), self._data.open, asked)

    async def seals(self, _key: str, _asked: Mapping[str, Any]) -> Document:
        """Every seal; also what `/donnees/sceaux.json` answers."""
        return await measured.seals(self._data.open)
