"""The door to the Dash application: only the addresses it has, answered from memory, compressed, under a strict policy.

Nothing it serves changes between two starts (no Python callback), so each answer is made once.
"""

import asyncio
import gzip
import hashlib
from dataclasses import dataclass
from typing import Any

from dash import Dash
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWERS_KEPT = 256
SMALL = 500


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    media_type: str
    keep: str
    body: bytes
    zipped: bytes | None


class CarteDoor:
    """ASGI in front of Dash. Unknown addresses are not its own: the public site says 404."""

    def __init__(self, dash: Dash, prefix: str) -> None:
        """`prefix` starts and ends with a slash."""
        self._app: ASGIApp = dash.server
        self._prefix = prefix
        self._exact = {prefix, prefix[:-1], f"{prefix}_dash-layout", f"{prefix}_dash-dependencies"}
        self._suites = f"{prefix}_dash-component-suites/"
        self._policy = _policy(dash.csp_hashes())
        self._answers: dict[str, _Answer] = {}
        self._bodies: dict[str, tuple[bytes, bytes | None]] = {}
        self._lock = asyncio.Lock()

    def knows(self, path: str) -> bool:
        """Whether the address belongs to Dash."""
        return path in self._exact or path.startswith(self._suites)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one reading."""
        path = scope["path"]
        if path == self._prefix[:-1]:
            await RedirectResponse(self._prefix, 308)(scope, receive, send)
            return
        answer = self._answers.get(path) or await self._ask(scope, path)
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

    async def _ask(self, scope: Scope, path: str) -> _Answer:
        async with self._lock:
            if path in self._answers:
                return self._answers[path]
            code, headers, body = await _converse(self._app, dict(scope) | {"method": "GET", "query_string": b""})
            if code != 200:
                return _Answer(404, "text/plain; charset=utf-8", "no-store", "Rien à cette adresse.\n".encode(), None)
            # The address of a file carries its fingerprint and any fingerprint is served: bodies are kept by content.
            digest = hashlib.sha256(body).hexdigest()
            if digest not in self._bodies:
                zipped = await asyncio.to_thread(gzip.compress, body, 6) if len(body) > SMALL else None
                self._bodies[digest] = (body, zipped)
            kept, zipped = self._bodies[digest]
            keep = (
                "public, max-age=31536000, immutable" if "max-age" in headers.get("cache-control", "") else "no-cache"
            )
            answer = _Answer(code, headers.get("content-type", "application/octet-stream"), keep, kept, zipped)
            if len(self._answers) < ANSWERS_KEPT:
                self._answers[path] = answer
            return answer


async def _converse(app: ASGIApp, scope: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """What an ASGI application answers to a request without a body; 404 for what makes it raise."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope["headers"] = [(k, v) for k, v in scope["headers"] if k == b"host"]
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
