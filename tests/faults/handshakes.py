"""TLS: handshakes that never end, or end badly."""

import ssl
from contextlib import suppress

from tests.faults.place import Place, Talk, reply
from tests.faults.registry import HASTE, Answer, Block
from tests.faults.tls import ABORTED, tls

HANGING = "a handshake that does not end before the deadline is tls/timeout"


def handshake(name: str, expected: str, says: str, answer: Answer, why: str, **block: str) -> None:
    """A server that writes its records itself."""

    @tls.builds(name, expected, says, why, **block)
    async def start(place: Place) -> Block:
        await place.listen(answer, wordless=True)
        return {"url": place.url(host=place.named(), scheme="https"), "ca": str(place.authority.file)}


def saying(words: bytes) -> Answer:
    """Reads the first record, says this, hangs up."""

    async def answer(talk: Talk) -> None:
        await talk.reader.read(4096)
        await talk.send(words)

    return answer


async def stalled(talk: Talk) -> None:
    """Silence from the beginning."""
    await talk.silence()


async def half(talk: Talk) -> None:
    """The first half of a real server's answer, then silence."""
    inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
    speaker = talk.place.authority.context(talk.place.host).wrap_bio(inward, outward, server_side=True)
    inward.write(await talk.reader.read(65_536))
    with suppress(ssl.SSLWantReadError):
        speaker.do_handshake()
    flight = outward.read()
    await talk.send(flight[: len(flight) // 2])
    await talk.silence()


async def asking_back(talk: Talk) -> None:
    """Wants to see a certificate of ours; in TLS 1.3 its alert comes after our side of the handshake."""
    context = talk.place.authority.context(talk.place.host)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(talk.place.authority.file)
    inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
    speaker = context.wrap_bio(inward, outward, server_side=True)
    while heard := await talk.reader.read(65_536):
        inward.write(heard)
        try:
            speaker.do_handshake()
        except ssl.SSLWantReadError:
            await talk.send(outward.read())
        except ssl.SSLError:
            await talk.send(outward.read())
            return


async def reset(talk: Talk) -> None:
    """A RST instead of an answer."""
    await talk.reader.read(4096)
    talk.reset()


handshake("stall", "tls/timeout", "never answers the ClientHello", stalled, HANGING, **HASTE)
handshake("stall-halfway", "tls/timeout", "half of its first flight, then silence", half, HANGING, **HASTE)
handshake("alert", "tls/handshake", "alert: handshake failure", saying(b"\x15\x03\x03\x00\x02\x02\x28"), ABORTED)
handshake("alert-version", "tls/handshake", "alert: version", saying(b"\x15\x03\x01\x00\x02\x02\x46"), ABORTED)
handshake("alert-name", "tls/handshake", "alert: name unknown", saying(b"\x15\x03\x03\x00\x02\x02\x70"), ABORTED)
handshake("client-certificate", "tls/handshake", "wants a certificate of ours", asking_back, ABORTED)
handshake("plain-http", "tls/handshake", "plain HTTP on the port of TLS", saying(reply("", "400 Bad Request")), ABORTED)
handshake("closed-in-handshake", "tls/handshake", "hangs up after the ClientHello", saying(b""), ABORTED)
handshake("reset-in-handshake", "tls/handshake", "a RST after the ClientHello", reset, ABORTED)
handshake("garbage-record", "tls/handshake", "2 KiB that are no TLS", saying(b"\x16\x03\x03\xff\xff" * 400), ABORTED)
