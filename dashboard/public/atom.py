"""A feed as XML (RFC 4287)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from dashboard import dates

NAMESPACE = "http://www.w3.org/2005/Atom"
OURS = UUID("6f0b5a0e-4a53-5d36-9a0b-6a1d9f4f7c21")  # what the ids of our entries are derived from: never to change
ENTRIES_MOST = 100
# What XML 1.0 cannot hold, and what would turn the text around it.
_NEVER = re.compile(
    "[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

register_namespace("", NAMESPACE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `name` is what it is of, for ever; `path` its page."""

    name: str
    title: str
    path: str
    text: str
    updated: datetime
    published: datetime
    category: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed at `path`, about the page at `about`. `since`: how old it is at most where it holds nothing."""

    path: str
    title: str
    about: str
    entries: Sequence[Entry]
    since: datetime


def written(feed: Feed, server: str) -> bytes:
    """The feed as XML."""
    root = Element(_tag("feed"))
    _text(root, "id", _id(f"feed {feed.path}"))
    _text(root, "title", feed.title)
    _text(root, "updated", _instant(max((one.updated for one in feed.entries), default=feed.since)))
    SubElement(root, _tag("link"), rel="self", type="application/atom+xml", href=f"{server}{feed.path}")
    SubElement(root, _tag("link"), rel="alternate", type="text/html", href=f"{server}{feed.about}")
    _text(SubElement(root, _tag("author")), "name", "Vigie")
    for one in feed.entries[:ENTRIES_MOST]:
        entry = SubElement(root, _tag("entry"))
        _text(entry, "id", _id(one.name))
        _text(entry, "title", one.title)
        _text(entry, "updated", _instant(one.updated))
        _text(entry, "published", _instant(one.published))
        SubElement(entry, _tag("link"), rel="alternate", type="text/html", href=f"{server}{one.path}")
        if one.category:
            SubElement(entry, _tag("category"), term=one.category)
        _text(entry, "content", one.text).set("type", "text")
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return head + body


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(OURS, name)}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, _tag(name))
    element.text = _NEVER.sub("", text)
    return element


def _instant(at: datetime) -> str:
    return at.astimezone(dates.PARIS).isoformat(timespec="seconds")
