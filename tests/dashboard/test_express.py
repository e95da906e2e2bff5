"""The short way: one question a second to the application however many ask, and the same answers as it gives."""

import asyncio
from collections.abc import Iterable

import pytest

from dashboard.express import KEPT_S, Express


class Application:
    """An ASGI application that counts its visitors."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, scope, receive, send) -> None:
        self.asked.append((scope["method"], scope["path"]))
        gzip = any(value == b"gzip" for _, value in scope["headers"])
        await self.gate.wait()
        tag = b'"abc-gzip"' if gzip else b'"abc"'
        headers = [(b"ETag", tag), (b"Cache-Control", b"max-age=5"), (b"Vary", b"Accept-Encoding")]
        headers += [(b"Content-Type", b"text/html"), (b"Content-Length", b"6")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"zip" if gzip else b"pla", "more_body": True})
        await send({"type": "http.response.body", "body": b"ped" if gzip else b"in!"})


async def visit(app, path: str = "/", method: str = "GET", headers: Iterable[tuple[bytes, bytes]] = ()):
    sent = []

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "query_string": b""}
    await app(scope, lambda: asyncio.sleep(0), send)
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def express(application: Application) -> Express:
    return Express(application, ["/"])


async def test_a_crowd_asks_once_each_encoding(express: Express, application: Application) -> None:
    application.gate.clear()
    gzip = [(b"accept-encoding", b"br, gzip")]
    crowd = [asyncio.create_task(visit(express, headers=gzip if odd else ())) for odd in (0, 1) * 50]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    crowd[0].cancel()  # whoever leaves takes the answer from nobody
    application.gate.set()
    told = await asyncio.gather(*crowd[1:])
    assert len(application.asked) == 2
    assert {(code, body) for code, _, body in told} == {(200, b"plain!"), (200, b"zipped")}


async def test_what_is_held_is_not_sent_again_in_whatever_encoding(express: Express) -> None:
    for held in (b'"abc"', b'W/"abc"', b'"x", "abc-gzip"', b"*"):
        code, headers, body = await visit(express, headers=[(b"if-none-match", held)])
        assert (code, body) == (304, b"")
        assert headers == {b"etag": b'"abc"', b"cache-control": b"max-age=5", b"vary": b"Accept-Encoding"}
    assert (await visit(express, headers=[(b"if-none-match", b'"old"')]))[0] == 200


@pytest.mark.parametrize(
    ("accepted", "body"),
    [(b"gzip;q=0.5", b"zipped"), (b"gzip;q=0", b"plain!"), (b"identity", b"plain!"), (b"gzip, br;q=1.0", b"zipped")],
)
async def test_a_refusal_of_gzip_is_honoured(express: Express, accepted: bytes, body: bytes) -> None:
    assert (await visit(express, headers=[(b"accept-encoding", accepted)]))[2] == body


async def test_after_a_second_it_asks_again(express: Express, application: Application) -> None:
    await visit(express)
    kept = express._kept["/", False]
    express._kept["/", False] = type(kept)(
        kept.heard_at - KEPT_S - 0.01, kept.start, kept.body, kept.etag, kept.unchanged
    )
    await visit(express)
    await visit(express)
    assert len(application.asked) == 2


async def test_what_is_not_a_200_is_never_kept(express: Express, application: Application) -> None:
    await visit(express)
    express._kept.clear()
    application.status = 503
    assert [(await visit(express))[0] for _ in range(3)] == [503] * 3
    assert len(application.asked) > 3


async def test_other_addresses_and_methods_go_straight_through(express: Express, application: Application) -> None:
    await visit(express, "/service/x")
    await visit(express, "/service/x")
    await visit(express, "/", "HEAD")
    await visit(express, "/", "POST")
    assert application.asked == [("GET", "/service/x"), ("GET", "/service/x"), ("HEAD", "/"), ("POST", "/")]
