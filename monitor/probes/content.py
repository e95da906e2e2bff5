"""Markers: what is on a page, and what is missing from it. Details number the marker and never quote the page."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

import re2

from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure
from monitor.probes.base import Failed

# Python's other codecs include ones of quadratic cost (punycode, idna) and ones that are no charset of the web at all.
_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso8859-15",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_META = re2.compile(rb"(?i)<meta[^>]{0,200}charset=[\"']?([a-z0-9_-]{1,20})")
_PARAMETER = re2.compile(r"(?i);\s*charset=[\"']?([a-z0-9_-]{1,20})")
_ABSENT = object()


class Page:
    """What markers are looked for in. `whole` is False where the body was cut at the cap."""

    def __init__(self, status: int, host: str, headers: Mapping[str, str], body: bytes, *, whole: bool = True) -> None:
        self.status, self.host, self.headers, self.body, self.whole = status, host, headers, body, whole

    @cached_property
    def text(self) -> str:
        """The body as text: charset of the header, else of the page, else UTF-8; what cannot be read is replaced."""
        named = _PARAMETER.search(self.headers.get("Content-Type", ""))
        label = named.group(1) if named else None
        if label is None and (meta := _META.search(self.body[:1024])):
            label = meta.group(1).decode("ascii")
        return self.body.decode(_CHARSETS.get((label or "utf-8").lower(), "utf-8"), errors="replace").lstrip("\ufeff")

    @cached_property
    def document(self) -> Any:
        """The body as JSON, or a value that no path leads into."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return _ABSENT


def matches(marker: Marker, page: Page) -> str | None:
    """Whether a marker of a waiting room and its like is there: every list that is not empty has at least one match.

    Returns the place in the list of what gave it away, as text (« n° 2 »), None when the marker is not there or empty.
    """
    if not marker or (marker.status and page.status not in marker.status):
        return None
    if marker.final_host is not None and not _same_host(marker.final_host, page.host):
        return None
    if any(text in page.text for text in marker.not_contains):
        return None
    places = []
    for wanted, is_there in _lists(marker, page):
        if wanted:
            place = next((place for place, each in enumerate(wanted, 1) if is_there(each)), None)
            if place is None:
                return None
            places.append(place)
    return f"n°\u00a0{places[0]}" if places else "n°\u00a01"


def missing(marker: Marker, page: Page) -> str | None:
    """The first thing that an expectation asks of the page and that is not so, in words; None when all is well."""
    if marker.final_host is not None and not _same_host(marker.final_host, page.host):
        return "la réponse vient d’un autre hôte que prévu"
    for name, value in marker.header:
        if not _has_header(page, (name, value)):
            return f"en-tête attendu absent\u00a0: {name}"
    for place, text in enumerate(marker.not_contains, 1):
        if text in page.text:
            return f"texte interdit n°\u00a0{place} présent"
    return _missing_in_body(marker, page)


def lacks(marker: Marker, page: Page) -> bool:
    """Whether something that the body should hold is not in the part of it that was read."""
    return _missing_in_body(marker, page) is not None


def _missing_in_body(marker: Marker, page: Page) -> str | None:
    for place, text in enumerate(marker.contains, 1):
        if text not in page.text:
            return f"texte attendu n°\u00a0{place} absent"
    for place, pattern in enumerate(marker.matches, 1):
        if not pattern_of(pattern).search(page.text):
            return f"motif attendu n°\u00a0{place} absent"
    for path, value in marker.json:
        found = _at(page.document, path)
        if found is _ABSENT:
            return f"champ JSON absent\u00a0: {path}"
        if value != "present" and not _equal(found, value):
            return f"champ JSON inattendu\u00a0: {path}"
    return None


def _lists(marker: Marker, page: Page) -> Iterable[tuple[tuple[Any, ...], Callable[[Any], bool]]]:
    yield marker.contains, lambda text: text in page.text
    yield marker.matches, lambda pattern: pattern_of(pattern).search(page.text) is not None
    yield marker.json, lambda pair: _has_value(page.document, *pair)
    yield marker.header, lambda pair: _has_header(page, pair)


@lru_cache(maxsize=4096)
def pattern_of(pattern: str) -> Any:
    """A compiled expression of RE2's syntax (linear time). Raises Failed (ours/policy) where it cannot be compiled."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise Failed(Failure.OURS_POLICY, "expression du catalogue impossible à compiler") from error


def _has_value(document: Any, path: str, value: object) -> bool:
    found = _at(document, path)
    return found is not _ABSENT and (value == "present" or _equal(found, value))


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isascii() and step.isdigit() and int(step[:9]) < len(document):
            document = document[int(step[:9])]
        else:
            return _ABSENT
    return document


def _equal(found: object, value: object) -> bool:
    return isinstance(found, bool) == isinstance(value, bool) and found == value


def _has_header(page: Page, pair: tuple[str, str]) -> bool:
    # Through `items`: a header may come several times (Set-Cookie does), and `[]` gives the first only.
    name, value = pair[0].lower(), pair[1]
    return any(name == each.lower() and value in text for each, text in page.headers.items())


def _same_host(one: str, other: str) -> bool:
    return one.rstrip(".").lower() == other.rstrip(".").lower()
