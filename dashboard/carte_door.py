"""The door to the Dash application, which is another process: only the addresses it has, under a strict policy.

What does not change between two starts of that process is asked once and answered from memory, also while it is down;
a view is handed on, a few at a time and not for long.
"""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.carte_address import MANIFEST, PREFIX
from dashboard.carte_asked import Refused, question
from dashboard.carte_child import Away, CarteChild, Heard
from dashboard.carte_files import plain_name
from dashboard.public.headers import HTML, LATER, POLICY, SAFE_HEADERS

SMALL = 500
WITHIN_S = 10.0
START_WITHIN_S = 5.0  # for the first child to come up: visits of the first moments are held, but not for long
DRAWN_AT_ONCE = 24  # handed on, those that wait for their turn in the child included; beyond, newcomers hear 503
SENDING_AT_ONCE = 1000  # bodies that are arriving, of 64 KB and 5 s at most: apart, so that slow ones take no turn
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
EXACT = (PREFIX, f"{PREFIX}_dash-layout", f"{PREFIX}_dash-dependencies")
SUITES = f"{PREFIX}_dash-component-suites/"
UPDATE = f"{PREFIX}_dash-update-component"

AWAY = (
    "La carte n’est pas disponible",
    "Ce qui la prépare ne répond pas pour l’instant\u00a0: réessayez dans un moment. L’accueil dit les mêmes états.",
)
NOT_NOW = "Trop de vues sont demandées en ce moment, ou celle-ci a pris trop de temps\u00a0: réessayez dans un moment."

