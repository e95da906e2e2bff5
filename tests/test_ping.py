"""A heartbeat, against servers of our own on loopback."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from monitor.outbound import NotHeard, heartbeat_refusal, ping

AGENT = "Vigie/test"
Start = Callable[[bytes], Awaitable[str]]


class Watch:
    """Answers every question with the same bytes, and keeps what it was asked."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.servers: list[asyncio.Server] = []

    async def start(self, answer: bytes) -> str:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(answer)
            await writer.drain()
            if not answer:
                await reader.read()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        self.servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/s3cret"


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    one = Watch()
    yield one
    for server in one.servers:
        server.close()


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nhalf", b"HTTP/1.1 204 OK\r\n\r\n"]
)
async def test_it_is_a_signed_question_whose_answer_is_not_read(watch: Watch, answer: bytes) -> None:
    await ping(await watch.start(answer), user_agent=AGENT)
    (head,) = watch.heads
    assert head.startswith("GET /s3cret HTTP/1.1\r\n")
    assert f"User-Agent: {AGENT}\r\n" in head


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "répond 404"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "répond 500"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "pas joint"),
        (b"", "pas à temps"),
    ],
)
async def test_what_was_not_accepted_says_why_and_never_where(watch: Watch, answer: bytes, said: str) -> None:
    url = await watch.start(answer)
    with pytest.raises(NotHeard, match=said) as refused:
        await ping(url, user_agent=AGENT, within=timedelta(seconds=0.3))
    shown = "".join(traceback.format_exception(refused.value))
    assert "127.0.0.1" not in str(refused.value)
    assert "s3cret" not in shown


async def test_a_redirect_is_not_followed(watch: Watch) -> None:
    trap = await watch.start(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    moved = await watch.start(f"HTTP/1.1 302 Found\r\nLocation: {trap}\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(NotHeard, match="répond 302"):
        await ping(moved, user_agent=AGENT)
    assert len(watch.heads) == 1


async def test_nobody_listens() -> None:
    with pytest.raises(NotHeard, match="pas joint"):
        await ping("http://127.0.0.1:1/s3cret", user_agent=AGENT)


@pytest.mark.parametrize(
    "url", ["https://watch.example/s3cret", "https://10.0.0.8/x", "http://127.0.0.1:8000/x", "http://[::1]/x"]
)
def test_where_a_heartbeat_may_go(url: str) -> None:
    assert heartbeat_refusal(url, ["127.0.0.0/8", "::1/128"]) is None


@pytest.mark.parametrize(
    "url",
    ["http://watch.example/s3cret", "http://127.0.0.1/x", "http://192.0.2.8/x", "file:///etc/passwd", "watch", "https://",
     "https://[", "ftp://watch.example/x", ""],
)  # fmt: skip
def test_where_it_may_not_and_the_reason_does_not_show_it(url: str) -> None:
    said = heartbeat_refusal(url, ["198.51.100.0/24"])
    assert said is not None
    assert "s3cret" not in said
    assert "watch" not in said
