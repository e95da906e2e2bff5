"""Answers made of bytes that are known beforehand: strong tags, 304, gzip, open to the pages of other sites."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

JSON = "application/json"
# Anybody's page may read what anybody may read: nobody is known here, and nothing is answered otherwise to somebody.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes, the same compressed, and a quoted strong tag of the former."""

    body: bytes
    zipped: bytes
    etag: str


def document_of(body: bytes, etag: str | None = None) -> Document:
    """The document of these bytes; its tag is their digest where none is given."""
    tag = etag or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Document(body, gzip.compress(body, 6, mtime=0), tag)


def json_document(value: Any) -> Document:
    """The document of a JSON value; French stays French in it."""
    return document_of(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def served(request: Request, found: Document, media_type: str, headers: Mapping[str, str]) -> Response:
    """The document as the caller takes it, or 304 where the caller holds it in either encoding."""
    # A strong tag speaks of bytes: each encoding has its own.
    zipped = accepts_gzip(request)
    tags = (found.etag, f'{found.etag[:-1]}-gzip"')
    told = {"ETag": tags[zipped], "Vary": "Accept-Encoding", **headers}
    if holds(request, tags):
        return Response(status_code=304, headers=told)
    if zipped:
        return Response(found.zipped, 200, told | {"Content-Encoding": "gzip"}, media_type)
    return Response(found.body, 200, told, media_type)


def refused(code: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """A plain sentence as JSON, kept by nobody."""
    body = json.dumps({"error": sentence}, ensure_ascii=False)
    return Response(body, code, {"Cache-Control": "no-store", **OPEN, **(headers or {})}, JSON)


def holds(request: Request, tags: tuple[str, ...]) -> bool:
    """Whether the caller holds one of these tags, as ``If-None-Match`` says."""
    held = request.headers.get("if-none-match", "")
    return not {tag.strip().removeprefix("W/") for tag in held.split(",")}.isdisjoint({"*", *tags})


def accepts_gzip(request: Request) -> bool:
    """Whether the caller takes gzip; a refusal by ``q=0`` is honoured."""
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, rest = offer.partition(";")
        if name.strip() in {"gzip", "*"}:
            return rest.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
