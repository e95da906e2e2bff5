"""The status line and the headers: slow, endless, absurd."""

import asyncio

from tests.faults.place import LOGIN, Talk, reply
from tests.faults.registry import HASTE, Family

head = Family("head")

LATE = "no whole answer within the deadline is exchange/timeout"
BAD = "what is no HTTP is exchange/malformed"
CUT = "closed after the first byte is exchange/truncated"
FINE = "odd, yet HTTP, and the page is there"

head.sends("well", reply(), None, "a plain good answer", "the witness of the whole house")
head.sends("http-0-9", LOGIN.encode(), "exchange/malformed", "HTTP/0.9: a page without any head", BAD)
head.sends(
    "garbage-status",
    b"HTTP/1.1 deux cents OK\r\nContent-Length: 0\r\n\r\n",
    "exchange/malformed",
    "a status that is no number",
    BAD,
)
head.sends("other-protocol", b"SSH-2.0-OpenSSH_9.2\r\n", "exchange/malformed", "the banner of another protocol", BAD)
head.sends("binary-garbage", bytes(range(256)) * 8, "exchange/malformed", "2 KiB of every byte there is", BAD)
head.sends(
    "many-headers",
    b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n",
    "exchange/malformed",
    "10,000 headers",
    "the head is bounded: nobody sends that",
)
head.sends(
    "huge-header",
    b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 2**20 + b"\r\n\r\n",
    "exchange/malformed",
    "one header of 1 MiB",
    "the head is bounded",
)
head.sends(
    "two-lengths",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "exchange/malformed",
    "two lengths that contradict each other",
    "RFC 9112 § 6.3: an unrecoverable error",
)
for name, line in (
    ("two-equal-lengths", f"{len(LOGIN)}\r\nContent-Length: {len(LOGIN)}"),
    ("length-list", f"{len(LOGIN)}, {len(LOGIN)}"),
):
    head.sends(name, f"HTTP/1.1 200 OK\r\nContent-Length: {line}\r\n\r\n{LOGIN}".encode(), None, "the same length twice", "RFC 9110 § 8.6: one length, or an error; browsers take it for one")  # fmt: skip
head.sends(
    "negative-length",
    reply(length=-5),
    "exchange/malformed",
    "Content-Length: -5",
    "RFC 9112 § 6.3: digits, or an error",
)
head.sends("cut-in-head", b"HTTP/1.1 200 OK\r\nContent-Le", "exchange/truncated", "hangs up in the headers", CUT)
head.sends(
    "long-header", reply(LOGIN, "200 OK", "Content-Security-Policy: " + "a" * 12_000), None, "a header of 12 KB", FINE
)
head.sends("http-1-0", b"HTTP/1.0 200 OK\r\n\r\n" + LOGIN.encode(), None, "HTTP/1.0, no length, closes", FINE)
head.sends("no-reason", reply(LOGIN, "200 "), None, "a status without its words", FINE)
head.sends(
    "continue-first",
    b"HTTP/1.1 100 Continue\r\n\r\n" + reply(),
    None,
    "100 Continue, then the answer",
    "RFC 9110 § 15.2: interim answers are skipped",
)
head.sends(
    "early-hints",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + reply(),
    None,
    "103 Early Hints, then the answer",
    "RFC 8297: skipped too",
)


@head.answers("reset-in-head", "exchange/truncated", "hangs up with a RST in the headers", CUT)
async def reset_in_head(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    await asyncio.sleep(0.2)  # a RST overtakes what has not been read yet
    talk.reset()


@head.answers("slow-headers", "exchange/timeout", "one byte of the head every 0.2 s", LATE, **HASTE)
async def slow_headers(talk: Talk) -> None:
    await talk.send(reply(), every=0.2)


@head.answers("late-first-byte", "content/slow", "thinks for 2.5 s, then all is well", "slow: 2s", slow="2s")
async def late_first_byte(talk: Talk) -> None:
    await asyncio.sleep(2.5)
    await talk.send(reply())


@head.answers(
    "endless-headers", "exchange/malformed", "headers without end", "the head is bounded, before the deadline"
)
async def endless_headers(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(20_000):
        await talk.send(b"X-A: " + b"a" * 1000 + b"\r\n")


@head.answers("interim-drip", "exchange/timeout", "100 Continue every 0.2 s, for ever", LATE, **HASTE)
async def interim_drip(talk: Talk) -> None:
    while True:
        await talk.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0.2)


@head.answers(
    "interim-flood", "exchange/malformed", "100 Continue without end, as fast as it goes", "the head is bounded"
)
async def interim_flood(talk: Talk) -> None:
    for _ in range(2_000):
        await talk.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 400)
