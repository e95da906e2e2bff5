"""Each way in which an exchange can fail, from a real server, down to the stage."""

import asyncio
import gzip
import socket
import struct
import tracemalloc
import zlib
from datetime import timedelta

import pytest

from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure

PATIENCE = timedelta(seconds=3)
SILENCE = 5.0  # longer than any patience here; the server task dies with the connection


async def hang(head, writer):
    await asyncio.sleep(SILENCE)


async def slow_head(head, writer):
    for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip(head, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless_interim(head, writer):
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()
        await asyncio.sleep(0.005)


async def interim_now_and_then(head, writer):
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


def reset_after(data):
    async def answer(head, writer):
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.02)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return answer


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

FAULTS = {
    "silence": (hang, Failure.EXCHANGE_TIMEOUT),
    "slow head": (slow_head, Failure.EXCHANGE_TIMEOUT),
    "dripped body": (drip, Failure.EXCHANGE_TIMEOUT),
    "endless 1xx": (endless_interim, Failure.EXCHANGE_MALFORMED),
    "1xx now and then": (interim_now_and_then, Failure.EXCHANGE_TIMEOUT),
    "closed before the first byte": (b"", Failure.EXCHANGE_RESET),
    "reset before the first byte": (reset_after(b""), Failure.EXCHANGE_RESET),
    "closed in the head": (b"HTTP/1.1 200 OK\r\nContent-Le", Failure.EXCHANGE_TRUNCATED),
    "reset in the head": (reset_after(b"HTTP/1.1 200 OK\r\nCont"), Failure.EXCHANGE_TRUNCATED),
    "short body": (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", Failure.EXCHANGE_TRUNCATED),
    "reset in the body": (
        reset_after(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"),
        Failure.EXCHANGE_TRUNCATED,
    ),
    "last chunk missing": (CHUNKED + b"5\r\nhello\r\n", Failure.EXCHANGE_TRUNCATED),
    "bad chunk size": (CHUNKED + b"zz\r\nhello\r\n", Failure.EXCHANGE_MALFORMED),
    "chunk too long": (CHUNKED + b"5\r\nhelloxx\r\n0\r\n\r\n", Failure.EXCHANGE_MALFORMED),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", Failure.EXCHANGE_MALFORMED),
    "HTTP/0.9": (b"<html>hello</html>", Failure.EXCHANGE_MALFORMED),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        Failure.EXCHANGE_MALFORMED,
    ),
    "header of 1 MiB": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 2**20 + b"\r\n\r\n", Failure.EXCHANGE_MALFORMED),
    "10,000 headers": (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 10_000 + b"\r\n", Failure.EXCHANGE_MALFORMED),
    "broken gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        Failure.CONTENT_UNDECODABLE,
    ),
    "encoding nobody asked for": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: exi\r\nContent-Length: 5\r\n\r\nhello",
        Failure.CONTENT_UNDECODABLE,
    ),
    "redirect without destination": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", Failure.EXCHANGE_MALFORMED),
    "upgrade nobody asked for": (
        b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        Failure.CONTENT_UNEXPECTED,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_each_fault_has_its_failure_and_costs_one_connection(stage, make, name):
    answer, expected = FAULTS[name]
    server = await stage.serve(answer)
    seen = await stage.ask(
        server.url("/auth/login"), timeout=make.short if expected is Failure.EXCHANGE_TIMEOUT else PATIENCE
    )
    assert seen.failure is expected, seen
    assert server.connections == 1  # aiohttp's silent second try is off
    assert 0 < len(seen.detail) <= 120
    assert seen.took < timedelta(seconds=1)


async def test_nobody_listens(stage):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        seen = await stage.ask(f"http://127.0.0.1:{free.getsockname()[1]}/")
    assert seen.failure is Failure.CONNECT_REFUSED
    assert seen.address is None
    assert seen.phases.connect is not None
    assert seen.phases.first_byte is None


async def test_a_port_that_never_accepts_is_a_timeout_of_connect(stage, make):
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)  # one connection fills the queue, Linux then leaves every SYN unanswered
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        seen = await stage.ask(f"http://127.0.0.1:{deaf.getsockname()[1]}/", timeout=make.short)
    assert seen.failure is Failure.CONNECT_TIMEOUT
    assert seen.phases.connect >= timedelta(seconds=0.29)


