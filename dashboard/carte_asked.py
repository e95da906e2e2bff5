"""What may be asked of a view from outside: by our own page, briefly, and nothing but a view and its words."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from dashboard.carte_address import ASKED, DRAWING

BODY_MOST = 65_536
BODY_WITHIN_S = 5.0
SEARCH_MOST = 4_000

FOREIGN = "Cette demande vient d’un autre site\u00a0: elle est refusée."
NOT_JSON = "Cette adresse ne reçoit que du JSON."
TOO_LONG = "Cette demande est trop longue."
TOO_SLOW = "Cette demande est arrivée trop lentement."
NOT_UNDERSTOOD = "Cette demande n’est pas comprise."


class Refused(Exception):  # noqa: N818 : an answer
    """A question that is not handed on; the text is a French sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        """`code`: of HTTP."""
        super().__init__(sentence)
        self.code = code


async def question(headers: Headers, receive: Receive) -> bytes:
    """What is handed to Dash: written anew from the view and the words, so that nothing else of it comes through.

    Raises Refused.
    """
    if not _ours(headers):
        raise Refused(403, FOREIGN)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, NOT_JSON)
    name, search = _wanted(await _body(headers, receive))
    return json.dumps(
        {
            "output": f"{DRAWING}.data",
            "outputs": {"id": DRAWING, "property": "data"},
            "inputs": [{"id": ASKED, "property": "data", "value": {"name": name, "search": search}}],
            "changedPropIds": [f"{ASKED}.data"],
        }
    ).encode()


def _ours(headers: Headers) -> bool:
    """Browsers say where a request comes from, old ones by its origin alone; programs say nothing."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    try:  # without ports, of which a proxy may tell another
        return origin is None or urlsplit(origin).hostname == urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False


async def _body(headers: Headers, receive: Receive) -> bytes:
    if headers.get("content-length", "0").strip().isdecimal() and int(headers.get("content-length", "0")) > BODY_MOST:
        raise Refused(413, TOO_LONG)
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while True:
                message: Message = await receive()
                if message["type"] != "http.request":  # the visitor has gone
                    raise Refused(400, NOT_UNDERSTOOD)
                read += message.get("body", b"")
                if len(read) > BODY_MOST:
                    raise Refused(413, TOO_LONG)
                if not message.get("more_body"):
                    return bytes(read)
    except TimeoutError:
        raise Refused(408, TOO_SLOW) from None


def _wanted(body: bytes) -> tuple[str, str]:
    try:
        asked: Any = json.loads(body)
        if asked["output"] != f"{DRAWING}.data":
            raise Refused(422, NOT_UNDERSTOOD)
        value = asked["inputs"][0]["value"]
        name, search = value["name"], value["search"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise Refused(422, NOT_UNDERSTOOD) from None
    if not isinstance(name, str) or not isinstance(search, str) or len(name) > 80 or len(search) > SEARCH_MOST:
        raise Refused(422, NOT_UNDERSTOOD)
    return name, search
