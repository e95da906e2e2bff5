"""The charset of a body: what it declares, and what a browser in France makes of a page that declares none."""

import re2

# Python's other codecs include ones of quadratic cost (punycode, idna) and ones that are no charset of the web at all.
_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso8859-15",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_META = re2.compile(rb"(?i)<meta[^>]{0,200}charset=[\"']?([a-z0-9_-]{1,20})")
_PARAMETER = re2.compile(r"(?i);\s*charset=[\"']?([a-z0-9_-]{1,20})")
_BEFORE_ANY_OTHER = 1024  # browsers look for a declaration no further (HTML standard, 13.2.3.2)
# The bytes that are no UTF-8, as `surrogateescape` hands them on, and what Windows-1252 takes them for.
_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def declared(content_type: str, body: bytes) -> str | None:
    """Python's name of the charset that the header names, else the page; None where neither names one of the web's."""
    named = _PARAMETER.search(content_type) if ";" in content_type else None  # most pages are asked by neither
    if named is not None:
        return _CHARSETS.get(named.group(1).lower())
    head = body[:_BEFORE_ANY_OTHER]
    meta = _META.search(head) if b"charset" in head.lower() else None
    return None if meta is None else _CHARSETS.get(meta.group(1).decode("ascii").lower())


def decoded(body: bytes, charset: str | None) -> str:
    """The body as text, whatever its bytes: of a charset that was declared, what cannot be read is replaced.

    Where none was, the bytes that are no UTF-8 are read as Windows-1252: byte by byte, so that a page of one charset
    with a banner in the other is read whole.
    """
    if charset is not None:
        return body.decode(charset, errors="replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode(errors="surrogateescape").translate(_STRAY)


def is_utf8(body: bytes) -> bool:
    """Whether it can be read as UTF-8; a last character cut in two is no error, it is the cap that cut it."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.end == len(body) and error.reason == "unexpected end of data"
    return True