async def test_a_head_without_end_is_cut_off_long_before_the_deadline(stage):
    async def flood(head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-A: " + b"a" * 1000 + b"\r\n")
            await writer.drain()

    server = await stage.serve(flood)
    seen = await stage.ask(server.url(), timeout=timedelta(seconds=5))
    assert seen.failure is Failure.EXCHANGE_MALFORMED
    assert seen.took < timedelta(seconds=2)


async def test_a_big_body_is_read_up_to_the_cap(stage, make):
    server = await stage.serve(make.response(b"Identifiant" + b"x" * 2**20))
    found = await stage.ask(server.url(), expect=Marker(contains=("Identifiant",)))
    assert (found.failure, found.bytes_read) == (None, 256 * 1024)
    lost = await stage.ask(server.url(), expect=Marker(contains=("Mot de passe",)))
    assert (lost.failure, lost.bytes_read) == (Failure.CONTENT_TOO_LARGE, 256 * 1024)


async def test_what_a_cut_body_plainly_holds_is_not_blamed_on_its_size(stage, make):
    server = await stage.serve(make.response(b"Identifiant interdit" + b"x" * 2**20))
    seen = await stage.ask(server.url(), expect=Marker(contains=("Identifiant",), not_contains=("interdit",)))
    assert seen.failure is Failure.CONTENT_UNEXPECTED


async def test_a_bomb_costs_no_more_than_the_cap(stage, make):
    bomb = gzip.compress(b"\0" * 64 * 2**20)
    server = await stage.serve(make.response(bomb, headers=[("Content-Encoding", "gzip")]))
    prober = await stage.prober()
    await prober.ask(make.http(server.url()))
    tracemalloc.start()
    seen = await prober.ask(make.http(server.url(), expect=Marker(contains=("x",))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (seen.failure, seen.bytes_read) == (Failure.CONTENT_TOO_LARGE, 256 * 1024)
    assert peak < 4 * 2**20


async def test_a_well_compressed_page_is_read(stage, make):
    page = gzip.compress("Identifiant élève".encode())
    server = await stage.serve(make.response(page, headers=[("Content-Encoding", "gzip")]))
    seen = await stage.ask(server.url(), expect=Marker(contains=("élève",)))
    assert seen.failure is None
    assert seen.bytes_read == len("Identifiant élève".encode())


def packed(encoding, body, *, length=None):
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n" + (f"Content-Length: {length}\r\n" if length else "")
    return head.encode() + b"\r\n" + body


PAGE = b"Identifiant" * 50
STREAM = gzip.compress(PAGE)
ENCODINGS = {
    "gzip until the end": (packed("gzip", STREAM), None),
    "zlib": (packed("deflate", zlib.compress(PAGE)), None),
    "bare deflate": (packed("deflate", zlib.compress(PAGE)[2:-4]), None),
    "brotli": (packed("br", b"\x0b\x02\x80hello\x03"), Failure.CONTENT_UNDECODABLE),
    "zstd": (packed("zstd", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00x"), Failure.CONTENT_UNDECODABLE),
    "nested": (packed("gzip, gzip", gzip.compress(STREAM)), Failure.CONTENT_UNDECODABLE),
    "nested, on two lines": (
        packed("gzip\r\nContent-Encoding: gzip", gzip.compress(STREAM)),
        Failure.CONTENT_UNDECODABLE,
    ),
    "unknown": (packed("exi", PAGE), Failure.CONTENT_UNDECODABLE),
    "plain text called gzip": (packed("gzip", PAGE), Failure.CONTENT_UNDECODABLE),
    "gzip called deflate": (packed("deflate", STREAM), Failure.CONTENT_UNDECODABLE),
    "half a stream, whole by its length": (packed("gzip", STREAM[:20], length=20), Failure.CONTENT_UNDECODABLE),
    "half a stream, then gone": (packed("gzip", STREAM[:20]), Failure.EXCHANGE_TRUNCATED),
    "an error page that cannot be read": (
        b"HTTP/1.1 502 Bad\r\nContent-Encoding: br\r\n\r\nxx",
        Failure.EXCHANGE_SERVER_ERROR,
    ),
    "an error page badly packed": (
        b"HTTP/1.1 500 Bad\r\nContent-Encoding: gzip\r\n\r\nxx",
        Failure.EXCHANGE_SERVER_ERROR,
    ),
}


@pytest.mark.parametrize("name", ENCODINGS)
async def test_encodings(stage, make, name):
    answer, expected = ENCODINGS[name]
    server = await stage.serve(answer)
    seen = await stage.ask(server.url(), expect=Marker(contains=("Identifiant",)))
    assert seen.failure is expected, seen
    assert b"Accept-Encoding: gzip, deflate\r\n" in server.heads[0]


async def endless_chunks(head, writer):
    writer.write(CHUNKED)
    while not writer.is_closing():
        writer.write(b"1\r\nx\r\n" * 1000)
        await writer.drain()


async def endless_chunk_extension(head, writer):
    writer.write(CHUNKED + b"1;")
    while not writer.is_closing():
        writer.write(b"x" * 10_000)
        await writer.drain()


async def endless_nothing(head, writer):
    """Empty blocks of deflate: bytes for ever, and not one letter."""
    packer = zlib.compressobj(wbits=31)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packer.flush(zlib.Z_SYNC_FLUSH))
    while not writer.is_closing():
        writer.write(b"\0\0\0\xff\xff" * 2000)
        await writer.drain()


@pytest.mark.parametrize("answer", [endless_chunks, endless_chunk_extension, endless_nothing])
async def test_a_body_without_end_is_cut_by_its_bytes_on_the_wire(stage, answer):
    server = await stage.serve(answer)
    seen = await stage.ask(server.url(), expect=Marker(contains=("Identifiant",)), timeout=timedelta(seconds=5))
    assert seen.failure in {Failure.CONTENT_TOO_LARGE, Failure.EXCHANGE_MALFORMED}, seen
    assert seen.took < timedelta(seconds=2)


async def test_a_header_that_would_break_its_line_is_our_fault(stage, make):
    server = await stage.serve(make.response(b"ok"))
    for value in ("a\r\nX-Evil: 1", "a\nb", "a\0b"):
        seen = await stage.ask(server.url(), headers=(("X-Key", value),))
        assert (seen.failure, server.connections) == (Failure.OURS_POLICY, 0)
