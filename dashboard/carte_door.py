"""The door to the Dash application: only the addresses it has, answered from memory, compressed, under a strict policy.

Nothing it serves changes between two starts (no Python callback), so each answer is made once.
"""

import asyncio
import gzip
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dash import Dash
from dash.fingerprint import check_fingerprint
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL = 500


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    media_type: str
    keep: str
    body: bytes
    zipped: bytes | None


NOTHING = _Answer(404, "text/plain; charset=utf-8", "no-store", "Rien à cette adresse.\n".encode(), None)


class CarteDoor:
    """ASGI in front of Dash. Unknown addresses are not its own: the public site says 404."""

    def __init__(self, dash: Dash, prefix: str, views: Collection[str] = ()) -> None:
        """`prefix` starts and ends with a slash; `views`: names of pages below it, all of them one and the same."""
        self._views = {f"{prefix}{name}" for name in views}
        self._dash = dash
        self._app: ASGIApp = dash.server
        self._prefix = prefix
        self._exact = {prefix, prefix[:-1], f"{prefix}_dash-layout", f"{prefix}_dash-dependencies"}
        self._suites = f"{prefix}_dash-component-suites/"
        self._policy = _policy(dash.csp_hashes())
        self._answers: dict[str, _Answer] = {}
        self._lock = asyncio.Lock()

    def knows(self, path: str, method: str) -> bool:
        """Whether the address belongs to Dash."""
        if method == "POST":
            return path == f"{self._prefix}_dash-update-component"
        return path in self._exact or path.startswith(self._suites) or path in self._views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one reading."""
        path = scope["path"]
        if scope["method"] == "POST":
            await self._app(scope, receive, send)
            return
        path = self._prefix if path in self._views else path
        if path == self._prefix[:-1]:
            await RedirectResponse(self._prefix, 308)(scope, receive, send)
            return
        answer = await self._answer(scope, path)
        headers = {
            "Content-Security-Policy": self._policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": answer.keep,
            "Vary": "Accept-Encoding",
        }
        body = answer.body
        if answer.zipped is not None and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", answer.zipped
        await Response(body, answer.code, headers, answer.media_type)(scope, receive, send)

    async def _answer(self, scope: Scope, path: str) -> _Answer:
        """Kept under the names that Dash knows, of which there are few; any fingerprint is one of the same file."""
        async with self._lock:
            if not self._answers:  # making the page is what tells Dash its files
                self._answers[self._prefix] = await self._ask(scope, self._prefix)
            name = self._name(path)
            if name is None:
                return NOTHING
            answer = self._answers.get(name) or await self._ask(scope, path)
            if answer is not NOTHING:
                self._answers[name] = answer
            return answer

    def _name(self, path: str) -> str | None:
        if path in self._exact:
            return path
        package, _, file = path.removeprefix(self._suites).partition("/")
        clean, fingerprinted = check_fingerprint(file)  # type: ignore[no-untyped-call]  # Dash ships it without annotations
        known = clean in self._dash.registered_paths.get(package, ())
        return f"{package}/{clean}{'?' if fingerprinted else ''}" if known else None

    async def _ask(self, scope: Scope, path: str) -> _Answer:
        asked = dict(scope) | {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
        code, headers, body = await _converse(self._app, asked)
        if code != 200:
            return NOTHING
        zipped = await asyncio.to_thread(gzip.compress, body, 6) if len(body) > SMALL else None
        keep = "public, max-age=31536000, immutable" if "max-age" in headers.get("cache-control", "") else "no-cache"
        return _Answer(code, headers.get("content-type", "application/octet-stream"), keep, body, zipped)


async def _converse(app: ASGIApp, scope: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """What an ASGI application answers to a request without a body; 404 for what makes it raise."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope["headers"] = []  # nothing that a visitor wrote goes into what all of them get
    try:
        await app(scope, receive, send)
    except Exception:  # noqa: BLE001 : Dash raises on a file that it does not have
        return 404, Headers(), b""
    start = next(m for m in messages if m["type"] == "http.response.start")
    body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
    return start["status"], Headers(raw=start["headers"]), body


def _policy(hashes: Any) -> str:
    """Scripts of ours and the hashed inline ones of Dash; inline styles because Plotly writes some."""
    scripts = " ".join(["'self'", *hashes])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
