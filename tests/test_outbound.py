"""Fetching a file over https, against servers of our own on loopback."""

import asyncio
import gzip
import ssl
from datetime import timedelta

import pytest
import trustme

from monitor.outbound import NotFetched, fetch

AGENT = "Vigie/test (+mailto:vigie@example.org)"


def answer(body=b"", status="200 OK", *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to, status="302 Found"):
    return answer(b"", status, f"Location: {to}")


class Site:
    """A server that gives each path the bytes of `pages`, and keeps the heads of what it was asked."""

    def __init__(self, pages):
        self.pages, self.heads, self.port = pages, [], 0

    async def handle(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            page = self.pages[head.split(" ")[1]]
            writer.write(page(self) if callable(page) else page)
            await writer.drain()
            if page == SILENCE:
                await reader.read()
        except OSError:
            pass
        finally:
            writer.close()

    def url(self, path="/"):
        return f"https://localhost:{self.port}{path}"


SILENCE = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"


@pytest.fixture
async def serve(tmp_path, monkeypatch):
    """Start a site over TLS whose authority is trusted through SSL_CERT_FILE."""
    authority, servers = trustme.CA(), []
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async def start(pages, *, ca=authority, plain=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert("localhost").configure_cert(context)
        site = Site(pages)
        server = await asyncio.start_server(site.handle, "127.0.0.1", 0, ssl=None if plain else context)
        servers.append(server)
        site.port = server.sockets[0].getsockname()[1]
        return site

    yield start
    for server in servers:
        server.close()


async def test_a_file_comes_whole_and_the_question_is_signed(serve):
    site = await serve({"/": answer(b"[1, 2]")})
    assert await fetch(site.url(), user_agent=AGENT) == b"[1, 2]"
    (head,) = site.heads
    assert f"User-Agent: {AGENT}\r\n" in head
    assert "Accept-Encoding: identity" in head
    assert "Cookie" not in head


async def test_redirects_are_followed_over_https(serve):
    site = await serve(
        {"/": moved("/there"), "/there": lambda one: moved(one.url("/file"), "308 Moved"), "/file": answer(b"x")}
    )
    assert await fetch(site.url(), user_agent=AGENT) == b"x"
    assert len(site.heads) == 3


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "data"])
async def test_a_redirect_to_another_scheme_is_not_followed(serve, scheme):
    trap = await serve({"/": answer(b"secret")}, plain=True)
    site = await serve({"/": moved(f"{scheme}://localhost:{trap.port}/")})
    with pytest.raises(NotFetched, match="https"):
        await fetch(site.url(), user_agent=AGENT)
    assert trap.heads == []


@pytest.mark.parametrize("to", ["", "//", "https://[", "https://"])
async def test_a_redirect_to_nowhere(serve, to):
    site = await serve({"/": moved(to)})
    with pytest.raises(NotFetched):
        await fetch(site.url(), user_agent=AGENT)


async def test_a_loop_of_redirects_ends(serve):
    site = await serve({"/": moved("/")})
    with pytest.raises(NotFetched, match="sans fin"):
        await fetch(site.url(), user_agent=AGENT)
    assert len(site.heads) == 6


@pytest.mark.parametrize("url", ["http://localhost/", "file:///etc/passwd", "localhost", "https://", "https://[", ""])
async def test_only_https_is_asked(url):
    with pytest.raises(NotFetched, match="https"):
        await fetch(url, user_agent=AGENT)


@pytest.mark.parametrize("length", ["Content-Length: 2000", "X-Nothing: 1"])
async def test_more_than_the_cap_is_refused(serve, length):
    site = await serve({"/": f"HTTP/1.1 200 OK\r\nConnection: close\r\n{length}\r\n\r\n".encode() + b"x" * 2000})
    with pytest.raises(NotFetched, match="plus de 1999 octets"):
        await fetch(site.url(), user_agent=AGENT, largest=1999)
    assert await fetch(site.url(), user_agent=AGENT, largest=2000) == b"x" * 2000


async def test_nothing_is_unpacked(serve):
    bomb = gzip.compress(b"0" * 10_000_000)
    site = await serve({"/": answer(bomb, "200 OK", "Content-Encoding: gzip")})
    assert await fetch(site.url(), user_agent=AGENT) == bomb


async def test_a_silent_server_is_left_in_time(serve):
    site = await serve({"/": SILENCE})
    with pytest.raises(NotFetched, match=r"0\.3 s"):
        await fetch(site.url(), user_agent=AGENT, within=timedelta(seconds=0.3))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (answer(b"", "503 Unavailable"), "répond 503"),
        (answer(b"", "404 Not Found"), "répond 404"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf", "comme il faut"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "comme il faut"),
        (b"", "comme il faut"),
    ],
)
async def test_half_an_answer_is_none(serve, page, said):
    site = await serve({"/": page})
    with pytest.raises(NotFetched, match=said) as refused:
        await fetch(site.url(), user_agent=AGENT)
    assert "localhost" in str(refused.value)


async def test_an_unknown_authority_is_not_trusted(serve):
    site = await serve({"/": answer(b"x")}, ca=trustme.CA())
    with pytest.raises(NotFetched, match="certificat"):
        await fetch(site.url(), user_agent=AGENT)
    assert site.heads == []


async def test_nobody_listens(serve):
    site = await serve({})
    url = site.url().replace(str(site.port), "1")
    with pytest.raises(NotFetched, match="comme il faut"):
        await fetch(url, user_agent=AGENT)
