"""The body: too short, too long, too slow, badly cut into chunks."""

import asyncio

from tests.faults.place import LOGIN, Talk, reply
from tests.faults.registry import HASTE, Family

body = Family("body")

LATE = "the answer is not whole within the deadline"
CUT = "closed before the announced end is exchange/truncated"
BAD = "what is no HTTP is exchange/malformed"
CAP = "256 KiB are read; only what may stand beyond makes the size the culprit"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
RAW = LOGIN.encode()


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """One chunk of a body."""
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


body.sends("cut-by-length", reply(length=5000), "exchange/truncated", "less than Content-Length, then closes", CUT)
body.sends("no-last-chunk", CHUNKED + chunk(RAW), "exchange/truncated", "the last chunk never comes", CUT)
body.sends("cut-in-chunk", CHUNKED + b"ff\r\n" + RAW, "exchange/truncated", "closes in the middle of a chunk", CUT)
body.sends("bad-chunk-size", CHUNKED + b"zz\r\n" + RAW, "exchange/malformed", "a chunk's size is no number", BAD)
body.sends(
    "chunk-too-long", CHUNKED + b"5\r\n" + RAW + b"\r\n0\r\n\r\n", "exchange/malformed", "a chunk overflows", BAD
)
body.sends("huge-chunk-size", CHUNKED + b"f" * 40 + b"\r\n" + RAW, "exchange/malformed", "a chunk of 16^40 bytes", BAD)
body.sends(
    "chunks",
    CHUNKED + chunk(RAW[:9], b";name=value") + chunk(RAW[9:]) + b"0\r\nX-Trailer: a\r\n\r\n",
    None,
    "chunks with an extension and a trailer",
    "RFC 9112 § 7.1",
)
body.sends(
    "until-close", b"HTTP/1.1 200 OK\r\n\r\n" + RAW, None, "no length: until it closes", "RFC 9112 § 6.3, case 8"
)
body.sends(
    "bytes-behind", reply() + b"<!-- cached -->\r\n", None, "bytes behind the announced end", "no part of the answer"
)
body.sends("big-well", reply(RAW + b" " * 2**20), None, "1 MiB, the marker at its beginning", CAP)
body.sends("big-lost", reply(b" " * 2**20 + RAW), "content/too_large", "1 MiB, the marker at its end", CAP)
body.sends(
    "big-chunks",
    CHUNKED + chunk(b"x" * 65536) * 32 + chunk(RAW) + b"0\r\n\r\n",
    "content/too_large",
    "2 MiB in chunks, the marker in the last one",
    CAP,
)


@body.answers("stall-in-body", "exchange/timeout", "half of the page, then silence", LATE, **HASTE)
async def stall_in_body(talk: Talk) -> None:
    await talk.send(reply(length=5000))
    await talk.silence()


@body.answers("dripped-body", "exchange/timeout", "one byte of the page every 0.2 s", LATE, **HASTE)
async def dripped_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    await talk.send(RAW, every=0.2)


@body.answers("reset-in-body", "exchange/truncated", "half of the page, then a RST", CUT)
async def reset_in_body(talk: Talk) -> None:
    await talk.send(reply(length=5000))
    await asyncio.sleep(0.2)  # a RST overtakes what has not been read yet
    talk.reset()


@body.answers("close-after-marker", "exchange/truncated", "the marker was there, the rest never comes", CUT)
async def close_after_marker(talk: Talk) -> None:
    await talk.send(reply(length=200_000))
    await asyncio.sleep(0.2)


@body.answers("kept-open", None, "a whole answer, then the line is held", "the length says where the page ends")
async def kept_open(talk: Talk) -> None:
    await talk.send(reply(LOGIN, "200 OK", "Connection: keep-alive"))
    await talk.silence()


@body.answers("kept-open-endless", "exchange/timeout", "the page without length, then the line is held", LATE, **HASTE)
async def kept_open_endless(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n" + RAW)
    await talk.silence()


@body.answers("late-body", "content/slow", "the head at once, the page after 2.5 s", "slow: 2s", slow="2s")
async def late_body(talk: Talk) -> None:
    whole = reply()
    await talk.send(whole[:-20])
    await asyncio.sleep(2.5)
    await talk.send(whole[-20:])


@body.answers("endless-body", "content/too_large", "chunks without end, never the marker", CAP)
async def endless_body(talk: Talk) -> None:
    await talk.send(CHUNKED)
    for _ in range(2_000):
        await talk.send(chunk(b"x" * 16_384))
