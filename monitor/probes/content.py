"""Markers: what is on a page, and what is missing from it. Words number the marker and never quote the page.

Every search is linear in the page: `contains` is a search for bytes, `matches` is RE2 with a bounded program
(`monitor.probes.patterns`), and a JSON document is read once.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from monitor.domain.catalog import Marker
from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.charset import declared, decoded, is_utf8
from monitor.probes.comments import has_comments, without_comments
from monitor.probes.patterns import PatternRefused, compiled

_BOM = b"\xef\xbb\xbf"
# Where a page says that it is UTF-8, this much of it is checked: its title, and the banner of a server's error page.
_HEAD = 2048
_MARKUP = ("html", "xml", "text/plain")
# Beyond this, Python's own integers take quadratic time to read; no marker asks for a number of forty digits.
_LONGEST_INTEGER = 40
_ABSENT = object()


class Page:
    """What markers are looked for in. `whole` is False where the body was cut at the cap."""

    def __init__(self, status: int, host: str, headers: Mapping[str, str], body: bytes, *, whole: bool = True) -> None:
        self.status, self.host, self.headers, self.body, self.whole = status, host, headers, body, whole

    @cached_property
    def _declared(self) -> str | None:
        return declared(self.headers.get("Content-Type", ""), self.body)

    @property
    def charset(self) -> str:
        """Python's name of the body's charset: the one declared, where the web knows it, else UTF-8."""
        return self._declared or "utf-8"

    @cached_property
    def text(self) -> str:
        """The body as text; what cannot be read is replaced."""
        return decoded(self.body, self._declared).lstrip("\ufeff")

    @property
    def utf8(self) -> bytes:
        """The body in UTF-8: most bodies are as they came, and are not decoded at all."""
        known = self._declared
        if (known is None or known == "utf-8") and is_utf8(self.body[:_HEAD] if known else self.body):
            return self.body.removeprefix(_BOM)
        return self.text.encode()

    @cached_property
    def shown(self) -> bytes:
        """What is searched: the body in UTF-8, without the comments that a page hides from its readers."""
        utf8 = self.utf8
        return without_comments(utf8) if has_comments(utf8) and self._is_markup(utf8) else utf8

    @cached_property
    def document(self) -> Any:
        """The body as JSON, or a value that no path leads into. Of a key given twice the last one counts."""
        try:
            return _JSON.decode(self.text)
        except (ValueError, RecursionError):
            return _ABSENT

    def _is_markup(self, utf8: bytes) -> bool:
        """Neither JSON nor binary; some servers call their JSON text/html, and some call a page nothing at all."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind:
            if not any(word in kind for word in _MARKUP):
                return False
        elif b"\0" in utf8[:1024]:
            return False
        return utf8[:64].lstrip()[:1] not in {b"{", b"["} or self.document is _ABSENT


@dataclass(frozen=True, slots=True)
class Lack:
    """Something expected that is not so: its place in the expectation (``contains/1``), and French words of ours."""

    place: str
    words: str


def matches(marker: Marker, page: Page) -> bool:
    """Whether a marker of a waiting room and its like is there: every list that is not empty has at least one match.

    An empty marker is never there. Raises Failed (ours/policy) where an expression cannot be compiled.
    """
    if not marker or (marker.status and page.status not in marker.status):
        return False
    if marker.final_host is not None and not is_host(marker.final_host, page.host):
        return False
    if any(_holds(page, text) for text in marker.not_contains):
        return False
    if any(_found(page, pattern) for pattern in marker.not_matches):
        return False
    return all(any(map(is_there, wanted)) for wanted, is_there in _lists(marker, page) if wanted)


def missing(marker: Marker, page: Page) -> Lack | None:
    """The first thing that an expectation asks of the page and that is not so; None when all is well."""
    if marker.final_host is not None and not is_host(marker.final_host, page.host):
        return Lack("final_host", "la réponse vient d’un autre hôte que prévu")
    for place, (name, value) in enumerate(marker.header, 1):
        if not _has_header(page, (name, value)):
            return Lack(f"header/{place}", f"en-tête attendu absent\u00a0: {name}")
    for place, text in enumerate(marker.not_contains, 1):
        if _holds(page, text):
            return Lack(f"not_contains/{place}", f"texte interdit n°\u00a0{place} présent")
    for place, pattern in enumerate(marker.not_matches, 1):
        if _found(page, pattern):
            return Lack(f"not_matches/{place}", f"motif interdit n°\u00a0{place} présent")
    return missing_in_body(marker, page)


def missing_in_body(marker: Marker, page: Page) -> Lack | None:
    """The first thing that the body should hold and that is not in the part of it that was read."""
    for place, text in enumerate(marker.contains, 1):
        if not _holds(page, text):
            return Lack(f"contains/{place}", f"texte attendu n°\u00a0{place} absent")
    for place, pattern in enumerate(marker.matches, 1):
        if not _found(page, pattern):
            return Lack(f"matches/{place}", f"motif attendu n°\u00a0{place} absent")
    for place, (path, value) in enumerate(marker.json, 1):
        found = _at(page.document, path)
        if found is _ABSENT:
            return Lack(f"json/{place}", f"champ JSON absent\u00a0: {path}")
        if value != "present" and not _equal(found, value):
            return Lack(f"json/{place}", f"champ JSON inattendu\u00a0: {path}")
    return None


def is_host(wanted: str, host: str) -> bool:
    """Whether a host is the one wanted, case and final dot aside; ``*.example.org`` wants any host below."""
    wanted, host = wanted.rstrip(".").lower(), host.rstrip(".").lower()
    return host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted


def _lists(marker: Marker, page: Page) -> Iterable[tuple[tuple[Any, ...], Callable[[Any], bool]]]:
    yield marker.header, lambda pair: _has_header(page, pair)
    yield marker.contains, lambda text: _holds(page, text)
    yield marker.matches, lambda pattern: _found(page, pattern)
    yield marker.json, lambda pair: _has_value(page.document, *pair)


def _holds(page: Page, text: str) -> bool:
    return _encoded(text) in page.shown


def _found(page: Page, pattern: str) -> bool:
    try:
        return compiled(pattern).search(page.shown) is not None
    except PatternRefused as error:
        raise Failed(Failure.OURS_POLICY, "expression du catalogue impossible à compiler") from error


@lru_cache(maxsize=4096)
def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


_JSON = json.JSONDecoder(parse_int=_integer)


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
