"""Compression and charsets: bombs, lies, cuts. The prober asks for gzip and deflate; the rest nobody asked for."""

import base64
import gzip
import zlib

from tests.faults.place import LOGIN, reply
from tests.faults.registry import Family

encoding = Family("encoding")

UNREADABLE = "what cannot be decompressed is content/undecodable"
UNASKED = "an encoding that was not asked for is content/undecodable, without a byte of it being unpacked"
CAP = "256 KiB are unpacked; the marker is not among them"
BAD_TEXT = "the page answers, but the marker cannot be read on it"
RAW = LOGIN.encode()
MIB = 2**20


def packed(data: bytes, name: str) -> bytes:
    """An answer that says how it is compressed."""
    return reply(data, "200 OK", f"Content-Encoding: {name}")


def raw_deflate(data: bytes) -> bytes:
    """Deflate without zlib's wrapping, as some servers understand the word."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


def zstd_bomb(blocks: int) -> bytes:
    """A frame of RFC 8878 whose blocks each say: 128 KiB of the letter x (single segment off, window of 128 KiB)."""
    head = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x38"
    sizes = [(131_072 << 3) | (1 << 1) | (number == blocks - 1) for number in range(blocks)]
    return head + b"".join(size.to_bytes(3, "little") + b"x" for size in sizes)


BOMB = gzip.compress(b"x" * 64 * MIB, mtime=0)
# 64 MiB of zeros by Brotli at its best: no library for it is needed here.
BROTLI_BOMB = base64.b85decode(b"&;S2__$L73u|OdA{-6K<|L{)$#9;w|?)^Xi|Nr5i0EojP0Nwk4{{R2OKLHSj1pvDD{{s")

encoding.sends("gzip", packed(gzip.compress(RAW), "gzip"), None, "a page in gzip", "asked for, well done")
encoding.sends("x-gzip", packed(gzip.compress(RAW), "x-gzip"), None, "the same, called x-gzip", "RFC 9110 § 8.4.1.3")
encoding.sends("deflate", packed(zlib.compress(RAW), "deflate"), None, "a page in deflate", "asked for, well done")
encoding.sends("deflate-raw", packed(raw_deflate(RAW), "deflate"), None, "raw deflate", "RFC 9110 § 8.4.1.2, the note")
encoding.sends(
    "gzip-members",
    packed(gzip.compress(b"<!doctype html>") + gzip.compress(RAW), "gzip"),
    None,
    "two gzip members, the marker in the second",
    "RFC 1952 § 2.2: a file is a series of members",
)
encoding.sends("gzip-bomb", packed(BOMB, "gzip"), "content/too_large", "64 MiB in 64 KiB of gzip", CAP)
encoding.sends(
    "deflate-bomb", packed(zlib.compress(b"x" * 64 * MIB), "deflate"), "content/too_large", "64 MiB in deflate", CAP
)
encoding.sends(
    "gzip-bomb-well",
    packed(gzip.compress(RAW + b" " * 64 * MIB), "gzip"),
    None,
    "64 MiB in gzip, the marker at the beginning",
    "the marker was read before the cap",
)
encoding.sends("brotli-bomb", packed(BROTLI_BOMB, "br"), "content/undecodable", "64 MiB in 54 bytes of Brotli", UNASKED)
encoding.sends("zstd-bomb", packed(zstd_bomb(512), "zstd"), "content/undecodable", "64 MiB in 2 KiB of zstd", UNASKED)
encoding.sends(
    "nested-bomb", packed(gzip.compress(BOMB), "gzip, gzip"), "content/undecodable", "a gzip bomb in gzip", UNASKED
)
encoding.sends("unknown-encoding", packed(RAW, "exi"), "content/undecodable", "an encoding that nobody knows", UNASKED)
encoding.sends("not-gzip", packed(RAW, "gzip"), "content/undecodable", "says gzip, sends plain text", UNREADABLE)
encoding.sends(
    "not-deflate", packed(RAW, "deflate"), "content/undecodable", "says deflate, sends plain text", UNREADABLE
)
encoding.sends(
    "gzip-as-deflate",
    packed(gzip.compress(RAW), "deflate"),
    "content/undecodable",
    "says deflate, sends gzip",
    UNREADABLE,
)
encoding.sends(
    "gzip-cut-inside",
    packed(gzip.compress(RAW * 40)[:-20], "gzip"),
    "content/undecodable",
    "a gzip stream without its end, in a body that is whole",
    UNREADABLE,
)
encoding.sends(
    "gzip-bad-sum",
    packed(gzip.compress(RAW)[:-8] + b"\0" * 8, "gzip"),
    "content/undecodable",
    "a gzip stream whose sum is wrong",
    UNREADABLE,
)
encoding.sends(
    "gzip-cut-outside",
    reply(gzip.compress(RAW), "200 OK", "Content-Encoding: gzip", length=5000),
    "exchange/truncated",
    "a gzip page that closes before the announced end",
    "closed before the announced end",
)
encoding.sends(
    "gzip-unsaid", reply(gzip.compress(RAW)), "content/unexpected", "gzip without saying so", "no marker on what came"
)
encoding.sends("none", packed(RAW, "none"), None, "says none", "no coding at all, as browsers take it")
encoding.sends(
    "gzip-identity", packed(gzip.compress(RAW), "gzip, identity"), None, "gzip, identity", "identity adds nothing"
)
encoding.sends("identity", packed(RAW, "identity"), None, "says identity", "RFC 9110 § 12.5.3: no encoding at all")

FRENCH = LOGIN.replace("Identifiant", "Clé de l’élève")
SEEN = {"expect": {"status": [200], "contains": ["élève"]}}


def typed(data: bytes, charset: str) -> bytes:
    """An answer that says in what charset it is written."""
    return reply(data, "200 OK", f"Content-Type: text/html; charset={charset}")


for name, data, charset, expected, says, why in (
    ("latin", FRENCH.encode("cp1252"), "iso-8859-1", None, "Latin-1 as announced", "the header's charset"),
    ("latin-as-utf", FRENCH.encode("cp1252"), "utf-8", "content/unexpected", "Latin-1 called UTF-8", BAD_TEXT),
    ("utf-as-utf16", FRENCH.encode(), "utf-16", "content/unexpected", "UTF-8 called UTF-16", BAD_TEXT),
    ("utf16", FRENCH.encode("utf-16"), "utf-16", None, "UTF-16 as announced", "the header's charset"),
    ("utf-as-klingon", FRENCH.encode(), "x-klingon", None, "UTF-8 called by no known name", "read as UTF-8"),
    (
        "utf-as-punycode",
        FRENCH.encode(),
        "punycode",
        None,
        "UTF-8 called by a codec of Python",
        "no charset of the web",
    ),
):
    encoding.sends(f"charset-{name}", typed(data, charset), expected, says, why, **SEEN)
