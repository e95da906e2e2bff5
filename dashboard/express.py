"""The short way for what a whole country asks at once: an answer kept for a second, sent without a word to anybody.

In front of the public application, for the few addresses whose answer depends on nothing but the encoding that the
visitor takes and on what he holds already. CPU for each request: docs/decisions/0026-the-short-way.md.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_S = 1.0
_OF_304 = frozenset({b"etag", b"cache-control", b"vary", b"access-control-allow-origin", b"content-location", b"date"})
_EMPTY: Message = {"type": "http.response.body", "body": b""}
_Headers = list[tuple[bytes, bytes]]
_Key = tuple[str, bool]  # address, whether the visitor takes gzip


@dataclass(frozen=True, slots=True)
class _Answer:
    """A 200 that was heard whole, and what is sent instead to whoever holds it."""

    heard_at: float
    start: Message
    body: Message
    etag: bytes | None
    unchanged: Message


class Express:
    """Keeps the answers of some addresses for a second; only one visitor at a time waits for a new one."""

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        """`app` answers whatever is not kept; its answers to `paths` must be the same for every visitor."""
        self._app, self._paths = app, frozenset(paths)
        self._kept: dict[_Key, _Answer] = {}
        self._asking: dict[_Key, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI conversation."""
        if scope["type"] != "http" or scope["path"] not in self._paths or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        accepted, held = _asked(scope["headers"])
        key = scope["path"], accepted
        kept = self._kept.get(key)
        if kept is None or asyncio.get_running_loop().time() - kept.heard_at > KEPT_S:
            kept = await self._renewed(key, scope)
            if kept is None:  # no 200 to keep: this visitor hears it from the application itself
                await self._app(scope, receive, send)
                return
        if held and kept.etag is not None and _holds(held, kept.etag):
            await send(kept.unchanged)
            await send(_EMPTY)
            return
        await send(kept.start)
        await send(kept.body)

    async def _renewed(self, key: _Key, scope: Scope) -> _Answer | None:
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(key, scope))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        # Shielded: a visitor who leaves takes the answer from nobody.
        await asyncio.shield(asking)
        return self._kept.get(key)

    async def _ask(self, key: _Key, scope: Scope) -> None:
        heard: list[Message] = []

        async def listen(message: Message) -> None:
            heard.append(message)

        path, accepted = key
        headers = [(b"accept-encoding", b"gzip")] if accepted else []
        plain = {**scope, "headers": headers, "query_string": b"", "raw_path": path.encode()}
        await self._app(plain, _nothing_more, listen)
        answer = _whole(heard, asyncio.get_running_loop().time())
        if answer is None:
            self._kept.pop(key, None)
        else:
            self._kept[key] = answer


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bool, bytes]:
    """Whether gzip is taken, and what is held. Whoever refuses anything by ``q=0`` gets the plain answer."""
    accepted, held = False, b""
    for name, value in headers:
        if name == b"accept-encoding":
            accepted = b"gzip" in value and b"q=0" not in value.replace(b" ", b"").replace(b"q=0.", b"")
        elif name == b"if-none-match":
            held = value
    return accepted, held


def _holds(held: bytes, etag: bytes) -> bool:
    """A visitor who holds either encoding holds the answer: their tags differ by ``-gzip`` alone."""
    bare = etag.replace(b'-gzip"', b'"')
    tags = {tag.strip().removeprefix(b"W/").replace(b'-gzip"', b'"') for tag in held.split(b",")}
    return b"*" in tags or bare in tags


def _whole(heard: list[Message], now: float) -> _Answer | None:
    if not heard or heard[0]["type"] != "http.response.start" or heard[0]["status"] != 200:
        return None
    headers: _Headers = [(name.lower(), value) for name, value in heard[0]["headers"]]
    body = b"".join(one.get("body", b"") for one in heard[1:])
    etag = next((value for name, value in headers if name == b"etag"), None)
    few = [(name, value) for name, value in headers if name in _OF_304]
    return _Answer(
        now,
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body},
        etag,
        {"type": "http.response.start", "status": 304, "headers": few},
    )