Message = Callable[[str, str], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class _Answer:
    media_type: str
    keep: str
    body: bytes
    zipped: bytes | None


@dataclass(slots=True)
class _Made:
    """What is known of one child: its pages, its files, and the answers that were asked of it so far."""

    generation: int
    pages: frozenset[str] = frozenset()
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    policy: str = POLICY
    answers: dict[str, _Answer] = field(default_factory=dict)


class CarteDoor:
    """ASGI for `/carte/…`. Addresses that Dash does not have are handed to the public site, which says 404."""

    def __init__(self, child: CarteChild | None, site: ASGIApp, message: Message) -> None:
        """`child`: None: no view at all; `message`: a page that says a title and a sentence."""
        self._child, self._site, self._message = child, site, message
        self._made: _Made | None = None
        self._lock = asyncio.Lock()
        self._drawing = self._sending = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One conversation."""
        method, path = scope["method"], scope["path"]
        if path == UPDATE and method == "POST":
            await (await self._draw(scope, receive))(scope, receive, send)
        elif method not in {"GET", "HEAD"} or not _perhaps(path):
            await self._site(scope, receive, send)
        elif path == PREFIX[:-1]:
            await RedirectResponse(PREFIX, 308)(scope, receive, send)
        else:
            await self._read(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            made = await self._known()
            name = _name(scope["path"], made)
            if name is None:
                await self._site(scope, receive, send)
                return
            answer = await self._kept(made, name)
        except Away:
            page = await self._message(*AWAY)
            headers = SAFE_HEADERS | LATER | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
            await Response(page, 503, headers, HTML)(scope, receive, send)
            return
        if answer is None:
            await self._site(scope, receive, send)
            return
        headers = SAFE_HEADERS | {"Content-Security-Policy": made.policy, "Cache-Control": answer.keep}
        await _packed(scope, answer, headers)(scope, receive, send)

    async def _known(self) -> _Made:
        """The newest child's; an older one's while there is none. Raises Away before the first."""
        made, child = self._made, self._child
        if child is None:
            raise Away
        if made is not None and made.generation == child.generation:
            return made
        await child.there(START_WITHIN_S)
        async with self._lock:  # one of many visitors asks
            if self._made is None or self._made.generation != child.generation:
                try:
                    self._made = await _learn(child)
                except Away:
                    if self._made is None:
                        raise
            return self._made

    async def _kept(self, made: _Made, name: str) -> _Answer | None:
        if name not in made.answers and self._child is not None:
            async with self._lock:
                if name not in made.answers:
                    heard = await self._child.ask("GET", name, within_s=WITHIN_S)
                    if heard.code != 200:
                        return None
                    made.answers[name] = await _answer_of(heard)
        return made.answers.get(name)

    async def _draw(self, scope: Scope, receive: Receive) -> Response:
        headers = SAFE_HEADERS | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        try:
            heard = await self._drawn(await self._question(scope, receive))
        except Refused as refusal:
            return _plain(refusal.code, str(refusal), headers)
        except Away:
            return _plain(503, NOT_NOW, headers | LATER)
        return _packed(scope, await _answer_of(heard), headers)

    async def _question(self, scope: Scope, receive: Receive) -> bytes:
        if self._child is None or self._sending >= SENDING_AT_ONCE:
            raise Away
        self._sending += 1
        try:
            return await question(Headers(scope=scope), receive)
        finally:
            self._sending -= 1

    async def _drawn(self, asked: bytes) -> Heard:
        if self._child is None or self._drawing >= DRAWN_AT_ONCE:
            raise Away
        self._drawing += 1
        try:
            await self._child.there(START_WITHIN_S)
            heard = await self._child.ask("POST", UPDATE, asked, within_s=WITHIN_S)
        finally:
            self._drawing -= 1
        if heard.code != 200:
            raise Away
        return heard


def _perhaps(path: str) -> bool:
    return path in {*EXACT, PREFIX[:-1]} or (path.startswith(PREFIX) and len(path) < 200)


def _name(path: str, made: _Made) -> str | None:
    """Under which address the child has it; None for what it does not have. All views are one page."""
    if path in EXACT:
        return path
    if path in made.pages:
        return PREFIX
    package, _, file = path.removeprefix(SUITES).partition("/")
    clean, fingerprinted = plain_name(file)
    if not path.startswith(SUITES) or clean not in made.files.get(package, frozenset()):
        return None
    # Any print is one of the same file: kept once, under a name that Dash takes for printed or for plain.
    stem, dot, suffix = clean.partition(".")
    return f"{SUITES}{package}/{stem}.v0m0{dot}{suffix}" if fingerprinted else f"{SUITES}{package}/{clean}"


async def _learn(child: CarteChild) -> _Made:
    generation = child.generation
    page = await child.ask("GET", PREFIX, within_s=WITHIN_S)  # making it tells Dash its files
    told = await child.ask("GET", MANIFEST, within_s=WITHIN_S)
    if page.code != 200 or told.code != 200:
        raise Away
    known = json.loads(told.body)
    return _Made(
        generation,
        frozenset(PREFIX + name for name in known["views"]),
        {package: frozenset(names) for package, names in known["files"].items()},
        _policy(known["hashes"]),
        {PREFIX: await _answer_of(page)},
    )


async def _answer_of(heard: Heard) -> _Answer:
    zipped = await asyncio.to_thread(gzip.compress, heard.body, 6) if len(heard.body) > SMALL else None
    return _Answer(heard.media_type, KEPT_FOR_EVER if "max-age" in heard.keep else "no-cache", heard.body, zipped)


def _packed(scope: Scope, answer: _Answer, headers: Mapping[str, str]) -> Response:
    told = {"Vary": "Accept-Encoding", **headers}
    if answer.zipped is not None and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        return Response(answer.zipped, 200, told | {"Content-Encoding": "gzip"}, answer.media_type)
    return Response(answer.body, 200, told, answer.media_type)


def _plain(code: int, sentence: str, headers: Mapping[str, str]) -> Response:
    return Response(f"{sentence}\n", code, dict(headers), "text/plain; charset=utf-8")


def _policy(hashes: Sequence[str]) -> str:
    """Scripts of ours and the hashed inline ones of Dash; inline styles because Plotly writes some."""
    scripts = " ".join(["'self'", *hashes])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
